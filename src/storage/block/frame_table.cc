#include "frame_table.h"

#include <fmt/format.h>
#include <zstd.h>

#include <bit>
#include <cstring>

#include "base/bytes.h"
#include "base/hash.h"

namespace narthex::block {
namespace {

Error Damaged(std::string_view what) {
  return {ErrorCode::kCorruption, fmt::format("pages: {}", what)};
}

// Inline, unlike the one of ByteReader: entries are read a few times for every series.
std::uint32_t Load32(const char* at) {
  std::uint32_t value;
  std::memcpy(&value, at, sizeof(value));
  if constexpr (std::endian::native == std::endian::big) value = __builtin_bswap32(value);
  return value;
}

}  // namespace

Result<std::unique_ptr<FrameTable>> FrameTable::Open(std::string_view pages) {
  if (!pages.starts_with(kPagesMagic)) return Damaged("not a file of pages of this version");
  std::unique_ptr<FrameTable> table(new FrameTable(pages));
  NARTHEX_TRY(table->ReadDirectory());
  NARTHEX_TRY(table->CheckSegments());
  return table;
}

Status FrameTable::ReadDirectory() {
  if (pages_.size() < kPagesMagic.size() + kDirectoryHeadSize + kTrailerSize) {
    return Damaged("file is cut short");
  }
  const std::size_t end = pages_.size() - kTrailerSize;
  const std::string_view trailer = pages_.substr(end);
  ByteReader trailer_reader(trailer);
  const std::uint64_t offset = *trailer_reader.ReadLittleEndian64();
  const std::uint64_t size = *trailer_reader.ReadLittleEndian64();
  const std::uint32_t checksum = *trailer_reader.ReadLittleEndian32();
  if (*trailer_reader.ReadLittleEndian32() != Crc32c(trailer.substr(0, kTrailerSize - 4))) {
    return Damaged("trailer fails its checksum");
  }
  if (offset > end || size != end - offset || size < kDirectoryHeadSize) {
    return Damaged("directory out of bounds");
  }
  const std::string_view directory = pages_.substr(offset, size);
  if (Crc32c(directory) != checksum) return Damaged("directory fails its checksum");

  ByteReader reader(directory);
  for (std::uint32_t& count : counts_) count = *reader.ReadLittleEndian32();
  segment_count_ = *reader.ReadLittleEndian32();
  column_count_ = *reader.ReadLittleEndian32();
  for (std::size_t kind = 0; kind < kFrameKindCount; ++kind) {
    const auto entries = reader.ReadBytes(std::size_t{counts_[kind]} * kFrameEntrySize);
    if (!entries) return Damaged("directory is malformed");
    entries_[kind] = *entries;
    checked_[kind] = std::make_unique<std::atomic<std::uint64_t>[]>(counts_[kind] / 64 + 1);
  }
  const auto segments = reader.ReadBytes(std::size_t{segment_count_} * kSegmentEntrySize);
  const auto columns = reader.ReadBytes(std::size_t{column_count_} * kItemPlaceSize);
  if (!segments || !columns || !reader.empty()) return Damaged("directory is malformed");
  segments_ = *segments;
  columns_ = *columns;

  for (const FrameKind kind : {FrameKind::kPages, FrameKind::kTimes, FrameKind::kShared}) {
    for (std::uint32_t i = 0; i < count(kind); ++i) {
      const FrameEntry entry = EntryAt(kind, i);
      if (entry.offset < kPagesMagic.size() || entry.offset > offset ||
          entry.stored_size > offset - entry.offset || entry.stored_size > entry.raw_size ||
          (kind != FrameKind::kPages && entry.stored_size != entry.raw_size) ||
          (kind == FrameKind::kPages && entry.segment >= segment_count_)) {
        return Damaged("frame out of bounds");
      }
    }
  }
  return Ok();
}

// The frames of a heap follow one another, so that it can be read as one.
Status FrameTable::CheckSegments() const {
  for (std::uint32_t i = 0; i < segment_count_; ++i) {
    const SegmentEntry segment = SegmentAt(i);
    const std::uint32_t frames = count(FrameKind::kShared);
    if (segment.first_frame > frames || segment.frame_count > frames - segment.first_frame) {
      return Damaged("segment out of bounds");
    }
    for (std::uint32_t f = 0; f + 1 < segment.frame_count; ++f) {
      const FrameEntry frame = EntryAt(FrameKind::kShared, segment.first_frame + f);
      const FrameEntry next = EntryAt(FrameKind::kShared, segment.first_frame + f + 1);
      if (frame.raw_size != kFrameSizeMax || next.offset != frame.offset + kFrameSizeMax) {
        return Damaged("heap of shared payloads has a gap");
      }
    }
  }
  return Ok();
}

FrameEntry FrameTable::EntryAt(FrameKind kind, std::uint32_t number) const {
  const char* at =
      entries_[static_cast<std::size_t>(kind)].data() + std::size_t{number} * kFrameEntrySize;
  FrameEntry entry;
  entry.offset = Load32(at) | std::uint64_t{Load32(at + 4)} << 32;
  entry.stored_size = Load32(at + 8);
  entry.raw_size = Load32(at + 12);
  entry.checksum = Load32(at + 16);
  entry.segment = Load32(at + 20);
  return entry;
}

SegmentEntry FrameTable::SegmentAt(std::uint32_t number) const {
  ByteReader reader(segments_.substr(std::size_t{number} * kSegmentEntrySize, kSegmentEntrySize));
  SegmentEntry entry;
  entry.first_frame = *reader.ReadLittleEndian32();
  entry.frame_count = *reader.ReadLittleEndian32();
  return entry;
}

std::optional<FrameEntry> FrameTable::Entry(FrameKind kind, std::uint32_t number) const {
  if (number >= count(kind)) return std::nullopt;
  return EntryAt(kind, number);
}

std::optional<ItemPlace> FrameTable::Column(std::uint32_t number) const {
  if (number >= column_count_) return std::nullopt;
  ByteReader reader(columns_.substr(std::size_t{number} * kItemPlaceSize, kItemPlaceSize));
  ItemPlace place;
  place.frame = *reader.ReadLittleEndian32();
  place.offset = *reader.ReadLittleEndian32();
  return place;
}

Result<std::string_view> FrameTable::Stored(FrameKind kind, std::uint32_t number) const {
  const auto entry = Entry(kind, number);
  if (!entry) return Damaged("a frame is referred to that is not there");
  const std::string_view bytes = pages_.substr(entry->offset, entry->stored_size);
  std::atomic<std::uint64_t>& word = checked_[static_cast<std::size_t>(kind)][number / 64];
  const std::uint64_t bit = std::uint64_t{1} << (number % 64);
  if ((word.load(std::memory_order_relaxed) & bit) == 0) {
    if (Crc32c(bytes) != entry->checksum) {
      return Damaged(fmt::format("frame at {} fails its checksum", entry->offset));
    }
    word.fetch_or(bit, std::memory_order_relaxed);
  }
  return bytes;
}

Status FrameTable::Decompress(const FrameEntry& entry, std::string_view stored,
                              std::string& buffer) {
  // Larger ones are never compressed.
  if (entry.raw_size > kFrameSizeMax) {
    return Damaged(fmt::format("frame at {} is too large", entry.offset));
  }
  buffer.resize(entry.raw_size);
  const std::size_t size =
      ZSTD_decompress(buffer.data(), buffer.size(), stored.data(), stored.size());
  if (ZSTD_isError(size) != 0 || size != entry.raw_size) {
    return Damaged(fmt::format("frame at {} does not decompress", entry.offset));
  }
  return Ok();
}

Result<std::string_view> FrameTable::Heap(std::uint32_t segment, std::uint64_t offset) const {
  if (segment >= segment_count_) return Damaged("a segment is referred to that is not there");
  const SegmentEntry entry = SegmentAt(segment);
  const std::uint64_t first = offset / kFrameSizeMax;
  if (first >= entry.frame_count) return Damaged("a page shares what is not there");
  const std::uint64_t last = std::min<std::uint64_t>(
      (offset + kSharedPayloadSizeMax - 1) / kFrameSizeMax, entry.frame_count - 1);
  for (std::uint64_t i = first; i <= last; ++i) {
    NARTHEX_TRY(Stored(FrameKind::kShared, entry.first_frame + static_cast<std::uint32_t>(i)));
  }
  const FrameEntry begin = EntryAt(FrameKind::kShared, entry.first_frame);
  const FrameEntry end =
      EntryAt(FrameKind::kShared, entry.first_frame + static_cast<std::uint32_t>(last));
  return pages_.substr(begin.offset, end.offset + end.stored_size - begin.offset);
}

Result<ItemPlace> FrameTable::Fit(FrameKind kind, ItemPlace place, std::uint32_t size) const {
  auto entry = Entry(kind, place.frame);
  if (entry && place.offset > 0 &&
      (place.offset > entry->raw_size || size > entry->raw_size - place.offset)) {
    place = {place.frame + 1, 0};
    entry = Entry(kind, place.frame);
  }
  if (!entry || size > entry->raw_size) return Damaged("an item is not where it should be");
  return place;
}

}  // namespace narthex::block
