#include "lexer.h"

#include <array>

namespace narthex::exposition {
namespace {

enum CharacterClass : std::uint8_t { kLetter = 1, kDigit = 2, kColon = 4 };

constexpr std::array<std::uint8_t, 256> MakeClasses() {
  std::array<std::uint8_t, 256> classes{};
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = kLetter;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kLetter;
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  classes['_'] = kLetter;
  classes[':'] = kColon;
  return classes;
}

constexpr std::array<std::uint8_t, 256> kClasses = MakeClasses();

bool IsIn(char c, int classes) { return (kClasses[static_cast<unsigned char>(c)] & classes) != 0; }

}  // namespace

std::string_view TokenText(Token token) {
  switch (token) {
    case Token::kInvalid:
      return "INVALID";
    case Token::kEof:
      return "EOF";
    case Token::kLinebreak:
      return "LINEBREAK";
    case Token::kHelp:
      return "HELP";
    case Token::kType:
      return "TYPE";
    case Token::kUnit:
      return "UNIT";
    case Token::kEofWord:
      return "EOFWORD";
    case Token::kText:
      return "TEXT";
    case Token::kComment:
      return "COMMENT";
    case Token::kMetricName:
      return "MNAME";
    case Token::kQuoted:
      return "QSTRING";
    case Token::kBraceOpen:
      return "BOPEN";
    case Token::kBraceClose:
      return "BCLOSE";
    case Token::kLabelName:
      return "LNAME";
    case Token::kLabelValue:
      return "LVALUE";
    case Token::kComma:
      return "COMMA";
    case Token::kEqual:
      return "EQUAL";
    case Token::kTimestamp:
      return "TIMESTAMP";
    case Token::kValue:
      return "VALUE";
  }
  return "INVALID";
}

std::string Lexer::Show(std::size_t from, std::size_t until) const {
  std::string shown(Slice(from, until));
  if (until > body_.size()) shown += '\n';
  return shown;
}

bool Lexer::TakeUntil(std::string_view stop) {
  const std::size_t before = at_;
  while (at_ < body_.size() && body_[at_] != '\0' &&
         stop.find(body_[at_]) == std::string_view::npos) {
    ++at_;
  }
  return at_ > before;
}

bool Lexer::TakeName(bool with_colon) {
  const int first = kLetter | (with_colon ? kColon : 0);
  if (AtEnd() || !IsIn(Peek(), first)) return false;
  do {
    ++at_;
  } while (at_ < body_.size() && IsIn(body_[at_], first | kDigit));
  return true;
}

// As far as the bytes agree, also where the word is not there whole: messages show that far.
bool Lexer::TakeWord(std::string_view word) {
  for (const char c : word) {
    if (!Take(c)) return false;
  }
  return true;
}

bool Lexer::TakeQuoted(Newline newline, Nul nul) {
  if (!Take('"')) return false;
  while (at_ < body_.size()) {
    const char c = body_[at_];
    if (c == '"') {
      ++at_;
      return true;
    }
    if (c == '\n' && newline == Newline::kEnds) return false;
    if (c == '\0' && nul == Nul::kEnds) return false;
    ++at_;
    if (c == '\\') {
      if (AtEnd() || Peek() == '\n') return false;
      ++at_;
    }
  }
  at_ = end_;
  return false;
}

void Lexer::SkipLine() {
  const std::size_t newline = at_ < body_.size() ? body_.find('\n', at_) : std::string_view::npos;
  at_ = newline == std::string_view::npos ? body_.size() : newline;
}

}  // namespace narthex::exposition
