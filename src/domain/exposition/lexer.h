// Tokens of the two text formats.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "exposition/format.h"

namespace narthex::exposition {

enum class Token {
  kInvalid,
  kEof,
  kLinebreak,
  kHelp,
  kType,
  kUnit,
  kEofWord,
  kText,
  kComment,
  kMetricName,
  kQuoted,
  kBraceOpen,
  kBraceClose,
  kLabelName,
  kLabelValue,
  kComma,
  kEqual,
  kTimestamp,
  kValue,
};

// The name that error messages quote.
std::string_view TokenText(Token token);

// Cuts a body into tokens. What a byte means depends on what came before: `state`.
//
// The tokens and states are those of Prometheus' lexers, since their error messages quote them.
class Lexer {
 public:
  enum class State {
    kStart,       // of a line
    kMetaName,    // behind # HELP
    kMetaText,    // behind the name there
    kLabels,      // between braces
    kLabelValue,  // behind = there
    kValue,       // behind a name or closing brace
    kTimestamp,   // behind the value
    kExemplar,    // between the braces of an exemplar
    kExemplarLabelValue,
    kExemplarValue,
    kExemplarTimestamp,
  };

  // The text format goes on as if a newline followed the body.
  Lexer(std::string_view body, Format format)
      : body_(body),
        is_open_metrics_(format == Format::kOpenMetrics),
        end_(is_open_metrics_ ? body.size() : body.size() + 1) {}

  Token Next() { return is_open_metrics_ ? NextOpenMetrics() : NextText(); }

  // The token read last: from start() to at().
  std::size_t start() const { return start_; }
  std::size_t at() const { return at_; }
  std::string_view token() const { return Slice(start_, at_); }
  // Without the newline that is only thought of.
  std::string_view Slice(std::size_t from, std::size_t until) const {
    return from < body_.size() ? body_.substr(from, until - from) : std::string_view();
  }
  // Bytes for error messages, with that newline.
  std::string Show(std::size_t from, std::size_t until) const;
  // What a message shows of a token that does not fit: the byte behind it too.
  std::size_t shown_end() const { return at_ < end_ ? at_ + 1 : end_; }

  bool AtEnd() const { return at_ >= end_; }
  std::string_view rest() const {
    return at_ < body_.size() ? body_.substr(at_) : std::string_view();
  }
  // Goes to `offset`, where a line begins.
  void JumpToLine(std::size_t offset) {
    at_ = offset;
    state_ = State::kStart;
  }

 private:
  Token NextText();
  Token NextOpenMetrics();

  char Peek() const { return at_ < body_.size() ? body_[at_] : '\n'; }
  bool Take(char c) {
    if (AtEnd() || Peek() != c) return false;
    ++at_;
    return true;
  }
  Token Become(Token token, State state) {
    state_ = state;
    return token;
  }
  Token TakeOne(Token token, State state) {
    ++at_;
    return Become(token, state);
  }
  // Bytes up to one of `stop` or NUL; false if there are none.
  bool TakeUntil(std::string_view stop);
  bool TakeName(bool with_colon);
  bool TakeWord(std::string_view word);
  // "..." with backslash escapes.
  enum class Newline { kAllowed, kEnds };
  enum class Nul { kAllowed, kEnds };
  bool TakeQuoted(Newline newline, Nul nul);
  void SkipLine();

  Token TextComment();
  Token TextLabels();
  Token OpenMetricsStart();
  Token OpenMetricsMeta();
  Token OpenMetricsLabels(State value_state, State after_state);
  Token OpenMetricsNumber(Token token, State next);

  std::string_view body_;
  bool is_open_metrics_;
  std::size_t end_;
  std::size_t start_ = 0;
  std::size_t at_ = 0;
  State state_ = State::kStart;
};

}  // namespace narthex::exposition
