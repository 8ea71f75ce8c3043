#include "mixed_range.h"

#include "model/histogram_math.h"

namespace narthex::engine {
namespace {

template <typename T>
std::span<T> Cut(std::span<T> all, std::size_t begin, std::size_t end) {
  return all.empty() ? all : all.subspan(begin, end - begin);
}

}  // namespace

FloatPart FloatPart::Sub(std::size_t begin, std::size_t end) const {
  return {Cut(timestamps, begin, end), Cut(values, begin, end), Cut(start_timestamps, begin, end)};
}

HistogramPart HistogramPart::Sub(std::size_t begin, std::size_t end) const {
  return {Cut(timestamps, begin, end), Cut(histograms, begin, end),
          Cut(start_timestamps, begin, end), Cut(resets, begin, end)};
}

bool HistogramPart::IsReset(std::size_t index) const {
  std::int8_t& known = resets[index];
  if (known < 0) {
    const bool is_started = !start_timestamps.empty() &&
                            IsStartReset({timestamps[index - 1], start_timestamps[index - 1]},
                                         {timestamps[index], start_timestamps[index]});
    const bool is_reset = is_started || model::IsReset(*histograms[index], *histograms[index - 1]);
    known = is_reset ? 1 : 0;
  }
  return known == 1;
}

bool IsStartReset(StartedSample before, StartedSample now) {
  // A start at the sample's own time says that it is not known; behind it, it is wrong.
  if (now.start == 0 || now.start >= now.timestamp) return false;
  if (now.start != before.timestamp) return now.start > before.timestamp;
  // Counting from the sample before: a series of deltas, if that one's start is known.
  return before.start != 0 && before.start < before.timestamp;
}

bool OverlapsStart(StartedSample before, StartedSample now) {
  return now.start != 0 && now.start < before.timestamp && now.start != before.start;
}

void MixedSeries::Clear() {
  float_times_.clear();
  values_.clear();
  float_starts_.clear();
  histogram_times_.clear();
  histograms_.clear();
  histogram_starts_.clear();
}

void MixedSeries::Add(const storage::SampleColumns& columns, std::size_t index) {
  const bool is_float = columns.histograms.empty() || columns.histograms[index] == nullptr;
  (is_float ? float_times_ : histogram_times_).push_back(columns.timestamps[index]);
  if (is_float) {
    values_.push_back(columns.values[index]);
  } else {
    histograms_.push_back(columns.histograms[index]);
  }
  if (columns.start_timestamps.empty()) return;
  (is_float ? float_starts_ : histogram_starts_).push_back(columns.start_timestamps[index]);
}

void MixedSeries::Assign(const SeriesColumns& columns) {
  Clear();
  const storage::SampleColumns samples = {columns.timestamps, columns.values, 0, columns.histograms,
                                          columns.start_timestamps};
  for (std::size_t i = 0; i < samples.timestamps.size(); ++i) Add(samples, i);
  resets_.assign(histograms_.size(), -1);
}

void MixedSeries::AssignLive(const storage::SampleColumns& columns) {
  Clear();
  for (std::size_t i = 0; i < columns.timestamps.size(); ++i) {
    if (!model::IsStaleNan(columns.values[i])) Add(columns, i);
  }
  resets_.assign(histograms_.size(), -1);
}

FloatPart MixedSeries::floats() const { return {float_times_, values_, float_starts_}; }

HistogramPart MixedSeries::histograms() {
  return {histogram_times_, histograms_, histogram_starts_, resets_};
}

MixedKernel FindMixedKernel(std::string_view name, promql::RangeEdges edges) {
  const auto find = [&](std::span<const NamedMixedKernel> kernels) -> MixedKernel {
    for (const NamedMixedKernel& entry : kernels) {
      if (entry.name == name) return entry.kernel;
    }
    return nullptr;
  };
  if (edges != promql::RangeEdges::kPlain) return find(MixedEdgeKernels(edges));
  const MixedKernel rate = find(MixedRateKernels());
  return rate != nullptr ? rate : find(MixedOverTimeKernels());
}

}  // namespace narthex::engine
