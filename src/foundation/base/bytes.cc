#include "base/bytes.h"

#include <bit>
#include <cstring>

namespace narthex {
namespace {

template <typename T>
T Swap(T value) {
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
}

template <typename T>
T BigEndian(T value) {
  return std::endian::native == std::endian::big ? value : Swap(value);
}

template <typename T>
T LittleEndian(T value) {
  return std::endian::native == std::endian::little ? value : Swap(value);
}

template <typename T>
void Append(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <typename T>
std::optional<T> Load(std::string_view bytes, std::size_t& offset) {
  if (bytes.size() - offset < sizeof(T)) return std::nullopt;
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  offset += sizeof(T);
  return value;
}

template <typename T>
std::optional<T> LoadBigEndian(std::string_view bytes, std::size_t& offset) {
  const auto value = Load<T>(bytes, offset);
  return value ? std::optional<T>(BigEndian(*value)) : std::nullopt;
}

template <typename T>
std::optional<T> LoadLittleEndian(std::string_view bytes, std::size_t& offset) {
  const auto value = Load<T>(bytes, offset);
  return value ? std::optional<T>(LittleEndian(*value)) : std::nullopt;
}

}  // namespace

void PutBigEndian16(std::string& out, std::uint16_t value) { Append(out, BigEndian(value)); }
void PutBigEndian32(std::string& out, std::uint32_t value) { Append(out, BigEndian(value)); }
void PutBigEndian64(std::string& out, std::uint64_t value) { Append(out, BigEndian(value)); }
void PutLittleEndian16(std::string& out, std::uint16_t value) { Append(out, LittleEndian(value)); }
void PutLittleEndian32(std::string& out, std::uint32_t value) { Append(out, LittleEndian(value)); }
void PutLittleEndian64(std::string& out, std::uint64_t value) { Append(out, LittleEndian(value)); }

void PutLongVarint(std::string& out, std::uint64_t value) {
  char bytes[10];
  std::size_t size = 0;
  for (; value >= 0x80; value >>= 7) bytes[size++] = static_cast<char>(value | 0x80);
  bytes[size++] = static_cast<char>(value);
  out.append(bytes, size);
}

void PutLengthPrefixed(std::string& out, std::string_view bytes) {
  PutVarint(out, bytes.size());
  out.append(bytes);
}

std::optional<std::uint16_t> ByteReader::ReadBigEndian16() {
  return LoadBigEndian<std::uint16_t>(bytes_, offset_);
}
std::optional<std::uint32_t> ByteReader::ReadBigEndian32() {
  return LoadBigEndian<std::uint32_t>(bytes_, offset_);
}
std::optional<std::uint64_t> ByteReader::ReadBigEndian64() {
  return LoadBigEndian<std::uint64_t>(bytes_, offset_);
}
std::optional<std::uint16_t> ByteReader::ReadLittleEndian16() {
  return LoadLittleEndian<std::uint16_t>(bytes_, offset_);
}
std::optional<std::uint32_t> ByteReader::ReadLittleEndian32() {
  return LoadLittleEndian<std::uint32_t>(bytes_, offset_);
}
std::optional<std::uint64_t> ByteReader::ReadLittleEndian64() {
  return LoadLittleEndian<std::uint64_t>(bytes_, offset_);
}

std::optional<std::uint64_t> ByteReader::ReadLongVarint() {
  std::uint64_t value = 0;
  std::size_t at = offset_;
  for (int shift = 0; shift < 64; shift += 7) {
    if (at == bytes_.size()) return std::nullopt;
    const auto byte = static_cast<std::uint8_t>(bytes_[at++]);
    // The tenth byte has room for one bit only.
    if (shift == 63 && byte > 1) return std::nullopt;
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      offset_ = at;
      return value;
    }
  }
  return std::nullopt;
}

}  // namespace narthex
