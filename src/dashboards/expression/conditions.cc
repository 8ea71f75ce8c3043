#include <fmt/format.h>

#include <utility>

#include "commands.h"
#include "condition.h"
#include "reducers.h"

namespace narthex::expression {
namespace {

std::optional<double> Answer(bool holds) { return holds ? 1 : 0; }

ValueSet RunThreshold(const std::string& input, const Condition& condition, const Inputs& inputs) {
  ValueSet set{InputNamed(inputs, input).values, {}};
  for (Value& value : set.values) {
    for (std::optional<double>& sample : value.values) {
      if (sample) sample = Answer(condition.Holds(sample));
    }
  }
  return set;
}

struct ClassicCondition {
  std::string input;
  Reducer reducer = nullptr;
  Condition condition;
  bool is_or = false;  // how it goes with those before it
};

struct Outcome {
  bool holds = false;
  bool has_no_data = true;
};

// One item is enough for a condition to hold.
Result<Outcome> Judge(const ClassicCondition& classic, const Inputs& inputs) {
  Outcome outcome;
  for (const Value& value : InputNamed(inputs, classic.input).values) {
    std::optional<double> number;
    if (value.kind == ValueKind::kSeries) {
      if (!value.values.empty()) number = classic.reducer(value.values);
    } else if (value.kind == ValueKind::kNumber) {
      number = value.values.front();
    } else if (value.kind == ValueKind::kScalar) {
      return OnlySeries("reduce", value.kind);
    }
    if (number) outcome.has_no_data = false;
    if (classic.condition.Holds(number)) outcome.holds = true;
  }
  return outcome;
}

Result<ValueSet> RunClassic(const std::vector<ClassicCondition>& conditions, const Inputs& inputs) {
  Outcome all;
  for (std::size_t i = 0; i < conditions.size(); ++i) {
    NARTHEX_ASSIGN_OR_RETURN(const Outcome one, Judge(conditions[i], inputs));
    if (i == 0) {
      all = one;
    } else if (conditions[i].is_or) {
      all = {all.holds || one.holds, all.has_no_data || one.has_no_data};
    } else {
      all = {all.holds && one.holds, all.has_no_data && one.has_no_data};
    }
  }
  std::optional<double> answer = Answer(all.holds);
  if (!all.holds && all.has_no_data) answer.reset();
  return ValueSet{{Value::Number({}, answer)}, {}};
}

Result<ClassicCondition> ReadClassicCondition(const json::Value& condition) {
  ClassicCondition classic;
  const json::Value::Array& query = condition["query"]["params"].items();
  if (!query.empty()) classic.input = query.front().AsString();
  if (classic.input.empty()) {
    return Error(ErrorCode::kInvalidArgument, "\"query.params\" does not name a query");
  }
  const std::string_view reducer = condition["reducer"]["type"].AsString();
  classic.reducer = FindClassicReducer(reducer);
  if (classic.reducer == nullptr) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("there is no reducer '{}'", reducer));
  }
  const std::string_view joined = condition["operator"]["type"].AsString("and");
  classic.is_or = joined == "or" || joined == "logic-or";
  if (!classic.is_or && joined != "and" && !joined.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("conditions are joined by 'and' or 'or', not by '{}'", joined));
  }
  NARTHEX_ASSIGN_OR_RETURN(classic.condition, ReadCondition(condition["evaluator"]));
  return classic;
}

}  // namespace

Result<Command> ReadThreshold(const json::Value& query) {
  NARTHEX_ASSIGN_OR_RETURN(std::string input, ReadInputName(query));
  const json::Value::Array& conditions = query["conditions"].items();
  if (conditions.size() != 1) {
    return Error(ErrorCode::kInvalidArgument,
                 "threshold expression requires exactly one condition");
  }
  NARTHEX_ASSIGN_OR_RETURN(const Condition condition, ReadCondition(conditions[0]["evaluator"]));
  return Command{{input}, [input, condition](const Inputs& inputs) -> Result<ValueSet> {
                   return RunThreshold(input, condition, inputs);
                 }};
}

Result<Command> ReadClassicConditions(const json::Value& query) {
  Command command;
  std::vector<ClassicCondition> conditions;
  for (const json::Value& condition : query["conditions"].items()) {
    Result<ClassicCondition> classic = ReadClassicCondition(condition);
    if (!classic.ok()) {
      return Error(classic.error()).Under(fmt::format("condition {}", conditions.size() + 1));
    }
    command.inputs.push_back(classic->input);
    conditions.push_back(*std::move(classic));
  }
  if (conditions.empty()) {
    return Error(ErrorCode::kInvalidArgument, "classic conditions need at least one condition");
  }
  command.run = [conditions = std::move(conditions)](const Inputs& inputs) {
    return RunClassic(conditions, inputs);
  };
  return command;
}

}  // namespace narthex::expression
