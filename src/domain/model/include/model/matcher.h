// Matchers: one condition on one label.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::model {

class LabelSet;

enum class MatchType { kEqual, kNotEqual, kRegex, kNotRegex };

// "=", "!=", "=~", "!~".
std::string_view MatchTypeText(MatchType type);

// Immutable, cheap to copy (a compiled expression is shared), thread-safe.
//
// A label that a series does not have matches as the empty value. Regular expressions are RE2's,
// anchored at both ends, the dot matches newlines; literals, sets of literals, prefixes, suffixes
// and `.*`, `.+` are recognised and never reach the expression engine.
class Matcher {
 public:
  // Errors: kInvalidArgument  the expression is malformed, with RE2's reason
  static Result<Matcher> Make(MatchType type, std::string name, std::string value);
  // For conditions that cannot fail to compile: kEqual and kNotEqual only.
  static Matcher Equal(std::string name, std::string value);
  static Matcher NotEqual(std::string name, std::string value);

  MatchType type() const { return type_; }
  const std::string& name() const { return name_; }
  const std::string& value() const { return value_; }
  bool is_negative() const {
    return type_ == MatchType::kNotEqual || type_ == MatchType::kNotRegex;
  }

  bool Matches(std::string_view value) const;
  bool MatchesEmpty() const { return matches_empty_; }

  // For the index. If the *positive* form of this condition (=, =~) accepts exactly a finite set of
  // values, that set, sorted; otherwise empty.
  std::optional<std::span<const std::string>> literals() const;
  // A prefix that every value accepted by the positive form has; may be empty.
  std::string_view prefix() const;

  // Whether the positive form accepts every value that is not empty: `.*`, `.+`.
  bool accepts_any_value() const;

  // `name="value"` with the value quoted and the name quoted if it must be.
  std::string ToString() const;

  friend bool operator==(const Matcher& a, const Matcher& b) {
    return a.type_ == b.type_ && a.name_ == b.name_ && a.value_ == b.value_;
  }

 private:
  struct Pattern;  // what the expression was recognised as; shared between copies, immutable

  Matcher(MatchType type, std::string name, std::string value);

  MatchType type_;
  std::string name_;
  std::string value_;
  std::shared_ptr<const Pattern> pattern_;  // null for kEqual and kNotEqual
  bool matches_empty_ = false;
};

// Whether all of `matchers` accept `labels`.
bool MatchesAll(std::span<const Matcher> matchers, const LabelSet& labels);

}  // namespace narthex::model
