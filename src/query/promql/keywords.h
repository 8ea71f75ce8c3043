// Words with a meaning of their own, and character classes of the language.
#pragma once

#include <optional>
#include <string_view>

#include "promql/token.h"

namespace narthex::promql {

// The kind of a reserved word, in any case; empty for every other word.
std::optional<TokenKind> FindKeyword(std::string_view word);

// Whether `text`, ASCII letters folded to lower case, is `lower`.
bool EqualsIgnoringCase(std::string_view text, std::string_view lower);

inline bool IsSpace(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsAlpha(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline bool IsAlphaNumeric(char c) { return IsAlpha(c) || IsDigit(c); }

}  // namespace narthex::promql
