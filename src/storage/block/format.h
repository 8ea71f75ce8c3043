// What writer and reader of a block share.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/sample.h"

namespace narthex::block {

// Source: docs/formats/block.md. The last byte is the version.
inline constexpr std::string_view kPagesMagic{"NXPAGE\0\1", 8};
inline constexpr std::string_view kMetaName = "meta";
inline constexpr std::string_view kIndexName = "index";
inline constexpr std::string_view kPagesName = "pages";
inline constexpr std::string_view kTemporarySuffix = ".tmp";
inline constexpr std::size_t kChecksumSize = 4;  // behind each frame
// At the end of the pages: offset and size of the directory of columns, checksum of these.
inline constexpr std::size_t kTrailerSize = 8 + 8 + 4;

// Up to 1024 timestamps of a column.
struct TimeVector {
  std::uint64_t offset = 0;  // of the frame
  std::uint32_t size = 0;    // without its checksum
  std::uint32_t count = 0;
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
};

struct TimeColumnEntry {
  std::vector<TimeVector> vectors;
  std::uint64_t count = 0;
};

}  // namespace narthex::block
