// The times of a batch, where they can stand in one column for all its series.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/sample.h"

namespace narthex::head {

// Not thread-safe. Memory: that of the largest batch, kept from one to the next.
class SharedTimes {
 public:
  // Looks at the samples of a batch: their times, and their series. No times are shared if a column
  // of all would be one that most series leave gaps in.
  void Find(std::span<const model::TimestampMs> times, std::span<const std::uint64_t> refs);

  // All samples have one time.
  void SetOne(model::TimestampMs time) {
    times_.assign(1, time);
    offsets_.clear();
  }

  // Each once, ascending; empty if they are not shared.
  std::span<const model::TimestampMs> times() const { return times_; }
  // Whether neighbours that ascend are neighbours in times() too.
  bool are_in_line() const { return offsets_.empty(); }
  // Where in times() that of a sample is.
  std::uint32_t OffsetOf(std::size_t sample) const {
    if (times_.size() == 1) return 0;
    return offsets_.empty() ? static_cast<std::uint32_t>(sample % times_.size()) : offsets_[sample];
  }

 private:
  bool AreTheSameInEachRow(std::span<const model::TimestampMs> times,
                           std::span<const std::uint64_t> refs);

  std::vector<model::TimestampMs> times_;
  std::vector<std::uint32_t> offsets_;  // empty if the times of the samples are times() again and
                                        // again
  std::vector<std::uint64_t> distinct_refs_;
};

}  // namespace narthex::head
