#include "jwt/key_set.h"

#include <fmt/format.h>

#include "json/reader.h"
#include "key.h"

namespace narthex::jwt {

Result<KeySet> KeySet::ParseJwkSet(std::string_view text) {
  json::Limits limits;
  limits.depth_max = 32;
  limits.size_bytes_max = kTextSizeBytesMax;
  NARTHEX_ASSIGN_OR_RETURN(const json::Value set, json::Parse(text, limits));
  const json::Value& written = set["keys"];
  if (!written.is_array()) return Error(ErrorCode::kInvalidArgument, "this is no JWK set");
  if (written.size() > kKeyCountMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("a set of more than {} keys", kKeyCountMax));
  }
  KeySet keys;
  Error first(ErrorCode::kInvalidArgument, "the JWK set is empty");
  for (const json::Value& jwk : written.items()) {
    Result<Key> key = Key::FromJwk(jwk);
    if (key.ok()) {
      keys.keys_.push_back(std::make_shared<const Key>(*std::move(key)));
    } else if (&jwk == &written.items().front()) {
      first = std::move(key).error().Under("the first key of the JWK set");
    }
  }
  if (keys.keys_.empty()) return first;
  return keys;
}

Result<KeySet> KeySet::ParsePem(std::string_view text, std::string key_id) {
  if (text.size() > kTextSizeBytesMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("a key file of more than {} bytes", kTextSizeBytesMax));
  }
  NARTHEX_ASSIGN_OR_RETURN(Key key, Key::FromPem(text, std::move(key_id)));
  KeySet keys;
  keys.keys_.push_back(std::make_shared<const Key>(std::move(key)));
  return keys;
}

Status KeySet::Verify(const Token& token) const {
  bool is_named = false;
  for (const auto& key : keys_) {
    if (key->key_id() != token.key_id) continue;
    is_named = true;
    if (key->Signed(token)) return Ok();
  }
  return Error(ErrorCode::kUnauthenticated, is_named
                                                ? "the token is not signed by the key that it names"
                                                : "the token names a key that is not known");
}

}  // namespace narthex::jwt
