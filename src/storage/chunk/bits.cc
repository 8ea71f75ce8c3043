#include "bits.h"

namespace narthex::chunk {

void Pack(std::span<const std::uint64_t> codes, unsigned width, std::string& out) {
  if (width == 0) return;
  const std::size_t start = out.size();
  const std::size_t size = PackedSize(codes.size(), width);
  // Room for the last whole word.
  out.resize(start + size + sizeof(std::uint64_t));
  char* at = out.data() + start;
  const std::uint64_t mask = LowBits(width);
  std::uint64_t word = 0;
  unsigned filled = 0;
  for (const std::uint64_t code : codes) {
    const std::uint64_t cut = code & mask;
    word |= cut << filled;
    filled += width;
    if (filled < 64) continue;
    StoreLittleEndian64(at, word);
    at += sizeof(word);
    filled -= 64;
    // What did not fit: the upper `filled` bits of the code.
    word = filled == 0 ? 0 : cut >> (width - filled);
  }
  StoreLittleEndian64(at, word);
  out.resize(start + size);
}

}  // namespace narthex::chunk
