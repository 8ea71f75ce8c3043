#include "relabel_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>

namespace narthex::model {
namespace {

using enum RelabelAction;

bool IsOneOf(RelabelAction action, std::initializer_list<RelabelAction> actions) {
  return std::find(actions.begin(), actions.end(), action) != actions.end();
}

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// A legacy label name in which `$1` and `${name}` may stand for parts.
bool IsLegacyTemplate(std::string_view text) {
  bool is_first = true;
  if (text.empty()) return false;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '$') {
      const bool has_brace = text.starts_with('{');
      if (has_brace) text.remove_prefix(1);
      std::size_t size = 0;
      while (size < text.size() && IsWord(text[size])) ++size;
      if (size == 0) return false;
      text.remove_prefix(size);
      if (has_brace && !text.starts_with('}')) return false;
      if (has_brace) text.remove_prefix(1);
    } else if (!IsWord(c) || (is_first && c >= '0' && c <= '9')) {
      return false;
    }
    is_first = false;
  }
  return true;
}

bool IsValidTemplate(std::string_view text, NameValidation validation) {
  return validation == NameValidation::kLegacy ? IsLegacyTemplate(text)
                                               : IsValidLabelName(text, validation);
}

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

Status CheckTarget(const RelabelConfig& config, RelabelAction action, NameValidation validation) {
  const std::string& target = config.target_label;
  if (!IsOneOf(action, {kReplace, kKeepEqual, kDropEqual, kHashMod, kLowercase, kUppercase})) {
    return Ok();
  }
  if (target.empty()) {
    return Invalid(fmt::format("relabel configuration for {} action requires 'target_label' value",
                               RelabelActionText(action)));
  }
  const bool is_template = action == kReplace && target.find('$') != std::string::npos;
  const bool is_valid =
      is_template ? IsValidTemplate(target, validation) : IsValidLabelName(target, validation);
  if (is_valid) return Ok();
  return Invalid(fmt::format("{} is invalid 'target_label' for {} action", Quote(target),
                             RelabelActionText(action)));
}

Status CheckReplacement(const RelabelConfig& config, RelabelAction action,
                        NameValidation validation) {
  if (IsOneOf(action, {kLowercase, kUppercase, kKeepEqual, kDropEqual}) &&
      config.replacement != RelabelConfig().replacement) {
    return Invalid(
        fmt::format("'replacement' can not be set for {} action", RelabelActionText(action)));
  }
  if (action == kLabelMap && !IsValidTemplate(config.replacement, validation)) {
    return Invalid(fmt::format("{} is invalid 'replacement' for {} action",
                               Quote(config.replacement), RelabelActionText(action)));
  }
  return Ok();
}

// Fields that the action has no use for must be left alone.
Status CheckUnused(const RelabelConfig& config, RelabelAction action) {
  const RelabelConfig defaults;
  const bool has_others = config.modulus != defaults.modulus ||
                          config.separator != defaults.separator ||
                          config.replacement != defaults.replacement;
  if (IsOneOf(action, {kKeepEqual, kDropEqual}) && (has_others || config.regex != defaults.regex)) {
    return Invalid(fmt::format(
        "{} action requires only 'source_labels' and `target_label`, and no other fields",
        RelabelActionText(action)));
  }
  if (IsOneOf(action, {kLabelDrop, kLabelKeep}) &&
      (has_others || !config.source_labels.empty() || !config.target_label.empty())) {
    return Invalid(fmt::format("{} action requires only 'regex', and no other fields",
                               RelabelActionText(action)));
  }
  return Ok();
}

}  // namespace

Status CheckRelabelConfig(const RelabelConfig& config, NameValidation validation) {
  if (!config.action) return Invalid("relabel action cannot be empty");
  const RelabelAction action = *config.action;
  if (action == kHashMod && config.modulus == 0) {
    return Invalid("relabel configuration for hashmod requires non-zero modulus");
  }
  NARTHEX_TRY(CheckTarget(config, action, validation));
  NARTHEX_TRY(CheckReplacement(config, action, validation));
  return CheckUnused(config, action);
}

}  // namespace narthex::model
