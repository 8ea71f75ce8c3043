// Integers of one width, packed without gaps, lowest bit first: eight of width w take w bytes.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace narthex::chunk {

inline constexpr unsigned kPackedWidthMax = 64;

inline std::size_t PackedSize(std::size_t count, unsigned width) { return (count * width + 7) / 8; }

inline std::uint64_t LowBits(unsigned width) {
  return width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
}

inline std::uint64_t LoadLittleEndian64(const unsigned char* bytes) {
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof(word));
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

inline void StoreLittleEndian64(char* bytes, std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  std::memcpy(bytes, &word, sizeof(word));
}

// Appends `codes`, each below 2^width or cut to that, to `out`.
void Pack(std::span<const std::uint64_t> codes, unsigned width, std::string& out);

}  // namespace narthex::chunk
