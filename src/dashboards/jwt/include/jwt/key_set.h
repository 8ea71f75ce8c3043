// The keys that tokens are signed with.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "jwt/token.h"

namespace narthex::jwt {

class Key;

// A value type; copies share the keys, which nothing changes any more. Thread-safe.
class KeySet {
 public:
  static constexpr std::size_t kTextSizeBytesMax = 1u << 20;
  static constexpr std::size_t kKeyCountMax = 1000;

  // No key: verifies nothing.
  KeySet() = default;

  // A JWK set. Keys that cannot verify (for encryption, of other kinds, too short) are left out.
  // Errors: kInvalidArgument    no JWK set, or no key in it can verify; the message says of the
  //                             first one why
  //         kResourceExhausted  one of the limits above
  // Source: RFC 7517, RFC 7518 section 6, RFC 8037.
  static Result<KeySet> ParseJwkSet(std::string_view text);

  // The first block of a PEM file: "PUBLIC KEY", "RSA PUBLIC KEY", or a private key, of which the
  // public half is taken: "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY".
  // `key_id`: what tokens that it signs call it; empty: they call it nothing.
  // Errors: kInvalidArgument, kResourceExhausted  as above
  static Result<KeySet> ParsePem(std::string_view text, std::string key_id);

  // Whether one of the keys that the token names signed it. A token without a key's name is tried
  // with the keys without one.
  // Errors: kUnauthenticated  none did
  Status Verify(const Token& token) const;

  std::size_t size() const { return keys_.size(); }

 private:
  std::vector<std::shared_ptr<const Key>> keys_;  // shared by copies
};

}  // namespace narthex::jwt
