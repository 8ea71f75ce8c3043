// An expression as words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace narthex::jmespath {

enum class TokenKind {
  kEnd,
  kName,        // `text`
  kQuotedName,  // `text`
  kNumber,      // `number`
  kLiteral,     // `literal`
  kDot,
  kStar,
  kFlatten,  // []
  kFilter,   // [?
  kOpenBracket,
  kCloseBracket,
  kOpenBrace,
  kCloseBrace,
  kOpen,
  kClose,
  kComma,
  kColon,
  kCurrent,
  kReference,
  kPipe,
  kOr,
  kAnd,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::size_t place = 0;  // of its first byte
  std::string text = {};
  std::int64_t number = 0;
  json::Value literal = {};
};

// All words of `text`, kEnd the last one.
// Errors: kInvalidArgument  with the place as "at 5", counted from 1 in bytes
Result<std::vector<Token>> ReadTokens(std::string_view text);

}  // namespace narthex::jmespath
