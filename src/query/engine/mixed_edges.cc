// Functions of anchored and smoothed ranges of series with native histograms.
//
// As for floats (range_edges.cc): anchored ranges begin at the sample before them, smoothed ones
// with a histogram between the samples around each edge.
#include <algorithm>

#include "mixed_range.h"
#include "model/histogram_buckets.h"
#include "model/histogram_math.h"
#include "told_sum.h"

namespace narthex::engine {
namespace {

using model::FloatHistogram;
using promql::RangeEdges;
using Value = std::optional<MixedValue>;

enum class Change { kRate, kIncrease, kDelta };

bool IsGauge(const FloatHistogram& histogram) {
  return histogram.reset_hint == model::CounterResetHint::kGauge;
}

// The samples [first, last] of a part that a range is computed from, and what stands at its edges.
struct Edges {
  std::size_t first = 0;
  std::size_t last = 0;
  FloatHistogram left;
  FloatHistogram right;
};

// Empty where the range has nothing to be computed from.
std::optional<Edges> FindSamples(const MixedWindow& window, bool is_smoothed) {
  const auto& times = window.histograms.timestamps;
  Edges edges;
  edges.last = times.size() - 1;
  const auto search_end = times.begin() + static_cast<std::ptrdiff_t>(edges.last);
  const auto behind_start = std::upper_bound(times.begin(), search_end, window.from);
  const auto behind_count = static_cast<std::size_t>(behind_start - times.begin());
  edges.first = behind_count == 0 ? 0 : behind_count - 1;
  if (is_smoothed) {
    const auto at_end = std::lower_bound(times.begin(), search_end, window.until);
    edges.last = static_cast<std::size_t>(at_end - times.begin());
  }
  if (times[edges.last] <= window.from) return std::nullopt;
  if (is_smoothed && times[edges.first] > window.until) return std::nullopt;
  return edges;
}

bool CheckKinds(const HistogramPart& part, const Edges& edges, bool is_counter,
                const HistogramNotes& notes) {
  const bool has_custom = model::HasCustomBuckets(part[edges.first]);
  for (std::size_t i = edges.first; i <= edges.last; ++i) {
    if (model::HasCustomBuckets(part[i]) != has_custom) {
      notes.HasBothSchemas();
      return false;
    }
    if (is_counter && IsGauge(part[i])) notes.IsNoCounter();
  }
  return true;
}

bool FillEdges(const MixedWindow& window, bool is_smoothed, bool is_counter,
               const HistogramNotes& notes, Edges& edges) {
  const HistogramPart& part = window.histograms;
  edges.left = part[edges.first];
  edges.right = part[edges.last];
  if (is_smoothed && part.timestamps[edges.first] < window.from) {
    auto left = InterpolateHistogram(part, edges.first, window.from, is_counter, notes);
    if (!left) return false;
    edges.left = std::move(*left);
  }
  if (is_smoothed && edges.last > 0 && part.timestamps[edges.last] > window.until) {
    auto right = InterpolateHistogram(part, edges.last - 1, window.until, is_counter, notes);
    if (!right) return false;
    edges.right = std::move(*right);
  }
  return true;
}

// Adds what resets between the edges took away.
bool AddLost(const MixedWindow& window, bool is_smoothed, const Edges& edges, ToldSum& change) {
  const HistogramPart& part = window.histograms;
  std::size_t next = edges.first + 1;
  const FloatHistogram* before = &edges.left;
  const bool is_reset_at_start = is_smoothed && part.timestamps[edges.first] < window.from &&
                                 model::IsReset(part[next], part[edges.first]);
  if (is_reset_at_start) {
    // Interpolation has counted that one already.
    before = &part[next];
    ++next;
  }
  if (next > edges.last) return true;
  for (; next < edges.last; ++next) {
    if (model::IsReset(part[next], *before) && !change.Add(*before)) return false;
    before = &part[next];
  }
  return !model::IsReset(edges.right, *before) || change.Add(*before);
}

template <Change kKind, RangeEdges kEdges>
Value EdgedChange(const MixedWindow& window, const HistogramNotes& notes) {
  constexpr bool kIsSmoothed = kEdges == RangeEdges::kSmoothed;
  constexpr bool kIsCounter = kKind != Change::kDelta;
  if (!window.floats.empty()) {
    notes.HasBothKinds();
    return std::nullopt;
  }
  auto edges = FindSamples(window, kIsSmoothed);
  if (!edges || !CheckKinds(window.histograms, *edges, kIsCounter, notes)) return std::nullopt;
  if (!FillEdges(window, kIsSmoothed, kIsCounter, notes, *edges)) return std::nullopt;
  if (!kIsCounter && !(IsGauge(edges->left) && IsGauge(edges->right))) notes.IsNoGauge();
  ToldSum change(edges->right, notes);
  if (!change.Subtract(edges->left)) return std::nullopt;
  if (kIsCounter && !AddLost(window, kIsSmoothed, *edges, change)) return std::nullopt;
  FloatHistogram histogram = change.Get();
  if (kKind == Change::kRate) model::Divide(histogram, window.range_seconds());
  histogram.reset_hint = model::CounterResetHint::kGauge;
  model::Compact(histogram);
  return MixedValue::Of(std::move(histogram));
}

constexpr NamedMixedKernel kAnchored[] = {
    {"rate", EdgedChange<Change::kRate, RangeEdges::kAnchored>},
    {"increase", EdgedChange<Change::kIncrease, RangeEdges::kAnchored>},
    {"delta", EdgedChange<Change::kDelta, RangeEdges::kAnchored>},
    {"resets", ResetsFromAnchor},
    {"changes", ChangesFromAnchor},
};

constexpr NamedMixedKernel kSmoothed[] = {
    {"rate", EdgedChange<Change::kRate, RangeEdges::kSmoothed>},
    {"increase", EdgedChange<Change::kIncrease, RangeEdges::kSmoothed>},
    {"delta", EdgedChange<Change::kDelta, RangeEdges::kSmoothed>},
};

}  // namespace

std::optional<FloatHistogram> InterpolateHistogram(const HistogramPart& part, std::size_t index,
                                                   model::TimestampMs time, bool is_counter,
                                                   const HistogramNotes& notes) {
  const FloatHistogram& before = part[index];
  const FloatHistogram& after = part[index + 1];
  const model::TimestampMs from = part.timestamps[index];
  const model::TimestampMs until = part.timestamps[index + 1];
  if (time == from) return before;
  if (time == until) return after;
  const double share = static_cast<double>(time - from) / static_cast<double>(until - from);
  if (is_counter && model::IsReset(after, before)) {
    FloatHistogram scaled = after;
    model::Multiply(scaled, share);
    return scaled;
  }
  ToldSum change(after, notes);
  if (!change.Subtract(before)) return std::nullopt;
  FloatHistogram scaled = change.Get();
  model::Multiply(scaled, share);
  ToldSum sum(scaled, notes);
  if (!sum.Add(before)) return std::nullopt;
  return sum.Get();
}

std::span<const NamedMixedKernel> MixedEdgeKernels(RangeEdges edges) {
  switch (edges) {
    case RangeEdges::kPlain:
      return {};
    case RangeEdges::kAnchored:
      return kAnchored;
    case RangeEdges::kSmoothed:
      return kSmoothed;
  }
  return {};
}

}  // namespace narthex::engine
