#include "key_material.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base64url.h"

namespace narthex::jwt {
namespace {

struct Free {
  void operator()(BIGNUM* number) const { BN_free(number); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(OSSL_PARAM* parameters) const { OSSL_PARAM_free(parameters); }
  void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

Error Unusable(std::string_view why) {
  return {ErrorCode::kInvalidArgument, fmt::format("the key cannot verify: {}", why)};
}

struct Curve {
  std::string_view name;     // in a JWK
  std::string_view openssl;  // there
  KeyKind kind;
  std::size_t coordinate_size_bytes;
};
constexpr Curve kCurves[] = {{"P-256", "prime256v1", KeyKind::kP256, 32},
                             {"P-384", "secp384r1", KeyKind::kP384, 48},
                             {"P-521", "secp521r1", KeyKind::kP521, 66}};

Result<KeyPtr> Build(const char* type, OSSL_PARAM_BLD* builder) {
  const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(builder));
  const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  const bool is_made =
      parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
  KeyPtr owned(key);
  ERR_clear_error();
  if (!is_made) return Unusable("its numbers make no key");
  return owned;
}

Result<KeyMaterial> CheckRsa(KeyPtr key) {
  const int bits = EVP_PKEY_get_bits(key.get());
  if (bits < Key::kRsaBitsMin || bits > Key::kRsaBitsMax) {
    return Unusable(
        fmt::format("RSA of {} bits, not {} to {}", bits, Key::kRsaBitsMin, Key::kRsaBitsMax));
  }
  return KeyMaterial{KeyKind::kRsa, std::move(key), {}};
}

Result<KeyMaterial> ReadRsa(const json::Value& jwk) {
  const auto modulus = DecodeBase64Url(jwk["n"].AsString());
  const auto exponent = DecodeBase64Url(jwk["e"].AsString());
  // Larger exponents make verifying slow and are nobody's.
  if (!modulus || !exponent || modulus->empty() || exponent->empty() || exponent->size() > 8 ||
      modulus->size() > Key::kRsaBitsMax / 8 + 1) {
    return Unusable("its modulus or exponent is missing or malformed");
  }
  const auto number = [](const std::string& bytes) {
    return Owned<BIGNUM>(BN_bin2bn(reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()), nullptr));
  };
  const Owned<BIGNUM> n = number(*modulus);
  const Owned<BIGNUM> e = number(*exponent);
  if (!BN_is_odd(n.get()) || !BN_is_odd(e.get()) || BN_is_one(e.get())) {
    return Unusable("its modulus or exponent is none of RSA");
  }
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  NARTHEX_ASSIGN_OR_RETURN(KeyPtr key, Build("RSA", builder.get()));
  return CheckRsa(std::move(key));
}

Result<KeyMaterial> ReadCurve(const json::Value& jwk) {
  const auto curve =
      std::find_if(std::begin(kCurves), std::end(kCurves),
                   [&jwk](const Curve& known) { return known.name == jwk["crv"].AsString(); });
  if (curve == std::end(kCurves)) return Unusable("its curve is not P-256, P-384 or P-521");
  const auto x = DecodeBase64Url(jwk["x"].AsString());
  const auto y = DecodeBase64Url(jwk["y"].AsString());
  const std::size_t size = curve->coordinate_size_bytes;
  if (!x || !y || x->size() != size || y->size() != size) {
    return Unusable("its point is missing or not of the size of its curve");
  }
  const std::string point = '\4' + *x + *y;  // uncompressed
  const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->openssl.data(),
                                  0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  // A point that is not on the curve makes no key.
  NARTHEX_ASSIGN_OR_RETURN(KeyPtr key, Build("EC", builder.get()));
  return KeyMaterial{curve->kind, std::move(key), {}};
}

Result<KeyMaterial> ReadEdwards(const json::Value& jwk) {
  if (jwk["crv"].AsString() != "Ed25519") return Unusable("its curve is not Ed25519");
  const auto x = DecodeBase64Url(jwk["x"].AsString());
  if (!x || x->size() != 32) return Unusable("its point is missing or not of 32 bytes");
  KeyPtr key(EVP_PKEY_new_raw_public_key(
      EVP_PKEY_ED25519, nullptr, reinterpret_cast<const unsigned char*>(x->data()), x->size()));
  if (key == nullptr) return Unusable("its point makes no key");
  return KeyMaterial{KeyKind::kEd25519, std::move(key), {}};
}

Result<KeyMaterial> ReadSecret(const json::Value& jwk) {
  auto secret = DecodeBase64Url(jwk["k"].AsString());
  if (!secret || secret->size() < TraitsOf(Algorithm::kHs256).hash_size_bytes) {
    return Unusable("its secret is missing, malformed or too short");
  }
  return KeyMaterial{KeyKind::kSecret, nullptr, *std::move(secret)};
}

bool IsForSignatures(const json::Value& jwk) {
  if (const json::Value* use = jwk.Find("use"); use != nullptr && use->AsString() != "sig") {
    return false;
  }
  const json::Value* operations = jwk.Find("key_ops");
  if (operations == nullptr) return true;
  return std::any_of(operations->items().begin(), operations->items().end(),
                     [](const json::Value& operation) { return operation.AsString() == "verify"; });
}

// What kind of key OpenSSL has read.
Result<KeyMaterial> Classify(KeyPtr key) {
  if (key == nullptr) return Unusable("the block in PEM holds no key of its name");
  if (EVP_PKEY_is_a(key.get(), "RSA") == 1) return CheckRsa(std::move(key));
  if (EVP_PKEY_is_a(key.get(), "ED25519") == 1) {
    return KeyMaterial{KeyKind::kEd25519, std::move(key), {}};
  }
  std::array<char, 80> group{};
  EVP_PKEY_get_group_name(key.get(), group.data(), group.size(), nullptr);
  for (const Curve& curve : kCurves) {
    if (curve.openssl == group.data()) return KeyMaterial{curve.kind, std::move(key), {}};
  }
  return Unusable("it is not RSA, Ed25519, P-256, P-384 or P-521");
}

KeyPtr ReadBlock(std::string_view name, const unsigned char* bytes, long size) {
  if (name == "PUBLIC KEY") return KeyPtr(d2i_PUBKEY(nullptr, &bytes, size));
  if (name == "RSA PUBLIC KEY") {
    return KeyPtr(d2i_PublicKey(EVP_PKEY_RSA, nullptr, &bytes, size));
  }
  if (name == "PRIVATE KEY") return KeyPtr(d2i_AutoPrivateKey(nullptr, &bytes, size));
  if (name == "RSA PRIVATE KEY") {
    return KeyPtr(d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &bytes, size));
  }
  return KeyPtr(d2i_PrivateKey(EVP_PKEY_EC, nullptr, &bytes, size));
}

constexpr std::string_view kBlocks[] = {"PUBLIC KEY", "RSA PUBLIC KEY", "PRIVATE KEY",
                                        "RSA PRIVATE KEY", "EC PRIVATE KEY"};

}  // namespace

std::size_t CoordinateSizeBytes(KeyKind kind) {
  for (const Curve& curve : kCurves) {
    if (curve.kind == kind) return curve.coordinate_size_bytes;
  }
  return 0;
}

Result<KeyMaterial> ReadJwk(const json::Value& jwk) {
  if (!IsForSignatures(jwk)) return Unusable("it is not for signatures");
  const std::string_view type = jwk["kty"].AsString();
  if (type == "RSA") return ReadRsa(jwk);
  if (type == "EC") return ReadCurve(jwk);
  if (type == "OKP") return ReadEdwards(jwk);
  if (type == "oct") return ReadSecret(jwk);
  return Unusable("its type is not RSA, EC, OKP or oct");
}

Result<KeyMaterial> ReadPem(std::string_view text) {
  const Owned<BIO> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;
  const bool is_read = PEM_read_bio(bio.get(), &name, &header, &bytes, &size) == 1;
  Result<KeyMaterial> material = Unusable("there is no block in PEM");
  if (is_read && std::find(std::begin(kBlocks), std::end(kBlocks), name) == std::end(kBlocks)) {
    material = Unusable(fmt::format("a block '{}' in PEM is no key", name));
  } else if (is_read) {
    material = Classify(ReadBlock(name, bytes, size));
  }
  OPENSSL_free(name);
  OPENSSL_free(header);
  if (bytes != nullptr) OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  ERR_clear_error();
  return material;
}

}  // namespace narthex::jwt
