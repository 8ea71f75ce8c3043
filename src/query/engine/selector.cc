#include "selector.h"

#include <fmt/format.h>

#include <algorithm>

#include "histogram_columns.h"
#include "parallel_rows.h"
#include "row_kernels.h"
#include "shown_samples.h"

namespace narthex::engine {
namespace {

constexpr std::size_t kSeriesPerQuestion = 16;

class InstantSelectorStream : public RowStream {
 public:
  struct Parts {
    ReferenceTime reference;
    StepGrid grid;
    SelectedValue shown;
    bool has_one_name;
    std::size_t row_count;
    bool is_smoothed;
    bool is_totals_only;
    bool is_in_subquery;
    promql::PositionRange position;
  };
  InstantSelectorStream(const Parts& parts, std::unique_ptr<storage::SeriesSet> series,
                        Context& context)
      : parts_(parts),
        series_(std::move(series)),
        samples_(parts_.grid, parts_.reference, context.lookback_ms()),
        context_(context),
        notes_(context, parts_.position) {}

  Result<bool> Next(Row& row) override {
    while (series_->Next()) {
      // One value of a series takes less time than the question.
      if (parts_.grid.count > 1 || ++unasked_count_ % kSeriesPerQuestion == 0) {
        NARTHEX_TRY(context_.CheckAlive());
      }
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, series_->samples());
      row.Reset(parts_.grid.count);
      const bool is_plain = columns.histograms.empty() && !parts_.is_smoothed &&
                            parts_.shown == SelectedValue::kValue;
      bool has_value = false;
      if (is_plain) {
        has_value = Fill(columns, row);
      } else {
        NARTHEX_ASSIGN_OR_RETURN(has_value, FillAny(columns, row));
      }
      if (!has_value) continue;
      Count(row);
      row.labels = series_->labels();
      row.drops_name = false;
      return true;
    }
    NARTHEX_TRY(series_->status());
    return false;
  }

  StreamTraits traits() const override { return {parts_.has_one_name, false, parts_.row_count}; }

 private:
  void Count(const Row& row) {
    // Upstream does not count them.
    if (parts_.is_smoothed) return;
    const std::size_t count =
        parts_.grid.count == 1 && !row.has_histograms() ? 1 : SampleCountOf(row);
    context_.taken().Add({count, parts_.is_in_subquery ? 0 : count});
  }

  // Whether any step has a value.
  bool Fill(const storage::SampleColumns& columns, Row& row) {
    samples_.Use(columns.timestamps, columns.time_column_id);
    const std::size_t count = samples_.Show(columns.values, row);
    return count != 0;
  }

  // The same for what is rarer: histograms, times in place of values, smoothing.
  Result<bool> FillAny(const storage::SampleColumns& stored, Row& row) {
    const storage::SampleColumns columns = parts_.is_totals_only ? totals_.Of(stored) : stored;
    if (parts_.is_smoothed) {
      notes_.SetMetric(series_->labels().Get(model::kMetricName));
      FillSmoothed(columns, {parts_.reference, parts_.grid, context_.lookback_ms()}, notes_, row);
      return row.presence.Any();
    }
    std::size_t end = 0;  // of the samples up to the step
    HistogramPtr histogram;
    std::size_t histogram_index = 0;
    for (std::size_t i = 0; i < parts_.grid.count; ++i) {
      const model::TimestampMs reference = parts_.reference.At(parts_.grid.At(i));
      while (end < columns.timestamps.size() && columns.timestamps[end] <= reference) ++end;
      if (end == 0 || columns.timestamps[end - 1] <= reference - context_.lookback_ms()) continue;
      if (model::IsStaleNan(columns.values[end - 1])) continue;
      const bool is_float = columns.histograms.empty() || columns.histograms[end - 1] == nullptr;
      if (parts_.shown != SelectedValue::kValue) {
        if (!is_float) NARTHEX_TRY(CheckMayBeHistogram());
        row.Set(i, TimeOf(columns, end - 1));
        continue;
      }
      if (is_float) {
        row.Set(i, columns.values[end - 1]);
        continue;
      }
      // Steps that show one sample share one copy of it.
      if (histogram == nullptr || histogram_index != end - 1) {
        histogram = std::make_shared<model::FloatHistogram>(*columns.histograms[end - 1]);
        histogram_index = end - 1;
      }
      row.SetHistogram(i, histogram);
    }
    return row.presence.Any();
  }

  Status CheckMayBeHistogram() const {
    if (parts_.shown != SelectedValue::kInfoTimestamp) return Ok();
    return ExecutionError(fmt::format("this should be an info metric, with float samples: {}",
                                      series_->labels().ToString()));
  }

  // In seconds; 0 where a start is not known.
  double TimeOf(const storage::SampleColumns& columns, std::size_t index) const {
    if (parts_.shown != SelectedValue::kStartTimestamp) {
      return static_cast<double>(columns.timestamps[index]) / 1000;
    }
    if (columns.start_timestamps.empty()) return 0;
    return static_cast<double>(columns.start_timestamps[index]) / 1000;
  }

  const Parts parts_;
  const std::unique_ptr<storage::SeriesSet> series_;
  ShownSamples samples_;
  Context& context_;
  std::size_t unasked_count_ = 0;
  HistogramNotes notes_;
  TotalsOnly totals_;
};

// How many series a set will give at most; 0: not known.
std::size_t CountAhead(const storage::SeriesSet& series) {
  return series.is_cuttable() ? series.remaining_count() : 0;
}

class MatrixColumns : public ColumnStream {
 public:
  MatrixColumns(std::unique_ptr<storage::SeriesSet> series, const MatrixSelection& selection,
                Context& context)
      : series_(std::move(series)),
        range_(selection.range),
        context_(context),
        is_totals_only_(selection.is_totals_only) {}
  ~MatrixColumns() override { context_.Release(held_); }

  Result<bool> Next(SeriesColumns& out) override {
    context_.Release(std::exchange(held_, 0));
    if (!series_->Next()) {
      NARTHEX_TRY(series_->status());
      return false;
    }
    NARTHEX_TRY(context_.CheckAlive());
    NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, series_->samples());
    Cut(is_totals_only_ ? totals_.Of(columns) : columns, out);
    held_ = out.timestamps.size();
    for (const model::FloatHistogram* histogram : out.histograms) {
      if (histogram != nullptr) held_ += SampleWeight(*histogram) - 1;
    }
    NARTHEX_TRY(context_.Hold(held_));
    out.labels = series_->labels();
    out.drops_name = false;
    return true;
  }

 private:
  // Takes what lies in the range, without staleness markers.
  void Cut(const storage::SampleColumns& columns, SeriesColumns& out) {
    const auto& times = columns.timestamps;
    const auto first = std::ranges::lower_bound(times, range_.from) - times.begin();
    const auto last = std::ranges::upper_bound(times, range_.until) - times.begin();
    const auto offset = static_cast<std::size_t>(first);
    const auto count = static_cast<std::size_t>(std::max<std::ptrdiff_t>(last - first, 0));
    out.timestamps = times.subspan(offset, count);
    out.values = columns.values.subspan(offset, count);
    out.histograms = {};
    out.start_timestamps = {};
    if (!columns.histograms.empty()) out.histograms = columns.histograms.subspan(offset, count);
    if (!columns.start_timestamps.empty() && context_.options().uses_start_timestamps) {
      out.start_timestamps = columns.start_timestamps.subspan(offset, count);
    }
    // The range is the same for all series, so equal columns stay equal when cut.
    out.time_column_id = columns.time_column_id;
    if (!HasStale(out.values)) return;

    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < count; ++i) {
      if (!model::IsStaleNan(out.values[i])) kept.push_back(i);
    }
    Keep(kept, timestamps_, out.timestamps);
    Keep(kept, values_, out.values);
    Keep(kept, histograms_, out.histograms);
    Keep(kept, start_timestamps_, out.start_timestamps);
    out.time_column_id = 0;
  }

  // Makes `column`, unless it is empty, a view of the entries to be kept.
  template <typename T>
  static void Keep(const std::vector<std::size_t>& kept, std::vector<T>& buffer,
                   std::span<const T>& column) {
    if (column.empty()) return;
    buffer.clear();
    for (const std::size_t i : kept) buffer.push_back(column[i]);
    column = buffer;
  }

  const std::unique_ptr<storage::SeriesSet> series_;
  const model::TimeRange range_;
  Context& context_;
  const bool is_totals_only_;
  TotalsOnly totals_;
  std::size_t held_ = 0;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> start_timestamps_;
};

}  // namespace

bool HasOneName(const promql::VectorSelector& selector) {
  return std::ranges::any_of(selector.matchers, [](const model::Matcher& matcher) {
    return matcher.name() == model::kMetricName && matcher.type() == model::MatchType::kEqual &&
           !matcher.value().empty();
  });
}

Result<RowStreamPtr> OpenSelector(const promql::VectorSelector& selector, const StepGrid& grid,
                                  const SelectorOptions& options, Context& context) {
  InstantSelectorStream::Parts parts;
  NARTHEX_ASSIGN_OR_RETURN(parts.reference, ResolveShift(selector.shift, context));
  parts.grid = grid;
  parts.shown = options.shown;
  parts.has_one_name = HasOneName(selector);
  parts.is_smoothed = selector.edges == promql::RangeEdges::kSmoothed;
  parts.is_totals_only = context.needs_totals_only();
  parts.is_in_subquery = context.is_in_subquery();
  parts.position = selector.position;
  storage::SelectHints hints;
  NARTHEX_ASSIGN_OR_RETURN(hints.range, NeededTimes(selector, grid, context));
  hints.is_sorted = false;
  hints.check_alive = context.alive_check();
  hints.is_newest_only = grid.count == 1 && !parts.is_smoothed;
  // Notes about smoothing name the metric.
  if (!parts.is_smoothed) hints.label_names = options.labels;
  NARTHEX_ASSIGN_OR_RETURN(auto series, context.querier().Select(selector.matchers, hints));
  parts.row_count = CountAhead(*series);
  const StreamTraits traits{parts.has_one_name, false, parts.row_count};
  const auto open = [parts](std::unique_ptr<storage::SeriesSet> some, Context& own) {
    return std::make_unique<InstantSelectorStream>(parts, std::move(some), own);
  };
  return OpenInParallel(std::move(series), open, {grid.count, traits}, context);
}

Result<MatrixSelection> SelectMatrix(const promql::MatrixSelector& matrix, const StepGrid& grid,
                                     NeededLabels labels, Context& context) {
  MatrixSelection selection;
  selection.expr = &matrix;
  NARTHEX_ASSIGN_OR_RETURN(selection.reference, ResolveShift(matrix.vector().shift, context));
  NARTHEX_ASSIGN_OR_RETURN(selection.range_ms, context.Resolve(matrix.range, true));
  NARTHEX_ASSIGN_OR_RETURN(selection.range, NeededTimes(matrix, grid, context));
  selection.position = matrix.position;
  selection.edges = matrix.vector().edges;
  selection.is_totals_only = context.needs_totals_only();
  selection.is_in_subquery = context.is_in_subquery();
  selection.traits.has_one_name = HasOneName(matrix.vector());
  storage::SelectHints hints;
  hints.range = selection.range;
  hints.is_sorted = false;
  hints.check_alive = context.alive_check();
  hints.label_names = std::move(labels);
  NARTHEX_ASSIGN_OR_RETURN(selection.series,
                           context.querier().Select(matrix.vector().matchers, hints));
  selection.traits.row_count = CountAhead(*selection.series);
  return selection;
}

RangeSource MakeMatrixSource(const MatrixSelection& selection,
                             std::unique_ptr<storage::SeriesSet> series, Context& context) {
  RangeSource source;
  source.expr = selection.expr;
  source.columns = std::make_unique<MatrixColumns>(std::move(series), selection, context);
  source.reference = selection.reference;
  source.range_ms = selection.range_ms;
  source.position = selection.position;
  source.edges = selection.edges;
  source.is_in_subquery = selection.is_in_subquery;
  source.traits = selection.traits;
  return source;
}

Result<RangeSource> OpenMatrix(const promql::MatrixSelector& matrix, const StepGrid& grid,
                               Context& context) {
  NARTHEX_ASSIGN_OR_RETURN(MatrixSelection selection, SelectMatrix(matrix, grid, nullptr, context));
  return MakeMatrixSource(selection, std::move(selection.series), context);
}

}  // namespace narthex::engine
