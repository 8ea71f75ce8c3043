#include "lexer.h"

namespace narthex::exposition {

Token Lexer::NextOpenMetrics() {
  if (AtEnd()) return Token::kEof;
  start_ = at_;
  switch (state_) {
    case State::kStart:
      return OpenMetricsStart();
    case State::kMetaName:
      if (TakeName(true) || TakeQuoted(Newline::kAllowed, Nul::kEnds)) {
        return Become(Token::kMetricName, State::kMetaText);
      }
      return Token::kInvalid;
    case State::kMetaText:
      return OpenMetricsMeta();
    case State::kLabels:
      return OpenMetricsLabels(State::kLabelValue, State::kValue);
    case State::kLabelValue:
      return TakeQuoted(Newline::kEnds, Nul::kAllowed) ? Become(Token::kLabelValue, State::kLabels)
                                                       : Token::kInvalid;
    case State::kValue:
      if (Take('{')) return Become(Token::kBraceOpen, State::kLabels);
      return OpenMetricsNumber(Token::kValue, State::kTimestamp);
    case State::kTimestamp:
      if (Take('\n')) return Become(Token::kLinebreak, State::kStart);
      if (rest().starts_with(" # {")) {
        at_ += 4;
        return Become(Token::kComment, State::kExemplar);
      }
      return OpenMetricsNumber(Token::kTimestamp, State::kTimestamp);
    case State::kExemplar:
      return OpenMetricsLabels(State::kExemplarLabelValue, State::kExemplarValue);
    case State::kExemplarLabelValue:
      return TakeQuoted(Newline::kEnds, Nul::kEnds) ? Become(Token::kLabelValue, State::kExemplar)
                                                    : Token::kInvalid;
    case State::kExemplarValue:
      return OpenMetricsNumber(Token::kValue, State::kExemplarTimestamp);
    case State::kExemplarTimestamp:
      if (Take('\n')) return Become(Token::kLinebreak, State::kStart);
      return OpenMetricsNumber(Token::kTimestamp, State::kExemplarTimestamp);
  }
  return Token::kInvalid;
}

Token Lexer::OpenMetricsStart() {
  if (TakeName(true)) return Become(Token::kMetricName, State::kValue);
  if (Take('{')) return Become(Token::kBraceOpen, State::kLabels);
  if (!TakeWord("# ")) return Token::kInvalid;
  switch (AtEnd() ? '\0' : Peek()) {
    case 'H':
      return TakeWord("HELP ") ? Become(Token::kHelp, State::kMetaName) : Token::kInvalid;
    case 'T':
      return TakeWord("TYPE ") ? Become(Token::kType, State::kMetaName) : Token::kInvalid;
    case 'U':
      return TakeWord("UNIT ") ? Become(Token::kUnit, State::kMetaName) : Token::kInvalid;
    case 'E':
      if (!TakeWord("EOF")) return Token::kInvalid;
      Take('\n');
      return Become(Token::kEofWord, State::kStart);
    default:
      return Token::kInvalid;
  }
}

// A blank and the rest of the line with its newline.
Token Lexer::OpenMetricsMeta() {
  if (!Take(' ')) return Token::kInvalid;
  SkipLine();
  if (!Take('\n')) return Token::kInvalid;
  return Become(Token::kText, State::kStart);
}

Token Lexer::OpenMetricsLabels(State value_state, State after_state) {
  const State here = state_;
  if (TakeName(false)) return Token::kLabelName;
  switch (Peek()) {
    case '"': {
      const auto newline = here == State::kExemplar ? Newline::kEnds : Newline::kAllowed;
      return TakeQuoted(newline, Nul::kEnds) ? Token::kQuoted : Token::kInvalid;
    }
    case '}':
      return TakeOne(Token::kBraceClose, after_state);
    case '=':
      return TakeOne(Token::kEqual, value_state);
    case ',':
      return TakeOne(Token::kComma, here);
    default:
      return Token::kInvalid;
  }
}

// A blank and a word.
Token Lexer::OpenMetricsNumber(Token token, State next) {
  if (!Take(' ') || !TakeUntil(" \n")) return Token::kInvalid;
  return Become(token, next);
}

}  // namespace narthex::exposition
