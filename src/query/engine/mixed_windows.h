// Range functions over series that have native histograms, and over floats whose start is known.
#pragma once

#include <vector>

#include "mixed_range.h"
#include "range_function.h"

namespace narthex::engine {

// What a range function is applied to, but for the series.
struct RangeSetup {
  StepGrid grid;
  ReferenceTime reference;
  std::int64_t range_ms = 0;
  std::int64_t lookback_ms = 0;
  promql::RangeEdges edges = promql::RangeEdges::kPlain;
  std::span<const std::vector<double>> parameters;
  WorkMeter& meter;
};

// As RangeKernel, for floats with start timestamps.
using StartedKernel = void (*)(const RangeInput& input,
                               std::span<const model::TimestampMs> start_timestamps,
                               const HistogramNotes& notes, Row& row);
// Null for functions that do not care since when samples count.
StartedKernel FindStartedKernel(std::string_view name, promql::RangeEdges edges);

// One range function of a query; series by series. Not thread-safe.
class MixedRange {
 public:
  // `function` and what `setup` points to must outlive it.
  MixedRange(const RangeFunction& function, const RangeSetup& setup, const HistogramNotes& notes)
      : function_(function),
        setup_(setup),
        notes_(notes),
        mixed_kernel_(FindMixedKernel(function.name, setup.edges)),
        started_kernel_(FindStartedKernel(function.name, setup.edges)) {}

  // Whether the series is for this class and not for the function's own kernel.
  bool IsFor(const SeriesColumns& columns) const {
    return !columns.histograms.empty() ||
           (started_kernel_ != nullptr && !columns.start_timestamps.empty());
  }

  // Computes every step of the series into `row`, which is empty before.
  void Compute(const SeriesColumns& columns, Row& row);

 private:
  void ComputeFloats(const FloatPart& floats, Row& row);
  void ComputeHistograms(Row& row);
  // The samples of (until - before, until + after] at each step.
  void FindWindows(std::span<const model::TimestampMs> timestamps, std::int64_t before_ms,
                   std::int64_t after_ms, Windows& windows) const;

  const RangeFunction& function_;
  const RangeSetup setup_;
  HistogramNotes notes_;
  const MixedKernel mixed_kernel_;
  const StartedKernel started_kernel_;
  MixedSeries series_;
  Windows windows_;
  Windows float_windows_;
  Windows histogram_windows_;
};

}  // namespace narthex::engine
