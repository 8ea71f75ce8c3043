// What writer and reader of a block share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "chunk/page.h"

namespace narthex::block {

// Source: docs/formats/block.md. The last byte is the version.
inline constexpr std::string_view kPagesMagic{"NXPAGE\0\2", 8};
inline constexpr std::string_view kMetaName = "meta";
inline constexpr std::string_view kIndexName = "index";
inline constexpr std::string_view kPagesName = "pages";
inline constexpr std::string_view kTombstonesName = "tombstones";
inline constexpr std::string_view kTemporarySuffix = ".tmp";

inline constexpr std::size_t kVectorLength = chunk::kPageSampleCountMax;
// The unit that is checked, compressed and lost when damaged. One item alone may be larger.
inline constexpr std::size_t kFrameSizeMax = std::size_t{64} << 10;
// No payload that pages share is longer.
inline constexpr std::size_t kSharedPayloadSizeMax = std::size_t{16} << 10;
// Reading a bucket decodes at most so many neighbours.
inline constexpr std::size_t kParentChainMax = 16;

// Kinds of frames; each has numbers of its own.
enum class FrameKind : std::size_t { kPages = 0, kTimes = 1, kShared = 2 };
inline constexpr std::size_t kFrameKindCount = 3;

// Of a frame, in the directory.
struct FrameEntry {
  std::uint64_t offset = 0;       // in the file
  std::uint32_t stored_size = 0;  // in the file; less than raw_size: compressed by zstd
  std::uint32_t raw_size = 0;
  std::uint32_t checksum = 0;  // CRC-32C of the stored bytes
  std::uint32_t segment = 0;   // of a frame of pages: whose heap its pages share
};
inline constexpr std::size_t kFrameEntrySize = 24;

// The heap of shared payloads of a stretch of pages: frames of kFrameSizeMax, the last one shorter.
struct SegmentEntry {
  std::uint32_t first_frame = 0;
  std::uint32_t frame_count = 0;
};
inline constexpr std::size_t kSegmentEntrySize = 8;

// Where an item begins.
struct ItemPlace {
  std::uint32_t frame = 0;
  std::uint32_t offset = 0;

  friend bool operator==(const ItemPlace&, const ItemPlace&) = default;
};
inline constexpr std::size_t kItemPlaceSize = 8;

// Counts of page frames, time frames, heap frames, segments and time columns.
inline constexpr std::size_t kDirectoryHeadSize = 5 * 4;
// At the end of the file: offset and size of the directory, its checksum, checksum of these.
inline constexpr std::size_t kTrailerSize = 8 + 8 + 4 + 4;

}  // namespace narthex::block
