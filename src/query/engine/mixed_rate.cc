// rate, increase, delta, irate and idelta of native histograms.
#include <algorithm>

#include "mixed_range.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"
#include "told_sum.h"

namespace narthex::engine {
namespace {

using model::CounterResetHint;
using model::FloatHistogram;
using Value = std::optional<MixedValue>;

enum class Change { kRate, kIncrease, kDelta };

bool IsGauge(const FloatHistogram& histogram) {
  return histogram.reset_hint == CounterResetHint::kGauge;
}

// What the first sample of a counter counts for: nothing if it was reset right after.
FloatHistogram FirstOf(const HistogramPart& part, bool is_counter) {
  if (!is_counter || !part.IsReset(1)) return part[0];
  FloatHistogram nothing;
  nothing.schema = part[1].schema;
  nothing.custom_values = part[1].custom_values;
  return nothing;
}

// Whether all samples that matter are of one kind of schema; the least schema of them.
std::optional<std::int32_t> CommonSchema(const HistogramPart& part, const FloatHistogram& first,
                                         bool is_counter) {
  const std::size_t last = part.size() - 1;
  const bool has_custom = model::HasCustomBuckets(first);
  std::int32_t schema = std::min(first.schema, part[last].schema);
  if (model::HasCustomBuckets(part[last]) != has_custom) return std::nullopt;
  for (std::size_t i = 1; is_counter && i < last; ++i) {
    if (model::HasCustomBuckets(part[i]) != has_custom) return std::nullopt;
    schema = std::min(schema, part[i].schema);
  }
  return schema;
}

void TellOfGauges(const HistogramPart& part, bool is_counter, const HistogramNotes& notes) {
  const bool all_gauges = IsGauge(part[0]) && IsGauge(part[part.size() - 1]);
  if (!is_counter && !all_gauges) return notes.IsNoGauge();
  if (!is_counter) return;
  const bool has_gauge = std::ranges::any_of(
      part.histograms, [](const FloatHistogram* histogram) { return IsGauge(*histogram); });
  if (has_gauge) notes.IsNoCounter();
}

void TellOfOverlap(const HistogramPart& part, const HistogramNotes& notes) {
  if (part.start_timestamps.empty()) return;
  for (std::size_t i = 1; i < part.size(); ++i) {
    if (!OverlapsStart({part.timestamps[i - 1], part.start_timestamps[i - 1]},
                       {part.timestamps[i], part.start_timestamps[i]})) {
      continue;
    }
    return notes.StartsOverlap();
  }
}

// The change from the first sample to the last; of counters with what resets took away.
std::optional<FloatHistogram> ChangeOf(const HistogramPart& part, bool is_counter,
                                       const HistogramNotes& notes) {
  const FloatHistogram first = FirstOf(part, is_counter);
  const auto schema = CommonSchema(part, first, is_counter);
  if (!schema) {
    notes.HasBothSchemas();
    return std::nullopt;
  }
  TellOfGauges(part, is_counter, notes);
  FloatHistogram last = part[part.size() - 1];
  model::ReduceResolution(last, *schema);
  ToldSum change(last, notes);
  if (!change.Subtract(first)) return std::nullopt;
  if (is_counter) {
    TellOfOverlap(part, notes);
    // The reset behind the first sample is seen to by leaving that out.
    for (std::size_t i = 2; i < part.size(); ++i) {
      if (part.IsReset(i) && !change.Add(part[i - 1])) return std::nullopt;
    }
  }
  FloatHistogram histogram = change.Get();
  histogram.reset_hint = CounterResetHint::kGauge;
  model::Compact(histogram);
  return histogram;
}

// The samples of a window as extrapolation sees them, in seconds.
struct Span {
  double to_start = 0;
  double sampled = 0;
  double to_end = 0;
  double average = 0;  // between two samples
};

Span SpanOf(const MixedWindow& window) {
  const auto& times = window.histograms.timestamps;
  const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  Span span;
  span.to_start = seconds(times.front() - window.from);
  span.sampled = seconds(times.back() - times.front());
  span.to_end = seconds(window.until - times.back());
  if (times.size() > 1) span.average = span.sampled / static_cast<double>(times.size() - 1);
  return span;
}

// As far as the series is taken to reach before its first sample. Source: as for floats.
double ReachBefore(const Span& span, double first_count, double change_count, bool is_counter) {
  const double reach = span.to_start >= span.average * 1.1 ? span.average / 2 : span.to_start;
  if (!is_counter || !(change_count > 0) || !(first_count >= 0)) return reach;
  return std::min(reach, span.sampled * (first_count / change_count));
}

template <Change kKind>
Value Extrapolated(const MixedWindow& window, const HistogramNotes& notes) {
  constexpr bool kIsCounter = kKind != Change::kDelta;
  if (!window.floats.empty()) {
    notes.HasBothKinds();
    return std::nullopt;
  }
  const HistogramPart& part = window.histograms;
  Span span = SpanOf(window);
  std::optional<FloatHistogram> change;
  if (part.size() > 1) {
    change = ChangeOf(part, kIsCounter, notes);
    if (!change) return std::nullopt;
  }
  const model::TimestampMs start =
      kIsCounter && !part.start_timestamps.empty() ? part.start_timestamps[0] : 0;
  if (start != 0 && start > window.from && start < part.timestamps[0]) {
    // The counter was zero then: nothing is to be guessed on this side.
    span.to_start = 0;
    span.sampled = static_cast<double>(part.timestamps.back() - start) / 1000;
    if (!change) {
      change = part[0];
    } else {
      ToldSum sum(*change, notes);
      if (!sum.Add(part[0])) return std::nullopt;
      change = sum.Get();
    }
  } else if (!change) {
    return std::nullopt;
  } else {
    span.to_start = ReachBefore(span, part[0].count, change->count, kIsCounter);
  }
  if (span.to_end >= span.average * 1.1) span.to_end = span.average / 2;
  double factor = 1;
  if (span.sampled != 0) factor = (span.sampled + span.to_start + span.to_end) / span.sampled;
  if (kKind == Change::kRate) factor /= window.range_seconds();
  model::Multiply(*change, factor);
  return MixedValue::Of(std::move(*change));
}

// Of the two newest samples.
template <bool kIsRate>
Value InstantChange(const MixedWindow& window, const HistogramNotes& notes) {
  const HistogramPart& part = window.histograms;
  const FloatPart& floats = window.floats;
  if (part.size() + floats.values.size() < 2) return std::nullopt;
  const std::size_t last = part.size() - 1;
  // Two floats behind all histograms are as if there were no histograms.
  if (floats.values.size() > 1 &&
      floats.timestamps[floats.values.size() - 2] > part.timestamps[last]) {
    const std::size_t f = floats.values.size() - 1;
    double change = floats.values[f] - floats.values[f - 1];
    if (!kIsRate) return MixedValue{change};
    const bool is_started = !floats.start_timestamps.empty() &&
                            IsStartReset({floats.timestamps[f - 1], floats.start_timestamps[f - 1]},
                                         {floats.timestamps[f], floats.start_timestamps[f]});
    if (change < 0 || is_started) change = floats.values[f];
    const std::int64_t ms = floats.timestamps[f] - floats.timestamps[f - 1];
    return MixedValue{change / (static_cast<double>(ms) / 1000)};
  }
  const bool has_float =
      !floats.empty() && (last == 0 || floats.timestamps.back() > part.timestamps[last - 1]);
  if (has_float) {
    notes.HasBothKinds();
    return std::nullopt;
  }
  const bool all_gauges = IsGauge(part[last - 1]) && IsGauge(part[last]);
  if (kIsRate && (IsGauge(part[last - 1]) || IsGauge(part[last]))) notes.IsNoCounter();
  if (!kIsRate && !all_gauges) notes.IsNoGauge();
  ToldSum change(part[last], notes);
  const bool is_reset = kIsRate && part.IsReset(last);
  if (!is_reset && !change.Subtract(part[last - 1])) return std::nullopt;
  FloatHistogram histogram = change.Get();
  histogram.reset_hint = CounterResetHint::kGauge;
  model::Compact(histogram);
  const std::int64_t ms = part.timestamps[last] - part.timestamps[last - 1];
  if (kIsRate) model::Divide(histogram, static_cast<double>(ms) / 1000);
  return MixedValue::Of(std::move(histogram));
}

constexpr NamedMixedKernel kKernels[] = {
    {"rate", Extrapolated<Change::kRate>},   {"increase", Extrapolated<Change::kIncrease>},
    {"delta", Extrapolated<Change::kDelta>}, {"irate", InstantChange<true>},
    {"idelta", InstantChange<false>},
};

}  // namespace

std::span<const NamedMixedKernel> MixedRateKernels() { return kKernels; }

}  // namespace narthex::engine
