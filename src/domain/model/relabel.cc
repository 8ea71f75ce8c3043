#include "model/relabel.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>

#include "anchored_regex.h"
#include "expansion.h"
#include "md5.h"
#include "model/matcher.h"
#include "relabel_check.h"

namespace narthex::model {
namespace {

struct ActionWord {
  RelabelAction action;
  std::string_view text;
};
constexpr ActionWord kActionWords[] = {
    {RelabelAction::kReplace, "replace"},     {RelabelAction::kKeep, "keep"},
    {RelabelAction::kDrop, "drop"},           {RelabelAction::kKeepEqual, "keepequal"},
    {RelabelAction::kDropEqual, "dropequal"}, {RelabelAction::kHashMod, "hashmod"},
    {RelabelAction::kLabelMap, "labelmap"},   {RelabelAction::kLabelDrop, "labeldrop"},
    {RelabelAction::kLabelKeep, "labelkeep"}, {RelabelAction::kLowercase, "lowercase"},
    {RelabelAction::kUppercase, "uppercase"},
};

char ToLower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char ToUpper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

std::string Map(std::string text, char (*change)(char)) {
  std::transform(text.begin(), text.end(), text.begin(), change);
  return text;
}

std::string JoinSources(const RelabelConfig& config, const LabelSetBuilder& labels) {
  std::string joined;
  for (std::size_t i = 0; i < config.source_labels.size(); ++i) {
    if (i > 0) joined += config.separator;
    joined += labels.Get(config.source_labels[i]);
  }
  return joined;
}

std::string HashModulo(std::string_view value, std::uint64_t modulus) {
  const auto digest = Md5(value);
  std::uint64_t last_eight = 0;
  for (std::size_t i = 8; i < digest.size(); ++i) last_eight = (last_eight << 8) | digest[i];
  return std::to_string(last_eight % modulus);
}

}  // namespace

struct RelabelRule::Compiled {
  Compiled(RelabelConfig rule_config, NameValidation rule_validation, Matcher rule_matcher,
           std::unique_ptr<const RE2> rule_expression)
      : config(std::move(rule_config)),
        validation(rule_validation),
        matcher(std::move(rule_matcher)),
        expression(std::move(rule_expression)),
        target(config.target_label, *expression),
        replacement(config.replacement, *expression) {}

  // The groups of `value`, which must be matched whole; empty if it is not.
  std::vector<re2::StringPiece> Match(std::string_view value) const {
    const int count = std::max({1, target.group_count(), replacement.group_count()});
    std::vector<re2::StringPiece> groups(static_cast<std::size_t>(count));
    const re2::StringPiece text(value.data(), value.size());
    if (!expression->Match(text, 0, text.size(), RE2::ANCHOR_BOTH, groups.data(), count)) return {};
    return groups;
  }

  void Replace(const std::string& value, LabelSetBuilder& labels) const {
    if (!matcher.Matches(value)) return;
    if (!target.has_references() && !replacement.has_references()) {
      SetTarget(target.Expand({}), replacement.Expand({}), labels);
      return;
    }
    const auto groups = Match(value);
    if (groups.empty()) return;
    SetTarget(target.Expand(groups), replacement.Expand(groups), labels);
  }

  void SetTarget(const std::string& name, const std::string& value, LabelSetBuilder& labels) const {
    // A name that comes out malformed is skipped in silence, as upstream does.
    if (IsValidLabelName(name, validation)) labels.Set(name, value);
  }

  void MapNames(LabelSetBuilder& labels) const {
    const auto before = labels.labels();
    for (const auto& [name, value] : before) {
      const auto groups = matcher.Matches(name) ? Match(name) : std::vector<re2::StringPiece>();
      if (!groups.empty()) labels.Set(replacement.Expand(groups), value);
    }
  }

  void RemoveNames(bool that_match, LabelSetBuilder& labels) const {
    const auto before = labels.labels();
    for (const auto& [name, value] : before) {
      if (matcher.Matches(name) == that_match) labels.Remove(name);
    }
  }

  RelabelConfig config;
  NameValidation validation;
  Matcher matcher;
  std::unique_ptr<const RE2> expression;
  Expansion target;
  Expansion replacement;
};

std::string_view RelabelActionText(RelabelAction action) {
  for (const ActionWord& word : kActionWords) {
    if (word.action == action) return word.text;
  }
  return "";
}

Result<RelabelAction> ParseRelabelAction(std::string_view text) {
  const std::string lower = Map(std::string(text), ToLower);
  for (const ActionWord& word : kActionWords) {
    if (word.text == lower) return word.action;
  }
  return Error{ErrorCode::kInvalidArgument, fmt::format("unknown relabel action {}", Quote(text))};
}

Result<RelabelRule> RelabelRule::Make(RelabelConfig config, NameValidation validation) {
  NARTHEX_TRY(CheckRelabelConfig(config, validation));
  NARTHEX_ASSIGN_OR_RETURN(auto expression, CompileAnchored(config.regex, RegexBlame::kAnchored));
  NARTHEX_ASSIGN_OR_RETURN(auto matcher, Matcher::Make(MatchType::kRegex, "", config.regex));
  return RelabelRule(std::make_shared<const Compiled>(std::move(config), validation,
                                                      std::move(matcher), std::move(expression)));
}

const RelabelConfig& RelabelRule::config() const { return compiled_->config; }

bool RelabelRule::Apply(LabelSetBuilder& labels) const {
  const Compiled& rule = *compiled_;
  const RelabelConfig& config = rule.config;
  const std::string value = JoinSources(config, labels);
  switch (config.action.value_or(RelabelAction::kReplace)) {
    case RelabelAction::kReplace:
      rule.Replace(value, labels);
      return true;
    case RelabelAction::kKeep:
      return rule.matcher.Matches(value);
    case RelabelAction::kDrop:
      return !rule.matcher.Matches(value);
    case RelabelAction::kKeepEqual:
      return labels.Get(config.target_label) == value;
    case RelabelAction::kDropEqual:
      return labels.Get(config.target_label) != value;
    case RelabelAction::kHashMod:
      labels.Set(config.target_label, HashModulo(value, config.modulus));
      return true;
    case RelabelAction::kLabelMap:
      rule.MapNames(labels);
      return true;
    case RelabelAction::kLabelDrop:
      rule.RemoveNames(true, labels);
      return true;
    case RelabelAction::kLabelKeep:
      rule.RemoveNames(false, labels);
      return true;
    case RelabelAction::kLowercase:
      labels.Set(config.target_label, Map(value, ToLower));
      return true;
    case RelabelAction::kUppercase:
      labels.Set(config.target_label, Map(value, ToUpper));
      return true;
  }
  return true;
}

bool Relabel(std::span<const RelabelRule> rules, LabelSetBuilder& labels) {
  return std::all_of(rules.begin(), rules.end(),
                     [&labels](const RelabelRule& rule) { return rule.Apply(labels); });
}

}  // namespace narthex::model
