// The syntax tables of the corpus: tokens, trees, errors and printed forms.
#include <chrono>

#include "corpus.h"
#include "json_cases.h"
#include "model/labels.h"
#include "promql/parser.h"
#include "promql/printer.h"
#include "promql_tree_json.h"

namespace narthex::promql {
namespace {

using conformance::Json;

ParseOptions AllOn() {
  ParseOptions options;
  options.allows_experimental_functions = true;
  options.allows_extended_range_selectors = true;
  return options;
}

std::string Describe(const std::vector<ParseIssue>& issues) {
  std::string out;
  for (const ParseIssue& issue : issues) {
    out += fmt::format("[{},{}) {}\n", issue.position.start, issue.position.end, issue.message);
  }
  return out;
}

std::string DescribeExpected(const Json& errors) {
  std::string out;
  for (const Json& error : errors) {
    out += fmt::format("[{},{}) {}\n", error.at("start").get<int>(), error.at("end").get<int>(),
                       error.at("msg").get<std::string>());
  }
  return out;
}

TEST(PromqlParse, GivesTheTreeOrTheErrors) {
  NARTHEX_READ_CORPUS(text, "promql_parse/parse.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const std::string expr = conformance::Text(c, "expr");
    SCOPED_TRACE(c.at("id").get<std::string>() + ": " + expr);
    const ParseOutcome outcome = ParseWithIssues(expr, AllOn());
    if (!c.at("ok").get<bool>()) {
      EXPECT_EQ(Describe(outcome.issues), DescribeExpected(c.at("errors")));
      continue;
    }
    EXPECT_EQ(Describe(outcome.issues), "");
    if (outcome.expr == nullptr) continue;
    if (c.contains("ast")) {
      EXPECT_EQ(TreeDifference(c.at("ast"), *outcome.expr), "");
    }
    if (c.contains("printed")) {
      EXPECT_EQ(Print(*outcome.expr), c.at("printed").get<std::string>());
    }
  }
}

TEST(PromqlParse, PrintsTheCanonicalForm) {
  NARTHEX_READ_CORPUS(text, "promql_parse/print.json");
  ParseOptions options = AllOn();
  options.allows_fill_modifiers = true;
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    SCOPED_TRACE(c.at("in").get<std::string>());
    const auto expr = ParseExpression(c.at("in").get<std::string>(), options);
    ASSERT_TRUE(expr.ok()) << expr.error().message();
    EXPECT_EQ(Print(*expr.value()), c.at("out").get<std::string>());
  }
}

TEST(PromqlParse, FormatsOverSeveralLines) {
  NARTHEX_READ_CORPUS(text, "promql_parse/format.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    SCOPED_TRACE(c.at("in").get<std::string>());
    const auto expr = ParseExpression(c.at("in").get<std::string>(), AllOn());
    ASSERT_TRUE(expr.ok()) << expr.error().message();
    EXPECT_EQ(Format(*expr.value(), c.at("max_width").get<std::size_t>()),
              c.at("out").get<std::string>());
  }
}

TEST(PromqlParse, CutsIntoTokens) {
  NARTHEX_READ_CORPUS(text, "promql_parse/lex.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const std::string input = conformance::Text(c, "input");
    SCOPED_TRACE(input);
    const auto mode =
        c.value("series_description", false) ? LexMode::kSeriesDescription : LexMode::kExpression;
    const TokenList list = Tokenize(input, mode);
    const bool is_ok = list.tokens.back().kind == TokenKind::kEof;
    EXPECT_EQ(is_ok, c.at("ok").get<bool>()) << list.error;
    if (!is_ok || !c.at("ok").get<bool>()) continue;
    Json got = Json::array();
    for (const Token& token : list.tokens) {
      if (token.kind == TokenKind::kEof) continue;
      got.push_back({TokenKindName(token.kind), token.offset, token.text});
    }
    Json want = c.at("tokens");
    for (Json& token : want) {
      // Keys of histogram literals are one kind here.
      auto kind = token.at(0).get<std::string>();
      if (kind.ends_with("_DESC")) token.at(0) = "HISTOGRAM_DESC";
    }
    EXPECT_EQ(got, want);
  }
}

TEST(PromqlParse, ExtractsSelectors) {
  NARTHEX_READ_CORPUS(text, "promql_parse/extract_selectors.json");
  const Json table = Json::parse(text);
  ASSERT_FALSE(table.at("cases").empty());
  for (const Json& c : table.at("cases")) {
    const auto expr = ParseExpression(c.at("expr").get<std::string>(), AllOn());
    ASSERT_TRUE(expr.ok());
    Json got = Json::array();
    for (const VectorSelector* selector : Selectors(*expr.value())) {
      std::vector<std::string> matchers;
      for (const model::Matcher& matcher : selector->matchers)
        matchers.push_back(matcher.ToString());
      got.push_back(fmt::format("{{{}}}", fmt::join(matchers, ", ")));
    }
    EXPECT_EQ(got, c.at("selectors"));
  }
}

model::MatchType MatchTypeOf(const std::string& op) {
  for (const auto type : {model::MatchType::kEqual, model::MatchType::kNotEqual,
                          model::MatchType::kRegex, model::MatchType::kNotRegex}) {
    if (model::MatchTypeText(type) == op) return type;
  }
  ADD_FAILURE() << "no such operator: " << op;
  return model::MatchType::kEqual;
}

TEST(PromqlParse, PrintsSelectorsMadeOfNameAndMatchers) {
  NARTHEX_READ_CORPUS(text, "promql_parse/selector_print.json");
  for (const Json& c : conformance::ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    VectorSelector selector;
    selector.name = c.at("metric").get<std::string>();
    for (const Json& one : c.at("matchers")) {
      auto matcher = model::Matcher::Make(MatchTypeOf(one.at("op").get<std::string>()),
                                          one.at("name").get<std::string>(),
                                          one.at("value").get<std::string>());
      ASSERT_TRUE(matcher.ok());
      selector.matchers.push_back(*std::move(matcher));
    }
    EXPECT_EQ(Print(selector), c.at("printed").get<std::string>());
  }
}

TEST(PromqlParse, UnquotesStrings) {
  NARTHEX_READ_CORPUS(text, "strutil/unquote.json");
  for (const Json& c : conformance::ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const std::optional<std::string> value = Unquote(conformance::Text(c, "quoted"));
    ASSERT_EQ(value.has_value(), c.at("ok").get<bool>());
    if (value) {
      EXPECT_EQ(*value, conformance::Text(c, "value"));
    }
  }
}

}  // namespace
}  // namespace narthex::promql
