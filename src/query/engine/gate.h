// Admits a limited number of queries at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <stop_token>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "engine/engine.h"

namespace narthex::engine {

// Thread-safe. Its lock is held while nothing else is locked.
class Engine::Gate {
 public:
  Gate(std::size_t place_count, Clock& clock);

  // Waits for a place, below the number of places; Leave() gives it back.
  // Errors: kDeadlineExceeded  `deadline` of the clock's monotonic time passed
  //         kCanceled          `stop` was requested
  Result<std::size_t> Enter(std::chrono::nanoseconds deadline, const std::stop_token& stop)
      EXCLUDES(mutex_);
  void Leave(std::size_t place) EXCLUDES(mutex_);

  std::size_t active_count() const EXCLUDES(mutex_);
  std::size_t waiting_count() const EXCLUDES(mutex_);

 private:
  const std::size_t place_count_;
  Clock& clock_;

  mutable Mutex mutex_;
  CondVar has_place_;
  std::vector<std::size_t> free_places_ GUARDED_BY(mutex_);
  std::size_t waiting_count_ GUARDED_BY(mutex_) = 0;
};

}  // namespace narthex::engine
