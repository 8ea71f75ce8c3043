#include "promql/token.h"

#include "keywords.h"

namespace narthex::promql {
namespace {

struct KindName {
  TokenKind kind;
  std::string_view name;
};

constexpr KindName kKindNames[] = {
    {TokenKind::kEof, "EOF"},
    {TokenKind::kError, "ERROR"},
    {TokenKind::kComment, "COMMENT"},
    {TokenKind::kSpace, "SPACE"},
    {TokenKind::kIdentifier, "IDENTIFIER"},
    {TokenKind::kMetricIdentifier, "METRIC_IDENTIFIER"},
    {TokenKind::kString, "STRING"},
    {TokenKind::kNumber, "NUMBER"},
    {TokenKind::kDuration, "DURATION"},
    {TokenKind::kLeftParen, "LEFT_PAREN"},
    {TokenKind::kRightParen, "RIGHT_PAREN"},
    {TokenKind::kLeftBrace, "LEFT_BRACE"},
    {TokenKind::kRightBrace, "RIGHT_BRACE"},
    {TokenKind::kLeftBracket, "LEFT_BRACKET"},
    {TokenKind::kRightBracket, "RIGHT_BRACKET"},
    {TokenKind::kComma, "COMMA"},
    {TokenKind::kColon, "COLON"},
    {TokenKind::kSemicolon, "SEMICOLON"},
    {TokenKind::kEql, "EQL"},
    {TokenKind::kEqlRegex, "EQL_REGEX"},
    {TokenKind::kNeqRegex, "NEQ_REGEX"},
    {TokenKind::kAdd, "ADD"},
    {TokenKind::kSub, "SUB"},
    {TokenKind::kMul, "MUL"},
    {TokenKind::kDiv, "DIV"},
    {TokenKind::kMod, "MOD"},
    {TokenKind::kPow, "POW"},
    {TokenKind::kAtan2, "ATAN2"},
    {TokenKind::kEqlc, "EQLC"},
    {TokenKind::kNeq, "NEQ"},
    {TokenKind::kLte, "LTE"},
    {TokenKind::kLss, "LSS"},
    {TokenKind::kGte, "GTE"},
    {TokenKind::kGtr, "GTR"},
    {TokenKind::kTrimUpper, "TRIM_UPPER"},
    {TokenKind::kTrimLower, "TRIM_LOWER"},
    {TokenKind::kAnd, "LAND"},
    {TokenKind::kOr, "LOR"},
    {TokenKind::kUnless, "LUNLESS"},
    {TokenKind::kAt, "AT"},
    {TokenKind::kSum, "SUM"},
    {TokenKind::kAvg, "AVG"},
    {TokenKind::kCount, "COUNT"},
    {TokenKind::kMin, "MIN"},
    {TokenKind::kMax, "MAX"},
    {TokenKind::kGroup, "GROUP"},
    {TokenKind::kStddev, "STDDEV"},
    {TokenKind::kStdvar, "STDVAR"},
    {TokenKind::kTopk, "TOPK"},
    {TokenKind::kBottomk, "BOTTOMK"},
    {TokenKind::kCountValues, "COUNT_VALUES"},
    {TokenKind::kQuantile, "QUANTILE"},
    {TokenKind::kLimitk, "LIMITK"},
    {TokenKind::kLimitRatio, "LIMIT_RATIO"},
    {TokenKind::kOffset, "OFFSET"},
    {TokenKind::kBy, "BY"},
    {TokenKind::kWithout, "WITHOUT"},
    {TokenKind::kOn, "ON"},
    {TokenKind::kIgnoring, "IGNORING"},
    {TokenKind::kGroupLeft, "GROUP_LEFT"},
    {TokenKind::kGroupRight, "GROUP_RIGHT"},
    {TokenKind::kBool, "BOOL"},
    {TokenKind::kAnchored, "ANCHORED"},
    {TokenKind::kSmoothed, "SMOOTHED"},
    {TokenKind::kFill, "FILL"},
    {TokenKind::kFillLeft, "FILL_LEFT"},
    {TokenKind::kFillRight, "FILL_RIGHT"},
    {TokenKind::kStart, "START"},
    {TokenKind::kEnd, "END"},
    {TokenKind::kStep, "STEP"},
    {TokenKind::kRange, "RANGE"},
    {TokenKind::kBlank, "BLANK"},
    {TokenKind::kTimes, "TIMES"},
    {TokenKind::kOpenHistogram, "OPEN_HIST"},
    {TokenKind::kCloseHistogram, "CLOSE_HIST"},
};

struct Keyword {
  std::string_view word;
  TokenKind kind;
};

constexpr Keyword kKeywords[] = {
    {"and", TokenKind::kAnd},
    {"or", TokenKind::kOr},
    {"unless", TokenKind::kUnless},
    {"atan2", TokenKind::kAtan2},
    {"sum", TokenKind::kSum},
    {"avg", TokenKind::kAvg},
    {"count", TokenKind::kCount},
    {"min", TokenKind::kMin},
    {"max", TokenKind::kMax},
    {"group", TokenKind::kGroup},
    {"stddev", TokenKind::kStddev},
    {"stdvar", TokenKind::kStdvar},
    {"topk", TokenKind::kTopk},
    {"bottomk", TokenKind::kBottomk},
    {"count_values", TokenKind::kCountValues},
    {"quantile", TokenKind::kQuantile},
    {"limitk", TokenKind::kLimitk},
    {"limit_ratio", TokenKind::kLimitRatio},
    {"offset", TokenKind::kOffset},
    {"by", TokenKind::kBy},
    {"without", TokenKind::kWithout},
    {"on", TokenKind::kOn},
    {"ignoring", TokenKind::kIgnoring},
    {"group_left", TokenKind::kGroupLeft},
    {"group_right", TokenKind::kGroupRight},
    {"bool", TokenKind::kBool},
    {"anchored", TokenKind::kAnchored},
    {"smoothed", TokenKind::kSmoothed},
    {"fill", TokenKind::kFill},
    {"fill_left", TokenKind::kFillLeft},
    {"fill_right", TokenKind::kFillRight},
    {"start", TokenKind::kStart},
    {"end", TokenKind::kEnd},
    {"step", TokenKind::kStep},
    {"range", TokenKind::kRange},
    {"inf", TokenKind::kNumber},
    {"nan", TokenKind::kNumber},
};

}  // namespace

std::string_view TokenKindName(TokenKind kind) {
  for (const KindName& entry : kKindNames) {
    if (entry.kind == kind) return entry.name;
  }
  return "HISTOGRAM_DESC";
}

bool IsAggregator(TokenKind kind) {
  return kind >= TokenKind::kSum && kind <= TokenKind::kLimitRatio;
}

bool IsKeyword(TokenKind kind) { return kind >= TokenKind::kOffset && kind <= TokenKind::kRange; }

bool IsOperator(TokenKind kind) { return kind >= TokenKind::kAdd && kind <= TokenKind::kAt; }

std::optional<TokenKind> FindKeyword(std::string_view word) {
  for (const Keyword& keyword : kKeywords) {
    if (EqualsIgnoringCase(word, keyword.word)) return keyword.kind;
  }
  return std::nullopt;
}

bool EqualsIgnoringCase(std::string_view text, std::string_view lower) {
  if (text.size() != lower.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const char folded = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (folded != lower[i]) return false;
  }
  return true;
}

}  // namespace narthex::promql
