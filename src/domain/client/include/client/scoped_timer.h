// Measures how long a scope takes.
#pragma once

#include <chrono>

#include "client/clock.h"

namespace narthex::client {

// Observes the seconds from its making to its end. Observer is a Histogram or a Summary.
template <typename Observer>
class ScopedTimer {
 public:
  explicit ScopedTimer(Observer& observer, const Clock& clock = MachineClock())
      : observer_(observer), clock_(clock), start_(MonotonicTime(clock)) {}
  ~ScopedTimer() {
    observer_.Observe(std::chrono::duration<double>(MonotonicTime(clock_) - start_).count());
  }
  ScopedTimer(const ScopedTimer&) = delete;
  ScopedTimer& operator=(const ScopedTimer&) = delete;

 private:
  Observer& observer_;
  const Clock& clock_;
  std::chrono::nanoseconds start_;
};

}  // namespace narthex::client
