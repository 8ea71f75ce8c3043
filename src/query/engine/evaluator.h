// Turns a syntax tree into streams of rows.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "common_rows.h"
#include "context.h"
#include "needs.h"
#include "plan.h"
#include "promql/ast.h"
#include "selector.h"
#include "shared_rows.h"
#include "stream.h"

namespace narthex::engine {

// The values of a scalar, one for each step.
using ScalarValues = std::vector<double>;

// One evaluation. Streams it opens refer to it and to the tree.
class Evaluator {
 public:
  // Evaluates what `common` knows once where it is named several times.
  explicit Evaluator(Context& context, CommonExpressions common = {})
      : context_(context), common_(std::move(common)) {}

  // `expr` must be of the type that the function's name says. Who needs only some labels of the
  // rows says so; rows may have more, and as many come as if all were needed.
  Result<RowStreamPtr> OpenVector(const promql::Expr& expr, const StepGrid& grid,
                                  const NeededLabels& needed = nullptr);
  Result<ScalarValues> EvaluateScalar(const promql::Expr& expr, const StepGrid& grid);
  Result<RangeSource> OpenRange(const promql::Expr& expr, const StepGrid& grid);
  static const std::string& StringOf(const promql::Expr& expr);

  Context& context() { return context_; }

 private:
  // As the next, with rows that others read, too, evaluated once.
  Result<RowStreamPtr> OpenOnce(const promql::Expr& expr, const StepGrid& grid,
                                const NeededLabels& needed);
  // As the next, with the rows counted for the samples limit.
  Result<RowStreamPtr> OpenCounted(const promql::Expr& expr, const StepGrid& grid,
                                   const NeededLabels& needed);
  Result<RowStreamPtr> OpenVectorAtSteps(const promql::Expr& expr, const StepGrid& grid,
                                         const NeededLabels& needed);
  Result<RowStreamPtr> OpenUnary(const promql::UnaryExpr& unary, const StepGrid& grid);
  Result<RowStreamPtr> OpenBinary(const promql::BinaryExpr& binary, const StepGrid& grid);
  Result<RowStreamPtr> OpenVectorScalar(const promql::BinaryExpr& binary, const StepGrid& grid);
  Result<RowStreamPtr> OpenAggregate(const promql::AggregateExpr& aggregate, const StepGrid& grid);
  Result<RowStreamPtr> OpenCall(const promql::Call& call, const StepGrid& grid,
                                const NeededLabels& needed);
  Result<RowStreamPtr> OpenRangeCall(const promql::Call& call, const StepGrid& grid,
                                     const NeededLabels& needed);
  Result<RowStreamPtr> OpenTimestamp(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenAbsent(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenHistogramCall(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenNativeCall(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenLabelCall(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenInfo(const promql::Call& call, const StepGrid& grid);
  Result<RowStreamPtr> OpenSort(const promql::Call& call, const StepGrid& grid);
  Result<std::vector<ScalarValues>> ScalarArguments(const promql::Call& call, std::size_t first,
                                                    const StepGrid& grid);

  Result<ScalarValues> EvaluateScalarAtSteps(const promql::Expr& expr, const StepGrid& grid);
  Result<ScalarValues> EvaluateScalarCall(const promql::Call& call, const StepGrid& grid);
  Result<ScalarValues> EvaluateScalarBinary(const promql::BinaryExpr& binary, const StepGrid& grid);
  // The value of the only element, NaN where there is none or several.
  Result<ScalarValues> OnlyValue(const promql::Expr& expr, const StepGrid& grid);

  struct Shared {
    std::shared_ptr<SharedRows> rows;  // until all readers have it
    std::size_t reader_count = 0;
  };

  Context& context_;
  StepInvariance invariance_;
  const CommonExpressions common_;
  std::unordered_map<const CommonRows*, Shared> shared_;
};

// histogram_count and the like.
bool IsNativeFunction(std::string_view name);
HistogramNeed NeedOfNativeFunction(std::string_view name);

}  // namespace narthex::engine
