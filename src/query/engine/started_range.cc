// rate, increase, irate and resets of floats whose start timestamps are known.
//
// A sample that began to count behind the one before was reset in between, whatever the values say;
// and where the first sample of a window began inside of it, the counter was 0 then.
#include <algorithm>
#include <cmath>

#include "mixed_windows.h"

namespace narthex::engine {
namespace {

using Starts = std::span<const model::TimestampMs>;

double Seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

StartedSample SampleAt(const RangeInput& input, Starts starts, std::size_t index) {
  return {input.timestamps[index], starts[index]};
}

bool IsResetAt(const RangeInput& input, Starts starts, std::size_t index) {
  return input.values[index] < input.values[index - 1] ||
         IsStartReset(SampleAt(input, starts, index - 1), SampleAt(input, starts, index));
}

// The change between the samples of a window, its start extended to where the first one began; or,
// where that is not known, as without start timestamps.
std::optional<double> Extrapolate(const RangeInput& input, Starts starts, std::size_t step,
                                  double change) {
  const std::size_t begin = input.windows.begin[step];
  const std::size_t last = input.windows.end[step] - 1;
  const model::TimestampMs until = input.reference.At(input.grid.At(step));
  const model::TimestampMs from = until - input.range_ms;
  double to_start = Seconds(input.timestamps[begin] - from);
  double to_end = Seconds(until - input.timestamps[last]);
  double sampled = Seconds(input.timestamps[last] - input.timestamps[begin]);
  const double average = last == begin ? 0 : sampled / static_cast<double>(last - begin);

  const model::TimestampMs start = starts[begin];
  if (start != 0 && start > from && start < input.timestamps[begin]) {
    to_start = 0;
    sampled = Seconds(input.timestamps[last] - start);
    change += input.values[begin];
  } else if (last == begin) {
    return std::nullopt;
  } else {
    if (to_start >= average * 1.1) to_start = average / 2;
    if (change > 0 && input.values[begin] >= 0) {
      to_start = std::min(to_start, sampled * (input.values[begin] / change));
    }
  }
  if (to_end >= average * 1.1) to_end = average / 2;
  return sampled == 0 ? change : change * ((sampled + to_start + to_end) / sampled);
}

template <bool kIsRate>
void StartedChange(const RangeInput& input, Starts starts, const HistogramNotes& notes, Row& row) {
  std::vector<std::uint32_t> resets;
  std::vector<std::uint32_t> overlaps;
  for (std::size_t i = 1; i < input.values.size(); ++i) {
    if (IsResetAt(input, starts, i)) resets.push_back(static_cast<std::uint32_t>(i));
    if (OverlapsStart(SampleAt(input, starts, i - 1), SampleAt(input, starts, i))) {
      overlaps.push_back(static_cast<std::uint32_t>(i));
    }
  }
  std::size_t first_reset = 0;
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const std::uint32_t begin = input.windows.begin[step];
    const std::uint32_t end = input.windows.end[step];
    if (begin == end) continue;
    double change = input.values[end - 1] - input.values[begin];
    while (first_reset < resets.size() && resets[first_reset] <= begin) ++first_reset;
    for (std::size_t i = first_reset; i < resets.size() && resets[i] < end; ++i) {
      change += input.values[resets[i] - 1];
    }
    const auto overlap = std::ranges::upper_bound(overlaps, begin);
    if (overlap != overlaps.end() && *overlap < end) notes.StartsOverlap();
    const auto value = Extrapolate(input, starts, step, change);
    if (value) row.Set(step, kIsRate ? *value / Seconds(input.range_ms) : *value);
  }
}

void StartedInstantRate(const RangeInput& input, Starts starts, const HistogramNotes&, Row& row) {
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    if (input.windows.end[step] < input.windows.begin[step] + 2) continue;
    const std::size_t last = input.windows.end[step] - 1;
    const double value = input.values[last];
    const double change = IsResetAt(input, starts, last) ? value : value - input.values[last - 1];
    row.Set(step, change / Seconds(input.timestamps[last] - input.timestamps[last - 1]));
  }
}

template <promql::RangeEdges kEdges>
void StartedResets(const RangeInput& input, Starts starts, const HistogramNotes&, Row& row) {
  std::vector<std::uint32_t> count_before(input.values.size(), 0);
  for (std::size_t i = 1; i < input.values.size(); ++i) {
    count_before[i] = count_before[i - 1] + (IsResetAt(input, starts, i) ? 1 : 0);
  }
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const std::uint32_t begin = input.windows.begin[step];
    const std::uint32_t end = input.windows.end[step];
    if (begin == end) continue;
    std::uint32_t first = begin;
    if (kEdges == promql::RangeEdges::kAnchored && begin > 0) {
      const model::TimestampMs from = input.reference.At(input.grid.At(step)) - input.range_ms;
      if (input.timestamps[begin - 1] > from - input.lookback_ms) --first;
    }
    row.Set(step, static_cast<double>(count_before[end - 1] - count_before[first]));
  }
}

}  // namespace

StartedKernel FindStartedKernel(std::string_view name, promql::RangeEdges edges) {
  if (edges == promql::RangeEdges::kAnchored && name == "resets") {
    return StartedResets<promql::RangeEdges::kAnchored>;
  }
  // The others take anchored and smoothed ranges as if no starts were known.
  if (edges != promql::RangeEdges::kPlain) return nullptr;
  if (name == "rate") return StartedChange<true>;
  if (name == "increase") return StartedChange<false>;
  if (name == "irate") return StartedInstantRate;
  if (name == "resets") return StartedResets<promql::RangeEdges::kPlain>;
  return nullptr;
}

}  // namespace narthex::engine
