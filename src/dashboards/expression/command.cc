#include "expression/command.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands.h"

namespace narthex::expression {
namespace {

using Waits = std::map<std::string, std::vector<std::string>, std::less<>>;

// Depth first; `path` are those that wait for the one that is looked at.
class Sorter {
 public:
  explicit Sorter(const Waits& waits) : waits_(waits) {}

  Status Visit(const std::string& name) {
    const auto found = waits_.find(name);
    if (found == waits_.end() || Contains(order_, name)) return Ok();
    if (Contains(path_, name)) {
      return Error(
          ErrorCode::kInvalidArgument,
          fmt::format("expressions wait for each other: {}, {}", fmt::join(path_, ", "), name));
    }
    path_.push_back(name);
    for (const std::string& input : found->second) NARTHEX_TRY(Visit(input));
    path_.pop_back();
    order_.push_back(name);
    return Ok();
  }

  std::vector<std::string> order() && { return std::move(order_); }

 private:
  static bool Contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  }

  const Waits& waits_;
  std::vector<std::string> path_;
  std::vector<std::string> order_;
};

Status CheckSize(const ValueSet& set) {
  std::size_t sample_count = 0;
  for (const Value& value : set.values) sample_count += value.values.size();
  if (set.values.size() <= kValueCountMax && sample_count <= kSampleCountMax) return Ok();
  return Error(ErrorCode::kResourceExhausted,
               fmt::format("the expression makes {} values of {} samples; {} and {} are the most",
                           set.values.size(), sample_count, kValueCountMax, kSampleCountMax));
}

Result<Command> ReadOfType(const json::Value& query, const QueryTimes& times) {
  const std::string_view type = query["type"].AsString();
  if (type == "math") return ReadMath(query);
  if (type == "reduce") return ReadReduce(query);
  if (type == "resample") return ReadResample(query, times);
  if (type == "threshold") return ReadThreshold(query);
  if (type == "classic_conditions") return ReadClassicConditions(query);
  if (type == "sql") {
    return Error(ErrorCode::kUnsupported, "expressions in SQL are not supported");
  }
  return Error(ErrorCode::kInvalidArgument,
               fmt::format("'{}' is no type of expression; there are math, reduce, resample, "
                           "threshold and classic_conditions",
                           type));
}

}  // namespace

std::string_view KindName(ValueKind kind) {
  switch (kind) {
    case ValueKind::kNoData:
      return "no data";
    case ValueKind::kScalar:
      return "scalar";
    case ValueKind::kNumber:
      return "number";
    case ValueKind::kSeries:
      return "series";
  }
  return "";
}

Result<std::string> ReadInputName(const json::Value& query) {
  std::string_view name = query["expression"].AsString();
  if (name.starts_with("${") && name.ends_with("}")) name = name.substr(2, name.size() - 3);
  if (name.starts_with('$')) name.remove_prefix(1);
  if (!name.empty()) return std::string(name);
  return Error(ErrorCode::kInvalidArgument, "no query is named in \"expression\"");
}

const ValueSet& InputNamed(const Inputs& inputs, std::string_view name) {
  static const ValueSet kEmpty;
  const auto found = inputs.find(name);
  return found == inputs.end() ? kEmpty : found->second;
}

Error OnlySeries(std::string_view verb, ValueKind kind) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("can only {} series, got {}", verb, KindName(kind))};
}

Result<Command> ReadCommand(const json::Value& query, const QueryTimes& times) {
  NARTHEX_ASSIGN_OR_RETURN(Command command, ReadOfType(query, times));
  std::sort(command.inputs.begin(), command.inputs.end());
  command.inputs.erase(std::unique(command.inputs.begin(), command.inputs.end()),
                       command.inputs.end());
  command.run = [run = std::move(command.run)](const Inputs& inputs) -> Result<ValueSet> {
    NARTHEX_ASSIGN_OR_RETURN(ValueSet set, run(inputs));
    NARTHEX_TRY(CheckSize(set));
    return set;
  };
  return command;
}

Result<std::vector<std::string>> RunOrder(const Waits& waits) {
  Sorter sorter(waits);
  for (const auto& [name, inputs] : waits) NARTHEX_TRY(sorter.Visit(name));
  return std::move(sorter).order();
}

}  // namespace narthex::expression
