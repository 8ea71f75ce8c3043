// Checksums and hashes.
#pragma once

#include <cstdint>
#include <string_view>

namespace narthex {

// CRC-32C (Castagnoli, RFC 3720 B.4) of `bytes`; pass the last result as `crc` to go on with it.
std::uint32_t Crc32c(std::string_view bytes, std::uint32_t crc = 0);

// xxHash64 with `seed`; stable over machines and versions.
// Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
std::uint64_t Hash64(std::string_view bytes, std::uint64_t seed = 0);

struct Hash128Value {
  std::uint64_t low = 0;
  std::uint64_t high = 0;

  friend bool operator==(const Hash128Value&, const Hash128Value&) = default;
};

// XXH3 with 128 bits and `seed`: two texts that differ have different hashes as far as chance goes;
// no defence against texts made to collide. Stable over machines and versions.
Hash128Value Hash128(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace narthex
