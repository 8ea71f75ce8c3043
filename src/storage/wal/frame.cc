#include "frame.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/number.h"

namespace narthex::wal {
namespace {

constexpr std::string_view kSegmentSuffix = ".wal";
constexpr std::string_view kCheckpointPrefix = "checkpoint.";

std::optional<std::uint64_t> ParseDigits(std::string_view digits) {
  if (digits.size() < 8 ||
      !std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  return ParseUint64(digits);
}

}  // namespace

std::optional<std::uint8_t> OtherVersion(std::string_view bytes) {
  if (bytes.size() < kFileMagic.size() || !bytes.starts_with(kFileMagic.substr(0, 6))) {
    return std::nullopt;
  }
  const auto complement = static_cast<std::uint8_t>(bytes[6]);
  const auto version = static_cast<std::uint8_t>(bytes[7]);
  if (version == kFormatVersion) return std::nullopt;
  // The first version had a zero there.
  if (version == 1 && complement == 0) return version;
  return complement == 255 - version ? std::optional(version) : std::nullopt;
}

std::string FrameHead(RecordType type, std::string_view payload) {
  const char type_byte = static_cast<char>(type);
  const std::uint32_t checksum = Crc32c(payload, Crc32c(std::string_view(&type_byte, 1)));
  std::string head;
  PutLittleEndian32(head, static_cast<std::uint32_t>(payload.size() + 1));
  PutLittleEndian32(head, checksum);
  PutLittleEndian32(head, Crc32c(head));
  head.push_back(type_byte);
  return head;
}

std::optional<FrameInfo> ReadFrameHead(std::string_view bytes) {
  if (bytes.size() < kFrameHeadSize) return std::nullopt;
  ByteReader reader(bytes);
  const FrameInfo info{*reader.ReadLittleEndian32(), *reader.ReadLittleEndian32()};
  if (*reader.ReadLittleEndian32() != Crc32c(bytes.substr(0, 8))) return std::nullopt;
  if (info.size == 0 || info.size > kRecordSizeMax) return std::nullopt;
  return info;
}

std::string SegmentName(std::uint64_t number) {
  return fmt::format("{:08}{}", number, kSegmentSuffix);
}

std::string CheckpointName(std::uint64_t number) {
  return fmt::format("{}{:08}", kCheckpointPrefix, number);
}

std::optional<std::uint64_t> ParseSegmentName(std::string_view name) {
  if (!name.ends_with(kSegmentSuffix)) return std::nullopt;
  name.remove_suffix(kSegmentSuffix.size());
  return ParseDigits(name);
}

std::optional<std::uint64_t> ParseCheckpointName(std::string_view name) {
  if (!name.starts_with(kCheckpointPrefix)) return std::nullopt;
  name.remove_prefix(kCheckpointPrefix.size());
  return ParseDigits(name);
}

}  // namespace narthex::wal
