#include "mixed_windows.h"

namespace narthex::engine {
namespace {

// Floats that take as long as a histogram.
constexpr std::size_t kFloatsPerHistogram = 64;

}  // namespace

void MixedRange::FindWindows(std::span<const model::TimestampMs> timestamps, std::int64_t before_ms,
                             std::int64_t after_ms, Windows& windows) const {
  windows.begin.resize(setup_.grid.count);
  windows.end.resize(setup_.grid.count);
  std::size_t begin = 0;
  std::size_t end = 0;
  for (std::size_t i = 0; i < setup_.grid.count; ++i) {
    const model::TimestampMs until = setup_.reference.At(setup_.grid.At(i));
    while (end < timestamps.size() && timestamps[end] <= until + after_ms) ++end;
    while (begin < end && timestamps[begin] <= until - before_ms) ++begin;
    windows.begin[i] = static_cast<std::uint32_t>(begin);
    windows.end[i] = static_cast<std::uint32_t>(end);
  }
}

void MixedRange::Compute(const SeriesColumns& columns, Row& row) {
  notes_.SetMetric(columns.labels.Get(model::kMetricName));
  if (columns.histograms.empty()) {
    return ComputeFloats({columns.timestamps, columns.values, columns.start_timestamps}, row);
  }
  series_.Assign(columns);
  if (!series_.floats().empty()) ComputeFloats(series_.floats(), row);
  if (!series_.histograms().empty()) ComputeHistograms(row);
}

void MixedRange::ComputeFloats(const FloatPart& floats, Row& row) {
  FindWindows(floats.timestamps, setup_.range_ms, 0, windows_);
  const RangeInput input = {floats.timestamps,  floats.values,     windows_,
                            setup_.grid,        setup_.reference,  setup_.range_ms,
                            setup_.lookback_ms, setup_.parameters, &setup_.meter};
  if (started_kernel_ != nullptr && !floats.start_timestamps.empty()) {
    started_kernel_(input, floats.start_timestamps, notes_, row);
  } else {
    function_.kernel(input, row);
  }
}

void MixedRange::ComputeHistograms(Row& row) {
  const bool has_edges = setup_.edges != promql::RangeEdges::kPlain;
  const bool is_smoothed = setup_.edges == promql::RangeEdges::kSmoothed;
  const std::int64_t before_ms = setup_.range_ms + (has_edges ? setup_.lookback_ms : 0);
  const std::int64_t after_ms = is_smoothed ? setup_.lookback_ms : 0;
  const FloatPart floats = series_.floats();
  const HistogramPart histograms = series_.histograms();
  FindWindows(floats.timestamps, before_ms, after_ms, float_windows_);
  FindWindows(histograms.timestamps, before_ms, after_ms, histogram_windows_);
  for (std::size_t step = 0; step < setup_.grid.count; ++step) {
    MixedWindow window;
    window.histograms =
        histograms.Sub(histogram_windows_.begin[step], histogram_windows_.end[step]);
    if (window.histograms.empty()) continue;
    if (!setup_.meter.MayGoOn(window.histograms.size() * kFloatsPerHistogram)) return;
    window.floats = floats.Sub(float_windows_.begin[step], float_windows_.end[step]);
    if (mixed_kernel_ == nullptr) {
      if (!window.floats.empty()) notes_.IgnoresHistograms();
      continue;
    }
    window.until = setup_.reference.At(setup_.grid.At(step));
    window.from = window.until - setup_.range_ms;
    // Whatever the floats alone would give does not count.
    row.presence.Clear(step);
    auto value = mixed_kernel_(window, notes_);
    if (!value) continue;
    if (value->histogram != nullptr) {
      row.SetHistogram(step, std::move(value->histogram));
    } else {
      row.Replace(step, value->value);
    }
  }
}

}  // namespace narthex::engine
