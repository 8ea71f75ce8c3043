#include "key.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/ecdsa.h>
#include <openssl/hmac.h>
#include <openssl/rsa.h>

#include <array>

#include "key_material.h"

namespace narthex::jwt {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

const unsigned char* BytesOf(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// Tokens hold the two numbers of an elliptic curve's signature side by side, OpenSSL wants them in
// DER. Empty if `raw` is not of the size of the curve.
std::string DerOf(std::string_view raw, std::size_t number_size_bytes) {
  if (raw.size() != 2 * number_size_bytes) return {};
  const std::unique_ptr<ECDSA_SIG, FreeSignature> signature(ECDSA_SIG_new());
  const int size = static_cast<int>(number_size_bytes);
  BIGNUM* r = BN_bin2bn(BytesOf(raw), size, nullptr);
  BIGNUM* s = BN_bin2bn(BytesOf(raw.substr(number_size_bytes)), size, nullptr);
  ECDSA_SIG_set0(signature.get(), r, s);  // which owns both from here on
  unsigned char* der = nullptr;
  const int der_size = i2d_ECDSA_SIG(signature.get(), &der);
  if (der_size <= 0) return {};
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(der_size));
  OPENSSL_free(der);
  return text;
}

}  // namespace

Result<Key> Key::FromJwk(const json::Value& jwk) {
  NARTHEX_ASSIGN_OR_RETURN(KeyMaterial material, ReadJwk(jwk));
  Key key(material.kind, std::move(material.key));
  key.secret_ = std::move(material.secret);
  key.key_id_ = jwk["kid"].AsString();
  if (const json::Value* name = jwk.Find("alg")) {
    key.only_ = ParseAlgorithm(name->AsString());
    if (!key.only_ || TraitsOf(*key.only_).key_kind != key.kind_) {
      return Error(ErrorCode::kInvalidArgument, "the key is for another algorithm");
    }
  }
  return key;
}

Result<Key> Key::FromPem(std::string_view text, std::string key_id) {
  NARTHEX_ASSIGN_OR_RETURN(KeyMaterial material, ReadPem(text));
  Key key(material.kind, std::move(material.key));
  key.key_id_ = std::move(key_id);
  return key;
}

bool Key::Takes(const AlgorithmTraits& traits) const {
  if (only_ && *only_ != traits.algorithm) return false;
  return traits.key_kind == kind_;
}

bool Key::SignedBySecret(const AlgorithmTraits& traits, const Token& token) const {
  if (secret_.size() < traits.hash_size_bytes) return false;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_get_digestbyname(traits.hash.data()), secret_.data(), static_cast<int>(secret_.size()),
       BytesOf(token.signed_text), token.signed_text.size(), digest.data(), &size);
  return size == token.signature.size() &&
         CRYPTO_memcmp(digest.data(), token.signature.data(), size) == 0;
}

bool Key::Signed(const Token& token) const {
  const AlgorithmTraits& traits = TraitsOf(token.algorithm);
  if (!Takes(traits)) return false;
  if (kind_ == KeyKind::kSecret) return SignedBySecret(traits, token);

  std::string signature = token.signature;
  if (const std::size_t size = CoordinateSizeBytes(kind_); size > 0) {
    signature = DerOf(signature, size);
    if (signature.empty()) return false;
  }
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  const EVP_MD* hash = traits.hash.empty() ? nullptr : EVP_get_digestbyname(traits.hash.data());
  EVP_PKEY_CTX* parameters = nullptr;  // the context's
  if (EVP_DigestVerifyInit(context.get(), &parameters, hash, nullptr, key_.get()) != 1)
    return false;
  if (traits.is_pss &&
      (EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) != 1 ||
       // RFC 7518, section 3.5: of the size of the hash.
       EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) != 1)) {
    return false;
  }
  return EVP_DigestVerify(context.get(), BytesOf(signature), signature.size(),
                          BytesOf(token.signed_text), token.signed_text.size()) == 1;
}

}  // namespace narthex::jwt
