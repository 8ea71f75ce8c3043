// Relabelling against the conformance corpus.
#include <gtest/gtest.h>

#include "corpus.h"
#include "json_cases.h"
#include "model/relabel.h"

namespace narthex::conformance {
namespace {

using model::LabelSet;
using model::LabelSetBuilder;
using model::NameValidation;
using model::RelabelConfig;
using model::RelabelRule;

// Fields of `json` over `config`, which has the defaults that hold.
RelabelConfig ReadConfig(const Json& json, RelabelConfig config) {
  config.source_labels = json.value("source_labels", config.source_labels);
  config.separator = json.value("separator", config.separator);
  config.regex = json.value("regex", config.regex);
  config.modulus = json.value("modulus", config.modulus);
  config.target_label = json.value("target_label", config.target_label);
  config.replacement = json.value("replacement", config.replacement);
  if (json.contains("action")) {
    const auto action = model::ParseRelabelAction(json.at("action").get<std::string>());
    EXPECT_TRUE(action.ok());
    config.action = action.ok() ? std::optional(*action) : std::nullopt;
  }
  return config;
}

LabelSet ToLabels(const Json& object) {
  std::vector<std::pair<std::string, std::string>> labels;
  for (const auto& [name, value] : object.items()) labels.emplace_back(name, value);
  return LabelSet::From(std::move(labels));
}

TEST(RelabelConformance, AppliesRules) {
  NARTHEX_READ_CORPUS(text, "relabel/relabel.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    std::vector<RelabelRule> rules;
    for (const Json& config : c.at("relabel_configs")) {
      auto rule = RelabelRule::Make(ReadConfig(config, {}), NameValidation::kUtf8);
      ASSERT_TRUE(rule.ok()) << rule.error().message();
      rules.push_back(std::move(*rule));
    }
    LabelSetBuilder labels(ToLabels(c.at("input")));
    const bool is_kept = model::Relabel(rules, labels);
    ASSERT_EQ(is_kept, !c.at("drop").get<bool>());
    if (is_kept) {
      EXPECT_EQ(labels.Build(), ToLabels(c.at("output")));
    }
  }
}

TEST(RelabelConformance, RefusesWhatUpstreamRefuses) {
  NARTHEX_READ_CORPUS(text, "relabel/validate.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    const Json& json = c.at("config");
    const auto validation = json.at("name_validation_scheme") == "legacy" ? NameValidation::kLegacy
                                                                          : NameValidation::kUtf8;
    RelabelConfig empty;
    empty.separator.clear();
    empty.regex.clear();
    empty.action.reset();
    // Left out fields are empty here, but for those of which the check is that they were left
    // alone.
    if (json.contains("replacement")) empty.replacement.clear();
    const auto rule = RelabelRule::Make(ReadConfig(json, empty), validation);
    ASSERT_EQ(rule.ok(), c.at("ok").get<bool>()) << (rule.ok() ? "" : rule.error().message());
    if (rule.ok()) continue;
    EXPECT_NE(rule.error().message().find(c.at("error_contains")), std::string::npos)
        << rule.error().message();
  }
}

TEST(RelabelConformance, LegacyTargetLabels) {
  NARTHEX_READ_CORPUS(text, "relabel/target_label_legacy.json");
  for (const Json& c : ParseCases(text)) {
    SCOPED_TRACE(c.dump());
    RelabelConfig config;
    config.target_label = c.at("target_label");
    const auto rule = RelabelRule::Make(config, NameValidation::kLegacy);
    EXPECT_EQ(rule.ok(), c.at("valid").get<bool>());
  }
}

}  // namespace
}  // namespace narthex::conformance
