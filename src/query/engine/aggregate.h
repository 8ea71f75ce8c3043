// Aggregations: rows flow in, one row for each group comes out.
#pragma once

#include <vector>

#include "context.h"
#include "promql/ast.h"
#include "stream.h"

namespace narthex::engine {

// sum, avg, min, max, count, group, stddev, stdvar: one accumulator for each group and step,
// whatever the number of series.
RowStreamPtr ApplyAccumulation(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                               const StepGrid& grid, Context& context);

// quantile and count_values: the values of each group and step are held. `parameter`: the quantile.
RowStreamPtr ApplyQuantile(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                           std::vector<double> parameter, const StepGrid& grid, Context& context);
Result<RowStreamPtr> ApplyCountValues(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                                      std::string label, const StepGrid& grid, Context& context);

// topk, bottomk, limitk, limit_ratio: elements of the input pass or do not.
Result<RowStreamPtr> ApplySelection(const promql::AggregateExpr& aggregate, RowStreamPtr input,
                                    std::vector<double> parameter, const StepGrid& grid,
                                    Context& context);

// What the user is told of a parameter: its extremes over all steps, none of them where it is NaN
// at any step.
struct ParameterExtremes {
  bool has_nan = false;
  double least = 0;
  double greatest = 0;
};
ParameterExtremes ExtremesOf(const std::vector<double>& parameter);

// Which group a series belongs to.
class Grouping {
 public:
  explicit Grouping(const promql::AggregateExpr& aggregate);
  model::LabelSet Of(const model::LabelSet& labels) const;
  bool has_name() const { return has_name_; }

 private:
  const bool is_without_;
  bool has_name_ = false;  // by (__name__)
  std::vector<std::string> names_;
};

}  // namespace narthex::engine
