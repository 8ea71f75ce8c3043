#include "histogram_columns.h"

#include <algorithm>

#include "mixed_range.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"

namespace narthex::engine {

storage::SampleColumns TotalsOnly::Of(const storage::SampleColumns& columns) {
  using Hint = model::CounterResetHint;
  if (columns.histograms.empty()) return columns;
  totals_.clear();
  totals_.reserve(columns.histograms.size());
  pointers_.assign(columns.histograms.size(), nullptr);
  const model::FloatHistogram* before = nullptr;
  for (std::size_t i = 0; i < columns.histograms.size(); ++i) {
    const model::FloatHistogram* histogram = columns.histograms[i];
    if (histogram == nullptr) continue;
    model::FloatHistogram& totals = totals_.emplace_back();
    totals.schema = histogram->schema;
    totals.count = histogram->count;
    totals.sum = histogram->sum;
    totals.reset_hint = histogram->reset_hint;
    pointers_[i] = &totals;
    if (model::IsStaleNan(histogram->sum)) continue;
    if (totals.reset_hint == Hint::kUnknown && before != nullptr) {
      totals.reset_hint = model::IsReset(*histogram, *before) ? Hint::kReset : Hint::kNotReset;
    }
    before = histogram;
  }
  storage::SampleColumns out = columns;
  out.histograms = pointers_;
  return out;
}

namespace {

// Samples of one kind around an instant: the first that is not before it, and how far they reach.
struct Around {
  std::size_t begin = 0;
  std::size_t at = 0;
  std::size_t end = 0;
};

Around FindAround(std::span<const model::TimestampMs> times, model::TimestampMs time,
                  std::int64_t lookback_ms) {
  const auto index_behind = [&](model::TimestampMs limit) {
    return static_cast<std::size_t>(std::ranges::upper_bound(times, limit) - times.begin());
  };
  return {index_behind(time - lookback_ms), index_behind(time - 1),
          index_behind(time + lookback_ms)};
}

class Smoother {
 public:
  Smoother(MixedSeries& series, const HistogramNotes& notes, Row& row)
      : floats_(series.floats()), histograms_(series.histograms()), notes_(notes), row_(row) {}

  void Fill(std::size_t step, model::TimestampMs time, std::int64_t lookback_ms) {
    const Around floats = FindAround(floats_.timestamps, time, lookback_ms);
    const Around histograms = FindAround(histograms_.timestamps, time, lookback_ms);
    const bool has_floats = floats.begin < floats.end;
    const bool has_histograms = histograms.begin < histograms.end;
    if (has_floats && has_histograms) return notes_.HasBothKinds();
    if (has_floats) return FillFloat(step, time, floats);
    if (has_histograms) FillHistogram(step, time, histograms);
  }

 private:
  void FillFloat(std::size_t step, model::TimestampMs time, const Around& around) {
    const auto& times = floats_.timestamps;
    const auto& values = floats_.values;
    const std::size_t at = around.at;
    if (at < around.end && times[at] == time) return row_.Set(step, values[at]);
    if (at == around.begin) return;
    if (at == around.end) return row_.Set(step, values[at - 1]);
    const double share =
        static_cast<double>(time - times[at - 1]) / static_cast<double>(times[at] - times[at - 1]);
    row_.Set(step, values[at - 1] + (values[at] - values[at - 1]) * share);
  }

  void FillHistogram(std::size_t step, model::TimestampMs time, const Around& around) {
    const std::size_t at = around.at;
    if (at < around.end && histograms_.timestamps[at] == time) return Set(step, histograms_[at]);
    if (at == around.begin) return;
    if (at == around.end) {
      // What the hint says of the sample it does not say of the step.
      model::FloatHistogram last = histograms_[at - 1];
      last.reset_hint = model::CounterResetHint::kUnknown;
      return Set(step, std::move(last));
    }
    const bool before_has_custom = model::HasCustomBuckets(histograms_[at - 1]);
    if (before_has_custom != model::HasCustomBuckets(histograms_[at])) {
      return notes_.HasBothSchemas();
    }
    constexpr auto kGauge = model::CounterResetHint::kGauge;
    const bool is_counter =
        histograms_[at - 1].reset_hint != kGauge || histograms_[at].reset_hint != kGauge;
    auto between = InterpolateHistogram(histograms_, at - 1, time, is_counter, notes_);
    if (between) Set(step, std::move(*between));
  }

  void Set(std::size_t step, model::FloatHistogram histogram) {
    row_.SetHistogram(step, std::make_shared<const model::FloatHistogram>(std::move(histogram)));
  }

  const FloatPart floats_;
  const HistogramPart histograms_;
  const HistogramNotes& notes_;
  Row& row_;
};

}  // namespace

void FillSmoothed(const storage::SampleColumns& columns, const SmoothedSteps& steps,
                  const HistogramNotes& notes, Row& row) {
  MixedSeries series;
  series.AssignLive(columns);
  Smoother smoother(series, notes, row);
  for (std::size_t step = 0; step < steps.grid.count; ++step) {
    smoother.Fill(step, steps.reference.At(steps.grid.At(step)), steps.lookback_ms);
  }
}

}  // namespace narthex::engine
