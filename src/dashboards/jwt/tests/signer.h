// Keys and tokens for tests, made when they run: none is kept anywhere.
#pragma once

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"

namespace narthex::jwt {

inline std::string EncodeBase64Url(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k) {
      bits = bits << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    }
    for (std::size_t k = 0; k <= count; ++k) text += kLetters[bits >> (18 - 6 * k) & 63];
  }
  return text;
}

// A private key, or a secret, that signs tokens.
class Signer {
 public:
  static Signer Rsa(unsigned bits = 2048) { return Signer(EVP_RSA_gen(bits)); }
  static Signer Curve(const char* name) { return Signer(EVP_EC_gen(name)); }
  static Signer Edwards() { return Signer(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")); }
  static Signer Secret(std::string secret) {
    Signer signer(nullptr);
    signer.secret_ = std::move(secret);
    return signer;
  }

  // The public half (of a secret: all of it) as a JWK; `more` is put behind it: `,"kid":"a"`.
  std::string Jwk(std::string_view more = "") const {
    if (key_ == nullptr) return R"({"kty":"oct","k":")" + Encoded(secret_) + '"' + Rest(more);
    if (EVP_PKEY_is_a(key_.get(), "RSA") == 1) {
      return R"({"kty":"RSA","n":")" + Number(OSSL_PKEY_PARAM_RSA_N) + R"(","e":")" +
             Number(OSSL_PKEY_PARAM_RSA_E) + '"' + Rest(more);
    }
    const std::string point = Point();
    if (EVP_PKEY_is_a(key_.get(), "ED25519") == 1) {
      return R"({"kty":"OKP","crv":"Ed25519","x":")" + Encoded(point) + '"' + Rest(more);
    }
    const std::size_t size = (point.size() - 1) / 2;
    const std::string_view curve = size == 32 ? "P-256" : size == 48 ? "P-384" : "P-521";
    return R"({"kty":"EC","crv":")" + std::string(curve) + R"(","x":")" +
           Encoded(point.substr(1, size)) + R"(","y":")" + Encoded(point.substr(1 + size)) + '"' +
           Rest(more);
  }

  std::string JwkSet(std::string_view more = "") const { return R"({"keys":[)" + Jwk(more) + "]}"; }

  std::string PublicPem() const {
    return Pem([this](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key_.get()); });
  }
  std::string PrivatePem() const {
    return Pem([this](BIO* bio) {
      return PEM_write_bio_PrivateKey(bio, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  // "RSA PRIVATE KEY", "EC PRIVATE KEY".
  std::string TraditionalPem() const {
    const char* name = EVP_PKEY_is_a(key_.get(), "RSA") == 1 ? "RSA PRIVATE KEY" : "EC PRIVATE KEY";
    return DerPem(name, i2d_PrivateKey);
  }
  std::string RsaPublicPem() const { return DerPem("RSA PUBLIC KEY", i2d_PublicKey); }

  // "RS256" and its like; of "none" the signature is empty.
  std::string Sign(std::string_view algorithm, std::string_view claims,
                   std::string_view more_header = "") const {
    const std::string text = EncodeBase64Url(R"({"alg":")" + std::string(algorithm) +
                                             R"(","typ":"JWT")" + Rest(more_header)) +
                             '.' + EncodeBase64Url(claims);
    return text + '.' + EncodeBase64Url(SignatureOf(algorithm, text));
  }

  std::string SignatureOf(std::string_view algorithm, std::string_view text) const {
    if (algorithm == "none") return {};
    const EVP_MD* hash = algorithm == "EdDSA"         ? nullptr
                         : algorithm.ends_with("256") ? EVP_sha256()
                         : algorithm.ends_with("384") ? EVP_sha384()
                                                      : EVP_sha512();
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (algorithm.starts_with("HS")) {
      std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
      unsigned size = 0;
      HMAC(hash, secret_.data(), static_cast<int>(secret_.size()), bytes, text.size(),
           digest.data(), &size);
      return std::string(reinterpret_cast<const char*>(digest.data()), size);
    }
    const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* parameters = nullptr;
    NARTHEX_CHECK(EVP_DigestSignInit(context.get(), &parameters, hash, nullptr, key_.get()) == 1,
                  "the key of a test fits its algorithm");
    if (algorithm.starts_with("PS")) {
      EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
    }
    std::size_t size = 0;
    EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size());
    std::string signature(size, '\0');
    EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size, bytes,
                   text.size());
    signature.resize(size);
    return algorithm.starts_with("ES") ? RawOf(signature) : signature;
  }

 private:
  struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
  };

  explicit Signer(EVP_PKEY* key) : key_(key) {}

  static std::string Encoded(const std::string& bytes) { return EncodeBase64Url(bytes); }
  static std::string Rest(std::string_view more) { return std::string(more) + '}'; }

  std::string Number(const char* name) const {
    BIGNUM* number = nullptr;
    NARTHEX_CHECK(EVP_PKEY_get_bn_param(key_.get(), name, &number) == 1, "RSA has that number");
    const std::unique_ptr<BIGNUM, Free> owned(number);
    std::string bytes(static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
    return EncodeBase64Url(bytes);
  }

  std::string Point() const {
    std::array<unsigned char, 256> bytes{};
    std::size_t size = bytes.size();
    if (EVP_PKEY_is_a(key_.get(), "ED25519") == 1) {
      EVP_PKEY_get_raw_public_key(key_.get(), bytes.data(), &size);
    } else {
      EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY, bytes.data(),
                                      bytes.size(), &size);
    }
    return std::string(reinterpret_cast<const char*>(bytes.data()), size);
  }

  std::string RawOf(const std::string& der) const {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const std::unique_ptr<ECDSA_SIG, Free> signature(
        d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
    const int size = (EVP_PKEY_get_bits(key_.get()) + 7) / 8;
    std::string raw(2 * static_cast<std::size_t>(size), '\0');
    auto* out = reinterpret_cast<unsigned char*>(raw.data());
    BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out, size);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out + size, size);
    return raw;
  }

  template <typename Write>
  static std::string Pem(const Write& write) {
    const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
    NARTHEX_CHECK(write(bio.get()) == 1, "the key of a test can be written");
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &bytes);
    return std::string(bytes, static_cast<std::size_t>(size));
  }

  // A block of what `encode` gives.
  std::string DerPem(const char* name, int (*encode)(const EVP_PKEY*, unsigned char**)) const {
    unsigned char* der = nullptr;
    const int size = encode(key_.get(), &der);
    const std::string pem =
        Pem([&](BIO* bio) { return PEM_write_bio(bio, name, "", der, size) > 0 ? 1 : 0; });
    OPENSSL_free(der);
    return pem;
  }

  std::unique_ptr<EVP_PKEY, Free> key_;  // null for a secret
  std::string secret_;
};

}  // namespace narthex::jwt
