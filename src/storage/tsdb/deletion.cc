// Deleting samples, and freeing the room they take.
#include <limits>

#include "base/log.h"
#include "upkeep.h"

namespace narthex::tsdb {

Status Upkeep::Delete(model::TimeRange range, std::span<const model::Matcher> matchers) {
  if (range.empty()) return Ok();
  StopRound();
  MutexLock lock(mutex_);
  // Blocks first: a sample that moves from the head to a block does so with this lock held.
  const auto all = store_.blocks();
  for (const auto& one : *all) {
    const block::BlockMeta& meta = one->meta();
    if (range.Overlaps({meta.min_time, meta.max_time - 1})) {
      NARTHEX_TRY(one->Delete(range, matchers));
    }
  }
  // What is newer than all that is held now has not been asked to be deleted.
  const model::TimeRange held = HeldByHead();
  if (held.empty() || !range.Overlaps(held)) return Ok();
  return deletions_.Add(
      {{range.from, std::min(range.until, held.until)}, {matchers.begin(), matchers.end()}});
}

Status Upkeep::CleanTombstones(std::stop_token stop) {
  StopRound();
  MutexLock lock(mutex_);
  const std::chrono::nanoseconds begin = clock_.Monotonic();
  const auto all = store_.blocks();
  for (const auto& one : *all) {
    if (one->tombstone_count() == 0) continue;
    if (stop.stop_requested()) return Error{ErrorCode::kCanceled, "the clean-up was stopped"};
    if (!HasRoom({one})) {
      return Error{ErrorCode::kNoSpace, "too little room on the disk to write the blocks anew"};
    }
    NARTHEX_TRY(Merge({one}, MergeReason::kDeletions, stop));
  }
  TsdbCounters::Observe(counters_.clean_seconds, clock_.Monotonic() - begin);
  if (stop.stop_requested()) return Error{ErrorCode::kCanceled, "the clean-up was stopped"};
  return Ok();
}

Status Upkeep::PruneDeletions() {
  const model::TimeRange held = HeldByHead();
  return deletions_.Prune(held.empty() ? std::numeric_limits<TimestampMs>::max() : held.from);
}

}  // namespace narthex::tsdb
