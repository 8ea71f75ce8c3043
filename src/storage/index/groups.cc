#include "groups.h"

#include <algorithm>

#include "posting_format.h"

namespace narthex::index {

void GroupsWriter::Add(std::string_view item) {
  if (count_ % kGroupLength == 0) {
    PutLittleEndian32(offsets_, static_cast<std::uint32_t>(items_.size()));
  }
  PutLengthPrefixed(items_, item);
  ++count_;
}

std::string GroupsWriter::Finish() const {
  std::string section;
  section.reserve(4 + offsets_.size() + items_.size());
  PutLittleEndian32(section, count_);
  return section.append(offsets_).append(items_);
}

Groups::Groups(const CheckedBytes& bytes, std::uint64_t offset, std::uint64_t size)
    : bytes_(&bytes) {
  const std::string_view head = size < 4 ? std::string_view() : bytes.Read(offset, 4);
  if (head.empty()) {
    bytes.NoteDamage();
    return;
  }
  const std::uint32_t count = ReadWord(head, 0);
  const std::uint64_t group_count = (std::uint64_t{count} + kGroupLength - 1) / kGroupLength;
  // Each item takes a byte at least; and one group more can be counted.
  if (4 + group_count * 4 + count > size || count > UINT32_MAX - kGroupLength) {
    bytes.NoteDamage();
    return;
  }
  count_ = count;
  group_count_ = static_cast<std::uint32_t>(group_count);
  offsets_ = offset + 4;
  items_ = offsets_ + group_count * 4;
  items_size_ = size - 4 - group_count * 4;
}

std::string_view Groups::Group(std::uint32_t group) const {
  const bool is_last = group + 1 == group_count_;
  const std::string_view words = bytes_->Read(offsets_ + std::uint64_t{group} * 4, is_last ? 4 : 8);
  if (words.empty()) return {};
  const std::uint64_t begin = ReadWord(words, 0);
  const std::uint64_t end = is_last ? items_size_ : ReadWord(words, 1);
  if (begin > end || end > items_size_) {
    bytes_->NoteDamage();
    return {};
  }
  return bytes_->Read(items_ + begin, end - begin);
}

std::string_view Groups::At(std::uint32_t i) const {
  if (i >= count_) return {};
  const std::string_view group = Group(i / kGroupLength);
  std::size_t offset = 0;
  for (std::uint32_t left = i % kGroupLength;; --left) {
    std::uint64_t size = 0;
    if (!TakeVarint(group, offset, size) || size > group.size() - offset) {
      bytes_->NoteDamage();
      return {};
    }
    if (left == 0) return group.substr(offset, size);
    offset += size;
  }
}

std::uint32_t Groups::LowerBound(std::uint32_t begin, std::uint32_t end,
                                 std::string_view text) const {
  end = std::min(end, count_);
  if (begin >= end) return end;
  // The last group that begins before `text`, or the first of all.
  std::uint32_t low = begin / kGroupLength;
  std::uint32_t high = (end - 1) / kGroupLength + 1;
  while (high - low > 1) {
    const std::uint32_t middle = low + (high - low) / 2;
    (At(middle * kGroupLength) < text ? low : high) = middle;
  }
  std::uint32_t found = std::min(end, (low + 1) * kGroupLength);
  Scan(std::max(begin, low * kGroupLength), found, [&](std::uint32_t i, std::string_view item) {
    if (item < text) return true;
    found = i;
    return false;
  });
  return found;
}

}  // namespace narthex::index
