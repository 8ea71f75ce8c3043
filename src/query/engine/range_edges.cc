// Functions of ranges whose edges are anchored to the last sample before, or smoothed.
//
// Both look beyond the window, as far as the lookback allows. Anchored: the sample before the
// window stands at its start, the last one within it at its end. Smoothed: both edges lie on the
// straight line between the samples around them. Neither extrapolates. Source: Prometheus proposal
// 52, "Extended range selectors semantics".
#include <algorithm>
#include <cmath>

#include "range_function.h"

namespace narthex::engine {
namespace {

using promql::RangeEdges;

// A window with the samples right before and right after it, where there are any.
struct EdgedWindow {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  bool has_before = false;  // values[begin - 1]
  bool has_after = false;   // values[end]
  model::TimestampMs from = 0;
  model::TimestampMs until = 0;

  bool has_inside() const { return begin < end; }
};

EdgedWindow WindowAt(const RangeInput& input, std::size_t step) {
  EdgedWindow window;
  window.begin = input.windows.begin[step];
  window.end = input.windows.end[step];
  window.until = input.reference.At(input.grid.At(step));
  window.from = window.until - input.range_ms;
  window.has_before =
      window.begin > 0 && input.timestamps[window.begin - 1] > window.from - input.lookback_ms;
  window.has_after = window.end < input.timestamps.size() &&
                     input.timestamps[window.end] <= window.until + input.lookback_ms;
  return window;
}

// The value at `time` on the line between sample `index` and the next. A counter that was reset in
// between counts from zero.
double Interpolate(const RangeInput& input, std::size_t index, model::TimestampMs time,
                   bool is_counter) {
  const double next = input.values[index + 1];
  const double value = is_counter && next < input.values[index] ? 0 : input.values[index];
  const auto span = static_cast<double>(input.timestamps[index + 1] - input.timestamps[index]);
  return value + (next - value) * (static_cast<double>(time - input.timestamps[index]) / span);
}

struct Edges {
  double left = 0;
  double right = 0;
};

std::optional<Edges> AnchoredEdges(const RangeInput& input, const EdgedWindow& window) {
  if (!window.has_inside()) return std::nullopt;
  const std::uint32_t first = window.has_before ? window.begin - 1 : window.begin;
  return Edges{input.values[first], input.values[window.end - 1]};
}

std::optional<Edges> SmoothedEdges(const RangeInput& input, const EdgedWindow& window,
                                   bool is_counter) {
  const bool is_spanned = window.has_before && window.has_after;
  if (!window.has_inside() && !is_spanned) return std::nullopt;
  Edges edges;
  const bool is_at_start = window.has_before && input.timestamps[window.begin - 1] == window.from;
  if (!window.has_before) {
    edges.left = input.values[window.begin];
  } else if (is_at_start) {
    edges.left = input.values[window.begin - 1];
  } else {
    edges.left = Interpolate(input, window.begin - 1, window.from, is_counter);
  }
  const bool is_at_end = window.has_inside() && input.timestamps[window.end - 1] == window.until;
  edges.right = window.has_after && !is_at_end
                    ? Interpolate(input, window.end - 1, window.until, is_counter)
                    : input.values[window.end - 1];
  return edges;
}

// What resets inside the window, and between it and its edges, took away.
double LostToResets(const RangeInput& input, const EdgedWindow& window, const Edges& edges) {
  double lost = 0;
  double before = edges.left;
  for (std::uint32_t i = window.begin; i < window.end; ++i) {
    if (input.values[i] < before) lost += before;
    before = input.values[i];
  }
  return edges.right < before ? lost + before : lost;
}

enum class Change { kRate, kIncrease, kDelta };

template <Change kKind, RangeEdges kEdges>
void EdgedChange(const RangeInput& input, Row& row) {
  constexpr bool kIsCounter = kKind != Change::kDelta;
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const EdgedWindow window = WindowAt(input, step);
    const auto edges = kEdges == RangeEdges::kAnchored ? AnchoredEdges(input, window)
                                                       : SmoothedEdges(input, window, kIsCounter);
    if (!edges) continue;
    double change = edges->right - edges->left;
    if (kIsCounter) change += LostToResets(input, window, *edges);
    if (kKind == Change::kRate) change /= static_cast<double>(input.range_ms) / 1000;
    row.Set(step, change);
  }
}

// Neighbours that satisfy F, the sample before the window included.
template <auto F>
void AnchoredCount(const RangeInput& input, Row& row) {
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const EdgedWindow window = WindowAt(input, step);
    if (!window.has_inside()) continue;
    double count = 0;
    for (std::uint32_t i = window.has_before ? window.begin : window.begin + 1; i < window.end;
         ++i) {
      if (F(input.values[i - 1], input.values[i])) ++count;
    }
    row.Set(step, count);
  }
}

bool IsReset(double before, double after) { return after < before; }
bool IsChange(double before, double after) {
  return before != after && !(std::isnan(before) && std::isnan(after));
}

constexpr RangeFunction kAnchoredFunctions[] = {
    {"changes", AnchoredCount<IsChange>},
    {"delta", EdgedChange<Change::kDelta, RangeEdges::kAnchored>},
    {"increase", EdgedChange<Change::kIncrease, RangeEdges::kAnchored>, false, true},
    {"rate", EdgedChange<Change::kRate, RangeEdges::kAnchored>, false, true},
    {"resets", AnchoredCount<IsReset>},
};

constexpr RangeFunction kSmoothedFunctions[] = {
    {"delta", EdgedChange<Change::kDelta, RangeEdges::kSmoothed>},
    {"increase", EdgedChange<Change::kIncrease, RangeEdges::kSmoothed>, false, true},
    {"rate", EdgedChange<Change::kRate, RangeEdges::kSmoothed>, false, true},
};

}  // namespace

std::vector<model::Sample> SamplesWithEdges(const SeriesColumns& columns, model::TimeRange range,
                                            RangeEdges edges, std::int64_t lookback_ms) {
  const auto& times = columns.timestamps;
  const auto index_behind = [&](model::TimestampMs time) {
    return static_cast<std::uint32_t>(std::ranges::upper_bound(times, time) - times.begin());
  };
  const Windows windows = {{index_behind(range.from)}, {index_behind(range.until)}};
  const StepGrid grid = {range.until, 1, 1};
  const RangeInput input = {times, columns.values,           windows,     grid,
                            {},    range.until - range.from, lookback_ms, {}};
  const EdgedWindow window = WindowAt(input, 0);
  auto values = edges == RangeEdges::kAnchored ? AnchoredEdges(input, window)
                                               : SmoothedEdges(input, window, false);
  // Unlike the functions of such ranges, upstream shows a series that begins only behind its own.
  const bool begins_behind =
      edges == RangeEdges::kSmoothed && !window.has_before && window.has_after;
  if (!values && begins_behind) values = Edges{input.values[window.end], input.values[window.end]};
  std::vector<model::Sample> samples;
  if (!values) return samples;
  samples.push_back({range.from, values->left});
  for (std::uint32_t i = window.begin; i < window.end; ++i) {
    samples.push_back({times[i], columns.values[i]});
  }
  if (samples.back().timestamp != range.until) samples.push_back({range.until, values->right});
  return samples;
}

std::span<const RangeFunction> EdgedFunctions(RangeEdges edges) {
  switch (edges) {
    case RangeEdges::kPlain:
      return {};
    case RangeEdges::kAnchored:
      return kAnchoredFunctions;
    case RangeEdges::kSmoothed:
      return kSmoothedFunctions;
  }
  return {};
}

}  // namespace narthex::engine
