#include "record_store.h"

#include <algorithm>
#include <cstring>

#include "base/check.h"

namespace narthex::index {

std::string_view RecordStore::Block::Record(std::size_t rank) const {
  Offset begin = 0;
  Offset end = size;
  std::memcpy(&begin, buffer.get() + rank * sizeof(Offset), sizeof(Offset));
  if (rank + 1 < count()) {
    std::memcpy(&end, buffer.get() + (rank + 1) * sizeof(Offset), sizeof(Offset));
  }
  return {buffer.get() + offset_capacity * sizeof(Offset) + begin, std::size_t{end} - begin};
}

void RecordStore::Block::Resize(std::uint8_t new_offset_capacity, std::uint32_t new_capacity) {
  if (new_offset_capacity == offset_capacity && new_capacity == capacity) return;
  auto made =
      std::make_unique_for_overwrite<char[]>(new_offset_capacity * sizeof(Offset) + new_capacity);
  if (buffer != nullptr) {
    std::memcpy(made.get(), buffer.get(), count() * sizeof(Offset));
    std::memcpy(made.get() + new_offset_capacity * sizeof(Offset),
                buffer.get() + offset_capacity * sizeof(Offset), size);
  }
  buffer = std::move(made);
  offset_capacity = new_offset_capacity;
  capacity = new_capacity;
}

void RecordStore::Block::Append(std::size_t bit, std::string_view record) {
  NARTHEX_CHECK(alive >> bit == 0, "ids ascend");
  const std::size_t needed = size + record.size();
  if (needed > capacity || count() == offset_capacity) {
    const std::size_t room =
        needed > capacity ? needed + std::max<std::size_t>(size, 64) : capacity;
    Resize(kBlockLength, static_cast<std::uint32_t>(room));
  }
  std::memcpy(buffer.get() + count() * sizeof(Offset), &size, sizeof(Offset));
  std::memcpy(buffer.get() + offset_capacity * sizeof(Offset) + size, record.data(), record.size());
  size = static_cast<std::uint32_t>(needed);
  alive |= std::uint64_t{1} << bit;
}

void RecordStore::Block::Keep(std::uint64_t kept) {
  Block made;
  made.Resize(static_cast<std::uint8_t>(std::popcount(alive & kept)), size);
  std::size_t rank = 0;
  for (std::uint64_t left = alive; left != 0; left &= left - 1, ++rank) {
    const auto bit = static_cast<std::size_t>(std::countr_zero(left));
    if ((kept >> bit & 1) != 0) made.Append(bit, Record(rank));
  }
  made.Resize(made.offset_capacity, made.size);
  *this = std::move(made);
}

std::string_view RecordStore::At(SeriesId id) const {
  const Block* block = Find(id);
  const std::size_t bit = id % kBlockLength;
  if (block == nullptr || (block->alive >> bit & 1) == 0) return {};
  const std::uint64_t before = block->alive & ((std::uint64_t{1} << bit) - 1);
  return block->Record(static_cast<std::size_t>(std::popcount(before)));
}

void RecordStore::Add(SeriesId id, std::string_view record) {
  const std::size_t page = id / (kBlockLength * kPageLength);
  if (pages_.size() <= page) pages_.resize(page + 1);
  if (pages_[page] == nullptr) pages_[page] = std::make_unique<Page>();
  Block& block = pages_[page]->blocks[id / kBlockLength % kPageLength];
  if (&block != open_) {
    if (open_ != nullptr) {
      open_->Resize(static_cast<std::uint8_t>(open_->count()), open_->size);
    }
    open_ = &block;
  }
  if (block.alive == 0) ++pages_[page]->used_count;
  block.Append(id % kBlockLength, record);
  ++size_;
}

void RecordStore::Remove(std::span<const SeriesId> ids) {
  for (std::size_t at = 0; at < ids.size();) {
    const SeriesId block_number = static_cast<SeriesId>(ids[at] / kBlockLength);
    std::uint64_t removed = 0;
    for (; at < ids.size() && ids[at] / kBlockLength == block_number; ++at) {
      removed |= std::uint64_t{1} << (ids[at] % kBlockLength);
    }
    auto* block = const_cast<Block*>(Find(block_number * kBlockLength));
    if (block == nullptr || (block->alive & removed) == 0) continue;
    size_ -= static_cast<std::size_t>(std::popcount(block->alive & removed));
    if ((block->alive & ~removed) != 0) {
      block->Keep(~removed);
      continue;
    }
    *block = Block();
    if (open_ == block) open_ = nullptr;
    std::unique_ptr<Page>& page = pages_[block_number / kPageLength];
    if (--page->used_count == 0) page.reset();
  }
}

std::vector<SeriesId> RecordStore::All() const {
  std::vector<SeriesId> ids;
  ids.reserve(size_);
  for (std::size_t page = 0; page < pages_.size(); ++page) {
    if (pages_[page] == nullptr) continue;
    for (std::size_t i = 0; i < kPageLength; ++i) {
      const auto first = static_cast<SeriesId>((page * kPageLength + i) * kBlockLength);
      for (std::uint64_t left = pages_[page]->blocks[i].alive; left != 0; left &= left - 1) {
        ids.push_back(first + static_cast<SeriesId>(std::countr_zero(left)));
      }
    }
  }
  return ids;
}

}  // namespace narthex::index
