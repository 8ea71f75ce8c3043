#include "json/reader.h"

#include <fmt/format.h>

#include <utility>

#include "utf8.h"

namespace narthex::json {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
// "false", the longest word: less than that at the end of a piece may be the beginning of one.
constexpr std::size_t kWordSizeMax = 5;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool IsHighSurrogate(int unit) { return unit >= 0xD800 && unit <= 0xDBFF; }
bool IsLowSurrogate(int unit) { return unit >= 0xDC00 && unit <= 0xDFFF; }

std::string Shown(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x20 && byte < 0x7F) return fmt::format("'{}'", c);
  return fmt::format("byte 0x{:02x}", byte);
}

}  // namespace

Reader::Reader(std::string_view text, const Limits& limits) : limits_(limits), bytes_(text) {
  SkipByteOrderMark();
}

Reader::Reader(Source source, const Limits& limits) : limits_(limits), source_(std::move(source)) {
  while (source_ && bytes_.size() < kByteOrderMark.size()) {
    if (!Refill(0)) return;
  }
  SkipByteOrderMark();
}

// It is no JSON, but editors leave it there, and it means nothing.
void Reader::SkipByteOrderMark() {
  if (bytes_.starts_with(kByteOrderMark)) offset_ = kByteOrderMark.size();
}

Reader::Place Reader::PlaceOf(std::size_t offset) const {
  Place place = passed_;
  for (const char c : bytes_.substr(0, offset)) {
    ++place.column;
    if (c == '\n') place = {place.line + 1, 1};
  }
  return place;
}

std::string Reader::place() const {
  const Place place = PlaceOf(token_offset_);
  return fmt::format("line {}, column {}", place.line, place.column);
}

Token Reader::Fail(ErrorCode code, std::string_view what) {
  const Place place = PlaceOf(offset_);
  error_ = Error(code, fmt::format("line {}, column {}: {}", place.line, place.column, what));
  failed_ = true;
  text_ = {};
  return Token::kError;
}

void Reader::SkipWhiteSpace() {
  while (offset_ < bytes_.size()) {
    const char c = bytes_[offset_];
    if (c != ' ' && c != '\n' && c != '\r' && c != '\t') return;
    ++offset_;
  }
}

Token Reader::Next() {
  while (!failed_) {
    const std::size_t offset = offset_;
    const std::size_t value_count = value_count_;
    const Expect expect = expect_;
    const Token token = NextInBytes();
    if (!source_ || !IsCutOff(token)) return token;
    // From the token's beginning once more, with more of the text. Tokens that open or close
    // something are never cut off, so that open_ is as it was.
    failed_ = false;
    value_count_ = value_count;
    expect_ = expect;
    offset_ = 0;
    if (!Refill(offset)) break;
  }
  return Token::kError;
}

bool Reader::IsCutOff(Token token) const {
  switch (token) {
    case Token::kError:
      return bytes_.size() - offset_ < kWordSizeMax && error_.code() == ErrorCode::kInvalidArgument;
    case Token::kNumber:
    case Token::kEnd:
      return offset_ == bytes_.size();
    default:
      return false;
  }
}

// Lets go of what lies before `keep_from`, and at least doubles the rest: a long token is read a
// few times, not once for each piece. False after an error.
bool Reader::Refill(std::size_t keep_from) {
  passed_ = PlaceOf(keep_from);
  passed_size_bytes_ += keep_from;
  buffer_.erase(0, keep_from);
  const std::size_t wanted = 2 * buffer_.size();
  do {
    Result<std::string> piece = source_();
    if (!piece.ok()) {
      error_ = std::move(piece).error();
      failed_ = true;
      text_ = {};
      return false;
    }
    if (piece->empty()) source_ = nullptr;
    buffer_ = buffer_.empty() ? *std::move(piece) : std::move(buffer_) + *piece;
  } while (source_ && buffer_.size() < wanted);
  bytes_ = buffer_;
  return true;
}

Token Reader::NextInBytes() {
  if (passed_size_bytes_ + bytes_.size() > limits_.size_bytes_max) {
    return Fail(ErrorCode::kResourceExhausted,
                fmt::format("the document is larger than {} bytes", limits_.size_bytes_max));
  }
  text_ = {};
  SkipWhiteSpace();
  token_offset_ = offset_;

  switch (expect_) {
    case Expect::kValue:
      return ReadValue();
    case Expect::kFirstItem:
      if (offset_ < bytes_.size() && bytes_[offset_] == ']') return Close(Token::kArrayEnd);
      return ReadValue();
    case Expect::kFirstKey:
      if (offset_ < bytes_.size() && bytes_[offset_] == '}') return Close(Token::kObjectEnd);
      return ReadKey();
    case Expect::kKey:
      return ReadKey();
    case Expect::kCommaOrEnd:
      return ReadCommaOrEnd();
    case Expect::kEnd:
      break;
  }
  if (offset_ == bytes_.size()) return Token::kEnd;
  return FailSyntax(fmt::format("{} after the end of the document", Shown(bytes_[offset_])));
}

Token Reader::ReadValue() {
  if (offset_ == bytes_.size()) return FailSyntax("the document ends where a value was expected");
  if (++value_count_ > limits_.value_count_max) {
    return Fail(ErrorCode::kResourceExhausted,
                fmt::format("the document has more than {} values", limits_.value_count_max));
  }
  switch (const char c = bytes_[offset_]) {
    case '{':
      return Open(Token::kObjectBegin, c, Expect::kFirstKey);
    case '[':
      return Open(Token::kArrayBegin, c, Expect::kFirstItem);
    case '"':
      return ReadString() ? ValueDone(Token::kString) : Token::kError;
    case 't':
      return ReadWord("true", Token::kTrue);
    case 'f':
      return ReadWord("false", Token::kFalse);
    case 'n':
      return ReadWord("null", Token::kNull);
    default:
      if (c == '-' || IsDigit(c)) return ReadNumber();
      return FailSyntax(fmt::format("{} where a value was expected", Shown(c)));
  }
}

Token Reader::ReadKey() {
  if (offset_ == bytes_.size()) return FailSyntax("the document ends inside an object");
  if (bytes_[offset_] != '"') {
    return FailSyntax(fmt::format("{} where a key in quotes was expected", Shown(bytes_[offset_])));
  }
  if (!ReadString()) return Token::kError;
  SkipWhiteSpace();
  if (offset_ == bytes_.size() || bytes_[offset_] != ':') {
    return FailSyntax("expected ':' after the key of an object");
  }
  ++offset_;
  expect_ = Expect::kValue;
  return Token::kKey;
}

Token Reader::ReadCommaOrEnd() {
  const bool in_object = open_.back() == '{';
  if (offset_ == bytes_.size()) {
    return FailSyntax(
        fmt::format("the document ends inside an {}", in_object ? "object" : "array"));
  }
  const char c = bytes_[offset_];
  if (c == (in_object ? '}' : ']')) {
    return Close(in_object ? Token::kObjectEnd : Token::kArrayEnd);
  }
  if (c != ',') {
    return FailSyntax(
        fmt::format("{} where ',' or '{}' was expected", Shown(c), in_object ? '}' : ']'));
  }
  ++offset_;
  SkipWhiteSpace();
  token_offset_ = offset_;
  return in_object ? ReadKey() : ReadValue();
}

Token Reader::ReadNumber() {
  const std::size_t start = offset_;
  std::size_t at = offset_;
  const auto peek = [&] { return at < bytes_.size() ? bytes_[at] : '\0'; };
  const auto digits = [&] {
    const std::size_t first = at;
    while (IsDigit(peek())) ++at;
    return at > first;
  };
  const auto fail = [&](std::string_view what) {
    offset_ = at;
    return FailSyntax(what);
  };

  if (peek() == '-') ++at;
  if (peek() == '0') {
    ++at;
    if (IsDigit(peek())) return fail("a number begins with 0");
  } else if (!digits()) {
    return fail("expected a digit after '-'");
  }
  if (peek() == '.') {
    ++at;
    if (!digits()) return fail("expected a digit after the decimal point");
  }
  if (peek() == 'e' || peek() == 'E') {
    ++at;
    if (peek() == '+' || peek() == '-') ++at;
    if (!digits()) return fail("expected a digit in the exponent");
  }
  offset_ = at;
  text_ = bytes_.substr(start, at - start);
  return ValueDone(Token::kNumber);
}

Token Reader::ReadWord(std::string_view word, Token token) {
  if (bytes_.substr(offset_, word.size()) != word) {
    return FailSyntax(fmt::format("{} where a value was expected", Shown(bytes_[offset_])));
  }
  offset_ += word.size();
  return ValueDone(token);
}

bool Reader::ReadString() {
  ++offset_;  // the quote
  decoded_.clear();
  bool is_copied = false;
  std::size_t start = offset_;
  const auto flush = [&] {
    decoded_.append(bytes_.substr(start, offset_ - start));
    is_copied = true;
  };
  while (offset_ < bytes_.size()) {
    const char c = bytes_[offset_];
    if (c == '"') {
      if (is_copied) flush();
      text_ = is_copied ? std::string_view(decoded_) : bytes_.substr(start, offset_ - start);
      ++offset_;
      return true;
    }
    if (c == '\\') {
      flush();
      if (!ReadEscape()) return false;
      start = offset_;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      FailSyntax(fmt::format("{} inside a string must be escaped", Shown(c)));
      return false;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      ++offset_;
    } else if (const std::size_t size = SequenceSize(bytes_.substr(offset_)); size > 0) {
      offset_ += size;
    } else {
      flush();
      decoded_.append(kReplacement);
      start = ++offset_;
    }
  }
  FailSyntax("the document ends inside a string");
  return false;
}

bool Reader::ReadEscape() {
  ++offset_;  // the backslash
  const char c = offset_ < bytes_.size() ? bytes_[offset_] : '\0';
  constexpr std::string_view kNames = "\"\\/bfnrt";
  constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
  if (const std::size_t index = kNames.find(c); c != '\0' && index != std::string_view::npos) {
    decoded_.push_back(kMeanings[index]);
    ++offset_;
    return true;
  }
  if (c == 'u') return ReadUnicodeEscape();
  FailSyntax("unknown escape in a string");
  return false;
}

bool Reader::ReadUnicodeEscape() {
  ++offset_;  // the u
  const int unit = ReadHex4();
  if (unit < 0) return false;
  if (IsHighSurrogate(unit) && bytes_.substr(offset_, 2) == "\\u") {
    const std::size_t before = offset_;
    offset_ += 2;
    const int low = ReadHex4();
    if (low < 0) return false;
    if (IsLowSurrogate(low)) {
      AppendCodePoint(decoded_, 0x10000u + (static_cast<std::uint32_t>(unit - 0xD800) << 10) +
                                    static_cast<std::uint32_t>(low - 0xDC00));
      return true;
    }
    offset_ = before;  // what follows is a character of its own
  }
  if (IsHighSurrogate(unit) || IsLowSurrogate(unit)) {
    decoded_.append(kReplacement);
  } else {
    AppendCodePoint(decoded_, static_cast<std::uint32_t>(unit));
  }
  return true;
}

int Reader::ReadHex4() {
  int unit = 0;
  for (int i = 0; i < 4; ++i, ++offset_) {
    const char c = offset_ < bytes_.size() ? bytes_[offset_] : '\0';
    int digit = 0;
    if (IsDigit(c)) {
      digit = c - '0';
    } else if (c >= 'a' && c <= 'f') {
      digit = c - 'a' + 10;
    } else if (c >= 'A' && c <= 'F') {
      digit = c - 'A' + 10;
    } else {
      FailSyntax("expected four hexadecimal digits after \\u");
      return -1;
    }
    unit = unit * 16 + digit;
  }
  return unit;
}

Token Reader::Open(Token token, char kind, Expect next) {
  if (open_.size() >= limits_.depth_max) {
    return Fail(ErrorCode::kResourceExhausted,
                fmt::format("the document is nested deeper than {} levels", limits_.depth_max));
  }
  ++offset_;
  open_.push_back(kind);
  expect_ = next;
  return token;
}

Token Reader::Close(Token token) {
  ++offset_;
  open_.pop_back();
  return ValueDone(token);
}

Token Reader::ValueDone(Token token) {
  expect_ = open_.empty() ? Expect::kEnd : Expect::kCommaOrEnd;
  return token;
}

bool Reader::Skip() {
  if (failed_) return false;
  // After a key, and after the first token of an array or object, something is still to be read.
  std::size_t until = open_.size();
  if (expect_ == Expect::kValue && !open_.empty() && open_.back() == '{') {
    const Token token = Next();
    if (token != Token::kObjectBegin && token != Token::kArrayBegin) return token != Token::kError;
  } else if (expect_ == Expect::kFirstKey || expect_ == Expect::kFirstItem) {
    --until;
  } else {
    return true;
  }
  while (open_.size() > until) {
    if (Next() == Token::kError) return false;
  }
  return true;
}

}  // namespace narthex::json
