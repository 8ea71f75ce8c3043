// Regular expressions that are really literals with `.*` and `.+` between them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace narthex::model {

// A literal and what may stand before it.
struct WildcardPart {
  enum class Gap {
    kNone,  // it follows at once
    kAny,   // .*
    kSome,  // .+
  };
  Gap gap = Gap::kNone;
  std::string literal;  // empty only in the last part, or in the only one

  friend bool operator==(const WildcardPart&, const WildcardPart&) = default;
};

// Parts in order, never empty; the first has a gap if the expression starts with one. A gap at the
// end is a last part with an empty literal.
using Wildcard = std::vector<WildcardPart>;

// The expression (anchored at both ends, dot matches newline) as alternatives; empty if it is none
// of this kind, malformed, or would expand to more than kWildcardCountMax alternatives.
std::optional<std::vector<Wildcard>> ParseWildcards(std::string_view expression);

// As many alternatives as a long list of hosts in a dashboard variable has.
inline constexpr std::size_t kWildcardCountMax = 4096;

bool MatchesWildcard(const Wildcard& wildcard, std::string_view value);

}  // namespace narthex::model
