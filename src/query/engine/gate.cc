#include "gate.h"

namespace narthex::engine {

Engine::Gate::Gate(std::size_t place_count, Clock& clock)
    : place_count_(place_count), clock_(clock) {
  // The lowest is taken first.
  for (std::size_t place = place_count; place > 0; --place) free_places_.push_back(place - 1);
}

Result<std::size_t> Engine::Gate::Enter(std::chrono::nanoseconds deadline,
                                        const std::stop_token& stop) {
  // A place is announced; a deadline and a stop request are not, so they are looked for this often.
  constexpr std::chrono::milliseconds kLookInterval{20};
  MutexLock lock(mutex_);
  ++waiting_count_;
  while (free_places_.empty()) {
    const bool is_canceled = stop.stop_requested();
    if (is_canceled || clock_.Monotonic() >= deadline) {
      --waiting_count_;
      return is_canceled ? Error{ErrorCode::kCanceled, "query was canceled in query queue"}
                         : Error{ErrorCode::kDeadlineExceeded, "query timed out in query queue"};
    }
    has_place_.WaitFor(mutex_, kLookInterval);
  }
  --waiting_count_;
  const std::size_t place = free_places_.back();
  free_places_.pop_back();
  return place;
}

void Engine::Gate::Leave(std::size_t place) {
  {
    MutexLock lock(mutex_);
    free_places_.push_back(place);
  }
  has_place_.NotifyOne();
}

std::size_t Engine::Gate::active_count() const {
  MutexLock lock(mutex_);
  return place_count_ - free_places_.size();
}

std::size_t Engine::Gate::waiting_count() const {
  MutexLock lock(mutex_);
  return waiting_count_;
}

}  // namespace narthex::engine
