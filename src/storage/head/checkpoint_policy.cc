// When the log is worth replacing by a snapshot.
#include <algorithm>

#include "head/head.h"

namespace narthex::head {

Status Head::CheckpointIfDue(CheckpointOccasion occasion) {
  if (log_ == nullptr) return Ok();
  const wal::LogStats stats = log_->stats();
  const std::uint64_t logged = stats.size_bytes - stats.checkpoint_size_bytes;
  const std::uint64_t limit =
      occasion == CheckpointOccasion::kRunning
          ? std::max(options_.log_size_bytes_max, stats.checkpoint_size_bytes)
          : std::max(options_.log_size_bytes_max_at_end, stats.checkpoint_size_bytes / 8);
  // Relaxed: a number by itself, and late is good enough.
  if (logged <= limit || logged < checkpoint_retry_size_.load(std::memory_order_relaxed)) {
    return Ok();
  }
  Status written = Checkpoint();
  checkpoint_retry_size_.store(written.ok() ? 0 : logged + logged / 4, std::memory_order_relaxed);
  return written;
}

}  // namespace narthex::head
