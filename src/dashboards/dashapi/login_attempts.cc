#include "login_attempts.h"

#include <algorithm>

namespace narthex::dashapi {
namespace {

std::string Key(std::string_view login) {
  std::string key(login.substr(0, 256));
  for (char& c : key) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return key;
}

}  // namespace

bool LoginAttempts::MayTry(std::string_view login) {
  const MutexLock lock(mutex_);
  const auto found = windows_.find(Key(login));
  if (found == windows_.end() || clock_.Now() - found->second.since >= kWindowMs) return true;
  return found->second.failure_count < attempts_max_;
}

void LoginAttempts::NoteFailure(std::string_view login) {
  const TimestampMs now = clock_.Now();
  const MutexLock lock(mutex_);
  if (windows_.size() >= kNameCountMax) RemoveOld(now);
  Window& window = windows_[Key(login)];
  if (now - window.since >= kWindowMs) window = {now, 0};
  ++window.failure_count;
}

void LoginAttempts::NoteSuccess(std::string_view login) {
  const MutexLock lock(mutex_);
  windows_.erase(Key(login));
}

void LoginAttempts::RemoveOld(TimestampMs now) {
  std::erase_if(windows_,
                [now](const auto& entry) { return now - entry.second.since >= kWindowMs; });
  if (windows_.size() < kNameCountMax) return;
  // All within one window: someone tries names at random, and the oldest of them matters least.
  const auto oldest = std::min_element(
      windows_.begin(), windows_.end(),
      [](const auto& a, const auto& b) { return a.second.since < b.second.since; });
  windows_.erase(oldest);
}

}  // namespace narthex::dashapi
