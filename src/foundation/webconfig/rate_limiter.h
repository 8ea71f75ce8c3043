// Lets through so many requests in a time.
#pragma once

#include <chrono>

#include "base/clock.h"
#include "base/mutex.h"
#include "webconfig/web_config.h"

namespace narthex::webconfig {

// A bucket of `burst` tokens that gets one more every `interval`. Thread-safe.
class RateLimiter {
 public:
  // `clock` outlives it.
  RateLimiter(const RateLimit& limit, Clock& clock)
      : limit_(limit),
        clock_(clock),
        token_count_(static_cast<double>(limit.burst)),
        counted_at_(clock.Monotonic()) {}

  // Takes a token if there is one; always true without a limit.
  bool Allow() EXCLUDES(mutex_);

 private:
  const RateLimit limit_;
  Clock& clock_;

  Mutex mutex_;
  double token_count_ GUARDED_BY(mutex_);
  std::chrono::nanoseconds counted_at_ GUARDED_BY(mutex_);
};

}  // namespace narthex::webconfig
