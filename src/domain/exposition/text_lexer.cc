#include "lexer.h"

namespace narthex::exposition {

Token Lexer::NextText() {
  if (AtEnd()) return Token::kEof;
  if (state_ != State::kMetaText) {
    while (at_ < body_.size() && (body_[at_] == ' ' || body_[at_] == '\t')) ++at_;
  }
  start_ = at_;
  switch (state_) {
    case State::kStart:
      if (TakeName(true)) return Become(Token::kMetricName, State::kValue);
      if (Take('\n')) return Token::kLinebreak;
      if (Take('{')) return Become(Token::kBraceOpen, State::kLabels);
      if (Take('#')) return TextComment();
      // Upstream takes a NUL here for the end, and so all of a binary file for an empty exposition.
      return Token::kInvalid;
    case State::kMetaName:
      if (TakeName(true) || TakeQuoted(Newline::kAllowed, Nul::kEnds)) {
        return Become(Token::kMetricName, State::kMetaText);
      }
      return Token::kInvalid;
    case State::kMetaText:
      SkipLine();
      return Become(Token::kText, State::kStart);
    case State::kLabels:
      return TextLabels();
    case State::kLabelValue:
      return TakeQuoted(Newline::kAllowed, Nul::kAllowed)
                 ? Become(Token::kLabelValue, State::kLabels)
                 : Token::kInvalid;
    case State::kValue:
      if (Take('{')) return Become(Token::kBraceOpen, State::kLabels);
      return TakeUntil("{ \t\n") ? Become(Token::kValue, State::kTimestamp) : Token::kInvalid;
    case State::kTimestamp: {
      if (Take('\n')) return Become(Token::kLinebreak, State::kStart);
      Take('-');
      const std::size_t digits = at_;
      while (at_ < body_.size() && body_[at_] >= '0' && body_[at_] <= '9') ++at_;
      if (at_ > digits) return Token::kTimestamp;
      at_ = start_;
      return Token::kInvalid;
    }
    default:
      return Token::kInvalid;
  }
}

// Behind the #. What is not HELP or TYPE with a blank behind it is a comment.
Token Lexer::TextComment() {
  const auto take_blanks = [this] {
    const std::size_t before = at_;
    while (at_ < body_.size() && (body_[at_] == ' ' || body_[at_] == '\t')) ++at_;
    return at_ > before;
  };
  if (take_blanks()) {
    const std::size_t word = at_;
    if (TakeWord("HELP") && take_blanks()) return Become(Token::kHelp, State::kMetaName);
    at_ = word;
    if (TakeWord("TYPE") && take_blanks()) return Become(Token::kType, State::kMetaName);
  }
  SkipLine();
  return Become(Token::kComment, State::kStart);
}

Token Lexer::TextLabels() {
  if (TakeName(false)) return Token::kLabelName;
  switch (Peek()) {
    case '"':
      return TakeQuoted(Newline::kAllowed, Nul::kEnds) ? Token::kQuoted : Token::kInvalid;
    case '}':
      return TakeOne(Token::kBraceClose, State::kValue);
    case '=':
      return TakeOne(Token::kEqual, State::kLabelValue);
    case ',':
      return TakeOne(Token::kComma, State::kLabels);
    default:
      return Token::kInvalid;
  }
}

}  // namespace narthex::exposition
