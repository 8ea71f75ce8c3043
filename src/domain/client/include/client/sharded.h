// State that many threads add to and few read: a part for each thread that writes.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

namespace narthex::client {

// A small number that no other living thread has, or kNoThreadSlot where more threads live than
// there are numbers. A number is given back when its thread ends; giving and taking are ordered by
// a lock.
inline constexpr std::uint32_t kThreadSlotCount = 16;
inline constexpr std::uint32_t kNoThreadSlot = kThreadSlotCount;
std::uint32_t ThreadSlot();

// How a part may be written.
enum class Writers {
  kOne,   // the calling thread alone: a load, an addition and a store do
  kMany,  // an atomic addition is needed
};

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
// additions; as soon as they meet there, each thread gets a part of its own.
//
// Thread-safe, without a lock. Memory: two parts, and one for each thread that writes once there
// was contention.
template <typename Part>
class Sharded {
 public:
  using MakePart = std::function<std::unique_ptr<Part>()>;

  explicit Sharded(MakePart make) : make_(std::move(make)), owned_(make_()), shared_(make_()) {}
  ~Sharded() {
    // Nobody writes any more: what the slots point to is deleted by its owner here.
    for (auto& part : parts_) std::unique_ptr<Part>(part.load(std::memory_order_acquire)).reset();
  }
  Sharded(const Sharded&) = delete;
  Sharded& operator=(const Sharded&) = delete;

  // Calls `update(Part&, Writers)`, which tells whether it met another thread.
  template <typename Update>
  void Write(Update update) {
    const std::uint32_t slot = ThreadSlot();
    if (slot != kNoThreadSlot) {
      if (owner_.load(std::memory_order_relaxed) == slot) {
        update(*owned_, Writers::kOne);
        return;
      }
      if (is_split_.load(std::memory_order_relaxed)) {
        // Acquire: the part was made by this slot's thread, now or before.
        Part* part = parts_[slot].load(std::memory_order_acquire);
        if (part == nullptr) part = MakePartFor(slot);
        update(*part, Writers::kOne);
        return;
      }
      std::uint32_t nobody = kNoThreadSlot;
      if (owner_.compare_exchange_strong(nobody, slot, std::memory_order_relaxed)) {
        update(*owned_, Writers::kOne);
        return;
      }
    }
    if (update(*shared_, Writers::kMany)) is_split_.store(true, std::memory_order_relaxed);
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
  template <typename Self, typename Visit>
  static void VisitParts(Self& self, Visit visit) {
    visit(*self.owned_);
    visit(*self.shared_);
    for (const auto& part : self.parts_) {
      // Acquire: what the maker wrote into the part before it was seen here.
      if (Part* made = part.load(std::memory_order_acquire)) visit(*made);
    }
  }

  // Only the slot's thread makes its part.
  Part* MakePartFor(std::uint32_t slot) {
    Part* const part = make_().release();
    parts_[slot].store(part, std::memory_order_release);
    return part;
  }

  const MakePart make_;
  const std::unique_ptr<Part> owned_;
  const std::unique_ptr<Part> shared_;

  std::atomic<std::uint32_t> owner_{kNoThreadSlot};  // the slot whose thread writes owned_
  std::atomic<bool> is_split_{false};
  std::array<std::atomic<Part*>, kThreadSlotCount> parts_{};  // each owned by this
};

}  // namespace narthex::client
