// The words of the query language.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace narthex::promql {

enum class TokenKind {
  kEof,
  kError,
  kComment,
  kSpace,
  kIdentifier,
  kMetricIdentifier,  // holds a colon
  kString,
  kNumber,
  kDuration,
  kLeftParen,
  kRightParen,
  kLeftBrace,
  kRightBrace,
  kLeftBracket,
  kRightBracket,
  kComma,
  kColon,
  kSemicolon,
  // Matching operators.
  kEql,
  kEqlRegex,
  kNeqRegex,
  // Operators. kNeq is one of matching, too.
  kAdd,
  kSub,
  kMul,
  kDiv,
  kMod,
  kPow,
  kAtan2,
  kEqlc,
  kNeq,
  kLte,
  kLss,
  kGte,
  kGtr,
  kTrimUpper,  // </
  kTrimLower,  // >/
  kAnd,
  kOr,
  kUnless,
  kAt,
  // Aggregations.
  kSum,
  kAvg,
  kCount,
  kMin,
  kMax,
  kGroup,
  kStddev,
  kStdvar,
  kTopk,
  kBottomk,
  kCountValues,
  kQuantile,
  kLimitk,
  kLimitRatio,
  // Keywords.
  kOffset,
  kBy,
  kWithout,
  kOn,
  kIgnoring,
  kGroupLeft,
  kGroupRight,
  kBool,
  kAnchored,
  kSmoothed,
  kFill,
  kFillLeft,
  kFillRight,
  kStart,
  kEnd,
  kStep,
  kRange,
  // Series descriptions only.
  kBlank,
  kTimes,
  kOpenHistogram,
  kCloseHistogram,
  kHistogramKey,
  kHistogramHint,
};

struct Token {
  TokenKind kind = TokenKind::kEof;
  std::size_t offset = 0;  // bytes from the start of the input
  std::string_view text;   // a view of the input
};

// What the input is: a query, or a line of a test script's load command.
enum class LexMode { kExpression, kSeriesDescription };

// All tokens of an input, comments included; the last one is kEof, or kError if the input is not
// made of tokens from `offset` of that token on.
struct TokenList {
  std::vector<Token> tokens;
  std::string error;  // why, if the last token is kError
};

// The tokens view `input`, which must outlive them.
TokenList Tokenize(std::string_view input, LexMode mode = LexMode::kExpression);

// "IDENTIFIER", "LEFT_BRACE" and so on: upstream's names of the kinds.
std::string_view TokenKindName(TokenKind kind);

bool IsAggregator(TokenKind kind);
bool IsKeyword(TokenKind kind);
// Binary operators, kAt included.
bool IsOperator(TokenKind kind);

}  // namespace narthex::promql
