// Label sets, matchers, durations and names against the conformance corpus.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "corpus.h"
#include "json_cases.h"
#include "model/duration.h"
#include "model/labels.h"
#include "model/matcher.h"
#include "model/name_escaping.h"

namespace narthex::conformance {
namespace {

using model::LabelSet;
using model::Matcher;
using model::MatchType;
using model::NameEscaping;

LabelSet ToLabels(const Json& object) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [name, value] : object.items()) labels.emplace_back(name, Text(object, name));
  return LabelSet::From(std::move(labels));
}

TEST(LabelsConformance, CanonicalText) {
  NARTHEX_READ_CORPUS(text, "labels/labels_string.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id"));
    EXPECT_EQ(ToLabels(c.at("labels")).ToString(), c.at("text").get<std::string>());
  }
}

TEST(LabelsConformance, Order) {
  NARTHEX_READ_CORPUS(text, "labels/labels_compare.json");
  const LabelSet reference = {{"aaa", "111"}, {"bbb", "222"}};
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id"));
    const auto order = reference <=> ToLabels(c.at("compared"));
    const int expected = c.at("expected");
    EXPECT_EQ(order > 0, expected > 0);
    EXPECT_EQ(order < 0, expected < 0);
  }
}

TEST(LabelsConformance, EmptyValuesAreNoLabels) {
  NARTHEX_READ_CORPUS(text, "labels/labels_without_empty.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    EXPECT_EQ(ToLabels(c.at("input")), ToLabels(c.at("expected")));
  }
}

TEST(LabelsConformance, StableHash) {
  NARTHEX_READ_CORPUS(text, "labels/stable_hash.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.at("id"));
    EXPECT_EQ(fmt::format("{:016x}", ToLabels(c.at("labels")).StableHash()),
              c.at("hash_hex").get<std::string>());
  }
}

TEST(LabelsConformance, ValidNames) {
  NARTHEX_READ_CORPUS(labels, "labels/label_name_valid.json");
  for (const Json& c : ParseCases(labels)) {
    SCOPED_TRACE(c.dump());
    const std::string name = Text(c, "ln");
    EXPECT_EQ(IsValidLabelName(name, model::NameValidation::kLegacy),
              c.at("legacy_valid").get<bool>());
    EXPECT_EQ(IsValidLabelName(name, model::NameValidation::kUtf8), c.at("utf8_valid").get<bool>());
  }
  NARTHEX_READ_CORPUS(metrics, "labels/metric_name_valid.json");
  for (const Json& c : ParseCases(metrics)) {
    SCOPED_TRACE(c.dump());
    const std::string name = Text(c, "mn");
    EXPECT_EQ(IsValidMetricName(name, model::NameValidation::kLegacy),
              c.at("legacy_valid").get<bool>());
    EXPECT_EQ(IsValidMetricName(name, model::NameValidation::kUtf8),
              c.at("utf8_valid").get<bool>());
  }
}

TEST(LabelsConformance, ValidLabels) {
  NARTHEX_READ_CORPUS(text, "labels/labels_valid.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    bool is_valid = true;
    for (const auto& [name, value] : c.at("input").items()) {
      const std::string label_value = Text(c.at("input"), name);
      const bool name_is_valid = name == model::kMetricName ? model::IsLegacyMetricName(label_value)
                                                            : model::IsLegacyLabelName(name);
      is_valid = is_valid && name_is_valid && model::IsUtf8(label_value);
    }
    EXPECT_EQ(is_valid, c.at("expected").get<bool>());
  }
}

MatchType ToMatchType(const std::string& text) {
  for (const auto type :
       {MatchType::kEqual, MatchType::kNotEqual, MatchType::kRegex, MatchType::kNotRegex}) {
    if (model::MatchTypeText(type) == text) return type;
  }
  ADD_FAILURE() << "no such operator: " << text;
  return MatchType::kEqual;
}

TEST(MatcherConformance, Matches) {
  NARTHEX_READ_CORPUS(text, "labels/matcher.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const auto matcher = Matcher::Make(ToMatchType(c.at("op")), "a", c.at("pattern"));
    ASSERT_TRUE(matcher.ok()) << matcher.error().message();
    EXPECT_EQ(matcher->Matches(c.at("value").get<std::string>()), c.at("match").get<bool>());
  }
}

TEST(MatcherConformance, RecognisesSetsOfLiterals) {
  NARTHEX_READ_CORPUS(text, "labels/regexp_set_matches.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    if (!c.at("exp_case_sensitive").get<bool>()) continue;
    // A set inside groups that change flags is found by the engine only.
    if (c.at("pattern").get<std::string>().find("(?i)") != std::string::npos) continue;
    const auto matcher = Matcher::Make(MatchType::kRegex, "a", c.at("pattern"));
    ASSERT_TRUE(matcher.ok());
    const auto literals = matcher->literals();
    ASSERT_TRUE(literals.has_value());
    const auto expected = c.at("exp_matches").get<std::set<std::string>>();
    EXPECT_EQ(std::set<std::string>(literals->begin(), literals->end()), expected);
  }
}

// Crosses every expression with every value: shortcuts against the expression engine alone.
TEST(MatcherConformance, ShortcutsAgreeWithTheEngine) {
  NARTHEX_READ_CORPUS(text, "labels/regexp_inputs.json");
  const Json c = ParseCases(text).at(0);
  std::vector<std::string> values = c.at("values").get<std::vector<std::string>>();
  for (const Json& regex : c.at("regexes")) {
    const auto expression = regex.get<std::string>();
    const auto fast = Matcher::Make(MatchType::kRegex, "a", expression);
    // The repeated empty group keeps the recogniser away and changes nothing else.
    const auto plain = Matcher::Make(MatchType::kRegex, "a", "(?:){0,1}(?:" + expression + ")");
    ASSERT_TRUE(fast.ok() && plain.ok()) << expression;
    for (const std::string& value : values) {
      const bool matches = fast->Matches(value);
      EXPECT_EQ(matches, plain->Matches(value)) << expression << " on " << value;
      if (matches) {
        EXPECT_TRUE(value.starts_with(fast->prefix())) << expression << " on " << value;
      }
    }
  }
}

TEST(DurationConformance, ParsesAndPrints) {
  NARTHEX_READ_CORPUS(text, "duration/duration.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const auto in = c.at("in").get<std::string>();
    const bool allow_negative = c.value("allow_negative", false);
    const auto parsed = allow_negative ? model::ParseSignedDuration(in) : model::ParseDuration(in);
    ASSERT_EQ(parsed.ok(), c.at("ok").get<bool>());
    if (!parsed.ok()) continue;
    EXPECT_EQ(parsed->count() * 1'000'000, c.at("ns").get<std::int64_t>());
    EXPECT_EQ(model::FormatDuration(*parsed), c.at("printed").get<std::string>());
  }
}

TEST(NameEscapingConformance, EscapesAndBack) {
  NARTHEX_READ_CORPUS(text, "labels/escape_name.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const std::string name = Text(c, "input");
    EXPECT_EQ(EscapeName(name, NameEscaping::kUnderscores), Text(c, "expected_underscores"));
    const std::string dots = EscapeName(name, NameEscaping::kDots);
    EXPECT_EQ(dots, Text(c, "expected_dots"));
    EXPECT_EQ(UnescapeName(dots, NameEscaping::kDots), Text(c, "expected_unescaped_dots"));
    const std::string values = EscapeName(name, NameEscaping::kValues);
    EXPECT_EQ(values, Text(c, "expected_value"));
    EXPECT_EQ(UnescapeName(values, NameEscaping::kValues), name);
  }
}

TEST(NameEscapingConformance, LeavesMalformedNamesAlone) {
  NARTHEX_READ_CORPUS(text, "labels/value_unescape_errors.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    EXPECT_EQ(UnescapeName(Text(c, "input"), NameEscaping::kValues), Text(c, "expected"));
  }
}

TEST(NameSanitizingConformance, MakesLabelNames) {
  NARTHEX_READ_CORPUS(plain, "strutil/sanitize_label_name.json");
  for (const Json& c : ParseCases(plain)) {
    EXPECT_EQ(model::SanitizeLabelName(Text(c, "in")), Text(c, "out"));
  }
  NARTHEX_READ_CORPUS(full, "strutil/sanitize_full_label_name.json");
  for (const Json& c : ParseCases(full)) {
    EXPECT_EQ(model::SanitizeFullLabelName(Text(c, "in")), Text(c, "out"));
  }
}

}  // namespace
}  // namespace narthex::conformance
