// Byte strings one after the other, found by their places. Source: docs/formats/index.md, "Groups".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "checked_bytes.h"

namespace narthex::index {

class GroupsWriter {
 public:
  void Add(std::string_view item);
  std::uint32_t count() const { return count_; }
  std::uint64_t size() const { return items_.size(); }
  std::string Finish() const;

 private:
  std::uint32_t count_ = 0;
  std::string offsets_;
  std::string items_;
};

// Immutable, thread-safe. Damage is noted in the bytes, and what it hits is empty.
class Groups {
 public:
  Groups() = default;
  // `bytes` must outlive this.
  Groups(const CheckedBytes& bytes, std::uint64_t offset, std::uint64_t size);

  std::uint32_t count() const { return count_; }
  // Empty if there is no such item.
  std::string_view At(std::uint32_t i) const;
  // Items of [begin, end), in order, while `visit(i, item)` returns true.
  template <typename Visit>
  void Scan(std::uint32_t begin, std::uint32_t end, Visit visit) const;
  // Of [begin, end), which is in order of bytes: the first that is not before `text`, or `end`.
  std::uint32_t LowerBound(std::uint32_t begin, std::uint32_t end, std::string_view text) const;

 private:
  std::string_view Group(std::uint32_t group) const;

  const CheckedBytes* bytes_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t group_count_ = 0;
  std::uint64_t offsets_ = 0;  // where they begin
  std::uint64_t items_ = 0;
  std::uint64_t items_size_ = 0;
};

template <typename Visit>
void Groups::Scan(std::uint32_t begin, std::uint32_t end, Visit visit) const {
  end = std::min(end, count_);
  for (std::uint32_t i = begin; i < end;) {
    ByteReader reader(Group(i / kGroupLength));
    for (std::uint32_t at = i - i % kGroupLength; at < end; ++at) {
      if (at > i && at % kGroupLength == 0) break;
      const auto item = reader.ReadLengthPrefixed();
      if (!item) {
        bytes_->NoteDamage();
        return;
      }
      if (at < begin) continue;
      if (!visit(at, *item)) return;
    }
    i += kGroupLength - i % kGroupLength;
  }
}

}  // namespace narthex::index
