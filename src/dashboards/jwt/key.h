// One key, and what it can verify.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "algorithm.h"
#include "base/result.h"
#include "json/value.h"
#include "jwt/token.h"

namespace narthex::jwt {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

// Immutable, hence thread-safe.
class Key {
 public:
  static constexpr int kRsaBitsMin = 2048;   // RFC 7518, section 3.3
  static constexpr int kRsaBitsMax = 16384;  // verifying takes time by the square of it

  // Errors: kInvalidArgument  it cannot verify; the message says why
  static Result<Key> FromJwk(const json::Value& jwk);
  static Result<Key> FromPem(std::string_view text, std::string key_id);

  const std::string& key_id() const { return key_id_; }
  // Whether it signed the token; false for an algorithm that is not this key's.
  bool Signed(const Token& token) const;

 private:
  Key(KeyKind kind, KeyPtr key) : kind_(kind), key_(std::move(key)) {}

  bool Takes(const AlgorithmTraits& traits) const;
  bool SignedBySecret(const AlgorithmTraits& traits, const Token& token) const;

  KeyKind kind_;
  KeyPtr key_;          // null for a secret
  std::string secret_;  // empty but for a secret
  std::string key_id_;
  std::optional<Algorithm> only_;  // the one that it is named for
};

}  // namespace narthex::jwt
