// From streams to the values that a query answers.
#pragma once

#include "engine/result.h"
#include "evaluator.h"
#include "promql/ast.h"

namespace narthex::engine {

// The value of `expr` at the grid's only step.
Result<QueryResult> CollectInstant(const promql::Expr& expr, const StepGrid& grid,
                                   Evaluator& evaluator);

// The values at all steps as a matrix. `expr` is a scalar or an instant vector.
Result<QueryResult> CollectRange(const promql::Expr& expr, const StepGrid& grid,
                                 Evaluator& evaluator);

}  // namespace narthex::engine
