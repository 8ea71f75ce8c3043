#include "gate.h"

namespace narthex::engine {

Status Engine::Gate::Enter(std::chrono::nanoseconds deadline, const std::stop_token& stop) {
  // A place is announced; a deadline and a stop request are not, so they are looked for this often.
  constexpr std::chrono::milliseconds kLookInterval{20};
  MutexLock lock(mutex_);
  ++waiting_count_;
  while (active_count_ >= place_count_) {
    const bool is_canceled = stop.stop_requested();
    if (is_canceled || clock_.Monotonic() >= deadline) {
      --waiting_count_;
      return is_canceled ? Error{ErrorCode::kCanceled, "query was canceled in query queue"}
                         : Error{ErrorCode::kDeadlineExceeded, "query timed out in query queue"};
    }
    has_place_.WaitFor(mutex_, kLookInterval);
  }
  --waiting_count_;
  ++active_count_;
  return Ok();
}

void Engine::Gate::Leave() {
  {
    MutexLock lock(mutex_);
    --active_count_;
  }
  has_place_.NotifyOne();
}

std::size_t Engine::Gate::active_count() const {
  MutexLock lock(mutex_);
  return active_count_;
}

std::size_t Engine::Gate::waiting_count() const {
  MutexLock lock(mutex_);
  return waiting_count_;
}

}  // namespace narthex::engine
