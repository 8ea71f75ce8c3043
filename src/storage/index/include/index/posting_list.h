// An ascending list of series, compressed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "index/label_index.h"

namespace narthex::index {

// Steps between neighbours as varints; a list of one needs no allocation, as most labels with many
// values have such. Not thread-safe.
class PostingList {
 public:
  PostingList() = default;
  PostingList(PostingList&& other) noexcept;
  PostingList& operator=(PostingList&& other) noexcept;
  PostingList(const PostingList&) = delete;
  PostingList& operator=(const PostingList&) = delete;
  ~PostingList();

  static PostingList From(std::span<const SeriesId> ids);

  // `id` must be larger than all in the list.
  void Append(SeriesId id);
  std::size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  // Adds the ids to `out`.
  void AppendTo(std::vector<SeriesId>& out) const;
  std::size_t allocated_bytes() const { return capacity_; }

 private:
  void Put(std::uint32_t step);

  char* bytes_ = nullptr;  // owned, by malloc: grows in place where the allocator can
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  SeriesId last_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace narthex::index
