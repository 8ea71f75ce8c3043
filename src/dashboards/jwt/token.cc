#include "jwt/token.h"

#include <fmt/format.h>

#include <algorithm>

#include "algorithm.h"
#include "base64url.h"
#include "json/reader.h"

namespace narthex::jwt {
namespace {

Error Malformed(std::string_view what) {
  return {ErrorCode::kInvalidArgument, fmt::format("the token is malformed: {}", what)};
}

// Flat ones are usual; identity providers put lists of roles a few levels down.
constexpr json::Limits kLimits = {32, kTokenSizeBytesMax, 20'000};

Result<json::Value> ReadPart(std::string_view part, std::string_view name) {
  const auto text = DecodeBase64Url(part);
  if (!text) return Malformed(fmt::format("its {} is not base64url", name));
  Result<json::Value> object = json::Parse(*text, kLimits);
  if (object.code() == ErrorCode::kResourceExhausted) {
    return Error(ErrorCode::kResourceExhausted, fmt::format("the token's {} is too large", name));
  }
  if (!object.ok() || !object->is_object()) {
    return Malformed(fmt::format("its {} is no JSON object", name));
  }
  return object;
}

Status ReadHeader(const json::Value& header, Token& token) {
  const auto algorithm = ParseAlgorithm(header["alg"].AsString());
  if (!algorithm) return Malformed("its algorithm is not one of those that are verified");
  token.algorithm = *algorithm;
  if (header.Find("crit") != nullptr) return Malformed("it has extensions that must be understood");
  if (const json::Value* key_id = header.Find("kid")) {
    if (!key_id->is_string()) return Malformed("the name of its key is no text");
    token.key_id = key_id->AsString();
  }
  return Ok();
}

}  // namespace

Result<Token> ParseToken(std::string_view text) {
  if (text.size() > kTokenSizeBytesMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("the token is larger than {} bytes", kTokenSizeBytesMax));
  }
  std::string plain(text);
  std::erase(plain, '=');
  const std::size_t first = plain.find('.');
  const std::size_t second = first == std::string::npos ? first : plain.find('.', first + 1);
  if (second == std::string::npos || plain.find('.', second + 1) != std::string::npos) {
    return Malformed("it does not have three parts");
  }
  const std::string_view parts = plain;
  Token token;
  NARTHEX_ASSIGN_OR_RETURN(const json::Value header, ReadPart(parts.substr(0, first), "header"));
  NARTHEX_TRY(ReadHeader(header, token));
  NARTHEX_ASSIGN_OR_RETURN(token.claims,
                           ReadPart(parts.substr(first + 1, second - first - 1), "body"));
  auto signature = DecodeBase64Url(parts.substr(second + 1));
  if (!signature) return Malformed("its signature is not base64url");
  token.signature = *std::move(signature);
  token.signed_text = parts.substr(0, second);
  return token;
}

}  // namespace narthex::jwt
