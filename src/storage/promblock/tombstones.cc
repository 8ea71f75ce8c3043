#include "tombstones.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "format.h"

namespace narthex::promblock {
namespace {

// Overlapping ranges, and those with no time between them, as one.
void Unite(std::vector<model::TimeRange>& ranges) {
  std::ranges::sort(ranges, {}, &model::TimeRange::from);
  std::vector<model::TimeRange> united;
  for (const model::TimeRange& range : ranges) {
    if (!united.empty() &&
        (range.from <= united.back().until || range.from - 1 == united.back().until)) {
      united.back().until = std::max(united.back().until, range.until);
    } else {
      united.push_back(range);
    }
  }
  ranges = std::move(united);
}

}  // namespace

Result<Tombstones> ParseTombstones(std::string_view bytes) {
  ByteReader reader(bytes);
  const auto magic = reader.ReadBigEndian32();
  const auto version = reader.ReadByte();
  if (bytes.size() < kTombstonesHeaderSize + kChecksumSize || *magic != kTombstonesMagic) {
    return Error{ErrorCode::kCorruption, "not a file of tombstones"};
  }
  if (*version != kTombstonesVersion) {
    return Error{ErrorCode::kUnsupported, fmt::format("version {} of the tombstones", *version)};
  }
  const std::string_view entries =
      bytes.substr(kTombstonesHeaderSize, bytes.size() - kTombstonesHeaderSize - kChecksumSize);
  ByteReader checksum(bytes.substr(bytes.size() - kChecksumSize));
  if (*checksum.ReadBigEndian32() != Crc32c(entries)) {
    return Error{ErrorCode::kCorruption, "tombstones fail their checksum at 5"};
  }
  Tombstones tombstones;
  reader = ByteReader(entries);
  while (!reader.empty()) {
    const auto series = reader.ReadVarint();
    const auto from = reader.ReadSignedVarint();
    const auto until = reader.ReadSignedVarint();
    if (!series || !from || !until) {
      return Error{ErrorCode::kCorruption, fmt::format("tombstone is cut short at {}",
                                                       kTombstonesHeaderSize + reader.offset())};
    }
    if (*from <= *until) tombstones[*series].push_back({*from, *until});
  }
  for (auto& [series, ranges] : tombstones) Unite(ranges);
  return tombstones;
}

std::string FormatTombstones(const Tombstones& tombstones) {
  std::string entries;
  for (const auto& [series, ranges] : tombstones) {
    for (const model::TimeRange& range : ranges) {
      PutVarint(entries, series);
      PutSignedVarint(entries, range.from);
      PutSignedVarint(entries, range.until);
    }
  }
  std::string bytes;
  PutBigEndian32(bytes, kTombstonesMagic);
  bytes.push_back(static_cast<char>(kTombstonesVersion));
  bytes.append(entries);
  PutBigEndian32(bytes, Crc32c(entries));
  return bytes;
}

}  // namespace narthex::promblock
