// State that many threads add to and few read: a part for each thread that writes.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "client/thread_slot.h"

namespace narthex::client {

// Adds to an atomic. True: another thread was in the way.
template <typename T>
bool AddTo(std::atomic<T>& cell, T amount, Writers writers) {
  // Relaxed: the cells are sums, nothing is published through them.
  T value = cell.load(std::memory_order_relaxed);
  if (writers == Writers::kOne) {
    cell.store(value + amount, std::memory_order_relaxed);
    return false;
  }
  bool contended = false;
  while (!cell.compare_exchange_weak(value, value + amount, std::memory_order_relaxed)) {
    contended = true;
  }
  return contended;
}

// Parts of type Part. The first thread that writes owns one; others share one with atomic
// additions; as soon as they meet there, or write often, each thread gets a part of its own.
//
// Thread-safe, without a lock. Memory: a part, made at the first write; a second one when a second
// thread writes; one for each thread that writes once that was worth it. For a few sums there are
// cells.h, which are smaller.
template <typename Part>
class Sharded {
 public:
  using MakePart = std::function<std::unique_ptr<Part>()>;

  explicit Sharded(MakePart make) : make_(std::move(make)) {}
  ~Sharded() {
    // Nobody writes any more: what was handed to the pointers ends here.
    VisitParts(*this, [](Part& part) { std::unique_ptr<Part> ended(&part); });
    std::unique_ptr<PartOfSlot> ended(part_of_slot_.load(std::memory_order_acquire));
  }
  Sharded(const Sharded&) = delete;
  Sharded& operator=(const Sharded&) = delete;

  // Calls `update(Part&, Writers)`, which tells whether it met another thread.
  template <typename Update>
  void Write(Update update) {
    const std::uint32_t slot = ThreadSlot();
    if (slot != kNoThreadSlot) {
      if (owner_.load(std::memory_order_relaxed) == slot) {
        update(PartIn(owned_), Writers::kOne);
        return;
      }
      // Acquire: the array was made by another thread.
      if (PartOfSlot* parts = part_of_slot_.load(std::memory_order_acquire)) {
        update(PartIn((*parts)[slot]), Writers::kOne);
        return;
      }
      std::uint32_t nobody = kNoThreadSlot;
      if (owner_.compare_exchange_strong(nobody, slot, std::memory_order_relaxed)) {
        update(PartIn(owned_), Writers::kOne);
        return;
      }
    }
    const bool met = update(PartIn(shared_), Writers::kMany);
    // An atomic addition costs several times what a part of one's own does.
    if (shared_write_count_.fetch_add(1, std::memory_order_relaxed) >= kSharedWriteMax || met) {
      Split();
    }
  }

  // Calls `read(const Part&)` for every part.
  template <typename Read>
  void ForEach(Read read) const {
    VisitParts(*this, [&read](Part& part) { read(std::as_const(part)); });
  }
  // Calls `change(Part&)` for every part, which writers may be writing.
  template <typename Change>
  void ForEach(Change change) {
    VisitParts(*this, change);
  }

 private:
  static constexpr std::uint32_t kSharedWriteMax = 256;

  using PartPointer = std::atomic<Part*>;  // what it points to is this object's
  using PartOfSlot = std::array<PartPointer, kThreadSlotCount>;

  template <typename Self, typename Visit>
  static void VisitParts(Self& self, Visit visit) {
    // Acquire: what the maker wrote into the part before it was seen here.
    const auto visit_in = [&visit](const PartPointer& pointer) {
      if (Part* made = pointer.load(std::memory_order_acquire)) visit(*made);
    };
    visit_in(self.owned_);
    visit_in(self.shared_);
    if (const PartOfSlot* parts = self.part_of_slot_.load(std::memory_order_acquire)) {
      for (const PartPointer& pointer : *parts) visit_in(pointer);
    }
  }

  Part& PartIn(PartPointer& pointer) {
    if (Part* made = pointer.load(std::memory_order_acquire)) [[likely]]
      return *made;
    return Install(pointer, make_());
  }
  void Split() {
    if (part_of_slot_.load(std::memory_order_acquire) != nullptr) return;
    Install(part_of_slot_, std::make_unique<PartOfSlot>());
  }

  // Of several threads that do this at once, the first one's object stays.
  template <typename T>
  static T& Install(std::atomic<T*>& pointer, std::unique_ptr<T> made) {
    T* none = nullptr;
    if (pointer.compare_exchange_strong(none, made.get(), std::memory_order_acq_rel)) {
      return *made.release();
    }
    return *none;
  }

  const MakePart make_;
  PartPointer owned_{nullptr};  // written by the thread in slot owner_
  PartPointer shared_{nullptr};
  std::atomic<PartOfSlot*> part_of_slot_{nullptr};  // this object's; set once there was contention
  std::atomic<std::uint32_t> owner_{kNoThreadSlot};
  std::atomic<std::uint32_t> shared_write_count_{0};
};

}  // namespace narthex::client
