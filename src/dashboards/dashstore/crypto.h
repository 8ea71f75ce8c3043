// Passwords, tokens and sealed secrets (libsodium).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "dashstore/random.h"

namespace narthex::dashstore {

// argon2id with its parameters and salt in the text. About 20 ms and 19 MiB while it runs.
// Source: OWASP Password Storage Cheat Sheet (m=19 MiB, t=2, p=1); RFC 9106.
Result<std::string> HashPassword(std::string_view password);
bool VerifyPassword(std::string_view hash, std::string_view password);

// BLAKE2b-256, hexadecimal: what stands in the database for a session's token.
std::string HashToken(std::string_view token);

// Seals and opens the secrets of data sources with the key of one file. Immutable, thread-safe.
class SecretBox {
 public:
  // Reads the key, or makes one (mode 0600) if the file is not there.
  //
  // Errors: kCorruption  the file holds no key; kPermissionDenied, kNoSpace, kIo
  static Result<std::unique_ptr<SecretBox>> Open(const std::string& key_path);
  ~SecretBox();

  // Nonce and ciphertext, hexadecimal.
  std::string Seal(std::string_view secret) const;
  // Errors: kCorruption  sealed with another key, or damaged
  Result<std::string> Unseal(std::string_view sealed) const;

 private:
  explicit SecretBox(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

}  // namespace narthex::dashstore
