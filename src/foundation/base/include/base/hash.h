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

}  // namespace narthex
