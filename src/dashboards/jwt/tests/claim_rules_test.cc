#include "jwt/claim_rules.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "json/reader.h"

namespace narthex::jwt {
namespace {

constexpr TimestampMs kNow = 1'700'000'000'000;

// Empty: the claims hold.
std::string FaultOf(std::string_view expected, std::string_view claims) {
  const auto rules = ClaimRules::Parse(expected);
  EXPECT_TRUE(rules.ok()) << rules.error().message();
  const Status status = rules->Check(*json::Parse(claims), kNow);
  if (status.ok()) return "";
  EXPECT_EQ(status.code(), ErrorCode::kUnauthenticated);
  return status.error().message();
}

TEST(ClaimRules, HoldOrNameTheClaim) {
  const struct {
    std::string expected;
    std::string claims;
    std::string want;
  } cases[] = {
      {"{}", "{}", ""},
      // Times, in seconds; a minute to either side is borne.
      {"{}", R"({"exp":1700000000})", ""},
      {"{}", R"({"exp":1699999940})", ""},
      {"{}", R"({"exp":1699999939})", "the claim 'exp' is over"},
      {"{}", R"({"exp":1699999939.5})", "the claim 'exp' is over"},
      {"{}", R"({"exp":0})", "the claim 'exp' is over"},
      {"{}", R"({"exp":-1e300})", "the claim 'exp' is over"},
      {"{}", R"({"exp":1e300})", ""},
      {"{}", R"({"exp":null})", ""},
      {"{}", R"({"exp":"1800000000"})", "the claim 'exp' is not a number"},
      {"{}", R"({"nbf":1700000060})", ""},
      {"{}", R"({"nbf":1700000061})", "the claim 'nbf' is still to come"},
      {"{}", R"({"nbf":true})", "the claim 'nbf' is not a number"},
      {"{}", R"({"iat":1700000060})", ""},
      {"{}", R"({"iat":1700000061})", "the claim 'iat' is in the future"},
      {"{}", R"({"iat":[]})", "the claim 'iat' is not a number"},
      // What is expected.
      {R"({"iss":"a"})", R"({"iss":"a"})", ""},
      {R"({"iss":"a"})", R"({"iss":"b"})", "the claim 'iss' is another than expected"},
      {R"({"iss":"a"})", "{}", "the claim 'iss' is another than expected"},
      {"{}", R"({"iss":1})", "the claim 'iss' is not a text"},
      {R"({"sub":"a"})", R"({"sub":"A"})", "the claim 'sub' is another than expected"},
      {"{}", R"({"sub":{}})", "the claim 'sub' is not a text"},
      {R"({"aud":"x"})", R"({"aud":"x"})", ""},
      {R"({"aud":"x"})", R"({"aud":["y","x"]})", ""},
      {R"({"aud":["x","z"]})", R"({"aud":["y","z"]})", ""},
      {R"({"aud":["x"]})", R"({"aud":"y"})", "the claim 'aud' is another than expected"},
      {R"({"aud":["x"]})", "{}", "the claim 'aud' is another than expected"},
      {R"({"aud":["x"]})", R"({"aud":[]})", "the claim 'aud' is another than expected"},
      {R"({"aud":[]})", R"({"aud":"y"})", ""},
      {"{}", R"({"aud":[1]})", "the claim 'aud' is neither a text nor a list of texts"},
      {"{}", R"({"aud":null})", "the claim 'aud' is neither a text nor a list of texts"},
      {R"({"team":"a","n":{"x":1,"y":[2]}})", R"({"n":{"y":[2.0],"x":1},"team":"a","more":1})", ""},
      {R"({"team":"a"})", R"({"team":["a"]})", "the claim 'team' is another than expected"},
      {R"({"team":null})", "{}", "the claim 'team' is missing"},
      {R"({"team":null})", R"({"team":null})", ""},
      {R"({"exp":5})", R"({"exp":1800000000})", "the claim 'exp' is another than expected"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.expected + " " + c.claims);
    EXPECT_EQ(FaultOf(c.expected, c.claims), c.want);
  }
}

TEST(ClaimRules, WrongExpectationsAreNamed) {
  const struct {
    std::string expected;
    std::string want;
  } cases[] = {{R"({"iss":1})", "'iss' is not a text"},
               {R"({"sub":null})", "'sub' is not a text"},
               {R"({"aud":1})", "'aud' is not a text or a list of texts"},
               {R"({"aud":["a",1]})", "'aud' is not a text or a list of texts"},
               {"[]", "no JSON object"}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.expected);
    const auto rules = ClaimRules::Parse(c.expected);
    ASSERT_FALSE(rules.ok());
    EXPECT_EQ(rules.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(rules.error().message(), c.want);
  }
  EXPECT_EQ(ClaimRules::Parse("{").code(), ErrorCode::kInvalidArgument);
}

TEST(ClaimRules, ATokenTellsItsEnd) {
  EXPECT_EQ(ExpiryOf(*json::Parse(R"({"exp":1700000000.25})")), 1'700'000'000'250);
  EXPECT_EQ(ExpiryOf(*json::Parse("{}")), std::nullopt);
  EXPECT_EQ(ExpiryOf(*json::Parse(R"({"exp":"x"})")), std::nullopt);
}

}  // namespace
}  // namespace narthex::jwt
