// What expressions give: cases in testdata/expressions.json, and what takes more than a case.
#include "jmespath/expression.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "json/reader.h"

namespace narthex::jmespath {
namespace {

json::Value Parsed(std::string_view text) {
  Result<json::Value> value = json::Parse(text);
  EXPECT_TRUE(value.ok()) << text;
  return value.ok() ? *std::move(value) : json::Value();
}

Result<json::Value> Search(std::string_view expression, const json::Value& document) {
  NARTHEX_ASSIGN_OR_RETURN(const Expression read, Expression::Parse(expression));
  return read.Search(document);
}

TEST(Expression, GivesWhatTheCasesSay) {
  std::ifstream in(NARTHEX_TESTDATA "/expressions.json");
  std::ostringstream text;
  text << in.rdbuf();
  int count = 0;
  const json::Value groups = Parsed(text.str());
  for (const json::Value& group : groups.items()) {
    for (const json::Value& c : group["cases"].items()) {
      SCOPED_TRACE(c["expression"].AsString());
      ++count;
      const auto result = Search(c["expression"].AsString(), group["given"]);
      if (c["error"].AsBool().value_or(false)) {
        EXPECT_EQ(result.code(), ErrorCode::kInvalidArgument);
      } else if (result.ok()) {
        EXPECT_TRUE(json::MeansTheSame(*result, c["result"])) << json::Print(*result);
      } else {
        ADD_FAILURE() << result.error().message();
      }
    }
  }
  EXPECT_GE(count, 130);
}

TEST(Expression, NamesThePlaceOfAFault) {
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"", "unexpected end at 1"},
      {"a.", "unexpected end at 3"},
      {"a..b", "this does not belong here at 3"},
      {"a b", "this does not belong here at 3"},
      {"a[", "unexpected end at 3"},
      {"a[b]", "this does not belong here at 3"},
      {"a[0", "unexpected end at 4"},
      {"a[1:2:3:4]", "this does not belong here at 9"},
      {"a[1 2]", "this does not belong here at 5"},
      {"a[99999999999999999999]", "expected a whole number at 3"},
      {"-", "expected a whole number at 1"},
      {"a[?b", "unexpected end at 5"},
      {"{a: b", "unexpected end at 6"},
      {"{a b}", "this does not belong here at 4"},
      {"{1: b}", "this does not belong here at 2"},
      {"[a,]", "this does not belong here at 4"},
      {"(a", "unexpected end at 3"},
      {"f(a", "unexpected end at 4"},
      {"a.b(c)(d)", "this does not belong here at 7"},
      {"\"f\"(a)", "this does not belong here at 4"},
      {"a *", "this does not belong here at 3"},
      {"a = b", "unexpected '=' at 3"},
      {"a # b", "unexpected '#' at 3"},
      {"'a", "there is no closing ' at 1"},
      {"`{`", "expected JSON between the backticks before this at 4"},
      {"\"\\x\"", "expected a name in quotes before this at 5"},
      {"*.", "unexpected end at 3"},
      {"a[*]b", "this does not belong here at 5"},
      {"!", "unexpected end at 2"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto read = Expression::Parse(c.text);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(read.error().message(), c.want);
  }
}

std::string Repeated(std::string_view text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

TEST(Expression, HoldsItsLimits) {
  EXPECT_TRUE(Expression::Parse(Repeated("(", 60) + "a" + Repeated(")", 60)).ok());
  EXPECT_EQ(Expression::Parse(Repeated("(", 64) + "a" + Repeated(")", 64)).code(),
            ErrorCode::kResourceExhausted);
  EXPECT_EQ(Expression::Parse(Repeated("!", 8000) + "a").code(), ErrorCode::kResourceExhausted);
  EXPECT_TRUE(Expression::Parse("a" + Repeated(".a", 255)).ok());
  EXPECT_EQ(Expression::Parse("a" + Repeated(".a", 256)).code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(Expression::Parse(std::string(Expression::kSizeBytesMax, ' ') + "a").code(),
            ErrorCode::kResourceExhausted);
}

TEST(Expression, WorkIsLimitedNotOnlyText) {
  // Doubles what there is thirty times.
  const auto doubled = Search("@" + Repeated(" | [@, @]", 30), json::Value(1));
  EXPECT_EQ(doubled.code(), ErrorCode::kResourceExhausted);
  const auto text = Search("'" + std::string(64, 'x') + "'" + Repeated(" | join('', [@, @])", 40),
                           json::Value(1));
  EXPECT_EQ(text.code(), ErrorCode::kResourceExhausted);
}

TEST(Expression, CopiesAndTheirSourceAreAsked) {
  const auto read = Expression::Parse("a");
  ASSERT_TRUE(read.ok());
  const Expression copy = *read;
  EXPECT_EQ(copy.Search(Parsed(R"({"a":1})"))->AsInt64(), 1);
  EXPECT_EQ(read->Search(Parsed(R"({"a":2})"))->AsInt64(), 2);
}

}  // namespace
}  // namespace narthex::jmespath
