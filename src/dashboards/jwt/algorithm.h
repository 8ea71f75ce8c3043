// What the algorithms are made of.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "jwt/token.h"

namespace narthex::jwt {

enum class KeyKind { kSecret, kRsa, kP256, kP384, kP521, kEd25519 };

struct AlgorithmTraits {
  std::string_view name;  // as tokens and keys write it
  Algorithm algorithm;
  KeyKind key_kind;
  std::string_view hash;        // of OpenSSL; empty: the algorithm has its own
  std::size_t hash_size_bytes;  // also of the shortest secret
  bool is_pss;
};

// Source: RFC 7518, section 3.1; RFC 8037, section 3.1.
const AlgorithmTraits& TraitsOf(Algorithm algorithm);
// Empty for "none" and all others that are not there.
std::optional<Algorithm> ParseAlgorithm(std::string_view name);

}  // namespace narthex::jwt
