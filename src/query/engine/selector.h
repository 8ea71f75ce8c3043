// Reading series: instant selectors, and the columns of range selectors and subqueries.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "context.h"
#include "needs.h"
#include "plan.h"
#include "promql/ast.h"
#include "stream.h"

namespace narthex::engine {

// What a selected element shows: its value, or in seconds the time of its sample or since when that
// counts.
enum class SelectedValue {
  kValue,
  kTimestamp,
  kStartTimestamp,
  kInfoTimestamp,  // as kTimestamp, of info metrics: histograms are an error
};

// Whether all series selected have the same name.
bool HasOneName(const promql::VectorSelector& selector);

struct SelectorOptions {
  SelectedValue shown = SelectedValue::kValue;
  NeededLabels labels = nullptr;
};

// At each step the newest sample within the lookback, unless the series has ended.
Result<RowStreamPtr> OpenSelector(const promql::VectorSelector& selector, const StepGrid& grid,
                                  const SelectorOptions& options, Context& context);

// A range vector: series by series all samples that any step needs.
struct RangeSource {
  const promql::Expr* expr = nullptr;  // the range; not in parentheses
  ColumnStreamPtr columns;
  ReferenceTime reference;
  std::int64_t range_ms = 0;
  promql::PositionRange position;
  promql::RangeEdges edges = promql::RangeEdges::kPlain;
  bool is_in_subquery = false;
  StreamTraits traits;
  // Judges the parameters of a step that has samples; empty: any will do.
  std::function<Status(std::size_t step)> check_step;
  bool is_check_for_floats = false;  // not for steps that have histograms only
};

Result<RangeSource> OpenMatrix(const promql::MatrixSelector& matrix, const StepGrid& grid,
                               Context& context);

// The series of a range selector before they are read, and what a source of some of them needs.
struct MatrixSelection {
  const promql::Expr* expr = nullptr;
  std::unique_ptr<storage::SeriesSet> series;
  model::TimeRange range;
  ReferenceTime reference;
  std::int64_t range_ms = 0;
  promql::PositionRange position;
  promql::RangeEdges edges = promql::RangeEdges::kPlain;
  bool is_totals_only = false;
  bool is_in_subquery = false;
  StreamTraits traits;
};

Result<MatrixSelection> SelectMatrix(const promql::MatrixSelector& matrix, const StepGrid& grid,
                                     NeededLabels labels, Context& context);

// A source of `series`, which are all or some of those of `selection`.
RangeSource MakeMatrixSource(const MatrixSelection& selection,
                             std::unique_ptr<storage::SeriesSet> series, Context& context);

// `rows` are those of the subquery's expression over `plan.grid`.
RangeSource MakeSubquerySource(RowStreamPtr rows, const SubqueryPlan& plan, Context& context);

}  // namespace narthex::engine
