// Writes protobuf messages by hand, so that tests do not read with what wrote them.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace narthex::remote {

class MessageEncoder {
 public:
  MessageEncoder& Varint(std::uint32_t field, std::uint64_t value) {
    PutVarint(bytes_, field << 3);
    PutVarint(bytes_, value);
    return *this;
  }
  MessageEncoder& Signed(std::uint32_t field, std::int64_t value) {  // sint32, sint64
    PutVarint(bytes_, field << 3);
    PutSignedVarint(bytes_, value);
    return *this;
  }
  MessageEncoder& Double(std::uint32_t field, double value) {
    PutVarint(bytes_, field << 3 | 1);
    PutLittleEndian64(bytes_, std::bit_cast<std::uint64_t>(value));
    return *this;
  }
  MessageEncoder& Bytes(std::uint32_t field, std::string_view value) {
    PutVarint(bytes_, field << 3 | 2);
    PutLengthPrefixed(bytes_, value);
    return *this;
  }
  MessageEncoder& Message(std::uint32_t field, const MessageEncoder& message) {
    return Bytes(field, message.bytes_);
  }
  MessageEncoder& PackedVarints(std::uint32_t field, std::initializer_list<std::uint64_t> values) {
    std::string packed;
    for (const std::uint64_t value : values) PutVarint(packed, value);
    return Bytes(field, packed);
  }
  MessageEncoder& PackedSigned(std::uint32_t field, std::initializer_list<std::int64_t> values) {
    std::string packed;
    for (const std::int64_t value : values) PutSignedVarint(packed, value);
    return Bytes(field, packed);
  }
  MessageEncoder& PackedDoubles(std::uint32_t field, std::initializer_list<double> values) {
    std::string packed;
    for (const double value : values) {
      PutLittleEndian64(packed, std::bit_cast<std::uint64_t>(value));
    }
    return Bytes(field, packed);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// Parts of requests; the same in both versions of the protocol where no version is named.
inline MessageEncoder LabelV1(std::string_view name, std::string_view value) {
  return MessageEncoder().Bytes(1, name).Bytes(2, value);
}
inline MessageEncoder SampleOf(std::int64_t timestamp, double value) {
  return MessageEncoder().Double(1, value).Varint(2, static_cast<std::uint64_t>(timestamp));
}
inline MessageEncoder Span(std::int32_t offset, std::uint32_t length) {
  return MessageEncoder().Signed(1, offset).Varint(2, length);
}
inline MessageEncoder SeriesV1(
    std::initializer_list<std::pair<std::string_view, std::string_view>> labels) {
  MessageEncoder series;
  for (const auto& [name, value] : labels) series.Message(1, LabelV1(name, value));
  return series;
}

}  // namespace narthex::remote
