// From streams to the values that a query answers.
#pragma once

#include "engine/result.h"
#include "evaluator.h"
#include "promql/ast.h"

namespace narthex::engine {

// What values are collected from and, of an evaluation that failed, in. To free it takes a while
// where there are many series.
struct Collection {
  RowStreamPtr rows;
  RangeSource range;
  Vector vector;
  Matrix matrix;
};

// The value of `expr` at the grid's only step. Leaves in `kept`, which must not outlive the
// evaluator, what is of no more use.
Result<QueryResult> CollectInstant(const promql::Expr& expr, const StepGrid& grid,
                                   Evaluator& evaluator, Collection& kept);

// The same at all steps, as a matrix. `expr` is a scalar or an instant vector.
Result<QueryResult> CollectRange(const promql::Expr& expr, const StepGrid& grid,
                                 Evaluator& evaluator, Collection& kept);

}  // namespace narthex::engine
