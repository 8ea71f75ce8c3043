#include "model/matcher.h"

#include <re2/re2.h>

#include <algorithm>
#include <functional>
#include <unordered_set>
#include <utility>

#include "anchored_regex.h"
#include "model/labels.h"
#include "wildcard.h"

namespace narthex::model {
namespace {

// From here on a hash lookup beats walking the list of literals.
constexpr std::size_t kLiteralScanMax = 8;
// More alternatives with wildcards than this are one pass for the expression engine.
constexpr std::size_t kWildcardScanMax = 16;
// Enough to narrow a range of symbols; the rest is checked value by value anyway.
constexpr int kPrefixSizeMax = 64;

std::string CommonPrefix(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
  return std::string(a.begin(), end);
}

std::string CommonPrefix(const std::vector<Wildcard>& alternatives) {
  const auto first_literal = [](const Wildcard& wildcard) {
    return wildcard.front().gap == WildcardPart::Gap::kNone
               ? std::string_view(wildcard.front().literal)
               : std::string_view();
  };
  std::string prefix(first_literal(alternatives.front()));
  for (const Wildcard& wildcard : alternatives)
    prefix = CommonPrefix(prefix, first_literal(wildcard));
  return prefix;
}

bool IsLiteral(const Wildcard& wildcard) {
  return wildcard.size() == 1 && wildcard.front().gap == WildcardPart::Gap::kNone;
}

}  // namespace

struct Matcher::Pattern {
  bool Matches(std::string_view value) const {
    if (is_literals) {
      if (!index.empty()) return index.contains(value);
      return std::find(literals.begin(), literals.end(), value) != literals.end();
    }
    if (expression != nullptr) {
      // Most values fall here, at a hundredth of what the engine takes.
      if (!value.starts_with(prefix)) return false;
      return RE2::FullMatch({value.data(), value.size()}, *expression);
    }
    return std::any_of(wildcards.begin(), wildcards.end(), [value](const Wildcard& wildcard) {
      return MatchesWildcard(wildcard, value);
    });
  }

  bool is_literals = false;
  bool accepts_any_value = false;
  std::vector<std::string> literals;           // sorted, no repeat
  std::unordered_set<std::string_view> index;  // of literals, where there are many
  std::vector<Wildcard> wildcards;             // used when neither literals nor expression is
  std::unique_ptr<const RE2> expression;
  std::string prefix;
};

std::string_view MatchTypeText(MatchType type) {
  switch (type) {
    case MatchType::kEqual:
      return "=";
    case MatchType::kNotEqual:
      return "!=";
    case MatchType::kRegex:
      return "=~";
    case MatchType::kNotRegex:
      return "!~";
  }
  return "";
}

Matcher::Matcher(MatchType type, std::string name, std::string value)
    : type_(type), name_(std::move(name)), value_(std::move(value)) {}

Result<Matcher> Matcher::Make(MatchType type, std::string name, std::string value) {
  Matcher matcher(type, std::move(name), std::move(value));
  if (type == MatchType::kRegex || type == MatchType::kNotRegex) {
    auto pattern = std::make_shared<Pattern>();
    if (auto wildcards = ParseWildcards(matcher.value_)) {
      pattern->prefix = CommonPrefix(*wildcards);
      pattern->is_literals = std::all_of(wildcards->begin(), wildcards->end(), IsLiteral);
      pattern->accepts_any_value =
          std::any_of(wildcards->begin(), wildcards->end(), [](const Wildcard& wildcard) {
            return wildcard.size() == 1 && wildcard.front().gap != WildcardPart::Gap::kNone &&
                   wildcard.front().literal.empty();
          });
      pattern->wildcards = std::move(*wildcards);
    }
    if (pattern->is_literals) {
      for (Wildcard& wildcard : pattern->wildcards) {
        pattern->literals.push_back(std::move(wildcard.front().literal));
      }
      std::sort(pattern->literals.begin(), pattern->literals.end());
      pattern->literals.erase(std::unique(pattern->literals.begin(), pattern->literals.end()),
                              pattern->literals.end());
      if (pattern->literals.size() > kLiteralScanMax) {
        pattern->index.insert(pattern->literals.begin(), pattern->literals.end());
      }
    } else if (pattern->wildcards.empty() || pattern->wildcards.size() > kWildcardScanMax) {
      NARTHEX_ASSIGN_OR_RETURN(pattern->expression,
                               CompileAnchored(matcher.value_, RegexBlame::kExpression));
      std::string least;
      std::string greatest;
      if (pattern->prefix.empty() &&
          pattern->expression->PossibleMatchRange(&least, &greatest, kPrefixSizeMax)) {
        pattern->prefix = CommonPrefix(std::string_view(least), std::string_view(greatest));
      }
    }
    matcher.pattern_ = std::move(pattern);
  }
  matcher.matches_empty_ = matcher.Matches("");
  return matcher;
}

Matcher Matcher::Equal(std::string name, std::string value) {
  Matcher matcher(MatchType::kEqual, std::move(name), std::move(value));
  matcher.matches_empty_ = matcher.value_.empty();
  return matcher;
}

Matcher Matcher::NotEqual(std::string name, std::string value) {
  Matcher matcher(MatchType::kNotEqual, std::move(name), std::move(value));
  matcher.matches_empty_ = !matcher.value_.empty();
  return matcher;
}

bool Matcher::Matches(std::string_view value) const {
  switch (type_) {
    case MatchType::kEqual:
      return value == value_;
    case MatchType::kNotEqual:
      return value != value_;
    case MatchType::kRegex:
      return pattern_->Matches(value);
    case MatchType::kNotRegex:
      return !pattern_->Matches(value);
  }
  return false;
}

std::optional<std::span<const std::string>> Matcher::literals() const {
  if (pattern_ == nullptr) return std::span<const std::string>(&value_, 1);
  if (!pattern_->is_literals) return std::nullopt;
  return std::span<const std::string>(pattern_->literals);
}

std::string_view Matcher::prefix() const {
  return pattern_ == nullptr ? std::string_view(value_) : std::string_view(pattern_->prefix);
}

bool Matcher::accepts_any_value() const {
  return pattern_ != nullptr && pattern_->accepts_any_value;
}

std::string Matcher::ToString() const {
  std::string out = IsLegacyLabelName(name_) ? name_ : Quote(name_);
  out += MatchTypeText(type_);
  out += Quote(value_);
  return out;
}

bool MatchesAll(std::span<const Matcher> matchers, const LabelSet& labels) {
  return std::all_of(matchers.begin(), matchers.end(), [&labels](const Matcher& matcher) {
    return matcher.Matches(labels.Get(matcher.name()));
  });
}

}  // namespace narthex::model
