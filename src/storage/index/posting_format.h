// The bytes of posting lists. Source: docs/formats/index.md, "Posting lists".
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace narthex::index {

// A token that no list holds has count 0.
struct Token {
  std::uint64_t gap = 0;    // to the id before, for each of the ids; the first counts from -1
  std::uint64_t count = 0;  // of ids
  std::size_t size = 0;     // of the token
};

// A varint of up to 33 bits at `offset`, which moves behind it; false if there is none.
inline bool TakeVarint(std::string_view bytes, std::size_t& offset, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 35 && offset < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[offset++]);
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

inline Token ReadTokenAt(std::string_view tokens, std::size_t offset) {
  Token token;
  std::size_t at = offset;
  std::uint64_t head = 0;
  if (!TakeVarint(tokens, at, head)) return {};
  token.gap = head >> 1;
  token.count = 1;
  if ((head & 1) != 0 && !TakeVarint(tokens, at, token.count)) return {};
  if (token.count > UINT32_MAX) return {};
  token.size = at - offset;
  return token;
}

// A token that stands `offset` bytes in; `base` is one more than the id before it.
struct Skip {
  std::uint64_t base = 0;
  std::uint32_t offset = 0;
};

inline constexpr std::size_t kSkipSize = 8;
// Tokens between two skips, in bytes: about what is read in the time a jump takes.
inline constexpr std::size_t kSkipDistance = 128;

// `i` must be in bounds.
inline std::uint32_t ReadWord(std::string_view words, std::size_t i) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(words.data()) + i * 4;
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

inline Skip ReadSkip(std::string_view skips, std::size_t i) {
  return {ReadWord(skips, i * 2), ReadWord(skips, i * 2 + 1)};
}

}  // namespace narthex::index
