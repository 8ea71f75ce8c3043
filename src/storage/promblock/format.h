// Numbers and names that reader and writer share.
// Source: docs/formats/prometheus-block.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.h"

namespace narthex::promblock {

inline constexpr std::uint32_t kIndexMagic = 0xBAAAD700;
inline constexpr std::uint32_t kChunksMagic = 0x85BD40DD;
inline constexpr std::uint32_t kTombstonesMagic = 0x0130BA30;
inline constexpr std::uint8_t kChunksVersion = 1;
inline constexpr std::uint8_t kTombstonesVersion = 1;

inline constexpr std::string_view kIndexName = "index";
inline constexpr std::string_view kChunksName = "chunks";
inline constexpr std::string_view kTombstonesName = "tombstones";

inline constexpr std::size_t kIndexHeaderSize = 5;       // magic, version
inline constexpr std::size_t kChunksHeaderSize = 8;      // magic, version, three zeros
inline constexpr std::size_t kTombstonesHeaderSize = 5;  // magic, version
inline constexpr std::size_t kChecksumSize = 4;
inline constexpr std::size_t kTableOfContentsSize = 6 * 8 + kChecksumSize;
// Series of version 2 begin at multiples of this; their number is the offset divided by it.
inline constexpr std::uint64_t kSeriesAlignment = 16;

// At the end of the index: where its sections begin; 0: there is none.
struct TableOfContents {
  std::uint64_t symbols = 0;
  std::uint64_t series = 0;
  std::uint64_t label_indices = 0;
  std::uint64_t label_offsets = 0;
  std::uint64_t postings = 0;
  std::uint64_t posting_offsets = 0;
};

}  // namespace narthex::promblock
