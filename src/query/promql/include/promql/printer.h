// From syntax tree to text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "promql/ast.h"

namespace narthex::promql {

// On one line, in the canonical form: parsing it gives the same tree.
std::string Print(const Expr& expr);

// Over several lines where one would be longer than `width`.
std::string Format(const Expr& expr, std::size_t width = 100);

// The word or sign of an operator or aggregation: "+", "unless", "sum".
std::string_view OperatorText(TokenKind op);

}  // namespace narthex::promql
