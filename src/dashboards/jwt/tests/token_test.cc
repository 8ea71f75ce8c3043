#include "jwt/token.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "signer.h"

namespace narthex::jwt {
namespace {

std::string TokenOf(std::string_view header, std::string_view body, std::string_view end = "AAAA") {
  return fmt::format("{}.{}.{}", EncodeBase64Url(header), EncodeBase64Url(body), end);
}

TEST(Token, IsReadAsItsParts) {
  const std::string text =
      TokenOf(R"({"alg":"ES256","kid":"k1","typ":"JWT"})", R"({"sub":"ann","n":[1]})", "AQI_");
  const auto token = ParseToken(text);
  ASSERT_TRUE(token.ok()) << token.error().message();
  EXPECT_EQ(token->algorithm, Algorithm::kEs256);
  EXPECT_EQ(token->key_id, "k1");
  EXPECT_EQ(token->claims["sub"].AsString(), "ann");
  EXPECT_EQ(token->signature, "\x01\x02\x3F");
  EXPECT_EQ(token->signed_text, text.substr(0, text.rfind('.')));
  EXPECT_EQ(ParseToken(TokenOf(R"({"alg":"ES256"})", "{}"))->key_id, "");
}

TEST(Token, PaddingIsPassedOver) {
  const std::string text = TokenOf(R"({"alg":"HS256"})", R"({"a":1})", "AQ");
  std::string padded = text;
  padded.insert(padded.find('.'), "==");
  const auto token = ParseToken(padded + "==");
  ASSERT_TRUE(token.ok());
  EXPECT_EQ(token->signed_text, text.substr(0, text.rfind('.')));
}

TEST(Token, IsRefusedWithAReasonThatQuotesNothing) {
  const std::string header = R"({"alg":"RS256"})";
  const std::string part = EncodeBase64Url(header);
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"", "it does not have three parts"},
      {part + "." + part, "it does not have three parts"},
      {part + "." + part + "..", "it does not have three parts"},
      {"!." + part + ".AA", "its header is not base64url"},
      {"A." + part + ".AA", "its header is not base64url"},
      {part + ".a+/b.AA", "its body is not base64url"},
      {part + "." + part + ".A", "its signature is not base64url"},
      // Bits behind the last byte: two texts would be one token.
      {part + "." + part + ".AB", "its signature is not base64url"},
      {TokenOf("nonsense", "{}"), "its header is no JSON object"},
      {TokenOf("[]", "{}"), "its header is no JSON object"},
      {TokenOf(header, "[]"), "its body is no JSON object"},
      {TokenOf(header, "{}{}"), "its body is no JSON object"},
      {TokenOf("{}", "{}"), "its algorithm is not one of those that are verified"},
      {TokenOf(R"({"alg":"none"})", "{}", ""),
       "its algorithm is not one of those that are verified"},
      {TokenOf(R"({"alg":"None"})", "{}", ""),
       "its algorithm is not one of those that are verified"},
      {TokenOf(R"({"alg":"rs256"})", "{}"), "its algorithm is not one of those that are verified"},
      {TokenOf(R"({"alg":["RS256"]})", "{}"),
       "its algorithm is not one of those that are verified"},
      {TokenOf(R"({"alg":"RS256","crit":["exp"],"exp":1})", "{}"),
       "it has extensions that must be understood"},
      {TokenOf(R"({"alg":"RS256","crit":null})", "{}"),
       "it has extensions that must be understood"},
      {TokenOf(R"({"alg":"RS256","kid":7})", "{}"), "the name of its key is no text"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto token = ParseToken(c.text);
    ASSERT_FALSE(token.ok());
    EXPECT_EQ(token.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(token.error().message(), "the token is malformed: " + c.want);
  }
}

TEST(Token, SizeAndDepthAreLimited) {
  const std::string header = R"({"alg":"RS256"})";
  EXPECT_EQ(ParseToken(std::string(kTokenSizeBytesMax + 1, 'A')).code(),
            ErrorCode::kResourceExhausted);
  const auto nested = [](int depth) {
    return R"({"a":)" + std::string(static_cast<std::size_t>(depth), '[') +
           std::string(static_cast<std::size_t>(depth), ']') + "}";
  };
  EXPECT_TRUE(ParseToken(TokenOf(header, nested(31))).ok());
  EXPECT_EQ(ParseToken(TokenOf(header, nested(32))).code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(ParseToken(TokenOf(nested(5000), "{}")).code(), ErrorCode::kResourceExhausted);
}

TEST(Token, EveryTruncationAndFlippedBitIsRefusedOrAnother) {
  const std::string text = TokenOf(R"({"alg":"RS256","kid":"a"})", R"({"sub":"ann"})", "AQID");
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto token = ParseToken(text.substr(0, size));
    if (token.ok()) {
      EXPECT_NE(token->signature, "\1\2\3") << size;
    }
  }
  const auto whole = ParseToken(text);
  for (std::size_t i = 0; i < text.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = text;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      const auto token = ParseToken(flipped);
      if (!token.ok()) continue;
      EXPECT_TRUE(token->signed_text != whole->signed_text || token->signature != whole->signature)
          << i << " " << bit;
    }
  }
}

}  // namespace
}  // namespace narthex::jwt
