// Any bytes as a token, as a set of keys, as a key in PEM and as expected claims. A token is held
// against a set of every kind of key, none of which has signed anything.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "jwt/claim_rules.h"
#include "jwt/key_set.h"
#include "jwt/token.h"

namespace jwt = narthex::jwt;

namespace {

constexpr std::string_view kKeys = R"({"keys":[
{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
 "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"},
{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
{"kty":"RSA","e":"AQAB","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}]})";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const jwt::KeySet kSet = *jwt::KeySet::ParseJwkSet(kKeys);
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const auto token = jwt::ParseToken(text);
  if (token.ok()) {
    if (kSet.Verify(*token).ok()) __builtin_trap();
    (void)jwt::ClaimRules().Check(token->claims, 1'700'000'000'000).ok();
    (void)jwt::ExpiryOf(token->claims);
  }
  const auto keys = jwt::KeySet::ParseJwkSet(text);
  if (keys.ok() && keys->size() == 0) __builtin_trap();
  (void)jwt::KeySet::ParsePem(text, "").ok();
  (void)jwt::ClaimRules::Parse(text).ok();
  return 0;
}
