// A signed token as its parts.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace narthex::jwt {

enum class Algorithm {
  kHs256,
  kHs384,
  kHs512,
  kRs256,
  kRs384,
  kRs512,
  kPs256,
  kPs384,
  kPs512,
  kEs256,
  kEs384,
  kEs512,
  kEdDsa,
};

// Longer ones do not fit beside the rest of a request's headers.
inline constexpr std::size_t kTokenSizeBytesMax = 48u << 10;

// What a token says. Whoever made it, it may be a lie until KeySet::Verify has said otherwise.
struct Token {
  Algorithm algorithm = Algorithm::kRs256;
  std::string key_id;       // empty if it names none
  json::Value claims;       // an object
  std::string signed_text;  // what the signature is of
  std::string signature;
};

// Reads the compact serialisation; padding of its base64 is passed over.
//
// Errors: kInvalidArgument    not three parts, not base64url, not JSON objects, an algorithm that
// is
//                             not in Algorithm, extensions that must be understood (`crit`)
//         kResourceExhausted  larger than kTokenSizeBytesMax, nested too deeply
// Messages hold nothing of the token.
// Source: RFC 7515, sections 3.1 and 5.2; RFC 7519.
Result<Token> ParseToken(std::string_view text);

}  // namespace narthex::jwt
