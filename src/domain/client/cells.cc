#include "client/cells.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <vector>

#include "base/check.h"
#include "base/mutex.h"

namespace narthex::client {
namespace {

constinit AllThreadCells all_thread_cells;
// Sequentially consistent, for LookupLock: a thread that it leaves out has not looked anything up
// yet.
constinit std::atomic<std::uint32_t> used_slot_count{0};

std::uint32_t SegmentSize(std::size_t segment) { return ThreadCells::kFirstSegmentSize << segment; }

struct BlockPlace {
  std::uint32_t segment = 0;
  std::uint32_t offset = 0;
};

// Which places are taken by blocks.
class PlaceList {
 public:
  BlockPlace Take(std::uint32_t size) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    std::vector<BlockPlace>& free = free_[size];
    if (!free.empty()) {
      const BlockPlace place = free.back();
      free.pop_back();
      return place;
    }
    // A block lies within one segment; what is left of the one before stays unused.
    while (SegmentSize(next_.segment) - next_.offset < size) {
      next_ = {next_.segment + 1, 0};
      NARTHEX_CHECK(next_.segment < ThreadCells::kSegmentCount, "2^32 cells are enough");
    }
    const BlockPlace place = next_;
    next_.offset += size;
    return place;
  }

  void GiveBack(BlockPlace place, std::uint32_t size) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    free_[size].push_back(place);
  }

 private:
  Mutex mutex_;
  std::map<std::uint32_t, std::vector<BlockPlace>> free_ GUARDED_BY(mutex_);  // by size
  BlockPlace next_ GUARDED_BY(mutex_);
};

// Never destroyed: threads may end, and instruments with them, after main has.
PlaceList& Places() {
  static PlaceList& places = *std::make_unique<PlaceList>().release();
  return places;
}

// Never freed: readers walk over them at any time. calloc, because the pages of a large segment
// that nobody writes then take no memory.
Cell* MakeSegment(std::size_t segment) {
  constexpr std::size_t kLine = 64;
  const std::size_t size_bytes = SegmentSize(segment) * sizeof(Cell) + kLine;
  void* start = std::calloc(size_bytes, 1);
  NARTHEX_CHECK(start != nullptr, "there is memory for a thread's counts");
  std::size_t room_bytes = size_bytes;
  static_assert(sizeof(Cell) == sizeof(std::uint64_t) && Cell::is_always_lock_free);
  return static_cast<Cell*>(std::align(kLine, size_bytes - kLine, start, room_bytes));
}

}  // namespace

AllThreadCells& ThreadCellsBySlot() { return all_thread_cells; }
std::uint32_t UsedThreadSlotCount() { return used_slot_count.load(); }

void UseThreadCells(std::uint32_t slot) {
  std::uint32_t used = used_slot_count.load();
  while (used <= slot && !used_slot_count.compare_exchange_weak(used, slot + 1)) {
  }
}

CellBlock::CellBlock(std::uint32_t size) {
  NARTHEX_CHECK(size > 0 && size < (1u << 27), "a block has cells, but not that many");
  const BlockPlace place = Places().Take(size);
  offset_ = place.offset;
  segment_ = place.segment & 31;
  size_ = size & ((1u << 27) - 1);
}

CellBlock::~CellBlock() {
  ForEach([size = size_](Cell* cells) {
    std::for_each(cells, cells + size,
                  [](Cell& cell) { cell.store(0, std::memory_order_relaxed); });
  });
  Places().GiveBack({segment_, offset_}, size_);
}

CellBlock::Place CellBlock::FindPlace() {
  const std::uint32_t slot = ThreadSlot();
  ThreadCells& cells = all_thread_cells[slot];
  const Writers writers = slot == kNoThreadSlot ? Writers::kMany : Writers::kOne;
  std::atomic<Cell*>& segment = cells.segments[segment_];
  Cell* made = segment.load(std::memory_order_acquire);
  if (made == nullptr) {
    // Threads without a slot may do this at once.
    static Mutex& mutex = *std::make_unique<Mutex>().release();
    MutexLock lock(mutex);
    made = segment.load(std::memory_order_acquire);
    if (made == nullptr) {
      made = MakeSegment(segment_);
      segment.store(made, std::memory_order_release);
    }
  }
  return {made + offset_, writers};
}

}  // namespace narthex::client
