#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "commands.h"
#include "reducers.h"

namespace narthex::expression {
namespace {

enum class Mode { kStrict, kDropNonNumbers, kReplaceNonNumbers };

struct Reduction {
  std::string input;
  Reducer reducer = nullptr;
  Mode mode = Mode::kStrict;
  double replacement = 0;
};

bool IsNumber(const std::optional<double>& sample) { return sample && std::isfinite(*sample); }

std::optional<double> Reduce(const Reduction& reduction,
                             std::vector<std::optional<double>> samples) {
  if (reduction.mode == Mode::kDropNonNumbers) std::erase_if(samples, std::not_fn(IsNumber));
  if (reduction.mode == Mode::kReplaceNonNumbers) {
    std::replace_if(samples.begin(), samples.end(), std::not_fn(IsNumber),
                    std::optional(reduction.replacement));
  }
  const std::optional<double> result = reduction.reducer(samples);
  if (reduction.mode == Mode::kStrict || IsNumber(result)) return result;
  if (reduction.mode == Mode::kReplaceNonNumbers) return reduction.replacement;
  return std::nullopt;
}

Result<ValueSet> Run(const Reduction& reduction, const Inputs& inputs) {
  ValueSet set;
  for (const Value& value : InputNamed(inputs, reduction.input).values) {
    if (value.kind == ValueKind::kNoData) {
      set.values.push_back(value);
    } else if (value.kind == ValueKind::kSeries) {
      set.values.push_back(Value::Number(value.labels, Reduce(reduction, value.values)));
    } else if (value.kind == ValueKind::kNumber) {
      const bool is_number = IsNumber(value.values.front());
      if (reduction.mode == Mode::kDropNonNumbers && !is_number) continue;
      set.values.push_back(value);
      if (reduction.mode == Mode::kReplaceNonNumbers && !is_number) {
        set.values.back().values.front() = reduction.replacement;
      }
      if (reduction.mode == Mode::kStrict && set.warnings.empty()) {
        set.warnings.push_back(
            fmt::format("Reduce operation is not needed. Input query or "
                        "expression {} is already reduced data.",
                        reduction.input));
      }
    } else {
      return OnlySeries("reduce", value.kind);
    }
  }
  return set;
}

Status ReadMode(const json::Value& settings, Reduction& reduction) {
  const std::string_view mode = settings["mode"].AsString();
  if (mode.empty()) return Ok();
  if (mode == "dropNN") {
    reduction.mode = Mode::kDropNonNumbers;
    return Ok();
  }
  if (mode != "replaceNN") {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("'{}' is no mode of reduce; there are dropNN and replaceNN", mode));
  }
  const auto replacement = settings["replaceWithValue"].AsDouble();
  if (!replacement) {
    return Error(ErrorCode::kInvalidArgument, "the mode replaceNN needs \"replaceWithValue\"");
  }
  reduction.mode = Mode::kReplaceNonNumbers;
  reduction.replacement = *replacement;
  return Ok();
}

}  // namespace

Result<Command> ReadReduce(const json::Value& query) {
  Reduction reduction;
  NARTHEX_ASSIGN_OR_RETURN(reduction.input, ReadInputName(query));
  const std::string_view reducer = query["reducer"].AsString();
  reduction.reducer = FindReducer(reducer);
  if (reduction.reducer == nullptr) {
    return Error(ErrorCode::kInvalidArgument, fmt::format("there is no reducer '{}'", reducer));
  }
  NARTHEX_TRY(ReadMode(query["settings"], reduction));
  return Command{{reduction.input},
                 [reduction](const Inputs& inputs) { return Run(reduction, inputs); }};
}

}  // namespace narthex::expression
