// The windows of a range function: which samples they hold, and how many upstream would count.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "ledger.h"
#include "range_function.h"

namespace narthex::engine {

// The windows (reference - range, reference] of the samples at `timestamps`.
void ComputeWindows(std::span<const model::TimestampMs> timestamps, const StepGrid& grid,
                    const ReferenceTime& reference, std::int64_t range_ms, Windows& windows);

// Samples, a native histogram as several.
struct WindowCounts {
  std::size_t largest = 0;  // of one window
  std::size_t last = 0;
  std::size_t all = 0;    // of all windows together
  std::size_t fresh = 0;  // the same, a sample only where a window first holds it
};

// Not thread-safe.
class WindowCounter {
 public:
  struct Range {
    ReferenceTime reference;
    std::int64_t range_ms = 0;
    promql::RangeEdges edges = promql::RangeEdges::kPlain;
    std::int64_t lookback_ms = 0;
  };
  WindowCounter(const Range& range, const StepGrid& grid) : range_(range), grid_(grid) {}

  // The times of the series to come, and their windows. Takes time for each step.
  void Use(std::span<const model::TimestampMs> timestamps, const Windows& windows);
  // Of a series with the times last used. Takes time for each sample and step only where the series
  // has histograms.
  WindowCounts Of(const SeriesColumns& series, const Windows& windows) const;
  // Adds to `tally` what each step has of these; the totals are left alone. Takes time for each
  // step.
  void AddSteps(const SeriesColumns& series, const Windows& windows, WindowTally& tally) const;

 private:
  template <typename Visit>
  void ForEachWindow(const SeriesColumns& series, const Windows& windows, Visit&& visit) const;
  bool is_plain() const { return range_.edges == promql::RangeEdges::kPlain; }

  const Range range_;
  const StepGrid grid_;
  Windows wider_;  // with the lookback at edges that look beyond the window
  WindowCounts float_counts_;
};

}  // namespace narthex::engine
