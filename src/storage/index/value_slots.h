// The values of one label name in memory, each with the series that have it.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "index/label_index.h"
#include "index/posting_list.h"

namespace narthex::index {

struct ValueSlot {
  std::unique_ptr<char[]> text_bytes;  // the length (4 bytes), the text; null in a free slot
  PostingList list;

  std::string_view text() const;
};

// Slots under small numbers, which are given out again when they are free, lowest part first. Slots
// never move. Not thread-safe.
class ValueSlots {
 public:
  ValueSlots() = default;
  ~ValueSlots();
  ValueSlots(const ValueSlots&) = delete;
  ValueSlots& operator=(const ValueSlots&) = delete;

  ValueId Add(std::string_view text);
  void Remove(ValueId id);
  // `id` must be in use.
  ValueSlot& At(ValueId id) {
    const Place place = PlaceOf(id);
    return chunks_[place.chunk].slots[place.slot];
  }
  const ValueSlot& At(ValueId id) const { return const_cast<ValueSlots*>(this)->At(id); }

  bool Has(ValueId id) const;
  std::size_t size() const { return size_; }
  // All numbers in use are below it.
  ValueId end() const;

  // Until `visit(id, slot)` answers false.
  template <typename Visit>
  void VisitWhile(Visit visit) const {
    for (std::size_t k = 0; k < chunks_.size(); ++k) {
      for (std::uint32_t i = 0; i < chunks_[k].touched_count; ++i) {
        const ValueSlot& slot = chunks_[k].slots[i];
        if (slot.text_bytes != nullptr && !visit(IdOf(k, i), slot)) return;
      }
    }
  }
  template <typename Visit>
  void ForEach(Visit visit) const {
    VisitWhile([&visit](ValueId id, const ValueSlot& slot) {
      visit(id, slot);
      return true;
    });
  }

 private:
  // Parts double up to a size at which it does not matter that the last is not full.
  static constexpr std::uint32_t kFirstLength = 8;
  static constexpr std::uint32_t kLengthMax = 4096;
  static constexpr std::size_t kDoublingCount = 9;  // parts of 8, 16, ... 2048

  // Memory for slots, of which the first `touched_count` are constructed.
  struct Chunk {
    ValueSlot* slots = nullptr;
    std::uint32_t used_count = 0;
    std::uint32_t touched_count = 0;
    std::vector<std::uint32_t> free;
  };
  struct Place {
    std::size_t chunk;
    std::uint32_t slot;
  };
  static std::uint32_t LengthOf(std::size_t chunk);
  static ValueId IdOf(std::size_t chunk, std::uint32_t slot);
  static Place PlaceOf(ValueId id);
  static void Release(Chunk& chunk, std::size_t k);

  std::vector<Chunk> chunks_;
  std::size_t first_open_ = 0;  // chunks before it are full
  std::size_t size_ = 0;
};

}  // namespace narthex::index
