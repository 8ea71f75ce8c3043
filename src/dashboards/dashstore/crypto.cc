#include "crypto.h"

#include <fmt/format.h>
#include <sodium.h>

#include <optional>

#include "base/check.h"
#include "dashstore/digest.h"
#include "io/file_system.h"

namespace narthex::dashstore {
namespace {

constexpr unsigned long long kPasswordOperations = 2;
constexpr std::size_t kPasswordMemoryBytes = 19u << 20;

void Initialise() {
  static const int result = sodium_init();
  NARTHEX_CHECK(result >= 0, "without random numbers there is no security");
}

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string ToHex(std::string_view bytes) {
  std::string hex(bytes.size() * 2 + 1, '\0');
  sodium_bin2hex(hex.data(), hex.size(), Bytes(bytes), bytes.size());
  hex.pop_back();
  return hex;
}

std::optional<std::string> FromHex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  std::size_t size = 0;
  const char* end = nullptr;
  if (sodium_hex2bin(Bytes(bytes), bytes.size(), hex.data(), hex.size(), nullptr, &size, &end) !=
          0 ||
      end != hex.data() + hex.size()) {
    return std::nullopt;
  }
  bytes.resize(size);
  return bytes;
}

std::string RandomBytes(std::size_t count) {
  Initialise();
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

}  // namespace

Result<std::string> HashPassword(std::string_view password) {
  Initialise();
  char hash[crypto_pwhash_STRBYTES];
  if (crypto_pwhash_str_alg(hash, password.data(), password.size(), kPasswordOperations,
                            kPasswordMemoryBytes, crypto_pwhash_ALG_ARGON2ID13) != 0) {
    return Error(ErrorCode::kResourceExhausted, "not enough memory to hash a password");
  }
  return std::string(hash);
}

bool VerifyPassword(std::string_view hash, std::string_view password) {
  Initialise();
  return crypto_pwhash_str_verify(std::string(hash).c_str(), password.data(), password.size()) == 0;
}

std::string RandomHex(std::size_t byte_count) { return ToHex(RandomBytes(byte_count)); }

std::string RandomUid() {
  Initialise();
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::string uid;
  for (int i = 0; i < 14; ++i) {
    uid.push_back(kAlphabet[randombytes_uniform(static_cast<std::uint32_t>(kAlphabet.size()))]);
  }
  return uid;
}

std::string HashToken(std::string_view token) {
  Initialise();
  std::string digest(crypto_generichash_BYTES, '\0');
  crypto_generichash(Bytes(digest), digest.size(), Bytes(token), token.size(), nullptr, 0);
  return ToHex(digest);
}

std::string Sha256Base64Url(std::string_view text) {
  std::string digest(crypto_hash_sha256_BYTES, '\0');
  crypto_hash_sha256(Bytes(digest), Bytes(text), text.size());
  constexpr int kVariant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string encoded(sodium_base64_encoded_len(digest.size(), kVariant), '\0');
  sodium_bin2base64(encoded.data(), encoded.size(), Bytes(digest), digest.size(), kVariant);
  encoded.pop_back();
  return encoded;
}

Result<std::unique_ptr<SecretBox>> SecretBox::Open(const std::string& key_path) {
  Initialise();
  io::FileSystem& files = io::SystemFiles();
  if (!io::Exists(files, key_path)) {
    NARTHEX_ASSIGN_OR_RETURN(auto file, files.Open(key_path, io::OpenMode::kCreatePrivate));
    NARTHEX_TRY(file->Append(RandomHex(crypto_secretbox_KEYBYTES) + "\n"));
    NARTHEX_TRY(file->Sync());
    NARTHEX_TRY(files.SyncDirectory(io::ParentPath(key_path)));
  }
  NARTHEX_ASSIGN_OR_RETURN(std::string text, io::ReadFile(files, key_path, 4096));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  std::optional<std::string> key = FromHex(text);
  if (!key || key->size() != crypto_secretbox_KEYBYTES) {
    return Error(
        ErrorCode::kCorruption,
        fmt::format("{}: this is no secret key: 64 hexadecimal digits were expected", key_path));
  }
  return std::unique_ptr<SecretBox>(new SecretBox(*std::move(key)));
}

SecretBox::~SecretBox() { sodium_memzero(key_.data(), key_.size()); }

std::string SecretBox::Seal(std::string_view secret) const {
  const std::string nonce = RandomBytes(crypto_secretbox_NONCEBYTES);
  std::string sealed(secret.size() + crypto_secretbox_MACBYTES, '\0');
  crypto_secretbox_easy(Bytes(sealed), Bytes(secret), secret.size(), Bytes(nonce), Bytes(key_));
  return ToHex(nonce + sealed);
}

Result<std::string> SecretBox::Unseal(std::string_view sealed) const {
  const Error damaged(
      ErrorCode::kCorruption,
      "a stored secret cannot be opened: it was sealed with another key or is damaged");
  const std::optional<std::string> bytes = FromHex(sealed);
  if (!bytes || bytes->size() < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
    return damaged;
  const std::string_view nonce = std::string_view(*bytes).substr(0, crypto_secretbox_NONCEBYTES);
  const std::string_view cipher = std::string_view(*bytes).substr(crypto_secretbox_NONCEBYTES);
  std::string secret(cipher.size() - crypto_secretbox_MACBYTES, '\0');
  if (crypto_secretbox_open_easy(Bytes(secret), Bytes(cipher), cipher.size(), Bytes(nonce),
                                 Bytes(key_)) != 0) {
    return damaged;
  }
  return secret;
}

}  // namespace narthex::dashstore
