// Writing of protobuf messages, field by field.
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace narthex::exposer {

// Appends to `out`, which outlives it. Zeros are written too: what is the default is the caller's
// business.
class ProtoMessage {
 public:
  explicit ProtoMessage(std::string& out) : out_(out) {}

  void Bytes(std::uint32_t field, std::string_view bytes) {
    Tag(field, 2);
    PutLengthPrefixed(out_, bytes);
  }
  void Unsigned(std::uint32_t field, std::uint64_t value) {
    Tag(field, 0);
    PutVarint(out_, value);
  }
  void Integer(std::uint32_t field, std::int64_t value) {
    Unsigned(field, static_cast<std::uint64_t>(value));
  }
  void Zigzag(std::uint32_t field, std::int64_t value) {
    Tag(field, 0);
    PutSignedVarint(out_, value);
  }
  void Double(std::uint32_t field, double value) {
    Tag(field, 1);
    PutLittleEndian64(out_, std::bit_cast<std::uint64_t>(value));
  }
  // A message inside: `write` gets its ProtoMessage.
  template <typename Write>
  void Message(std::uint32_t field, Write write) {
    std::string bytes;
    ProtoMessage inner(bytes);
    write(inner);
    Bytes(field, bytes);
  }

 private:
  void Tag(std::uint32_t field, std::uint32_t wire_type) {
    PutVarint(out_, field << 3 | wire_type);
  }

  std::string& out_;
};

}  // namespace narthex::exposer
