// The frame around a record and the names of files.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "wal/record.h"

namespace narthex::wal {

inline constexpr std::uint8_t kFormatVersion = 2;
// First bytes of every file; the last are the version's complement and the version.
inline constexpr std::string_view kFileMagic{"NXWAL\0\xfd\2", 8};
// The version of a file that another version of this program wrote: one with damaged first bytes
// is not taken for that.
std::optional<std::uint8_t> OtherVersion(std::string_view bytes);

// Size of type and payload, checksum of these, checksum of the eight bytes before.
inline constexpr std::size_t kFrameHeadSize = 12;
// Anything larger is not a record: the head splits what it writes long before.
inline constexpr std::uint32_t kRecordSizeMax = std::uint32_t{1} << 28;

// The head of the frame around `type` and `payload`.
std::string FrameHead(RecordType type, std::string_view payload);

struct FrameInfo {
  std::uint32_t size = 0;  // of type and payload
  std::uint32_t checksum = 0;
};
// Empty if these are not kFrameHeadSize bytes that a writer made.
std::optional<FrameInfo> ReadFrameHead(std::string_view bytes);

// "00000012.wal", "checkpoint.00000012".
std::string SegmentName(std::uint64_t number);
std::string CheckpointName(std::uint64_t number);
std::optional<std::uint64_t> ParseSegmentName(std::string_view name);
std::optional<std::uint64_t> ParseCheckpointName(std::string_view name);

}  // namespace narthex::wal
