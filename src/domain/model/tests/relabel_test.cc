#include "model/relabel.h"

#include <gtest/gtest.h>

namespace narthex::model {
namespace {

RelabelRule Rule(RelabelConfig config) {
  auto rule = RelabelRule::Make(std::move(config), NameValidation::kUtf8);
  EXPECT_TRUE(rule.ok()) << (rule.ok() ? "" : rule.error().message());
  return *rule;
}

RelabelConfig Config(RelabelAction action) {
  RelabelConfig config;
  config.action = action;
  return config;
}

TEST(Relabel, ActionsAreKnownInAnyCase) {
  EXPECT_EQ(*ParseRelabelAction("LabelMap"), RelabelAction::kLabelMap);
  const auto unknown = ParseRelabelAction("explode");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().message(), R"(unknown relabel action "explode")");
}

TEST(Relabel, RefusesInUpstreamsWords) {
  RelabelConfig hashmod = Config(RelabelAction::kHashMod);
  hashmod.target_label = "a";
  RelabelConfig drop_equal = Config(RelabelAction::kDropEqual);
  drop_equal.target_label = "a";
  drop_equal.separator = "-";
  RelabelConfig label_drop = Config(RelabelAction::kLabelDrop);
  label_drop.source_labels = {"a"};
  RelabelConfig lowercase = Config(RelabelAction::kLowercase);
  lowercase.target_label = "a";
  lowercase.replacement = "x";
  RelabelConfig regex = Config(RelabelAction::kKeep);
  regex.regex = "(";
  const struct {
    RelabelConfig config;
    std::string message;
  } cases[] = {
      {hashmod, "relabel configuration for hashmod requires non-zero modulus"},
      {drop_equal,
       "dropequal action requires only 'source_labels' and `target_label`, and no other fields"},
      {label_drop, "labeldrop action requires only 'regex', and no other fields"},
      {lowercase, "'replacement' can not be set for lowercase action"},
      {regex, "error parsing regexp: missing closing ): `^(?s:()$`"},
  };
  for (const auto& c : cases) {
    const auto rule = RelabelRule::Make(c.config, NameValidation::kUtf8);
    ASSERT_FALSE(rule.ok());
    EXPECT_EQ(rule.error().message(), c.message);
  }
}

TEST(Relabel, ExpandsReferencesAsGoDoes) {
  const struct {
    std::string replacement;
    std::string expected;
  } cases[] = {
      {"$1-${2}", "foo-bar"}, {"$1x", ""},        {"${1}x", "foox"},
      {"$$1", "$1"},          {"$second", "bar"}, {"a$", "a$"},
      {"${", "${"},           {"$9", ""},         {"${second}$0", "barfoo/bar"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.replacement);
    RelabelConfig config;
    config.source_labels = {"a"};
    config.regex = "(\\w+)/(?P<second>\\w+)";
    config.target_label = "out";
    config.replacement = c.replacement;
    LabelSetBuilder labels(LabelSet{{"a", "foo/bar"}, {"out", "before"}});
    EXPECT_TRUE(Rule(config).Apply(labels));
    EXPECT_EQ(labels.Get("out"), c.expected);
  }
}

TEST(Relabel, StopsAtTheRuleThatDrops) {
  RelabelConfig drop = Config(RelabelAction::kDrop);
  drop.source_labels = {"a"};
  drop.regex = "1";
  RelabelConfig set;
  set.target_label = "b";
  set.replacement = "x";
  const std::vector<RelabelRule> rules = {Rule(drop), Rule(set)};
  LabelSetBuilder dropped(LabelSet{{"a", "1"}});
  EXPECT_FALSE(Relabel(rules, dropped));
  EXPECT_EQ(dropped.Get("b"), "");
  LabelSetBuilder kept(LabelSet{{"a", "2"}});
  EXPECT_TRUE(Relabel(rules, kept));
  EXPECT_EQ(kept.Get("b"), "x");
}

}  // namespace
}  // namespace narthex::model
