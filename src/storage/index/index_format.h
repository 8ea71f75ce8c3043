// What writer and reader of an index file share. Source: docs/formats/index.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace narthex::index {

// The last byte is the version.
inline constexpr std::string_view kIndexMagic{"NXIDX\0\0\2", 8};

enum class Section : std::uint8_t { kNames, kValues, kPostings, kShapes, kRecords, kPayloads };
inline constexpr std::size_t kSectionCount = 6;
inline constexpr std::uint64_t kSectionSizeMax = UINT32_MAX;

// One checksum for each of these: little enough to check before the first read, large enough that
// the checksums are nothing.
inline constexpr std::uint64_t kChunkSize = std::uint64_t{1} << 16;
// Offset and size of each section, offset of the checksums, flags; then the checksum of the
// checksums and of this.
inline constexpr std::size_t kFooterSize = kSectionCount * (8 + 8) + 8 + 4 + 4;

// Records begin with the distance to the place that the labels have in order.
inline constexpr std::uint32_t kHasRanks = 1;

// Items of a section are found by the group they are in.
inline constexpr std::uint32_t kGroupLength = 16;

// The file of these sections.
// Errors: kResourceExhausted  a section is larger than 4 GiB
Result<std::string> AssembleIndex(const std::array<std::string, kSectionCount>& sections,
                                  std::uint32_t flags);

}  // namespace narthex::index
