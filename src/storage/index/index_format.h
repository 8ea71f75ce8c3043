// What writer and reader of an index share.
#pragma once

#include <cstdint>
#include <string_view>

namespace narthex::index {

// Source: docs/formats/block.md, "Index". The last byte is the version.
inline constexpr std::string_view kIndexMagic{"NXIDX\0\0\1", 8};
inline constexpr std::size_t kSectionCount = 3;  // symbols, series, postings
// Offset, size and checksum of each section, then the checksum of these.
inline constexpr std::size_t kFooterSize = kSectionCount * (8 + 8 + 4) + 4;
inline constexpr std::size_t kListEntrySize = 16;
inline constexpr std::uint64_t kSectionSizeMax = UINT32_MAX;

}  // namespace narthex::index
