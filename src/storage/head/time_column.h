// The times at which series were sampled, shared by all series of a group.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "base/mutex.h"
#include "model/sample.h"

namespace narthex::head {

// A stretch of a column as a querier sees it: times[i] is the time of ordinal first + i.
struct TimeWindow {
  std::uint32_t first = 0;
  std::vector<model::TimestampMs> times;

  std::uint32_t end() const { return first + static_cast<std::uint32_t>(times.size()); }
};

// Times in order, each under an ordinal that never changes.
//
// Thread-safe. Memory: 8 bytes a time; numbers of batches only as long as a querier may not see
// them.
class TimeColumn {
 public:
  // `block_range_ms`: what blocks are cut to; 0: not known.
  explicit TimeColumn(std::uint32_t id, model::TimestampMs block_range_ms = 0)
      : id_(id), block_range_ms_(block_range_ms) {}

  // 0 for a column of one series.
  std::uint32_t id() const { return id_; }
  // The newest time; the lowest there is if there is none.
  model::TimestampMs newest() const EXCLUDES(mutex_);

  // `time` must not be before the newest; the newest again is the same ordinal. Queriers see a new
  // one from batch `batch` on; batches up to `settled` are seen by all.
  std::uint32_t Append(model::TimestampMs time, std::uint64_t batch, std::uint64_t settled)
      EXCLUDES(mutex_);

  // The ordinal of the first of `times`, which ascend and are not empty: the other ones follow.
  // Those that are newer than the newest are added; older ones must be the last of the column.
  // Nothing is done if they are not.
  std::optional<std::uint32_t> Place(std::span<const model::TimestampMs> times, std::uint64_t batch,
                                     std::uint64_t settled) EXCLUDES(mutex_);

  // What lies in `range` and was there after batch `batch`.
  TimeWindow Window(model::TimeRange range, std::uint64_t batch) const EXCLUDES(mutex_);
  // Whether `ordinal` was there after batch `batch`.
  bool IsSeen(std::uint32_t ordinal, std::uint64_t batch) const EXCLUDES(mutex_);
  std::optional<model::TimestampMs> TimeAt(std::uint32_t ordinal) const EXCLUDES(mutex_);
  // The first time from `ordinal` on that is not before `from`.
  std::optional<model::TimestampMs> FirstTime(std::uint32_t ordinal, model::TimestampMs from) const
      EXCLUDES(mutex_);
  std::size_t size() const EXCLUDES(mutex_);
  model::TimestampMs block_range_ms() const { return block_range_ms_; }
  // Where in [begin, end), whose times must be there, the block of `begin` ends.
  std::uint32_t BlockEnd(std::uint32_t begin, std::uint32_t end) const EXCLUDES(mutex_);

  // Forgets ordinals below `ordinal`.
  void DropBefore(std::uint32_t ordinal) EXCLUDES(mutex_);
  // Puts the times of a snapshot into an empty column, or behind those that are there; false if
  // they do not fit on.
  [[nodiscard]] bool Restore(std::uint32_t first, const std::vector<model::TimestampMs>& times)
      EXCLUDES(mutex_);

  // For the sweep of truncation, guarded by the lock of appends: the lowest ordinal in use since
  // ResetUse().
  void ResetUse() { lowest_used_ = std::numeric_limits<std::uint32_t>::max(); }
  void MarkUse(std::uint32_t ordinal) { lowest_used_ = std::min(lowest_used_, ordinal); }
  std::uint32_t lowest_used() const { return lowest_used_; }
  bool is_used() const { return lowest_used_ != std::numeric_limits<std::uint32_t>::max(); }

 private:
  std::uint32_t Add(model::TimestampMs time, std::uint64_t batch) REQUIRES(mutex_);
  void ForgetBatches(std::uint64_t settled) REQUIRES(mutex_);

  const std::uint32_t id_;
  const model::TimestampMs block_range_ms_;
  std::uint32_t lowest_used_ = 0;
  mutable Mutex mutex_;
  std::uint32_t first_ GUARDED_BY(mutex_) = 0;
  std::vector<model::TimestampMs> times_ GUARDED_BY(mutex_);
  std::vector<std::uint64_t> batches_ GUARDED_BY(mutex_);  // of the last times
};

}  // namespace narthex::head
