// Short byte strings by series.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "index/posting_list.h"

namespace narthex::index {

// Not thread-safe. Memory: the bytes and about five more for each series.
//
// Ids only ever grow, and what came together mostly goes together: blocks of ids lie close and are
// made smaller, in the end freed, as series are removed.
class RecordStore {
 public:
  // Ids ascend from call to call; `record` is not empty.
  void Add(SeriesId id, std::string_view record);
  // Ascending; those that are not there are passed over.
  void Remove(std::span<const SeriesId> ids);

  bool Has(SeriesId id) const {
    const Block* block = Find(id);
    return block != nullptr && (block->alive >> (id % kBlockLength) & 1) != 0;
  }
  // Empty if there is none.
  std::string_view At(SeriesId id) const;
  std::size_t size() const { return size_; }
  std::vector<SeriesId> All() const;

 private:
  static constexpr std::size_t kBlockLength = 64;
  static constexpr std::size_t kPageLength = 64;  // blocks
  using Offset = std::uint32_t;

  // Where each record begins (an Offset each, of those that are there), then the records.
  struct Block {
    std::uint64_t alive = 0;  // bit i: the block's i-th id
    std::unique_ptr<char[]> buffer;
    std::uint32_t size = 0;      // of the records
    std::uint32_t capacity = 0;  // for records
    std::uint8_t offset_capacity = 0;

    std::size_t count() const { return static_cast<std::size_t>(std::popcount(alive)); }
    std::string_view Record(std::size_t rank) const;
    // Makes room, or gives it back.
    void Resize(std::uint8_t new_offset_capacity, std::uint32_t new_capacity);
    void Append(std::size_t bit, std::string_view record);
    void Keep(std::uint64_t kept);
  };
  struct Page {
    std::array<Block, kPageLength> blocks;
    std::size_t used_count = 0;  // blocks with series
  };

  const Block* Find(SeriesId id) const {
    const std::size_t page = id / (kBlockLength * kPageLength);
    if (page >= pages_.size() || pages_[page] == nullptr) return nullptr;
    return &pages_[page]->blocks[id / kBlockLength % kPageLength];
  }

  std::vector<std::unique_ptr<Page>> pages_;
  Block* open_ = nullptr;  // the one with the largest ids
  std::size_t size_ = 0;
};

}  // namespace narthex::index
