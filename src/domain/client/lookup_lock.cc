#include "lookup_lock.h"

#include <thread>

#include "client/cells.h"

namespace narthex::client {

constinit std::array<LookupLock::Shown, kThreadSlotCount> LookupLock::shown_;

void LookupLock::lock() NO_THREAD_SAFETY_ANALYSIS {
  mutex_.lock();
  has_writer_.store(true);
  // A thread that takes a slot after this sees the writer.
  const std::uint32_t used = UsedThreadSlotCount();
  for (std::uint32_t slot = 0; slot < used; ++slot) {
    while (shown_[slot].lock.load() == this) std::this_thread::yield();
  }
}

void LookupLock::unlock() NO_THREAD_SAFETY_ANALYSIS {
  has_writer_.store(false);
  mutex_.unlock();
}

}  // namespace narthex::client
