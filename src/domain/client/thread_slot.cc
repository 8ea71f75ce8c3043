#include "client/thread_slot.h"

#include <vector>

#include "base/mutex.h"
#include "client/cells.h"

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

struct SlotOwner {
  SlotOwner() {
    slot_of_thread = Slots().Take();
    if (slot_of_thread == kNoThreadSlot) return;
    UseThreadCells(slot_of_thread);
    cells_of_thread = &ThreadCellsBySlot()[slot_of_thread];
  }
  ~SlotOwner() {
    cells_of_thread = nullptr;
    Slots().GiveBack(slot_of_thread);
    slot_of_thread = kNoThreadSlot;
  }
};

}  // namespace

constinit thread_local std::uint32_t slot_of_thread = kThreadSlotNotAsked;
constinit thread_local ThreadCells* cells_of_thread = nullptr;

std::uint32_t TakeThreadSlot() {
  thread_local SlotOwner owner;
  return slot_of_thread;
}

}  // namespace narthex::client
