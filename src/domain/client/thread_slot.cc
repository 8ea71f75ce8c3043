#include <vector>

#include "base/mutex.h"
#include "client/sharded.h"

namespace narthex::client {
namespace {

class FreeSlots {
 public:
  FreeSlots() {
    for (std::uint32_t slot = kThreadSlotCount; slot > 0; --slot) free_.push_back(slot - 1);
  }

  std::uint32_t Take() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (free_.empty()) return kNoThreadSlot;
    const std::uint32_t slot = free_.back();
    free_.pop_back();
    return slot;
  }

  void GiveBack(std::uint32_t slot) EXCLUDES(mutex_) {
    if (slot == kNoThreadSlot) return;
    MutexLock lock(mutex_);
    free_.push_back(slot);
  }

 private:
  Mutex mutex_;
  std::vector<std::uint32_t> free_ GUARDED_BY(mutex_);
};

// Never destroyed: threads may end after main has.
FreeSlots& Slots() {
  static FreeSlots& slots = *std::make_unique<FreeSlots>().release();
  return slots;
}

// What ThreadSlot() gives; trivially destructible, so that metrics may still be written by other
// destructors of an ending thread.
constexpr std::uint32_t kNotAsked = kThreadSlotCount + 1;
thread_local std::uint32_t slot_of_thread = kNotAsked;

struct SlotOwner {
  SlotOwner() { slot_of_thread = Slots().Take(); }
  ~SlotOwner() {
    Slots().GiveBack(slot_of_thread);
    slot_of_thread = kNoThreadSlot;
  }
};

std::uint32_t TakeSlot() {
  thread_local SlotOwner owner;
  return slot_of_thread;
}

}  // namespace

std::uint32_t ThreadSlot() {
  const std::uint32_t slot = slot_of_thread;
  return slot != kNotAsked ? slot : TakeSlot();
}

}  // namespace narthex::client
