// Functions of range vectors whose series have native histograms.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "histogram_notes.h"
#include "range_function.h"
#include "storage/querier.h"

namespace narthex::engine {

// The floats of a window, or of all of a series.
struct FloatPart {
  std::span<const model::TimestampMs> timestamps;
  std::span<const double> values;
  std::span<const model::TimestampMs> start_timestamps;  // empty: none is known

  bool empty() const { return timestamps.empty(); }
  FloatPart Sub(std::size_t begin, std::size_t end) const;
};

// The same of histograms.
struct HistogramPart {
  std::span<const model::TimestampMs> timestamps;
  std::span<const model::FloatHistogram* const> histograms;
  std::span<const model::TimestampMs> start_timestamps;
  // Whether the counter was reset between a histogram and the one before: -1 where it is not known
  // yet. Windows overlap, so what one has found out serves the next.
  std::span<std::int8_t> resets;

  std::size_t size() const { return histograms.size(); }
  bool empty() const { return histograms.empty(); }
  const model::FloatHistogram& operator[](std::size_t index) const { return *histograms[index]; }
  // Between `index` - 1 and `index` > 0.
  bool IsReset(std::size_t index) const;
  HistogramPart Sub(std::size_t begin, std::size_t end) const;
};

// What a window holds; anchored and smoothed ones what lies around them, too.
struct MixedWindow {
  FloatPart floats;
  HistogramPart histograms;     // not empty
  model::TimestampMs from = 0;  // excluded
  model::TimestampMs until = 0;

  double range_seconds() const { return static_cast<double>(until - from) / 1000; }
};

// A float, or a histogram where there is one.
struct MixedValue {
  double value = 0;
  HistogramPtr histogram = nullptr;

  static MixedValue Of(model::FloatHistogram histogram) {
    return {0, std::make_shared<const model::FloatHistogram>(std::move(histogram))};
  }
};

// Computes one window with histograms; empty where there is no value. The user is told why.
using MixedKernel = std::optional<MixedValue> (*)(const MixedWindow& window,
                                                  const HistogramNotes& notes);

// Null for functions that look at floats only.
MixedKernel FindMixedKernel(std::string_view name, promql::RangeEdges edges);

struct NamedMixedKernel {
  std::string_view name;
  MixedKernel kernel;
};
// The groups they are kept in.
std::span<const NamedMixedKernel> MixedRateKernels();
std::span<const NamedMixedKernel> MixedOverTimeKernels();
std::span<const NamedMixedKernel> MixedEdgeKernels(promql::RangeEdges edges);
// resets and changes, counted from the newest sample at or before the window's start.
std::optional<MixedValue> ResetsFromAnchor(const MixedWindow& window, const HistogramNotes& notes);
std::optional<MixedValue> ChangesFromAnchor(const MixedWindow& window, const HistogramNotes& notes);

// The histogram at `time` on the straight line from histogram `index` to the next. A counter that
// was reset in between counts from zero. Empty if the schemas do not fit, which the user is told.
std::optional<model::FloatHistogram> InterpolateHistogram(const HistogramPart& part,
                                                          std::size_t index,
                                                          model::TimestampMs time, bool is_counter,
                                                          const HistogramNotes& notes);

// A series taken apart into its floats and its histograms.
class MixedSeries {
 public:
  void Assign(const SeriesColumns& columns);
  // Leaves out staleness markers.
  void AssignLive(const storage::SampleColumns& columns);
  FloatPart floats() const;
  HistogramPart histograms();

 private:
  void Clear();
  void Add(const storage::SampleColumns& columns, std::size_t index);

  std::vector<model::TimestampMs> float_times_;
  std::vector<double> values_;
  std::vector<model::TimestampMs> float_starts_;
  std::vector<model::TimestampMs> histogram_times_;
  std::vector<const model::FloatHistogram*> histograms_;
  std::vector<model::TimestampMs> histogram_starts_;
  std::vector<std::int8_t> resets_;
};

// Whether a sample began to count anew after the one before, as told by since when both count.
// Source: Prometheus, "Start timestamps" in the feature flags.
struct StartedSample {
  model::TimestampMs timestamp = 0;
  model::TimestampMs start = 0;  // 0: not known
};
bool IsStartReset(StartedSample before, StartedSample now);
// Whether a sample counts what the one before has counted, too, though it began elsewhere.
bool OverlapsStart(StartedSample before, StartedSample now);

}  // namespace narthex::engine
