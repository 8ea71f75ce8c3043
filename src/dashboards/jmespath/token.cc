#include "token.h"

#include <fmt/format.h>

#include "base/number.h"
#include "json/reader.h"

namespace narthex::jmespath {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

// Longer ones first where one begins another.
constexpr std::pair<std::string_view, TokenKind> kSymbols[] = {
    {"[]", TokenKind::kFlatten},      {"[?", TokenKind::kFilter},
    {"[", TokenKind::kOpenBracket},   {"]", TokenKind::kCloseBracket},
    {"{", TokenKind::kOpenBrace},     {"}", TokenKind::kCloseBrace},
    {"(", TokenKind::kOpen},          {")", TokenKind::kClose},
    {",", TokenKind::kComma},         {":", TokenKind::kColon},
    {".", TokenKind::kDot},           {"*", TokenKind::kStar},
    {"@", TokenKind::kCurrent},       {"||", TokenKind::kOr},
    {"|", TokenKind::kPipe},          {"&&", TokenKind::kAnd},
    {"&", TokenKind::kReference},     {"==", TokenKind::kEqual},
    {"!=", TokenKind::kNotEqual},     {"!", TokenKind::kNot},
    {"<=", TokenKind::kLessEqual},    {"<", TokenKind::kLess},
    {">=", TokenKind::kGreaterEqual}, {">", TokenKind::kGreater}};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<std::vector<Token>> ReadAll() {
    std::vector<Token> tokens;
    do {
      while (place_ < text_.size() &&
             std::string_view(" \t\r\n").find(text_[place_]) != std::string_view::npos) {
        ++place_;
      }
      const std::size_t place = place_;
      NARTHEX_ASSIGN_OR_RETURN(Token token, ReadOne());
      token.place = place;
      tokens.push_back(std::move(token));
    } while (tokens.back().kind != TokenKind::kEnd);
    return tokens;
  }

 private:
  std::string_view rest() const { return text_.substr(place_); }

  Error Fail(std::string_view what) const {
    return {ErrorCode::kInvalidArgument, fmt::format("{} at {}", what, place_ + 1)};
  }

  Result<Token> ReadOne() {
    if (rest().empty()) return Token();
    const char first = rest().front();
    if (IsLetter(first)) return ReadName();
    if (IsDigit(first) || first == '-') return ReadNumber();
    if (first == '"') return ReadQuotedName();
    if (first == '\'') return ReadRawString();
    if (first == '`') return ReadLiteral();
    for (const auto& [symbol, kind] : kSymbols) {
      if (!rest().starts_with(symbol)) continue;
      place_ += symbol.size();
      return Token{kind};
    }
    return Fail(fmt::format("unexpected '{}'", first));
  }

  Result<Token> ReadName() {
    std::size_t size = 1;
    while (size < rest().size() && (IsLetter(rest()[size]) || IsDigit(rest()[size]))) ++size;
    Token token{TokenKind::kName};
    token.text = rest().substr(0, size);
    place_ += size;
    return token;
  }

  Result<Token> ReadNumber() {
    std::size_t size = 1;
    while (size < rest().size() && IsDigit(rest()[size])) ++size;
    const auto number = ParseInt64(rest().substr(0, size));
    if (!number) return Fail("expected a whole number");
    Token token{TokenKind::kNumber};
    token.number = *number;
    place_ += size;
    return token;
  }

  // What stands between two `quote`s, where a backslash keeps the next byte from ending it.
  Result<std::string_view> ReadQuoted(char quote) {
    for (std::size_t i = 1; i < rest().size(); ++i) {
      if (rest()[i] == '\\') {
        ++i;
      } else if (rest()[i] == quote) {
        const std::string_view inside = rest().substr(1, i - 1);
        place_ += i + 1;
        return inside;
      }
    }
    return Fail(fmt::format("there is no closing {}", quote));
  }

  static std::string Unescape(std::string_view text, char quote) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == quote) ++i;
      plain += text[i];
    }
    return plain;
  }

  Result<Token> ReadQuotedName() {
    NARTHEX_ASSIGN_OR_RETURN(const std::string_view inside, ReadQuoted('"'));
    const Result<json::Value> name = json::Parse(fmt::format("\"{}\"", inside));
    if (!name.ok()) return Fail("expected a name in quotes before this");
    Token token{TokenKind::kQuotedName};
    token.text = name->AsString();
    return token;
  }

  Result<Token> ReadRawString() {
    NARTHEX_ASSIGN_OR_RETURN(const std::string_view inside, ReadQuoted('\''));
    Token token{TokenKind::kLiteral};
    token.literal = json::Value(Unescape(inside, '\''));
    return token;
  }

  Result<Token> ReadLiteral() {
    NARTHEX_ASSIGN_OR_RETURN(const std::string_view inside, ReadQuoted('`'));
    Result<json::Value> value = json::Parse(Unescape(inside, '`'));
    if (!value.ok()) return Fail("expected JSON between the backticks before this");
    Token token{TokenKind::kLiteral};
    token.literal = *std::move(value);
    return token;
  }

  std::string_view text_;
  std::size_t place_ = 0;
};

}  // namespace

Result<std::vector<Token>> ReadTokens(std::string_view text) { return Lexer(text).ReadAll(); }

}  // namespace narthex::jmespath
