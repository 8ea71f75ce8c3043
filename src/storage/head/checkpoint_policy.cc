// When the log is worth replacing by a snapshot.
#include <algorithm>

#include "head/head.h"

namespace narthex::head {
namespace {

// What may be logged before a snapshot is due. Replaying a byte of the log takes six times as long
// as reading one of a snapshot, so the log should stay as small as the writing of snapshots allows:
// half a byte for each byte of the log as long as they are small. When nothing else is written
// there may be more of it, and little is won at the end.
std::uint64_t LogSizeMax(const HeadOptions& options, CheckpointOccasion occasion,
                         std::uint64_t checkpoint_size) {
  switch (occasion) {
    case CheckpointOccasion::kRunning:
      return std::min(std::max(options.log_size_bytes_min, 2 * checkpoint_size),
                      std::max(options.log_size_bytes_max, checkpoint_size));
    case CheckpointOccasion::kQuiet:
      return std::max(options.log_size_bytes_max_at_end, checkpoint_size / 2);
    case CheckpointOccasion::kEnd:
      break;
  }
  return std::max(options.log_size_bytes_max_at_end, checkpoint_size / 8);
}

}  // namespace

std::uint64_t Head::logged_record_count() const {
  return log_ == nullptr ? 0 : log_->stats().record_count;
}

Status Head::CheckpointIfDue(CheckpointOccasion occasion) {
  if (log_ == nullptr) return Ok();
  const wal::LogStats stats = log_->stats();
  const std::uint64_t logged = stats.size_bytes - stats.checkpoint_size_bytes;
  const std::uint64_t limit = LogSizeMax(options_, occasion, stats.checkpoint_size_bytes);
  // Relaxed: a number by itself, and late is good enough.
  if (logged <= limit || logged < checkpoint_retry_size_.load(std::memory_order_relaxed)) {
    return Ok();
  }
  Status written = Checkpoint();
  checkpoint_retry_size_.store(written.ok() ? 0 : logged + logged / 4, std::memory_order_relaxed);
  return written;
}

}  // namespace narthex::head
