// Fixed-width integers and varints in byte buffers, byte order written out.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace narthex {

// Appending to `out`. Varints are LEB128 (7 bits a byte, lowest first), signed ones zigzag-coded,
// as protobuf has them.
void PutBigEndian16(std::string& out, std::uint16_t value);
void PutBigEndian32(std::string& out, std::uint32_t value);
void PutBigEndian64(std::string& out, std::uint64_t value);
void PutLittleEndian16(std::string& out, std::uint16_t value);
void PutLittleEndian32(std::string& out, std::uint32_t value);
void PutLittleEndian64(std::string& out, std::uint64_t value);
void PutLongVarint(std::string& out, std::uint64_t value);  // of any length
inline void PutVarint(std::string& out, std::uint64_t value) {
  // Mostly it is one byte.
  if (value < 0x80) {
    out.push_back(static_cast<char>(value));
  } else {
    PutLongVarint(out, value);
  }
}
inline void PutSignedVarint(std::string& out, std::int64_t value) {
  PutVarint(out,
            (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
}
// A varint length and the bytes.
void PutLengthPrefixed(std::string& out, std::string_view bytes);

// Reads a buffer front to back. Every read past the end, and every malformed varint, gives an empty
// result and leaves the reader where it was.
//
// Does not own the bytes: they must outlive the reader and every view it hands out.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  std::size_t offset() const { return offset_; }
  std::size_t remaining() const { return bytes_.size() - offset_; }
  bool empty() const { return remaining() == 0; }
  std::string_view rest() const { return bytes_.substr(offset_); }

  // Inline, as those of varints: the heads of pages and records are read so.
  std::optional<std::uint8_t> ReadByte() {
    if (empty()) return std::nullopt;
    return static_cast<std::uint8_t>(bytes_[offset_++]);
  }
  std::optional<std::uint16_t> ReadBigEndian16();
  std::optional<std::uint32_t> ReadBigEndian32();
  std::optional<std::uint64_t> ReadBigEndian64();
  std::optional<std::uint16_t> ReadLittleEndian16();
  std::optional<std::uint32_t> ReadLittleEndian32();
  std::optional<std::uint64_t> ReadLittleEndian64();
  std::optional<std::uint64_t> ReadVarint() {
    // Mostly it is one byte.
    if (!empty() && static_cast<std::uint8_t>(bytes_[offset_]) < 0x80) {
      return static_cast<std::uint8_t>(bytes_[offset_++]);
    }
    return ReadLongVarint();
  }
  std::optional<std::int64_t> ReadSignedVarint() {
    const auto coded = ReadVarint();
    if (!coded) return std::nullopt;
    return static_cast<std::int64_t>(*coded >> 1) ^ -static_cast<std::int64_t>(*coded & 1);
  }
  std::optional<std::string_view> ReadBytes(std::size_t size) {
    if (remaining() < size) return std::nullopt;
    const std::string_view bytes = bytes_.substr(offset_, size);
    offset_ += size;
    return bytes;
  }
  std::optional<std::string_view> ReadLengthPrefixed() {
    const std::size_t start = offset_;
    const auto size = ReadVarint();
    if (size && *size <= remaining()) return ReadBytes(static_cast<std::size_t>(*size));
    offset_ = start;
    return std::nullopt;
  }

 private:
  std::optional<std::uint64_t> ReadLongVarint();

  std::string_view bytes_;
  std::size_t offset_ = 0;
};

// Bytes of a text and back, without a copy.
inline std::span<const std::byte> AsBytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}
inline std::string_view AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace narthex
