// What a key is made of, read from where it is written.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "algorithm.h"
#include "base/result.h"
#include "json/value.h"
#include "key.h"

namespace narthex::jwt {

struct KeyMaterial {
  KeyKind kind = KeyKind::kSecret;
  KeyPtr key;          // public; null for a secret
  std::string secret;  // empty but for a secret
};

// Errors: kInvalidArgument  of another kind, malformed, too weak, or not for signatures
Result<KeyMaterial> ReadJwk(const json::Value& jwk);
Result<KeyMaterial> ReadPem(std::string_view text);

// Of a point of the curve, and of each number of its signatures; 0 for what is no curve's.
std::size_t CoordinateSizeBytes(KeyKind kind);

}  // namespace narthex::jwt
