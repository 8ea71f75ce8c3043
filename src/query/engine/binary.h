// Binary operators with a vector on at least one side.
#pragma once

#include <vector>

#include "context.h"
#include "promql/ast.h"
#include "stream.h"

namespace narthex::engine {

// Vector and scalar, in the order that `is_scalar_left` tells.
struct VectorScalarParts {
  RowStreamPtr vector;
  std::vector<double> scalar;
  bool is_scalar_left = false;
};
RowStreamPtr ApplyVectorScalar(const promql::BinaryExpr& binary, VectorScalarParts parts,
                               const StepGrid& grid, Context& context);

// The rows of both sides of a vector operation.
struct Sides {
  RowStreamPtr left;
  RowStreamPtr right;
};

// Arithmetic and comparison between vectors. The side that has one element for each match group is
// held in memory, the other flows.
RowStreamPtr ApplyVectorVector(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                               Context& context);

// and, or, unless. What is held is one set of steps for each match group.
RowStreamPtr ApplySetOperator(const promql::BinaryExpr& binary, Sides sides, const StepGrid& grid,
                              Context& context);

// The labels that two elements must have in common to match.
class MatchKey {
 public:
  explicit MatchKey(const promql::VectorMatching& matching);
  model::LabelSet Of(const model::LabelSet& labels) const;

 private:
  const bool is_on_;
  std::vector<std::string> names_;
};

}  // namespace narthex::engine
