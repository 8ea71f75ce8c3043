// A clock that stands still until a test moves it.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/clock.h"

namespace narthex {

// Thread-safe. Waiters wake when Advance() passes their deadline.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(TimestampMs now = 1'700'000'000'000) : now_(now) {}

  TimestampMs Now() const override {
    std::lock_guard lock(mutex_);
    return now_ + std::chrono::duration_cast<std::chrono::milliseconds>(passed_).count();
  }

  std::chrono::nanoseconds Monotonic() const override {
    std::lock_guard lock(mutex_);
    return passed_;
  }

  bool WaitUntil(std::chrono::nanoseconds deadline, std::stop_token stop) override {
    std::unique_lock lock(mutex_);
    ++waiter_count_;
    changed_.notify_all();
    changed_.wait(lock, stop, [&] { return passed_ >= deadline; });
    --waiter_count_;
    changed_.notify_all();
    return !stop.stop_requested();
  }

  // Moves both clocks on and wakes those whose time has come.
  void Advance(std::chrono::nanoseconds duration) {
    std::lock_guard lock(mutex_);
    passed_ += duration;
    changed_.notify_all();
  }

  // Blocks until `count` threads wait on this clock, so that a test moves it at the right moment.
  void AwaitWaiters(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return waiter_count_ >= count; });
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable_any changed_;
  const TimestampMs now_;
  std::chrono::nanoseconds passed_{0};
  int waiter_count_ = 0;
};

}  // namespace narthex
