// Binary operators on numbers.
#pragma once

#include <optional>

#include "promql/token.h"

namespace narthex::engine {

// Arithmetic operators; comparisons give 1 or 0.
double Calculate(promql::TokenKind op, double left, double right);

// Whether a comparison holds.
bool Compare(promql::TokenKind op, double left, double right);

// Operators whose result is no longer a value of the metric.
bool ChangesMeaning(promql::TokenKind op);

}  // namespace narthex::engine
