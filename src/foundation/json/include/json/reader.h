// JSON text to tokens or to a tree, with places in errors and limits on everything.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace narthex::json {

// What a document may ask for at most. One more of anything is kResourceExhausted.
struct Limits {
  std::size_t depth_max = 256;              // arrays and objects inside each other
  std::size_t size_bytes_max = 64u << 20;   // of the text
  std::size_t value_count_max = 8'000'000;  // of all kinds; a value of a tree takes about 40 bytes
};

enum class Token {
  kObjectBegin,
  kObjectEnd,
  kArrayBegin,
  kArrayEnd,
  kKey,     // text() is the key; its value follows
  kString,  // text() is the string
  kNumber,  // text() is the number as written
  kTrue,
  kFalse,
  kNull,
  kEnd,    // the document is over, and nothing but white space follows it
  kError,  // error() says what is wrong; every further token is kError
};

// The next piece of a text that comes bit by bit, cut anywhere; empty at its end.
using Source = std::function<Result<std::string>()>;

// Reads one document front to back.
//
// Does not own the text, which must outlive the reader. Not thread-safe. Memory: the longest string
// with escapes in it, and a byte per level; of a source besides, the piece that is being read and
// the token that began before it.
class Reader {
 public:
  explicit Reader(std::string_view text, const Limits& limits = {});
  // Takes from `source` what it needs for the next token. An error of it is the reader's.
  explicit Reader(Source source, const Limits& limits = {});
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  Token Next();

  // Of the last token; valid until the next one.
  std::string_view text() const { return text_; }
  // How many arrays and objects are open after the last token.
  std::size_t depth() const { return open_.size(); }
  // "line 3, column 7" of the last token's first byte; both count from 1, columns count bytes.
  std::string place() const;

  // Reads to the end of the value that the last token began (at once for a scalar or a key's value:
  // after kKey the whole value is skipped). False on an error.
  bool Skip();

  // Only after kError. Codes: kInvalidArgument for bad grammar, kResourceExhausted for a limit.
  const Error& error() const { return error_; }

 private:
  enum class Expect { kValue, kFirstKey, kKey, kFirstItem, kCommaOrEnd, kEnd };
  struct Place {
    std::size_t line = 1;
    std::size_t column = 1;
  };

  Token NextInBytes();
  // Whether the token might be another one if the text went on.
  bool IsCutOff(Token token) const;
  bool Refill(std::size_t keep_from);
  void SkipByteOrderMark();
  Place PlaceOf(std::size_t offset) const;
  Token Fail(ErrorCode code, std::string_view what);
  Token FailSyntax(std::string_view what) { return Fail(ErrorCode::kInvalidArgument, what); }
  void SkipWhiteSpace();
  Token ReadValue();
  Token ReadKey();
  Token ReadCommaOrEnd();
  Token ReadNumber();
  Token ReadWord(std::string_view word, Token token);
  bool ReadString();
  bool ReadEscape();
  bool ReadUnicodeEscape();
  int ReadHex4();
  Token Open(Token token, char kind, Expect next);
  Token Close(Token token);
  Token ValueDone(Token token);

  const Limits limits_;
  Source source_;       // empty: the text is whole, or its end has come
  std::string buffer_;  // what bytes_ shows of a source
  Place passed_;        // of the first byte of bytes_
  std::size_t passed_size_bytes_ = 0;
  std::string_view bytes_;
  std::size_t offset_ = 0;
  std::size_t token_offset_ = 0;
  std::size_t value_count_ = 0;
  Expect expect_ = Expect::kValue;
  std::vector<char> open_;  // '{' or '['
  std::string_view text_;
  std::string decoded_;  // holds text_ where the string has escapes
  Error error_{ErrorCode::kInternal, ""};
  bool failed_ = false;
};

// The whole document as a tree. Of members with the same key the last one wins and stands where the
// first one stood, as in browsers.
//
// Errors: kInvalidArgument    bad grammar; the message begins with "line L, column C: "
//         kResourceExhausted  a limit; the message names it
// Cost: linear in the size of the text.
// Source: RFC 8259.
Result<Value> Parse(std::string_view text, const Limits& limits = {});

}  // namespace narthex::json
