#include "shown_samples.h"

#include <algorithm>

#include "row_kernels.h"

namespace narthex::engine {
namespace {

// The first of timestamps[begin, ...) that is after `time`. Steps doubled: mostly it is near.
std::size_t FirstAfter(std::span<const model::TimestampMs> timestamps, std::size_t begin,
                       model::TimestampMs time) {
  std::size_t step = 1;
  std::size_t low = begin;  // what is before it is not after `time`
  while (low + step <= timestamps.size() && timestamps[low + step - 1] <= time) {
    low += step;
    step *= 2;
  }
  const std::size_t high = std::min(low + step, timestamps.size());
  const auto first = timestamps.begin() + static_cast<std::ptrdiff_t>(low);
  const auto last = timestamps.begin() + static_cast<std::ptrdiff_t>(high);
  return static_cast<std::size_t>(std::upper_bound(first, last, time) - timestamps.begin());
}

}  // namespace

void ShownSamples::Use(std::span<const model::TimestampMs> timestamps,
                       std::uint64_t time_column_id) {
  if (times_.IsSame(timestamps, time_column_id)) return;
  indices_.assign(grid_.count, 0);
  presence_.Reset(grid_.count);
  shown_count_ = 0;
  std::size_t end = 0;  // of the samples up to the step
  for (std::size_t i = 0; i < grid_.count; ++i) {
    const model::TimestampMs time = reference_.At(grid_.At(i));
    end = FirstAfter(timestamps, end, time);
    if (end == 0 || timestamps[end - 1] <= time - lookback_ms_) continue;
    indices_[i] = static_cast<std::uint32_t>(end - 1);
    presence_.Set(i);
    ++shown_count_;
  }
}

std::size_t ShownSamples::Show(std::span<const double> values, Row& row) const {
  if (shown_count_ == 0) return 0;
  for (std::size_t i = 0; i < indices_.size(); ++i) row.values[i] = values[indices_[i]];
  row.presence = presence_;
  if (!HasStale(std::span(row.values).first(indices_.size()))) return shown_count_;
  std::size_t count = 0;
  presence_.ForEach([&](std::size_t i) {
    if (model::IsStaleNan(row.values[i])) {
      row.presence.Clear(i);
    } else {
      ++count;
    }
  });
  return count;
}

}  // namespace narthex::engine
