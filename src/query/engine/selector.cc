#include "selector.h"

#include <algorithm>

namespace narthex::engine {
namespace {

bool HasOneName(const promql::VectorSelector& selector) {
  return std::ranges::any_of(selector.matchers, [](const model::Matcher& matcher) {
    return matcher.name() == model::kMetricName && matcher.type() == model::MatchType::kEqual &&
           !matcher.value().empty();
  });
}

Result<std::unique_ptr<storage::SeriesSet>> Select(const promql::VectorSelector& selector,
                                                   model::TimeRange range, Context& context) {
  storage::SelectHints hints;
  hints.range = range;
  hints.is_sorted = false;
  return context.querier().Select(selector.matchers, hints);
}

class InstantSelectorStream : public RowStream {
 public:
  struct Parts {
    std::unique_ptr<storage::SeriesSet> series;
    ReferenceTime reference;
    StepGrid grid;
    SelectedValue shown;
    bool has_one_name;
    bool is_smoothed;
  };
  InstantSelectorStream(Parts parts, Context& context)
      : parts_(std::move(parts)), context_(context) {}

  Result<bool> Next(Row& row) override {
    while (parts_.series->Next()) {
      NARTHEX_TRY(context_.CheckAlive());
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, parts_.series->samples());
      row.Reset(parts_.grid.count);
      if (!Fill(columns, row)) continue;
      row.labels = parts_.series->labels();
      row.drops_name = false;
      return true;
    }
    NARTHEX_TRY(parts_.series->status());
    return false;
  }

  StreamTraits traits() const override { return {parts_.has_one_name, false}; }

 private:
  // Whether any step has a value.
  bool Fill(const storage::SampleColumns& columns, Row& row) {
    const auto times = columns.timestamps;
    std::size_t end = 0;  // of the samples up to the step
    std::size_t found_count = 0;
    for (std::size_t i = 0; i < parts_.grid.count; ++i) {
      const model::TimestampMs reference = parts_.reference.At(parts_.grid.At(i));
      while (end < times.size() && times[end] <= reference) ++end;
      if (end == 0 || times[end - 1] <= reference - context_.lookback_ms()) continue;
      double value = columns.values[end - 1];
      if (model::IsStaleNan(value)) continue;
      if (parts_.is_smoothed) value = Smoothed(columns, end, reference);
      row.Set(i, parts_.shown == SelectedValue::kValue
                     ? value
                     : static_cast<double>(times[end - 1]) / 1000);
      ++found_count;
    }
    context_.CountRead(found_count);
    return found_count != 0;
  }

  // The value at `time` on the line from the sample before `next` to that one, if it is near
  // enough.
  double Smoothed(const storage::SampleColumns& columns, std::size_t next,
                  model::TimestampMs time) const {
    const double value = columns.values[next - 1];
    const model::TimestampMs at = columns.timestamps[next - 1];
    const bool has_next = next < columns.timestamps.size() &&
                          columns.timestamps[next] <= time + context_.lookback_ms() &&
                          !model::IsStaleNan(columns.values[next]);
    if (at == time || !has_next) return value;
    const auto span = static_cast<double>(columns.timestamps[next] - at);
    return value + (columns.values[next] - value) * (static_cast<double>(time - at) / span);
  }

  const Parts parts_;
  Context& context_;
};

class MatrixColumns : public ColumnStream {
 public:
  MatrixColumns(std::unique_ptr<storage::SeriesSet> series, model::TimeRange range,
                Context& context)
      : series_(std::move(series)), range_(range), context_(context) {}
  ~MatrixColumns() override { context_.Release(held_); }

  Result<bool> Next(SeriesColumns& out) override {
    context_.Release(std::exchange(held_, 0));
    if (!series_->Next()) {
      NARTHEX_TRY(series_->status());
      return false;
    }
    NARTHEX_TRY(context_.CheckAlive());
    NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, series_->samples());
    Cut(columns, out);
    held_ = out.timestamps.size();
    NARTHEX_TRY(context_.Hold(held_));
    context_.CountRead(held_);
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
    // The range is the same for all series, so equal columns stay equal when cut.
    out.time_column_id = columns.time_column_id;
    if (std::ranges::none_of(out.values, model::IsStaleNan)) return;

    timestamps_.clear();
    values_.clear();
    for (std::size_t i = 0; i < count; ++i) {
      if (model::IsStaleNan(out.values[i])) continue;
      timestamps_.push_back(out.timestamps[i]);
      values_.push_back(out.values[i]);
    }
    out.timestamps = timestamps_;
    out.values = values_;
    out.time_column_id = 0;
  }

  const std::unique_ptr<storage::SeriesSet> series_;
  const model::TimeRange range_;
  Context& context_;
  std::size_t held_ = 0;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
};

class SubqueryColumns : public ColumnStream {
 public:
  SubqueryColumns(RowStreamPtr rows, std::optional<StepGrid> grid, Context& context)
      : rows_(std::move(rows)), grid_(grid), context_(context) {
    if (!grid_) return;
    for (std::size_t i = 0; i < grid_->count; ++i) all_timestamps_.push_back(grid_->At(i));
  }
  ~SubqueryColumns() override { context_.Release(held_); }

  Result<bool> Next(SeriesColumns& out) override {
    context_.Release(std::exchange(held_, 0));
    if (!grid_) return false;
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, rows_->Next(row_));
    if (!has_row) return false;
    held_ = row_.presence.Count();
    NARTHEX_TRY(context_.Hold(held_));
    out.labels = row_.labels;
    out.drops_name = row_.drops_name;
    if (held_ == grid_->count) {
      out.timestamps = all_timestamps_;
      out.values = std::span(row_.values).first(grid_->count);
      out.time_column_id = 1;  // all rows without gaps have the times of the grid
      return true;
    }
    timestamps_.clear();
    values_.clear();
    row_.presence.ForEach([&](std::size_t i) {
      timestamps_.push_back(all_timestamps_[i]);
      values_.push_back(row_.values[i]);
    });
    out.timestamps = timestamps_;
    out.values = values_;
    out.time_column_id = 0;
    return true;
  }

 private:
  const RowStreamPtr rows_;
  const std::optional<StepGrid> grid_;
  Context& context_;
  Row row_;
  std::size_t held_ = 0;
  std::vector<model::TimestampMs> all_timestamps_;
  std::vector<model::TimestampMs> timestamps_;
  std::vector<double> values_;
};

}  // namespace

Result<RowStreamPtr> OpenSelector(const promql::VectorSelector& selector, const StepGrid& grid,
                                  SelectedValue shown, Context& context) {
  InstantSelectorStream::Parts parts;
  NARTHEX_ASSIGN_OR_RETURN(parts.reference, ResolveShift(selector.shift, context));
  NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange range, NeededTimes(selector, grid, context));
  NARTHEX_ASSIGN_OR_RETURN(parts.series, Select(selector, range, context));
  parts.grid = grid;
  parts.shown = shown;
  parts.has_one_name = HasOneName(selector);
  parts.is_smoothed = selector.edges == promql::RangeEdges::kSmoothed;
  return std::make_unique<InstantSelectorStream>(std::move(parts), context);
}

Result<RangeSource> OpenMatrix(const promql::MatrixSelector& matrix, const StepGrid& grid,
                               Context& context) {
  RangeSource source;
  NARTHEX_ASSIGN_OR_RETURN(source.reference, ResolveShift(matrix.vector().shift, context));
  NARTHEX_ASSIGN_OR_RETURN(source.range_ms, context.Resolve(matrix.range, true));
  NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange range, NeededTimes(matrix, grid, context));
  NARTHEX_ASSIGN_OR_RETURN(auto series, Select(matrix.vector(), range, context));
  source.columns = std::make_unique<MatrixColumns>(std::move(series), range, context);
  source.position = matrix.position;
  source.traits.has_one_name = HasOneName(matrix.vector());
  return source;
}

RangeSource MakeSubquerySource(RowStreamPtr rows, const SubqueryPlan& plan,
                               promql::PositionRange position, Context& context) {
  RangeSource source;
  source.traits = rows == nullptr ? StreamTraits{} : rows->traits();
  source.columns = std::make_unique<SubqueryColumns>(std::move(rows), plan.grid, context);
  source.reference = plan.reference;
  source.range_ms = plan.range_ms;
  source.position = position;
  return source;
}

}  // namespace narthex::engine
