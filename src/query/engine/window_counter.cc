#include "window_counter.h"

#include <algorithm>

#include "histogram_columns.h"

namespace narthex::engine {
namespace {

// `weight(begin, end)`: how many samples those of [begin, end) count as.
template <typename Weight>
WindowCounts Count(const Windows& windows, Weight&& weight) {
  WindowCounts counts;
  std::uint32_t seen = 0;  // the end of the window before
  for (std::size_t i = 0; i < windows.begin.size(); ++i) {
    const std::uint32_t begin = windows.begin[i];
    const std::uint32_t end = windows.end[i];
    counts.last = weight(begin, end);
    counts.largest = std::max(counts.largest, counts.last);
    counts.all += counts.last;
    counts.fresh += weight(std::max(begin, seen), end);
    seen = end;
  }
  return counts;
}

}  // namespace

void ComputeWindows(std::span<const model::TimestampMs> timestamps, const StepGrid& grid,
                    const ReferenceTime& reference, std::int64_t range_ms, Windows& windows) {
  windows.extrapolation.reset();
  windows.begin.resize(grid.count);
  windows.end.resize(grid.count);
  std::size_t begin = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < grid.count; ++i) {
    const model::TimestampMs until = reference.At(grid.At(i));
    while (end < timestamps.size() && timestamps[end] <= until) ++end;
    while (begin < end && timestamps[begin] <= until - range_ms) ++begin;
    windows.begin[i] = static_cast<std::uint32_t>(begin);
    windows.end[i] = static_cast<std::uint32_t>(end);
  }
}

void WindowCounter::Use(std::span<const model::TimestampMs> timestamps, const Windows& windows) {
  if (!is_plain()) {
    ReferenceTime reference = range_.reference;
    std::int64_t range_ms = range_.range_ms + range_.lookback_ms;
    if (range_.edges == promql::RangeEdges::kSmoothed) {
      reference.offset_ms -= range_.lookback_ms;
      range_ms += range_.lookback_ms;
    }
    ComputeWindows(timestamps, grid_, reference, range_ms, wider_);
  }
  float_counts_ = Count(is_plain() ? windows : wider_, [](std::uint32_t begin, std::uint32_t end) {
    return static_cast<std::size_t>(end - begin);
  });
}

WindowCounts WindowCounter::Of(const SeriesColumns& series, const Windows& windows) const {
  if (series.histograms.empty()) return float_counts_;
  std::vector<std::size_t> before(series.histograms.size() + 1, 0);  // the weight of all before
  for (std::size_t i = 0; i < series.histograms.size(); ++i) {
    const model::FloatHistogram* histogram = series.histograms[i];
    before[i + 1] = before[i] + (histogram == nullptr ? 1 : SampleWeight(*histogram));
  }
  return Count(is_plain() ? windows : wider_, [&before](std::uint32_t begin, std::uint32_t end) {
    return before[end] - before[begin];
  });
}

}  // namespace narthex::engine
