// Cuts a query into tokens.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "promql/token.h"

namespace narthex::promql {

// One pass over the input; what a character means depends on the brackets around it.
class Lexer {
 public:
  Lexer(std::string_view input, LexMode mode) : input_(input), mode_(mode) {}

  TokenList Run();

 private:
  enum class Place { kStatement, kBraces, kBrackets, kValues, kHistogram };

  void LexEnd();
  void LexStatement();
  bool LexPunctuation();
  void LexOperator();
  void LexInsideBraces();
  void LexInsideBrackets();
  void LexBracketColon();
  void LexDurationWord();
  void LexWord();
  void LexValues();
  void LexHistogram();
  void LexHistogramWord();
  void LexComment();
  void LexString();
  // Reads what follows a backslash; false after an error.
  bool LexEscape(char quote);
  bool LexEscapeDigits(std::size_t count, std::uint32_t base, std::uint32_t limit);
  void LexRawString();
  void LexNumberOrDuration();
  // These two move pos_ over what they accept; false if that is not a number (duration).
  bool ScanNumber();
  bool ScanRestOfDuration();
  bool Accept(std::string_view any_of);
  void CloseParen();
  void SkipSpaces();

  std::string_view rest() const { return input_.substr(pos_); }
  void Take(std::size_t size, TokenKind kind);
  void Emit(TokenKind kind);
  void Fail(std::string message);

  const std::string_view input_;
  const LexMode mode_;
  TokenList list_;
  Place place_ = Place::kStatement;
  std::size_t start_ = 0;  // of the token being read
  std::size_t pos_ = 0;
  std::size_t paren_depth_ = 0;
  bool has_duration_ = false;  // inside these brackets
  bool has_colon_ = false;
  bool is_done_ = false;
};

}  // namespace narthex::promql
