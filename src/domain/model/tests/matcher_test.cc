#include "model/matcher.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "model/labels.h"

namespace narthex::model {
namespace {

Matcher Regex(const std::string& expression) {
  auto matcher = Matcher::Make(MatchType::kRegex, "a", expression);
  EXPECT_TRUE(matcher.ok()) << expression;
  return *matcher;
}

TEST(Matcher, NamesTheFaultOfAnExpression) {
  const struct {
    std::string expression;
    std::string message;
  } cases[] = {
      {"foo(", "error parsing regexp: missing closing ): `foo(`"},
      {"a**", "error parsing regexp: invalid nested repetition operator: `**`"},
      {"[z-a]", "error parsing regexp: invalid character class range: `z-a`"},
      {"a{2000}", "error parsing regexp: invalid repeat count: `{2000}`"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.expression);
    const auto matcher = Matcher::Make(MatchType::kNotRegex, "a", c.expression);
    ASSERT_FALSE(matcher.ok());
    EXPECT_EQ(matcher.error().code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(matcher.error().message(), c.message);
  }
}

TEST(Matcher, LiteralsAreExactAndSorted) {
  const struct {
    std::string expression;
    std::optional<std::vector<std::string>> literals;
  } cases[] = {
      {"", std::vector<std::string>{""}},
      {"b|a|b", std::vector<std::string>{"a", "b"}},
      {"x(1|2)?", std::nullopt},
      {"a|b.*", std::nullopt},
      {R"(10\.0\.0\.[12])", std::vector<std::string>{"10.0.0.1", "10.0.0.2"}},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.expression);
    const Matcher matcher = Regex(c.expression);
    const auto literals = matcher.literals();
    ASSERT_EQ(literals.has_value(), c.literals.has_value());
    if (!literals) continue;
    EXPECT_EQ(std::vector<std::string>(literals->begin(), literals->end()), *c.literals);
  }
  const Matcher equal = Matcher::Equal("a", "v");
  EXPECT_EQ(equal.literals()->front(), "v");
}

TEST(Matcher, KnowsExpressionsThatAcceptAnyValue) {
  for (const char* const expression : {".*", ".+", "(.*)", "^.+$", "a|.+", "|.*"}) {
    EXPECT_TRUE(Regex(expression).accepts_any_value()) << expression;
  }
  for (const char* const expression : {"", "a", ".+a", "..*", "a*", "[^a].*"}) {
    EXPECT_FALSE(Regex(expression).accepts_any_value()) << expression;
  }
  EXPECT_FALSE(Matcher::Equal("a", "").accepts_any_value());
}

TEST(Matcher, PrefixIsOneOfEveryMatch) {
  EXPECT_EQ(Regex("foo.*").prefix(), "foo");
  EXPECT_EQ(Regex("foo.*|fob").prefix(), "fo");
  EXPECT_EQ(Regex(".*foo").prefix(), "");
  EXPECT_EQ(Regex("foo|").prefix(), "");
  // Found by the expression engine.
  EXPECT_TRUE(std::string_view("foo1").starts_with(Regex("foo[0-9]+").prefix()));
  EXPECT_EQ(Matcher::Equal("a", "v").prefix(), "v");
}

TEST(Matcher, ManyLiteralsAndManyWildcards) {
  std::string literals = "host0";
  std::string wildcards = "host0.*";
  for (int i = 1; i < 100; ++i) {
    literals += "|host" + std::to_string(i);
    wildcards += "|host" + std::to_string(i) + ".*x";
  }
  EXPECT_TRUE(Regex(literals).Matches("host77"));
  EXPECT_FALSE(Regex(literals).Matches("host100"));
  EXPECT_TRUE(Regex(wildcards).Matches("host77-x"));
  EXPECT_FALSE(Regex(wildcards).Matches("host77-y"));
}

TEST(Matcher, EmptyValueStandsForAMissingLabel) {
  EXPECT_TRUE(Matcher::Equal("a", "").MatchesEmpty());
  EXPECT_FALSE(Matcher::NotEqual("a", "").MatchesEmpty());
  EXPECT_TRUE(Regex(".*").MatchesEmpty());
  EXPECT_FALSE(Regex(".+").MatchesEmpty());
  const LabelSet labels = {{"b", "1"}};
  const std::vector<Matcher> both = {Matcher::NotEqual("a", "x"), Matcher::Equal("b", "1")};
  EXPECT_TRUE(MatchesAll(both, labels));
  const std::vector<Matcher> one = {Regex(".+"), Matcher::Equal("b", "1")};
  EXPECT_FALSE(MatchesAll(one, labels));
}

TEST(Matcher, PrintsAsInASelector) {
  EXPECT_EQ(Regex("a.+\\d").ToString(), R"(a=~"a.+\\d")");
  EXPECT_EQ(Matcher::NotEqual("a.b", "\n").ToString(), R"("a.b"!="\n")");
}

TEST(Matcher, NestingBeyondTheRecogniserGoesToTheEngine) {
  const std::string deep = fmt::format("{:(>200}a{:)>200}", "", "");
  EXPECT_TRUE(Regex(deep).Matches("a"));
  EXPECT_FALSE(Regex(deep).Matches("b"));
}

}  // namespace
}  // namespace narthex::model
