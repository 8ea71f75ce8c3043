// "is above 5": conditions of `threshold` and `classic_conditions`.
#pragma once

#include <optional>

#include "base/result.h"
#include "json/value.h"

namespace narthex::expression {

enum class Comparison {
  kAbove,
  kBelow,
  kEqual,
  kNotEqual,
  kAtLeast,
  kAtMost,
  kWithin,
  kOutside,
  kWithinIncluded,
  kOutsideIncluded,
  kNoValue,
};

struct Condition {
  Comparison comparison = Comparison::kAbove;
  double first = 0;
  double second = 0;  // of ranges; not less than `first`

  // Of nothing only kNoValue holds; of NaN that does not either.
  bool Holds(std::optional<double> value) const;
};

// From {"type": "gt", "params": [5]}.
// Errors: kInvalidArgument  unknown, or too few numbers
Result<Condition> ReadCondition(const json::Value& evaluator);

}  // namespace narthex::expression
