#include "chunk/shared_payloads.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "int_column.h"
#include "page_head.h"

namespace narthex::chunk {
namespace {

// The part of `page` before its integer column; empty if it has none that stands last.
std::string_view BeforeColumn(std::string_view page) {
  ByteReader reader(page);
  const auto head = reader.ReadByte();
  if (!head) return {};
  switch (static_cast<Map>(*head & 15)) {
    case kDecimal:
    case kParent:
      return page.substr(0, 1);
    case kOrderedBits:
      return *head >> 4 == kRawExponent ? std::string_view() : page.substr(0, 1);
    case kDecimalExceptions: {
      const auto exceptions = reader.ReadVarint();
      if (!exceptions || *exceptions >> 1 > page.size()) return {};
      const std::size_t size = (*exceptions & 1) != 0 ? 2 : 10;
      if (!reader.ReadBytes(static_cast<std::size_t>(*exceptions >> 1) * size)) return {};
      return page.substr(0, reader.offset());
    }
    default:
      return {};
  }
}

struct Split {
  std::string_view before;   // the column
  std::string_view column;   // up to its payload
  std::string_view payload;  // empty: nothing to share
};

Split SplitPage(std::string_view page) {
  Split split;
  split.before = BeforeColumn(page);
  if (split.before.empty()) return split;
  const std::string_view column = page.substr(split.before.size());
  const auto payload_offset = PayloadOffset(column);
  if (!payload_offset) return split;
  split.column = column.substr(0, *payload_offset);
  split.payload = column.substr(*payload_offset);
  return split;
}

// What a place in the heap costs, about.
constexpr std::size_t kPlaceSize = 4;

}  // namespace

void SharedPayloads::Count(std::string_view page) {
  const Split split = SplitPage(page);
  if (split.payload.size() <= kPlaceSize) return;
  ++payloads_[Hash64(split.payload)].page_count;
}

void SharedPayloads::Rewrite(std::string_view page, std::string& out) {
  const Split split = SplitPage(page);
  const std::size_t size = split.payload.size();
  const auto found = size <= kPlaceSize ? payloads_.end() : payloads_.find(Hash64(split.payload));
  if (found == payloads_.end() || found->second.page_count * (size - kPlaceSize) <= size) {
    out += page;
    return;
  }
  Payload& payload = found->second;
  if (!payload.is_stored && heap_.size() + size < kHeapSizeMax) {
    payload.offset = heap_.size();
    payload.is_stored = true;
    heap_ += split.payload;
  }
  // Two payloads of one hash are unheard of, not impossible.
  if (!payload.is_stored || heap_.compare(payload.offset, size, split.payload) != 0) {
    out += page;
    return;
  }
  out += split.before;
  const std::size_t head_offset = out.size();
  out += split.column;
  out[head_offset] = static_cast<char>(out[head_offset] | kSharedBit);
  PutVarint(out, payload.offset);
}

std::optional<std::uint64_t> SharedPlace(std::string_view page) {
  const std::string_view before = BeforeColumn(page);
  if (before.empty() || before.size() >= page.size()) return std::nullopt;
  const std::string_view column = page.substr(before.size());
  const auto head = static_cast<std::uint8_t>(column.front());
  if ((head & kSharedBit) == 0) return std::nullopt;
  // Up to the payload a column is the same, shared or not.
  std::string own(column);
  own.front() = static_cast<char>(head & ~kSharedBit);
  const auto offset = PayloadOffset(own);
  if (!offset) return std::nullopt;
  return ByteReader(column.substr(*offset)).ReadVarint();
}

}  // namespace narthex::chunk
