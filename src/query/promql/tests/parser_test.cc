#include "promql/parser.h"

#include <gtest/gtest.h>

#include "promql/printer.h"

namespace narthex::promql {
namespace {

// PQL-014
TEST(Parser, ErrorNamesLineAndColumnInBytes) {
  const struct {
    std::string query;
    std::string error;
  } cases[] = {
      {"foo{a=\"x\",\n b=\"\xc3\xbc\xc3\xbc\"} bar",
       "2:12: parse error: unexpected identifier \"bar\""},
      {"foo bar", "1:5: parse error: unexpected identifier \"bar\""},
      {"foo{a=~=\"x\"}", "1:8: parse error: unexpected \"=\" in label matching, expected string"},
      {"foo{a!~!~\"x\"}",
       "1:8: parse error: unexpected <op:!~> in label matching, expected string"},
      {"foo !", "1:5: parse error: unexpected character after '!': '\xef\xbf\xbd'"},
      {"foo{!", "1:5: parse error: unexpected character after '!' inside braces: '\xef\xbf\xbd'"},
      {"sum by (without) (foo)",
       "1:9: parse error: unexpected <without> in grouping opts, expected label"},
      {"foo end", "1:5: parse error: unexpected \"end\""},
      {"foo offset +Inf", "1:12: parse error: duration out of range"},
      {"foo[1_:]",
       "1:5: parse error: error parsing number: strconv.ParseFloat: parsing \"1_\": invalid "
       "syntax"},
      {"(foo[1m:)",
       "1:9: parse error: unexpected \")\" in subquery selector, expected number, duration, "
       "step(), range(), or \"]\""},
      {"", "unknown position: parse error: no expression found in input"},
      {" ", "1:1: parse error: no expression found in input"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto expr = ParseExpression(c.query);
    ASSERT_FALSE(expr.ok());
    EXPECT_EQ(expr.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(expr.error().message(), c.error);
  }
}

TEST(Parser, RefusesWhatOptionsTurnOff) {
  ParseOptions strict;
  strict.allows_duration_expressions = false;
  const struct {
    std::string query;
    std::string error;
  } cases[] = {
      {"max_of(1, 2)", "1:1: parse error: function \"max_of\" is not enabled"},
      {"limitk(1, foo)",
       "1:1: parse error: limitk() is experimental and must be enabled with "
       "--enable-feature=promql-experimental-functions"},
      {"foo[1m+1m]", "1:5: parse error: experimental duration expression is not enabled"},
      {"foo[1m+2m*3]", "1:8: parse error: experimental duration expression is not enabled"},
      {"foo[(1m+2m)*3]", "1:6: parse error: experimental duration expression is not enabled"},
      {"foo[(1m)]", "1:6: parse error: experimental duration expression is not enabled"},
      {"foo[2*step()]", "1:7: parse error: experimental duration expression is not enabled"},
      {"foo[max_of(1m,2m)]", "1:5: parse error: experimental duration expression is not enabled"},
      {"foo[1m] anchored", "1:9: parse error: anchored modifier is experimental and not enabled"},
      {"a + fill(0) b", "1:1: parse error: binop fill modifiers are experimental and not enabled"},
      {"holt_winters(foo[1m], 1, 1)",
       "1:1: parse error: unknown function with name \"holt_winters\", it is now named "
       "double_exponential_smoothing"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto expr = ParseExpression(c.query, strict);
    ASSERT_FALSE(expr.ok());
    EXPECT_EQ(expr.error().message(), c.error);
  }
}

// OP-006
TEST(Parser, FillsEachSideOnce) {
  ParseOptions options;
  options.allows_fill_modifiers = true;
  const struct {
    std::string query;
    std::string error;
  } cases[] = {
      {"a + fill(1) fill_left(2) b", "1:22: parse error: unexpected \"(\""},
      {"a + fill_left(1) fill(2) b", "1:22: parse error: unexpected \"(\""},
      {"a + fill_left(1) fill_left(2) b", "1:27: parse error: unexpected \"(\""},
      {"a + fill_left(1) fill_right(2) fill_left(3) b", "1:41: parse error: unexpected \"(\""},
      {"a + fill(0) on(x) b", "1:13: parse error: unexpected <on>"},
      {"a and fill(0) b",
       "1:1: parse error: filling in missing series not allowed for set operators"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto expr = ParseExpression(c.query, options);
    ASSERT_FALSE(expr.ok());
    EXPECT_EQ(expr.error().message(), c.error);
  }
}

// PQL-008
TEST(Parser, NamesATrailingCommaBeforeWhatFollowsIt) {
  const struct {
    std::string query;
    std::string place;
  } cases[] = {
      {"topk(1,)", "1:7"},
      {"topk(1,, a)", "1:7"},
      {"topk(1, * 2)", "1:7"},
      {"label_replace(a, 'b', 'c', == 3)", "1:26"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const auto expr = ParseExpression(c.query);
    ASSERT_FALSE(expr.ok());
    EXPECT_EQ(expr.error().message(),
              c.place + ": parse error: trailing commas not allowed in function call args");
  }
  EXPECT_TRUE(ParseExpression("topk(1, (a))").ok());
  EXPECT_TRUE(ParseExpression("sum by (a:b, on, by) (a)").ok());
}

TEST(Parser, RefusesNestingThatWouldExhaustTheStack) {
  const std::size_t count = 100'000;
  const std::string cases[] = {
      std::string(count, '(') + "1" + std::string(count, ')'),
      std::string(count, '-') + "foo",
      "foo[" + std::string(count, '(') + "1m",
      [&] {
        std::string chain = "a";
        for (std::size_t i = 0; i < count; ++i) chain += "+a";
        return chain;
      }(),
      [&] {
        std::string calls;
        for (std::size_t i = 0; i < count; ++i) calls += "abs(";
        return calls + "a" + std::string(count, ')');
      }(),
  };
  for (const std::string& query : cases) {
    SCOPED_TRACE(query.substr(0, 20));
    EXPECT_EQ(ParseExpression(query).code(), ErrorCode::kInvalidArgument);
  }
}

TEST(Parser, SurvivesTruncationAtEveryByte) {
  const std::string query =
      "sum by (a, \"b c\") (rate({\"m.n\", x=~\"a|b\", y!='\\x41'}[5m:1m] @ start() offset -2m)) "
      "/ on (a) group_left (z) (1h30m ^ -0x1F > bool foo) # end";
  ParseOptions options;
  for (std::size_t size = 0; size <= query.size(); ++size) {
    const auto outcome = ParseWithIssues(std::string_view(query).substr(0, size), options);
    EXPECT_EQ(outcome.expr == nullptr, !outcome.issues.empty()) << size;
  }
  EXPECT_TRUE(ParseExpression(query).ok());
}

TEST(Parser, MetricSelectorTakesNoRangeAndNoModifier) {
  const auto matchers = ParseMetricSelector("up{job!~\"a.*\"}");
  ASSERT_TRUE(matchers.ok());
  ASSERT_EQ(matchers->size(), 2U);
  EXPECT_EQ((*matchers)[0].ToString(), "job!~\"a.*\"");
  EXPECT_EQ((*matchers)[1].ToString(), "__name__=\"up\"");
  for (const char* bad : {"1", "'x'", "5m", "+", ")", ",", "Inf", "bool", "on", "group_left", "@"})
    EXPECT_FALSE(ParseMetricSelector(bad).ok()) << bad;
  for (const char* name : {"up", "a:b", "sum", "offset", "by", "and", "start"})
    EXPECT_TRUE(ParseMetricSelector(name).ok()) << name;
  EXPECT_FALSE(ParseMetricSelector("up[5m]").ok());
  EXPECT_FALSE(ParseMetricSelector("up offset 5m").ok());
  EXPECT_FALSE(ParseMetricSelector("sum(up)").ok());
  EXPECT_FALSE(ParseMetricSelector("").ok());
  EXPECT_TRUE(ParseMetricSelector("{}").ok());
  EXPECT_TRUE(ParseMetricSelector("{x=\"\"}").ok());
}

TEST(Unquote, ReadsEscapesOrRefuses) {
  EXPECT_EQ(Unquote("\"a\\n\\x41\\u00fc\\101\""),
            "a\nA\xc3\xbc"
            "A");
  EXPECT_EQ(Unquote("'it''s'"), std::nullopt);
  EXPECT_EQ(Unquote("'a\\'b'"), "a'b");
  EXPECT_EQ(Unquote("`a\\n`"), "a\\n");
  for (const char* bad : {"", "\"", "\"a", "a", "\"\\q\"", "\"\\x4\"", "\"\\ud800\"", "\"a\nb\""}) {
    EXPECT_EQ(Unquote(bad), std::nullopt) << bad;
  }
}

TEST(Functions, AreSortedAndComplete) {
  EXPECT_EQ(Functions().size(), 90U);
  for (std::size_t i = 1; i < Functions().size(); ++i) {
    EXPECT_LT(Functions()[i - 1].name, Functions()[i].name);
  }
  ASSERT_NE(FindFunction("rate"), nullptr);
  EXPECT_EQ(FindFunction("Rate"), nullptr);
}

// Go's %v, which other numbers of queries are not printed by.
TEST(Print, GivesFillValuesExponents) {
  ParseOptions options;
  options.allows_fill_modifiers = true;
  const struct {
    std::string query;
    std::string printed;
  } cases[] = {
      {"a + fill(1e6) b", "a + fill (1e+06) b"},
      {"a + fill_right(100000) fill_left(-1234567) b",
       "a + fill_left (-1.234567e+06) fill_right (100000) b"},
      {"a + fill(Inf) b", "a + fill (+Inf) b"},
      {"a + fill(NaN) b", "a + fill_left (NaN) fill_right (NaN) b"},
      {"a + fill(1h) b", "a + fill (3600) b"},
  };
  for (const auto& c : cases) {
    const Result<ExprPtr> expr = ParseExpression(c.query, options);
    ASSERT_TRUE(expr.ok()) << c.query;
    EXPECT_EQ(Print(**expr), c.printed);
  }
}

TEST(Print, GivesWhatIsReadBack) {
  ParseOptions options;
  options.allows_experimental_functions = true;
  for (const char* query :
       {"info(a, {})", "info(rate(a[5m]), {} offset 5m)", "info({x=\"y\"}, {a=\"\"})"}) {
    const Result<ExprPtr> expr = ParseExpression(query, options);
    ASSERT_TRUE(expr.ok()) << query;
    EXPECT_EQ(Print(**expr), query);
    // Over several lines, too.
    const Result<ExprPtr> again = ParseExpression(Format(**expr, 5), options);
    ASSERT_TRUE(again.ok()) << Format(**expr, 5);
    EXPECT_EQ(Print(**again), query);
  }
}

}  // namespace
}  // namespace narthex::promql
