#include "lexer.h"

#include <fmt/format.h>

#include <utility>

#include "keywords.h"

namespace narthex::promql {
namespace {

struct Rune {
  std::uint32_t code = 0;
  std::size_t size = 0;  // bytes; 0 where the bytes are not UTF-8
};

// Decodes the character at the start of `text`, which is not empty.
Rune DecodeRune(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  std::size_t size = 0;
  std::uint32_t code = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    size = 2;
    code = first & 0x1fU;
  } else if (first >= 0xe0 && first <= 0xef) {
    size = 3;
    code = first & 0x0fU;
  } else if (first >= 0xf0 && first <= 0xf4) {
    size = 4;
    code = first & 0x07U;
  } else {
    return {};
  }
  if (text.size() < size) return {};
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return {};
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  if (is_overlong || is_surrogate || code > 0x10ffff) return {};
  return {code, size};
}

// The character at the start of `text` in single quotes, as errors show it.
std::string QuoteRune(std::string_view text) {
  const Rune rune = text.empty() ? Rune{} : DecodeRune(text);
  if (rune.size == 0) return "'\xef\xbf\xbd'";
  const std::string_view bytes = text.substr(0, rune.size);
  if (bytes == "'" || bytes == "\\") return fmt::format("'\\{}'", bytes);
  if (bytes == "\n") return "'\\n'";
  if (bytes == "\t") return "'\\t'";
  if (bytes == "\r") return "'\\r'";
  if (rune.code < 0x20 || rune.code == 0x7f) return fmt::format("'\\x{:02x}'", rune.code);
  return fmt::format("'{}'", bytes);
}

struct FixedToken {
  std::string_view text;
  TokenKind kind;
};

// Longer texts first: the first that fits is taken.
constexpr FixedToken kOperators[] = {
    {"==", TokenKind::kEqlc}, {"=~", TokenKind::kEqlRegex}, {"=", TokenKind::kEql},
    {"!=", TokenKind::kNeq},  {"<=", TokenKind::kLte},      {"</", TokenKind::kTrimUpper},
    {"<", TokenKind::kLss},   {">=", TokenKind::kGte},      {">/", TokenKind::kTrimLower},
    {">", TokenKind::kGtr},   {"+", TokenKind::kAdd},       {"-", TokenKind::kSub},
    {"*", TokenKind::kMul},   {"/", TokenKind::kDiv},       {"%", TokenKind::kMod},
    {"^", TokenKind::kPow},   {",", TokenKind::kComma},     {"@", TokenKind::kAt},
};

constexpr FixedToken kDurationOperators[] = {
    {"+", TokenKind::kAdd},   {"-", TokenKind::kSub}, {"*", TokenKind::kMul},
    {"/", TokenKind::kDiv},   {"%", TokenKind::kMod}, {"^", TokenKind::kPow},
    {",", TokenKind::kComma},
};

}  // namespace

TokenList Lexer::Run() {
  while (!is_done_) {
    start_ = pos_;
    if (pos_ == input_.size() && place_ != Place::kStatement) {
      LexEnd();
      continue;
    }
    switch (place_) {
      case Place::kStatement:
        LexStatement();
        break;
      case Place::kBraces:
        LexInsideBraces();
        break;
      case Place::kBrackets:
        LexInsideBrackets();
        break;
      case Place::kValues:
        LexValues();
        break;
      case Place::kHistogram:
        LexHistogram();
        break;
    }
  }
  return std::move(list_);
}

void Lexer::LexEnd() {
  switch (place_) {
    case Place::kBraces:
      return Fail("unexpected end of input inside braces");
    case Place::kBrackets:
      return Fail("unexpected end of input in duration expression");
    case Place::kHistogram:
      return Fail("unexpected end of input in histogram description");
    case Place::kStatement:
    case Place::kValues:
      break;
  }
  if (paren_depth_ != 0) return Fail("unclosed left parenthesis");
  Emit(TokenKind::kEof);
  is_done_ = true;
}

void Lexer::LexStatement() {
  if (pos_ == input_.size()) return LexEnd();
  if (rest().starts_with('#')) return LexComment();
  const char c = input_[pos_];
  if (IsSpace(c)) return SkipSpaces();
  if (c == '"' || c == '\'') return LexString();
  if (c == '`') return LexRawString();
  if (IsDigit(c) || (c == '.' && pos_ + 1 < input_.size() && IsDigit(input_[pos_ + 1]))) {
    return LexNumberOrDuration();
  }
  if (IsAlpha(c) || c == ':') return LexWord();
  if (LexPunctuation()) return;
  LexOperator();
}

bool Lexer::LexPunctuation() {
  switch (input_[pos_]) {
    case '(':
      Take(1, TokenKind::kLeftParen);
      ++paren_depth_;
      return true;
    case ')':
      CloseParen();
      return true;
    case '{':
      Take(1, TokenKind::kLeftBrace);
      place_ = Place::kBraces;
      return true;
    case '[':
      Take(1, TokenKind::kLeftBracket);
      place_ = Place::kBrackets;
      has_duration_ = false;
      has_colon_ = false;
      return true;
    default:
      return false;
  }
}

void Lexer::CloseParen() {
  if (paren_depth_ == 0) {
    start_ = ++pos_;  // the position upstream names: behind the parenthesis
    return Fail("unexpected right parenthesis ')'");
  }
  --paren_depth_;
  Take(1, TokenKind::kRightParen);
}

void Lexer::LexOperator() {
  for (const FixedToken& op : kOperators) {
    // A query has no use for =~; without the operators of label matching it is no token.
    if (op.kind == TokenKind::kEqlRegex || !rest().starts_with(op.text)) continue;
    if (rest().starts_with("=~")) {
      ++pos_;
      return Fail(fmt::format("unexpected character after '=': {}", QuoteRune(rest())));
    }
    return Take(op.text.size(), op.kind);
  }
  if (input_[pos_] == '!') {
    return Fail(fmt::format("unexpected character after '!': {}", QuoteRune(rest().substr(1))));
  }
  if (input_[pos_] == ']') return Fail("unexpected right bracket ']'");
  Fail(fmt::format("unexpected character: {}", QuoteRune(rest())));
}

void Lexer::LexInsideBraces() {
  const char c = input_[pos_];
  if (c == '#') return LexComment();
  if (IsSpace(c)) {
    if (mode_ == LexMode::kSeriesDescription) return SkipSpaces();
    return SkipSpaces();
  }
  if (IsAlpha(c)) {
    std::size_t size = 0;
    while (size < rest().size() && IsAlphaNumeric(rest()[size])) ++size;
    return Take(size, TokenKind::kIdentifier);
  }
  if (c == '"' || c == '\'') return LexString();
  if (c == '`') return LexRawString();
  if (c == ',') return Take(1, TokenKind::kComma);
  if (c == '}') {
    Take(1, TokenKind::kRightBrace);
    place_ = mode_ == LexMode::kSeriesDescription ? Place::kValues : Place::kStatement;
    return;
  }
  if (c == '{' && mode_ == LexMode::kSeriesDescription) {
    return Fail("unexpected left brace '{'");
  }
  if (rest().starts_with("=~")) return Take(2, TokenKind::kEqlRegex);
  if (c == '=') return Take(1, TokenKind::kEql);
  if (rest().starts_with("!~")) return Take(2, TokenKind::kNeqRegex);
  if (rest().starts_with("!=")) return Take(2, TokenKind::kNeq);
  if (c == '!') {
    return Fail(fmt::format("unexpected character after '!' inside braces: {}",
                            QuoteRune(rest().substr(1))));
  }
  if (c == '{') return Fail("unexpected left brace '{'");
  Fail(fmt::format("unexpected character inside braces: {}", QuoteRune(rest())));
}

void Lexer::LexInsideBrackets() {
  const char c = input_[pos_];
  if (c == '#') return LexComment();
  if (IsSpace(c)) return SkipSpaces();
  if (IsDigit(c) || (c == '.' && pos_ + 1 < input_.size() && IsDigit(input_[pos_ + 1]))) {
    has_duration_ = true;
    return LexNumberOrDuration();
  }
  if (c == ']') {
    Take(1, TokenKind::kRightBracket);
    place_ = Place::kStatement;
    return;
  }
  if (c == ':') return LexBracketColon();
  if (c == '(') {
    ++paren_depth_;
    return Take(1, TokenKind::kLeftParen);
  }
  if (c == ')') return CloseParen();
  for (const FixedToken& op : kDurationOperators) {
    if (rest().starts_with(op.text)) return Take(op.text.size(), op.kind);
  }
  if (IsAlpha(c)) return LexDurationWord();
  Fail(fmt::format("unexpected character in duration expression: {}", QuoteRune(rest())));
}

void Lexer::LexBracketColon() {
  if (!has_duration_) {
    start_ = ++pos_;
    return Fail("unexpected colon before duration in duration expression");
  }
  if (has_colon_) {
    start_ = ++pos_;
    return Fail("unexpected repeated colon in duration expression");
  }
  has_colon_ = true;
  Take(1, TokenKind::kColon);
}

void Lexer::LexDurationWord() {
  std::size_t size = 0;
  while (size < rest().size() && IsAlphaNumeric(rest()[size])) ++size;
  const std::string_view word = rest().substr(0, size);
  if (EqualsIgnoringCase(word, "step")) {
    has_duration_ = true;
    return Take(size, TokenKind::kStep);
  }
  if (EqualsIgnoringCase(word, "range")) {
    has_duration_ = true;
    return Take(size, TokenKind::kRange);
  }
  if (EqualsIgnoringCase(word, "min_of") || EqualsIgnoringCase(word, "max_of")) {
    has_duration_ = true;
    return Take(size, TokenKind::kIdentifier);
  }
  if (has_duration_ && !has_colon_) {
    return Fail(fmt::format("unexpected character: {}, expected ':'", QuoteRune(rest())));
  }
  Fail(fmt::format("unexpected character in duration expression: {}", QuoteRune(rest())));
}

void Lexer::LexWord() {
  std::size_t size = 0;
  while (size < rest().size() && (IsAlphaNumeric(rest()[size]) || rest()[size] == ':')) ++size;
  const std::string_view word = rest().substr(0, size);
  if (mode_ == LexMode::kSeriesDescription) {
    Take(size, word.find(':') == std::string_view::npos ? TokenKind::kIdentifier
                                                        : TokenKind::kMetricIdentifier);
    if (!rest().starts_with('{')) place_ = Place::kValues;
    return;
  }
  if (const auto keyword = FindKeyword(word)) return Take(size, *keyword);
  Take(size, word.find(':') == std::string_view::npos ? TokenKind::kIdentifier
                                                      : TokenKind::kMetricIdentifier);
}

void Lexer::LexValues() {
  const char c = input_[pos_];
  if (IsSpace(c)) {
    std::size_t size = 0;
    while (size < rest().size() && IsSpace(rest()[size])) ++size;
    return Take(size, TokenKind::kSpace);
  }
  if (c == '+') return Take(1, TokenKind::kAdd);
  if (c == '-') return Take(1, TokenKind::kSub);
  if (c == 'x') return Take(1, TokenKind::kTimes);
  if (c == '_') return Take(1, TokenKind::kBlank);
  if (rest().starts_with("{{")) {
    Take(2, TokenKind::kOpenHistogram);
    place_ = Place::kHistogram;
    return;
  }
  if (IsDigit(c) || (c == '.' && pos_ + 1 < input_.size() && IsDigit(input_[pos_ + 1]))) {
    return LexNumberOrDuration();
  }
  if (IsAlpha(c)) {
    std::size_t size = 0;
    while (size < rest().size() && IsAlphaNumeric(rest()[size]) && rest()[size] != 'x') ++size;
    const std::string_view word = rest().substr(0, size);
    const auto keyword = FindKeyword(word);
    return Take(size, keyword == TokenKind::kNumber ? TokenKind::kNumber : TokenKind::kIdentifier);
  }
  Fail(fmt::format("unexpected character in series sequence: {}", QuoteRune(rest())));
}

void Lexer::LexHistogram() {
  const char c = input_[pos_];
  if (IsSpace(c)) {
    std::size_t size = 0;
    while (size < rest().size() && IsSpace(rest()[size])) ++size;
    return Take(size, TokenKind::kSpace);
  }
  if (rest().starts_with("}}")) {
    Take(2, TokenKind::kCloseHistogram);
    place_ = Place::kValues;
    return;
  }
  if (c == '-') return Take(1, TokenKind::kSub);
  if (c == ':') return Take(1, TokenKind::kColon);
  if (c == '[') return Take(1, TokenKind::kLeftBracket);
  if (c == ']') return Take(1, TokenKind::kRightBracket);
  if (IsDigit(c) || c == '.') return LexNumberOrDuration();
  if (IsAlpha(c)) return LexHistogramWord();
  Fail(fmt::format("unexpected character in histogram descriptor: {}", QuoteRune(rest())));
}

void Lexer::LexHistogramWord() {
  std::size_t size = 0;
  while (size < rest().size() && IsAlphaNumeric(rest()[size])) ++size;
  const std::string_view word = rest().substr(0, size);
  if (FindKeyword(word) == TokenKind::kNumber) return Take(size, TokenKind::kNumber);
  for (const std::string_view hint : {"unknown", "reset", "not_reset", "gauge"}) {
    if (word == hint) return Take(size, TokenKind::kHistogramHint);
  }
  for (const std::string_view key :
       {"schema", "sum", "count", "z_bucket", "z_bucket_w", "buckets", "offset", "n_buckets",
        "n_offset", "custom_values", "counter_reset_hint"}) {
    if (word != key) continue;
    if (size < rest().size() && rest()[size] == ':') return Take(size, TokenKind::kHistogramKey);
    return Fail("missing `:` for histogram descriptor");
  }
  Fail(fmt::format("bad histogram descriptor found: \"{}\"", word));
}

void Lexer::LexComment() {
  std::size_t size = 0;
  while (size < rest().size() && rest()[size] != '\n' && rest()[size] != '\r') ++size;
  Take(size, TokenKind::kComment);
}

void Lexer::SkipSpaces() {
  while (pos_ < input_.size() && IsSpace(input_[pos_])) ++pos_;
}

void Lexer::LexNumberOrDuration() {
  if (ScanNumber()) return Emit(TokenKind::kNumber);
  if (mode_ == LexMode::kExpression && ScanRestOfDuration()) return Emit(TokenKind::kDuration);
  Fail(fmt::format("bad number or duration syntax: \"{}\"", input_.substr(start_, pos_ - start_)));
}

bool Lexer::Accept(std::string_view any_of) {
  if (pos_ == input_.size() || any_of.find(input_[pos_]) == std::string_view::npos) return false;
  ++pos_;
  return true;
}

// Takes what may be a number; whether it is one shows when its value is read ("1e-" is not).
bool Lexer::ScanNumber() {
  // In a series description an x repeats the value before it.
  const bool is_hex = mode_ == LexMode::kExpression && Accept("0") && Accept("xX");
  if (is_hex) Accept("_");
  const std::string_view digits = is_hex ? "0123456789abcdefABCDEF" : "0123456789";
  Accept(".");
  Accept(digits);
  bool has_dot = false;
  bool has_exponent = false;
  while (pos_ < input_.size()) {
    const char c = input_[pos_];
    // What a sign of its own must not be followed by, besides the end.
    std::string_view misfits;
    if (c == '.') {
      if (std::exchange(has_dot, true) || is_hex) return ++pos_, false;
      misfits = "_.";
    } else if (c == 'e' || c == 'E') {
      // Behind the first digit of a hexadecimal number, too: they can hold one at most.
      if (std::exchange(has_exponent, true)) return ++pos_, false;
      misfits = "._eE";
    } else if (c == '_') {
      misfits = "._eE";
    } else if (digits.find(c) == std::string_view::npos) {
      break;
    }
    ++pos_;
    if (misfits.empty()) continue;
    if (c == 'e' || c == 'E') Accept("+-");
    if (Accept(misfits)) return false;
    if (c != '.' && pos_ == input_.size()) return false;
  }
  const char next = pos_ < input_.size() ? input_[pos_] : ' ';
  if (mode_ == LexMode::kSeriesDescription && next == 'x') return true;
  return !IsAlphaNumeric(next);
}

bool Lexer::ScanRestOfDuration() {
  if (!Accept("smhdwy")) return false;
  Accept("s");  // ms; the sense of what is accepted beyond that is judged when the value is read
  while (Accept("0123456789")) {
    while (Accept("0123456789")) {
    }
    if (!Accept("smhdw")) return false;
    Accept("s");
  }
  if (pos_ < input_.size() && IsAlphaNumeric(input_[pos_])) {
    ++pos_;
    return false;
  }
  return true;
}

void Lexer::LexString() {
  const char quote = input_[pos_++];
  while (pos_ < input_.size()) {
    const char c = input_[pos_];
    if (c == quote) {
      ++pos_;
      return Emit(TokenKind::kString);
    }
    if (c == '\n') return Fail("unterminated quoted string");
    if (c == '\\') {
      ++pos_;
      if (!LexEscape(quote)) return;
      continue;
    }
    const Rune rune = DecodeRune(rest());
    if (rune.size == 0) return Fail("invalid UTF-8 rune");
    pos_ += rune.size;
  }
  Fail("unterminated quoted string");
}

bool Lexer::LexEscape(char quote) {
  if (pos_ == input_.size()) {
    Fail("escape sequence not terminated");
    return false;
  }
  const char c = input_[pos_];
  if (c == quote || std::string_view("abfnrtv\\").find(c) != std::string_view::npos) {
    ++pos_;
    return true;
  }
  std::size_t digit_count = 0;
  std::uint32_t base = 16;
  std::uint32_t limit = 0x10ffff;
  switch (c) {
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
      digit_count = 3;
      base = 8;
      limit = 255;
      break;
    case 'x':
      digit_count = 2;
      limit = 255;
      ++pos_;
      break;
    case 'u':
      digit_count = 4;
      ++pos_;
      break;
    case 'U':
      digit_count = 8;
      ++pos_;
      break;
    default: {
      const Rune rune = DecodeRune(rest());
      Fail(fmt::format("unknown escape sequence U+{:04X} {}", rune.code, QuoteRune(rest())));
      return false;
    }
  }
  return LexEscapeDigits(digit_count, base, limit);
}

bool Lexer::LexEscapeDigits(std::size_t count, std::uint32_t base, std::uint32_t limit) {
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (pos_ == input_.size()) {
      Fail("escape sequence not terminated");
      return false;
    }
    const char c = input_[pos_];
    std::uint32_t digit = 16;
    if (IsDigit(c)) digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit >= base) {
      const Rune rune = DecodeRune(rest());
      Fail(fmt::format("illegal character U+{:04X} {} in escape sequence", rune.code,
                       QuoteRune(rest())));
      return false;
    }
    code = code * base + digit;
    ++pos_;
  }
  if (code > limit || (code >= 0xd800 && code <= 0xdfff)) {
    Fail("escape sequence is an invalid Unicode code point");
    return false;
  }
  return true;
}

void Lexer::LexRawString() {
  ++pos_;
  while (pos_ < input_.size()) {
    if (input_[pos_] == '`') {
      ++pos_;
      return Emit(TokenKind::kString);
    }
    const Rune rune = DecodeRune(rest());
    if (rune.size == 0) return Fail("invalid UTF-8 rune");
    pos_ += rune.size;
  }
  Fail("unterminated raw string");
}

void Lexer::Take(std::size_t size, TokenKind kind) {
  pos_ = start_ + size;
  Emit(kind);
}

void Lexer::Emit(TokenKind kind) {
  list_.tokens.push_back({kind, start_, input_.substr(start_, pos_ - start_)});
  start_ = pos_;
}

void Lexer::Fail(std::string message) {
  list_.error = std::move(message);
  pos_ = start_;
  Emit(TokenKind::kError);
  is_done_ = true;
}

TokenList Tokenize(std::string_view input, LexMode mode) { return Lexer(input, mode).Run(); }

}  // namespace narthex::promql
