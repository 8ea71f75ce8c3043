// A clock whose every reading takes a millisecond: it counts how often a query asks for its time.
#pragma once

#include <atomic>

#include "base/clock.h"

namespace narthex::engine {

// Thread-safe.
class TickingClock final : public Clock {
 public:
  TimestampMs Now() const override { return 0; }
  std::chrono::nanoseconds Monotonic() const override {
    return std::chrono::milliseconds(++look_count_);
  }
  bool WaitUntil(std::chrono::nanoseconds, std::stop_token) override { return true; }

  std::int64_t look_count() const { return look_count_; }

 private:
  mutable std::atomic<std::int64_t> look_count_ = 0;
};

}  // namespace narthex::engine
