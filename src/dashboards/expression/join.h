// Which values of two answers belong together.
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "expression/value.h"

namespace narthex::expression {

struct Pair {
  const Value* left = nullptr;
  const Value* right = nullptr;
  const Labels* labels = nullptr;  // of the result; null: none
};

struct Joined {
  std::vector<Pair> pairs;          // by the place on the left, then on the right
  std::vector<const Labels*> lost;  // of values that found no partner
};

// Values belong together if their labels are equal, if one has none, or if those of one are among
// those of the other, which are the result's then. A single value on each side belong together in
// any case. Data that are not there go with everything.
//
// The result points into the arguments. Cost: linear in values and pairs for each distinct set of
// label names on both sides.
// Errors: kResourceExhausted  more than kValueCountMax pairs
// Source: Grafana, expressions: "union" of math operations.
Result<Joined> Join(const ValueSet& left, const ValueSet& right);

}  // namespace narthex::expression
