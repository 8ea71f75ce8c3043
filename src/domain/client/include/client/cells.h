// Sums that many threads add to and few read: each thread that writes has cells of its own.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "client/thread_slot.h"

namespace narthex::client {

// A count, or the bits of a double. Relaxed everywhere: cells are sums that stand for themselves,
// nothing is published through them.
using Cell = std::atomic<std::uint64_t>;

inline void AddCount(Cell& cell, std::uint64_t amount, Writers writers) {
  if (writers == Writers::kOne) {
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  } else {
    cell.fetch_add(amount, std::memory_order_relaxed);
  }
}

inline void AddNumber(Cell& cell, double amount, Writers writers) {
  std::uint64_t bits = cell.load(std::memory_order_relaxed);
  if (writers == Writers::kOne) {
    cell.store(std::bit_cast<std::uint64_t>(std::bit_cast<double>(bits) + amount),
               std::memory_order_relaxed);
    return;
  }
  while (!cell.compare_exchange_weak(
      bits, std::bit_cast<std::uint64_t>(std::bit_cast<double>(bits) + amount),
      std::memory_order_relaxed)) {
  }
}

inline std::uint64_t ReadCount(const Cell& cell) { return cell.load(std::memory_order_relaxed); }
inline double ReadNumber(const Cell& cell) {
  return std::bit_cast<double>(cell.load(std::memory_order_relaxed));
}

// All cells of one thread, in segments of which each is twice as large as the one before. Those of
// a thread that has ended go on to the next one that begins, with what is in them.
struct ThreadCells {
  static constexpr std::size_t kSegmentCount = 22;
  static constexpr std::uint32_t kFirstSegmentSize = 1024;

  std::array<std::atomic<Cell*>, kSegmentCount> segments{};
};

// Those of the calling thread; null before its first write, and where it has no slot.
extern constinit thread_local ThreadCells* cells_of_thread;

// By slot; the last ones are shared by all threads without a slot.
using AllThreadCells = std::array<ThreadCells, kThreadSlotCount + 1>;
AllThreadCells& ThreadCellsBySlot();
// How many of them may hold something, those without a slot not counted.
std::uint32_t UsedThreadSlotCount();
void UseThreadCells(std::uint32_t slot);

// `size` cells at the same place in every thread's cells, all zero at first.
//
// Thread-safe, lock-free. Threads never write the same cache line, unless more of them live than
// there are slots. Memory: 8 bytes a cell for each thread that writes it, or a cell near it.
class CellBlock {
 public:
  // size > 0.
  explicit CellBlock(std::uint32_t size);
  // Nobody may write any more. The place is used again.
  ~CellBlock();
  CellBlock(const CellBlock&) = delete;
  CellBlock& operator=(const CellBlock&) = delete;

  std::uint32_t size() const { return size_; }

  // Calls `update(Cell* cells, Writers)` with the calling thread's cells.
  template <typename Update>
  void Write(Update update) {
    if (const ThreadCells* own = cells_of_thread; own != nullptr) [[likely]] {
      // Relaxed: only this thread makes its segments.
      Cell* const segment = own->segments[segment_].load(std::memory_order_relaxed);
      if (segment != nullptr) [[likely]] {
        update(segment + offset_, Writers::kOne);
        return;
      }
    }
    const Place place = FindPlace();
    update(place.cells, place.writers);
  }

  // Calls `visit(Cell* cells)` for those of every thread.
  template <typename Visit>
  void ForEach(Visit visit) const {
    AllThreadCells& all = ThreadCellsBySlot();
    const std::uint32_t used = UsedThreadSlotCount();
    for (std::uint32_t slot = 0; slot < used; ++slot) VisitIn(all[slot], visit);
    VisitIn(all[kNoThreadSlot], visit);
  }

 private:
  struct Place {
    Cell* cells;
    Writers writers;
  };
  Place FindPlace();

  template <typename Visit>
  void VisitIn(const ThreadCells& cells, Visit& visit) const {
    // Acquire: the segment was zeroed by the thread that made it.
    if (Cell* segment = cells.segments[segment_].load(std::memory_order_acquire)) {
      visit(segment + offset_);
    }
  }

  std::uint32_t offset_ = 0;
  std::uint32_t segment_ : 5 = 0;
  std::uint32_t size_ : 27 = 0;
};

}  // namespace narthex::client
