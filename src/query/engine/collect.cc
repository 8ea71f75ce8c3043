#include "collect.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/alive_order.h"
#include "base/alive_vector.h"
#include "histogram_columns.h"
#include "label_change.h"
#include "range_function.h"

namespace narthex::engine {
namespace {

using promql::ValueType;

// Removes the names whose removal was put off.
class FinalNameStream : public RowStream {
 public:
  explicit FinalNameStream(RowStreamPtr input) : input_(std::move(input)) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (has_row && row.drops_name) row.labels = WithoutName(row.labels);
    row.drops_name = false;
    return has_row;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
};

Result<RowStreamPtr> OpenFinal(const promql::Expr& expr, const StepGrid& grid,
                               Evaluator& evaluator) {
  NARTHEX_ASSIGN_OR_RETURN(auto rows, evaluator.OpenVector(expr, grid));
  if (!evaluator.context().delays_name_removal()) return rows;
  const bool may_collide = !rows->traits().has_one_name;
  RowStreamPtr named = std::make_unique<FinalNameStream>(std::move(rows));
  if (!may_collide) return named;
  return MergeRepeats(std::move(named), grid.count, evaluator.context());
}

Result<Vector> CollectVector(const promql::Expr& expr, const StepGrid& grid, Evaluator& evaluator,
                             Collection& kept) {
  NARTHEX_ASSIGN_OR_RETURN(kept.rows, OpenFinal(expr, grid, evaluator));
  Vector& vector = kept.vector;
  const AliveCheck check = evaluator.context().alive_check();
  Row row;
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, kept.rows->Next(row));
    if (!has_row) return std::move(vector);
    NARTHEX_TRY(evaluator.context().Hold(1));
    VectorSample element{std::move(row.labels), {grid.start, row.values[0]}};
    if (row.has_histograms()) element.histogram = std::move(row.histograms[0]);
    NARTHEX_TRY(PushBackWhileAlive(vector, std::move(element), check));
  }
}

// Moves the values of a row that has histograms.
void TakeMixed(Row& row, const StepGrid& grid, Series& series) {
  row.presence.ForEach([&](std::size_t i) {
    if (row.HistogramAt(i) == nullptr) {
      series.samples.push_back({grid.At(i), row.values[i]});
    } else {
      series.histograms.push_back({grid.At(i), std::move(row.histograms[i])});
    }
  });
}

std::size_t SampleCountOf(const Series& series) {
  std::size_t count = series.samples.size();
  for (const HistogramSample& sample : series.histograms) count += SampleWeight(*sample.histogram);
  return count;
}

Status SortByLabels(Matrix& matrix, Context& context) {
  return SortWhileAlive(
      matrix, [](const Series& a, const Series& b) { return a.labels < b.labels; },
      context.alive_check());
}

// The samples themselves, of a range selector or subquery.
Result<Matrix> CollectSamples(const promql::Expr& expr, const StepGrid& grid, Evaluator& evaluator,
                              Collection& kept) {
  const promql::Expr& inner = promql::Unwrap(expr);
  const bool is_subquery = inner.kind == promql::NodeKind::kSubquery;
  const promql::RangeEdges edges = is_subquery
                                       ? promql::RangeEdges::kPlain
                                       : promql::As<promql::MatrixSelector>(inner).vector().edges;
  NARTHEX_ASSIGN_OR_RETURN(kept.range, evaluator.OpenRange(expr, grid));
  const RangeSource& source = kept.range;
  const auto is_histogram = [](const model::FloatHistogram* histogram) {
    return histogram != nullptr;
  };
  const model::TimestampMs until = source.reference.At(grid.start);
  const model::TimestampMs after = until - source.range_ms;
  Context& context = evaluator.context();
  const AliveCheck check = context.alive_check();
  WindowTally& tally = context.ledger().WindowsOf(&inner);
  Matrix& matrix = kept.matrix;
  SeriesColumns columns;
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_series, source.columns->Next(columns));
    if (!has_series) break;
    Series series;
    series.labels = columns.drops_name ? WithoutName(columns.labels) : columns.labels;
    if (edges != promql::RangeEdges::kPlain) {
      if (std::ranges::any_of(columns.histograms, is_histogram)) {
        return ExecutionError(
            fmt::format("{} modifier is not supported with histograms",
                        edges == promql::RangeEdges::kAnchored ? "anchored" : "smoothed"));
      }
      series.samples = SamplesWithEdges(columns, {after, until}, edges, context.lookback_ms());
    } else {
      for (std::size_t i = 0; i < columns.timestamps.size(); ++i) {
        const model::TimestampMs timestamp = columns.timestamps[i];
        if (timestamp <= after || timestamp > until) continue;
        if (columns.histograms.empty() || columns.histograms[i] == nullptr) {
          series.samples.push_back({timestamp, columns.values[i]});
        } else {
          series.histograms.push_back(
              {timestamp, std::make_shared<model::FloatHistogram>(*columns.histograms[i])});
        }
      }
    }
    if (series.samples.empty() && series.histograms.empty()) continue;
    const std::size_t count = SampleCountOf(series);
    context.taken().Add({is_subquery ? 0 : count, count});
    tally.AddSeries(count, 0, count);
    tally.queryable.Add({count, {count}});
    tally.read.Add({count, {count}});
    NARTHEX_TRY(context.Hold(count));
    NARTHEX_TRY(PushBackWhileAlive(matrix, std::move(series), check));
  }
  NARTHEX_TRY(SortByLabels(matrix, context));
  return std::move(matrix);
}

}  // namespace

Result<QueryResult> CollectInstant(const promql::Expr& expr, const StepGrid& grid,
                                   Evaluator& evaluator, Collection& kept) {
  QueryResult result;
  switch (promql::TypeOf(expr)) {
    case ValueType::kScalar: {
      NARTHEX_ASSIGN_OR_RETURN(const ScalarValues values, evaluator.EvaluateScalar(expr, grid));
      result.value = model::Sample{grid.start, values[0]};
      return result;
    }
    case ValueType::kVector: {
      NARTHEX_ASSIGN_OR_RETURN(result.value, CollectVector(expr, grid, evaluator, kept));
      return result;
    }
    case ValueType::kMatrix: {
      NARTHEX_ASSIGN_OR_RETURN(result.value, CollectSamples(expr, grid, evaluator, kept));
      return result;
    }
    case ValueType::kString:
      result.value = StringValue{grid.start, Evaluator::StringOf(expr)};
      return result;
    case ValueType::kNone:
      break;
  }
  return Error{ErrorCode::kInternal, "expression has no value"};
}

Result<QueryResult> CollectRange(const promql::Expr& expr, const StepGrid& grid,
                                 Evaluator& evaluator, Collection& kept) {
  Matrix& matrix = kept.matrix;
  if (promql::TypeOf(expr) == ValueType::kScalar) {
    NARTHEX_TRY(evaluator.context().Hold(grid.count));
    NARTHEX_ASSIGN_OR_RETURN(const ScalarValues values, evaluator.EvaluateScalar(expr, grid));
    Series series;
    for (std::size_t i = 0; i < grid.count; ++i) series.samples.push_back({grid.At(i), values[i]});
    matrix.push_back(std::move(series));
  } else {
    NARTHEX_ASSIGN_OR_RETURN(kept.rows, OpenFinal(expr, grid, evaluator));
    const AliveCheck check = evaluator.context().alive_check();
    Row row;
    while (true) {
      NARTHEX_ASSIGN_OR_RETURN(const bool has_row, kept.rows->Next(row));
      if (!has_row) break;
      Series series;
      series.labels = std::move(row.labels);
      const std::size_t count = row.presence.Count();
      NARTHEX_TRY(evaluator.context().Hold(count));
      if (row.has_histograms()) {
        TakeMixed(row, grid, series);
      } else {
        series.samples.reserve(count);
        row.presence.ForEach(
            [&](std::size_t i) { series.samples.push_back({grid.At(i), row.values[i]}); });
      }
      NARTHEX_TRY(PushBackWhileAlive(matrix, std::move(series), check));
    }
  }
  NARTHEX_TRY(SortByLabels(matrix, evaluator.context()));
  QueryResult result;
  result.value = std::move(matrix);
  return result;
}

}  // namespace narthex::engine
