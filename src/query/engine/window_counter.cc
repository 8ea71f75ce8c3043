#include "window_counter.h"

#include <algorithm>

#include "histogram_columns.h"

namespace narthex::engine {
namespace {

std::size_t LengthOf(std::uint32_t begin, std::uint32_t end) { return end - begin; }

// Calls `visit(step, all, fresh)` with what the window of each step holds, and what of it the
// windows before do not. `weight(begin, end)`: how many samples those of [begin, end) count as.
template <typename Weight, typename Visit>
void VisitWindows(const Windows& windows, Weight&& weight, Visit&& visit) {
  std::uint32_t seen = 0;  // the end of the window before
  for (std::size_t i = 0; i < windows.begin.size(); ++i) {
    const std::uint32_t begin = windows.begin[i];
    const std::uint32_t end = windows.end[i];
    visit(i, weight(begin, end), weight(std::max(begin, seen), end));
    seen = end;
  }
}

// What VisitWindows() visits, put together.
struct Collect {
  WindowCounts& counts;
  void operator()(std::size_t, std::size_t all, std::size_t fresh) const {
    counts.last = all;
    counts.largest = std::max(counts.largest, all);
    counts.all += all;
    counts.fresh += fresh;
  }
};

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
  float_counts_ = {};
  VisitWindows(is_plain() ? windows : wider_, LengthOf, Collect{float_counts_});
}

template <typename Visit>
void WindowCounter::ForEachWindow(const SeriesColumns& series, const Windows& windows,
                                  Visit&& visit) const {
  const Windows& used = is_plain() ? windows : wider_;
  if (series.histograms.empty()) return VisitWindows(used, LengthOf, visit);
  std::vector<std::size_t> before(series.histograms.size() + 1, 0);  // the weight of all before
  for (std::size_t i = 0; i < series.histograms.size(); ++i) {
    const model::FloatHistogram* histogram = series.histograms[i];
    before[i + 1] = before[i] + (histogram == nullptr ? 1 : SampleWeight(*histogram));
  }
  VisitWindows(
      used,
      [&before](std::uint32_t begin, std::uint32_t end) { return before[end] - before[begin]; },
      visit);
}

WindowCounts WindowCounter::Of(const SeriesColumns& series, const Windows& windows) const {
  if (series.histograms.empty()) return float_counts_;
  WindowCounts counts;
  ForEachWindow(series, windows, Collect{counts});
  return counts;
}

void WindowCounter::AddSteps(const SeriesColumns& series, const Windows& windows,
                             WindowTally& tally) const {
  tally.queryable.at.resize(grid_.count);
  tally.read.at.resize(grid_.count);
  ForEachWindow(series, windows, [&tally](std::size_t step, std::size_t all, std::size_t fresh) {
    tally.queryable.at[step] += all;
    tally.read.at[step] += fresh;
  });
}

}  // namespace narthex::engine
