// The language of `math`: `($A + 1) * abs(${my query}) > 0`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::expression {

enum class Operator {
  kOr,
  kAnd,
  kEqual,
  kNotEqual,
  kGreater,
  kGreaterEqual,
  kLess,
  kLessEqual,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kModulo,
  kPower,
  kNot,
};

// Takes and gives null for "no value".
using Function = std::optional<double> (*)(std::optional<double>);

struct Node {
  enum class Kind { kConstant, kInput, kUnary, kBinary, kCall };

  Kind kind = Kind::kConstant;
  std::optional<double> constant;  // null for null()
  std::string input;               // `refId`
  Operator op = Operator::kAdd;    // of kUnary: kSubtract, kNot
  Function function = nullptr;
  std::vector<Node> arguments;  // one or two
};

// Precedence, loosest first: ||, &&, comparisons, + -, * / %, **, signs and !; all from the left.
//
// Errors: kInvalidArgument  with the place as "at 5", counted from 1 in bytes
// Source: Grafana, "Write expression queries", Math.
Result<Node> ParseFormula(std::string_view text);

}  // namespace narthex::expression
