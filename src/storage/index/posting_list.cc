#include "index/posting_list.h"

#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace narthex::index {

PostingList::PostingList(PostingList&& other) noexcept { *this = std::move(other); }

PostingList& PostingList::operator=(PostingList&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(last_, other.last_);
  std::swap(count_, other.count_);
  return *this;
}

PostingList::~PostingList() { std::free(bytes_); }

PostingList PostingList::From(std::span<const SeriesId> ids) {
  PostingList list;
  for (const SeriesId id : ids) list.Append(id);
  return list;
}

void PostingList::Append(SeriesId id) {
  NARTHEX_DCHECK(count_ == 0 || id > last_, "posting lists ascend");
  if (count_ == 1) Put(last_);
  if (count_ > 0) Put(id - last_);
  last_ = id;
  ++count_;
}

void PostingList::Put(std::uint32_t step) {
  if (size_ + 5 > capacity_) {
    capacity_ = capacity_ == 0 ? 16 : capacity_ + capacity_ / 2;
    bytes_ = static_cast<char*>(std::realloc(bytes_, capacity_));
    NARTHEX_CHECK(bytes_ != nullptr, "memory for a posting list");
  }
  while (step >= 0x80) {
    bytes_[size_++] = static_cast<char>(step | 0x80);
    step >>= 7;
  }
  bytes_[size_++] = static_cast<char>(step);
}

void PostingList::AppendTo(std::vector<SeriesId>& out) const {
  if (count_ == 1) out.push_back(last_);
  SeriesId id = 0;
  for (std::uint32_t at = 0; at < size_;) {
    std::uint32_t step = 0;
    int shift = 0;
    unsigned char byte = 0;
    do {
      byte = static_cast<unsigned char>(bytes_[at++]);
      step |= static_cast<std::uint32_t>(byte & 0x7f) << shift;
      shift += 7;
    } while (byte >= 0x80);
    id += step;
    out.push_back(id);
  }
}

}  // namespace narthex::index
