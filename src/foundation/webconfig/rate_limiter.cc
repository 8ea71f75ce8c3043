#include "rate_limiter.h"

#include <algorithm>

namespace narthex::webconfig {

bool RateLimiter::Allow() {
  if (limit_.interval.count() == 0) return true;
  MutexLock lock(mutex_);
  const std::chrono::nanoseconds now = clock_.Monotonic();
  const double gained = static_cast<double>((now - counted_at_).count()) /
                        static_cast<double>(limit_.interval.count());
  counted_at_ = now;
  token_count_ = std::min(static_cast<double>(limit_.burst), token_count_ + gained);
  if (token_count_ < 1) return false;
  token_count_ -= 1;
  return true;
}

}  // namespace narthex::webconfig
