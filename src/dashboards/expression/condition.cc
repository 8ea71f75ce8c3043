#include "condition.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace narthex::expression {
namespace {

constexpr std::pair<std::string_view, Comparison> kComparisons[] = {
    {"gt", Comparison::kAbove},
    {"lt", Comparison::kBelow},
    {"eq", Comparison::kEqual},
    {"ne", Comparison::kNotEqual},
    {"gte", Comparison::kAtLeast},
    {"lte", Comparison::kAtMost},
    {"within_range", Comparison::kWithin},
    {"outside_range", Comparison::kOutside},
    {"within_range_included", Comparison::kWithinIncluded},
    {"outside_range_included", Comparison::kOutsideIncluded},
    {"no_value", Comparison::kNoValue}};

std::size_t NumberCount(Comparison comparison) {
  if (comparison == Comparison::kNoValue) return 0;
  return comparison >= Comparison::kWithin ? 2 : 1;
}

}  // namespace

bool Condition::Holds(std::optional<double> value) const {
  if (!value) return comparison == Comparison::kNoValue;
  switch (comparison) {
    case Comparison::kAbove:
      return *value > first;
    case Comparison::kBelow:
      return *value < first;
    case Comparison::kEqual:
      return *value == first;
    case Comparison::kNotEqual:
      return *value != first;
    case Comparison::kAtLeast:
      return *value >= first;
    case Comparison::kAtMost:
      return *value <= first;
    case Comparison::kWithin:
      return *value > first && *value < second;
    case Comparison::kOutside:
      return *value < first || *value > second;
    case Comparison::kWithinIncluded:
      return *value >= first && *value <= second;
    case Comparison::kOutsideIncluded:
      return *value <= first || *value >= second;
    case Comparison::kNoValue:
      return false;
  }
  return false;
}

Result<Condition> ReadCondition(const json::Value& evaluator) {
  const std::string_view type = evaluator["type"].AsString();
  for (const auto& [name, comparison] : kComparisons) {
    if (name != type) continue;
    Condition condition{comparison, 0, 0};
    const json::Value::Array& numbers = evaluator["params"].items();
    const std::size_t wanted = NumberCount(comparison);
    if (numbers.size() < wanted) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("the condition '{}' needs {} numbers in \"params\", and has {}",
                               type, wanted, numbers.size()));
    }
    if (wanted > 0) condition.first = numbers[0].AsDouble().value_or(0);
    if (wanted > 1) condition.second = numbers[1].AsDouble().value_or(0);
    if (wanted > 1 && condition.second < condition.first) {
      std::swap(condition.first, condition.second);
    }
    return condition;
  }
  return Error(ErrorCode::kInvalidArgument, fmt::format("there is no condition '{}'", type));
}

}  // namespace narthex::expression
