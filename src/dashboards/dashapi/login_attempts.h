// Counts wrong passwords, so that they cannot be tried one after the other.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/clock.h"
#include "base/mutex.h"

namespace narthex::dashapi {

// Thread-safe. In memory: a restart forgives. Memory is bounded: beyond kNameCountMax names the
// oldest windows go first.
// Source: Grafana, brute force login protection: a fixed window of 5 minutes per user name.
class LoginAttempts {
 public:
  static constexpr std::int64_t kWindowMs = 5 * 60 * 1000;
  static constexpr std::size_t kNameCountMax = 10'000;

  LoginAttempts(Clock& clock, int attempts_max) : clock_(clock), attempts_max_(attempts_max) {}

  // Whether `login` may try at all; a locked one is refused even with the right password.
  bool MayTry(std::string_view login) EXCLUDES(mutex_);
  void NoteFailure(std::string_view login) EXCLUDES(mutex_);
  void NoteSuccess(std::string_view login) EXCLUDES(mutex_);

 private:
  struct Window {
    TimestampMs since = 0;
    int failure_count = 0;
  };
  void RemoveOld(TimestampMs now) REQUIRES(mutex_);

  Clock& clock_;
  const int attempts_max_;
  Mutex mutex_;
  std::unordered_map<std::string, Window> windows_ GUARDED_BY(mutex_);
};

}  // namespace narthex::dashapi
