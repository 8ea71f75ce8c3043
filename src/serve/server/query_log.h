// The file that every query is noted in, global.query_log_file.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "engine/observer.h"
#include "io/file.h"

namespace narthex::server {

// One JSON object a line, with upstream's keys: docs/formats/query_log.md. Thread-safe. Its lock is
// held while nothing else is locked, and not while lines are written.
class QueryLog {
 public:
  explicit QueryLog(const Clock& clock) : clock_(clock) {}

  // From now on lines go to `path`, behind what is there; "" ends the log. Opens the file anew even
  // if it is the same: it may have been renamed.
  // Errors: those of opening; the log stays as it was
  Status SetPath(const std::string& path) EXCLUDES(mutex_);
  bool is_on() const EXCLUDES(mutex_);

  void Note(const engine::QueryRecord& record) EXCLUDES(mutex_);
  // Lines that could not be written.
  std::uint64_t failure_count() const {
    // Relaxed: a number for display.
    return failure_count_.load(std::memory_order_relaxed);
  }

 private:
  const Clock& clock_;
  std::atomic<std::uint64_t> failure_count_ = 0;

  mutable Mutex mutex_;
  // Shared: a line being written keeps the file that was replaced meanwhile.
  std::shared_ptr<io::File> file_ GUARDED_BY(mutex_);
};

}  // namespace narthex::server
