// Tokens signed in the test, and what no key signed.
#include "jwt/key_set.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

#include "signer.h"

namespace narthex::jwt {
namespace {

constexpr std::string_view kClaims = R"({"sub":"ann"})";

const Signer& RsaKey() {
  static const Signer kSigner = Signer::Rsa();
  return kSigner;
}

KeySet Keys(std::string_view text) {
  auto keys = KeySet::ParseJwkSet(text);
  EXPECT_TRUE(keys.ok()) << keys.error().message();
  return keys.ok() ? *std::move(keys) : KeySet();
}

bool Verifies(const KeySet& keys, const std::string& text) {
  const auto token = ParseToken(text);
  if (!token.ok()) return false;
  const Status status = keys.Verify(*token);
  EXPECT_TRUE(status.ok() || status.code() == ErrorCode::kUnauthenticated);
  return status.ok();
}

struct Kind {
  std::string name;
  Signer signer;
  std::vector<std::string> algorithms;
};

std::vector<Kind> Kinds() {
  std::vector<Kind> kinds;
  kinds.push_back({"RSA", Signer::Rsa(), {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}});
  kinds.push_back({"P-256", Signer::Curve("P-256"), {"ES256"}});
  kinds.push_back({"P-384", Signer::Curve("P-384"), {"ES384"}});
  kinds.push_back({"P-521", Signer::Curve("P-521"), {"ES512"}});
  kinds.push_back({"Ed25519", Signer::Edwards(), {"EdDSA"}});
  kinds.push_back({"secret", Signer::Secret(std::string(64, 's')), {"HS256", "HS384", "HS512"}});
  return kinds;
}

TEST(KeySet, VerifiesWhatItsKeySignedAndNothingElse) {
  const std::vector<Kind> kinds = Kinds();
  for (const Kind& kind : kinds) {
    const KeySet keys = Keys(kind.signer.JwkSet());
    for (const std::string& algorithm : kind.algorithms) {
      SCOPED_TRACE(kind.name + " " + algorithm);
      const std::string text = kind.signer.Sign(algorithm, kClaims);
      EXPECT_TRUE(Verifies(keys, text));
      const std::string other = kind.signer.Sign(algorithm, R"({"sub":"eve"})");
      const std::string mixed = other.substr(0, other.rfind('.')) + text.substr(text.rfind('.'));
      EXPECT_FALSE(Verifies(keys, mixed));
      EXPECT_FALSE(Verifies(keys, text.substr(0, text.rfind('.') + 1)));
      EXPECT_FALSE(Verifies(keys, text + "AAAA"));
    }
    // The same kind, another key.
    for (const Kind& other : kinds) {
      if (other.name == kind.name) continue;
      for (const std::string& algorithm : other.algorithms) {
        SCOPED_TRACE(kind.name + " against " + algorithm);
        EXPECT_FALSE(Verifies(keys, other.signer.Sign(algorithm, kClaims)));
      }
    }
  }
  EXPECT_FALSE(Verifies(Keys(Signer::Rsa().JwkSet()), RsaKey().Sign("RS256", kClaims)));
}

TEST(KeySet, TheKeyDecidesOnTheAlgorithm) {
  // The public key is known to all: as a secret it would be anybody's signature.
  const auto pem = KeySet::ParsePem(RsaKey().PublicPem(), "");
  ASSERT_TRUE(pem.ok());
  EXPECT_FALSE(Verifies(*pem, Signer::Secret(RsaKey().PublicPem()).Sign("HS256", kClaims)));
  const KeySet jwk = Keys(RsaKey().JwkSet());
  EXPECT_FALSE(Verifies(jwk, Signer::Secret(RsaKey().Jwk()).Sign("HS256", kClaims)));
  EXPECT_FALSE(Verifies(jwk, Signer::Secret("").Sign("HS256", kClaims)));
  EXPECT_FALSE(Verifies(jwk, RsaKey().Sign("none", kClaims)));
  // A curve has one hash, whatever the token says.
  const Signer curve = Signer::Curve("P-256");
  EXPECT_TRUE(Verifies(Keys(curve.JwkSet()), curve.Sign("ES256", kClaims)));
  EXPECT_FALSE(Verifies(Keys(curve.JwkSet()), curve.Sign("ES384", kClaims)));
  // Named for one algorithm, a key takes no other one of its kind.
  const KeySet only = Keys(RsaKey().JwkSet(R"(,"alg":"RS256")"));
  EXPECT_TRUE(Verifies(only, RsaKey().Sign("RS256", kClaims)));
  EXPECT_FALSE(Verifies(only, RsaKey().Sign("RS512", kClaims)));
  EXPECT_FALSE(Verifies(only, RsaKey().Sign("PS256", kClaims)));
}

TEST(KeySet, KeysInsideATokenAreNotLookedAt) {
  const Signer eve = Signer::Curve("P-256");
  const KeySet keys = Keys(RsaKey().JwkSet());
  EXPECT_FALSE(Verifies(keys, eve.Sign("ES256", kClaims, fmt::format(R"(,"jwk":{})", eve.Jwk()))));
  EXPECT_FALSE(Verifies(keys, eve.Sign("ES256", kClaims, R"(,"jku":"https://eve.example/keys")")));
}

TEST(KeySet, ATokenIsHeldAgainstTheKeyThatItNames) {
  const Signer a = Signer::Curve("P-256");
  const Signer b = Signer::Curve("P-256");
  const KeySet keys =
      Keys(fmt::format(R"({{"keys":[{},{}]}})", a.Jwk(R"(,"kid":"a")"), b.Jwk(R"(,"kid":"b")")));
  EXPECT_EQ(keys.size(), 2u);
  EXPECT_TRUE(Verifies(keys, a.Sign("ES256", kClaims, R"(,"kid":"a")")));
  EXPECT_TRUE(Verifies(keys, b.Sign("ES256", kClaims, R"(,"kid":"b")")));
  EXPECT_FALSE(Verifies(keys, a.Sign("ES256", kClaims, R"(,"kid":"b")")));
  EXPECT_FALSE(Verifies(keys, a.Sign("ES256", kClaims, R"(,"kid":"c")")));
  EXPECT_FALSE(Verifies(keys, a.Sign("ES256", kClaims)));
  // Keys without a name, of which a token may be any one's.
  const KeySet unnamed = Keys(fmt::format(R"({{"keys":[{},{}]}})", a.Jwk(), b.Jwk()));
  EXPECT_TRUE(Verifies(unnamed, b.Sign("ES256", kClaims)));
  EXPECT_FALSE(Verifies(unnamed, b.Sign("ES256", kClaims, R"(,"kid":"b")")));
  EXPECT_EQ(keys.Verify(*ParseToken(a.Sign("ES256", kClaims))).error().message(),
            "the token names a key that is not known");
  EXPECT_EQ(KeySet().Verify(*ParseToken(a.Sign("ES256", kClaims))).code(),
            ErrorCode::kUnauthenticated);
}

TEST(KeySet, ReadsPemInAllItsForms) {
  const Signer curve = Signer::Curve("P-384");
  const Signer edwards = Signer::Edwards();
  const struct {
    std::string pem;
    const Signer& signer;
    std::string algorithm;
  } cases[] = {{RsaKey().PublicPem(), RsaKey(), "RS256"},
               {RsaKey().PrivatePem(), RsaKey(), "PS512"},
               {RsaKey().TraditionalPem(), RsaKey(), "RS384"},
               {RsaKey().RsaPublicPem(), RsaKey(), "RS256"},
               {curve.PublicPem(), curve, "ES384"},
               {curve.TraditionalPem(), curve, "ES384"},
               {edwards.PublicPem(), edwards, "EdDSA"},
               {edwards.PrivatePem(), edwards, "EdDSA"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.pem.substr(0, c.pem.find('\n')) + " " + c.algorithm);
    const auto keys = KeySet::ParsePem("some text before it\n" + c.pem, "k");
    ASSERT_TRUE(keys.ok()) << keys.error().message();
    EXPECT_TRUE(Verifies(*keys, c.signer.Sign(c.algorithm, kClaims, R"(,"kid":"k")")));
    EXPECT_FALSE(Verifies(*keys, c.signer.Sign(c.algorithm, kClaims)));
  }
}

TEST(KeySet, RefusesPemThatCannotVerify) {
  const std::string whole = RsaKey().PublicPem();
  const struct {
    std::string pem;
    std::string want;
  } cases[] = {
      {"", "there is no block in PEM"},
      {"secret", "there is no block in PEM"},
      {whole.substr(0, whole.size() / 2), "there is no block in PEM"},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
       "a block 'CERTIFICATE' in PEM is no key"},
      {"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
       "the block in PEM holds no key of its name"},
      {Signer::Rsa(1024).PublicPem(), "RSA of 1024 bits, not 2048 to 16384"},
      {Signer::Curve("secp256k1").PublicPem(), "it is not RSA, Ed25519, P-256, P-384 or P-521"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.pem);
    const auto keys = KeySet::ParsePem(c.pem, "");
    ASSERT_FALSE(keys.ok());
    EXPECT_EQ(keys.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(keys.error().message(), "the key cannot verify: " + c.want);
  }
  EXPECT_EQ(KeySet::ParsePem(std::string(KeySet::kTextSizeBytesMax + 1, 'x'), "").code(),
            ErrorCode::kResourceExhausted);
}

TEST(KeySet, RefusesKeysThatCannotVerify) {
  const std::string rsa = RsaKey().Jwk();
  const std::string zeros(43, 'A');
  const struct {
    std::string jwk;
    std::string want;
  } cases[] = {
      {"7", "its type is not RSA, EC, OKP or oct"},
      {R"({"kty":"X"})", "its type is not RSA, EC, OKP or oct"},
      {RsaKey().Jwk(R"(,"use":"enc")"), "it is not for signatures"},
      {RsaKey().Jwk(R"(,"key_ops":["encrypt"])"), "it is not for signatures"},
      {R"({"kty":"RSA","n":"","e":"AQAB"})", "its modulus or exponent is missing or malformed"},
      {R"({"kty":"RSA","e":"AQAB"})", "its modulus or exponent is missing or malformed"},
      {R"({"kty":"RSA","n":"!","e":"AQAB"})", "its modulus or exponent is missing or malformed"},
      {R"({"kty":"RSA","n":"AAAA","e":"AQAB"})", "its modulus or exponent is none of RSA"},
      {rsa.substr(0, rsa.rfind("\"e\"")) + R"("e":"AQ"})",
       "its modulus or exponent is none of RSA"},
      {rsa.substr(0, rsa.rfind("\"e\"")) + R"("e":"AQAA"})",
       "its modulus or exponent is none of RSA"},
      {Signer::Rsa(1024).Jwk(), "RSA of 1024 bits, not 2048 to 16384"},
      {R"({"kty":"EC","crv":"P-224"})", "its curve is not P-256, P-384 or P-521"},
      {R"({"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"})",
       "its point is missing or not of the size of its curve"},
      {fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{0}","y":"{0}"}})", zeros),
       "its numbers make no key"},
      {R"({"kty":"OKP","crv":"X25519"})", "its curve is not Ed25519"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})", "its point is missing or not of 32 bytes"},
      {R"({"kty":"oct","k":"c2hvcnQ"})", "its secret is missing, malformed or too short"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.jwk);
    const auto keys = KeySet::ParseJwkSet(R"({"keys":[)" + c.jwk + "]}");
    ASSERT_FALSE(keys.ok());
    EXPECT_EQ(keys.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(keys.error().message(),
              "the first key of the JWK set: the key cannot verify: " + c.want);
    // Beside one that can, it is passed over.
    EXPECT_EQ(Keys(R"({"keys":[)" + c.jwk + "," + rsa + "]}").size(), 1u);
  }
}

TEST(KeySet, ASecretIsAsLongAsTheHash) {
  const Signer secret = Signer::Secret(std::string(48, 'k'));
  const KeySet keys = Keys(secret.JwkSet());
  EXPECT_TRUE(Verifies(keys, secret.Sign("HS256", kClaims)));
  EXPECT_TRUE(Verifies(keys, secret.Sign("HS384", kClaims)));
  EXPECT_FALSE(Verifies(keys, secret.Sign("HS512", kClaims)));
}

TEST(KeySet, ASetIsASetOfKeysAndLimited) {
  const struct {
    std::string text;
    ErrorCode want;
  } cases[] = {{"", ErrorCode::kInvalidArgument},
               {"[]", ErrorCode::kInvalidArgument},
               {"{}", ErrorCode::kInvalidArgument},
               {R"({"keys":{}})", ErrorCode::kInvalidArgument},
               {R"({"keys":[]})", ErrorCode::kInvalidArgument},
               {R"({"keys":[)" + std::string(100, '[') + std::string(100, ']') + "]}",
                ErrorCode::kResourceExhausted},
               {std::string(KeySet::kTextSizeBytesMax + 1, ' '), ErrorCode::kResourceExhausted}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text.substr(0, 60));
    EXPECT_EQ(KeySet::ParseJwkSet(c.text).code(), c.want);
  }
  std::string many = R"({"keys":[0)";
  for (std::size_t i = 0; i < KeySet::kKeyCountMax; ++i) many += ",0";
  EXPECT_EQ(KeySet::ParseJwkSet(many + "]}").code(), ErrorCode::kResourceExhausted);
}

}  // namespace
}  // namespace narthex::jwt
