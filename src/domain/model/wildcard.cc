#include "wildcard.h"

#include <set>
#include <utility>

#include "model/labels.h"

namespace narthex::model {
namespace {

// Deeper groups go to the expression engine: the parser here is recursive.
constexpr int kGroupDepthMax = 32;
// Bounds what a cross product of groups may cost: 256 KiB of text.
constexpr std::size_t kExpandedSizeMax = 256 * 1024;

struct Token {
  enum class Kind { kLiteral, kAny, kSome, kBegin, kEnd };
  Kind kind;
  std::string literal;
};
using Sequence = std::vector<Token>;
using Alternatives = std::vector<Sequence>;

bool IsPunctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
         (c >= '{' && c <= '~');
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  std::optional<Alternatives> Parse() {
    auto result = ParseAlternatives(0);
    if (!result || offset_ != text_.size()) return std::nullopt;
    return result;
  }

 private:
  bool AtEnd() const { return offset_ == text_.size(); }
  char Peek() const { return text_[offset_]; }
  bool Take(std::string_view prefix) {
    if (!text_.substr(offset_).starts_with(prefix)) return false;
    offset_ += prefix.size();
    return true;
  }
  bool AtQuantifier() const {
    return !AtEnd() && std::string_view("*+?{").find(Peek()) != std::string_view::npos;
  }

  std::optional<Alternatives> ParseAlternatives(int depth) {
    Alternatives all;
    do {
      auto some = ParseSequence(depth);
      if (!some || all.size() + some->size() > kWildcardCountMax) return std::nullopt;
      for (Sequence& sequence : *some) all.push_back(std::move(sequence));
    } while (Take("|"));
    return all;
  }

  std::optional<Alternatives> ParseSequence(int depth) {
    Alternatives so_far(1);
    while (!AtEnd() && Peek() != '|' && Peek() != ')') {
      const auto next = ParseAtom(depth);
      if (!next || AtQuantifier()) return std::nullopt;
      auto product = Append(std::move(so_far), *next);
      if (!product) return std::nullopt;
      so_far = std::move(*product);
    }
    return so_far;
  }

  std::optional<Alternatives> ParseAtom(int depth) {
    if (Peek() == '(') return ParseGroup(depth);
    if (Peek() == '[') return ParseClass();
    if (Take("^")) return One(Token::Kind::kBegin);
    if (Take("$")) return One(Token::Kind::kEnd);
    if (Take(".*")) return One(Token::Kind::kAny);
    if (Take(".+")) return One(Token::Kind::kSome);
    if (Peek() == '.' || AtQuantifier()) return std::nullopt;
    if (Take("\\")) {
      if (AtEnd() || !IsPunctuation(Peek())) return std::nullopt;
    }
    return Alternatives{{{Token::Kind::kLiteral, std::string(1, text_[offset_++])}}};
  }

  static Alternatives One(Token::Kind kind) { return {{{kind, {}}}}; }

  std::optional<Alternatives> ParseGroup(int depth) {
    if (depth == kGroupDepthMax) return std::nullopt;
    if (!Take("(?:") && !Take("(?s:")) {
      if (!Take("(") || (!AtEnd() && Peek() == '?')) return std::nullopt;
    }
    auto inner = ParseAlternatives(depth + 1);
    if (!inner || !Take(")")) return std::nullopt;
    return inner;
  }

  // One of a few ASCII characters: [abc], [a-f], [-_.].
  std::optional<Alternatives> ParseClass() {
    ++offset_;
    std::set<char> members;
    bool is_first = true;
    while (!AtEnd() && (Peek() != ']' || is_first)) {
      const auto first = ParseClassMember(is_first);
      if (!first) return std::nullopt;
      is_first = false;
      char last = *first;
      if (text_.substr(offset_).starts_with('-') && !text_.substr(offset_).starts_with("-]")) {
        ++offset_;
        const auto end = ParseClassMember(false);
        if (!end || *end < *first) return std::nullopt;
        last = *end;
      }
      for (int c = *first; c <= last; ++c) members.insert(static_cast<char>(c));
    }
    if (!Take("]")) return std::nullopt;
    Alternatives result;
    for (const char c : members) result.push_back({{Token::Kind::kLiteral, std::string(1, c)}});
    return result;
  }

  std::optional<char> ParseClassMember(bool is_first) {
    if (AtEnd() || Peek() == '[' || (is_first && Peek() == '^')) return std::nullopt;
    if (Take("\\") && (AtEnd() || !IsPunctuation(Peek()))) return std::nullopt;
    if (static_cast<unsigned char>(Peek()) >= 0x80) return std::nullopt;
    return text_[offset_++];
  }

  // Every sequence of `left` followed by every one of `right`.
  std::optional<Alternatives> Append(Alternatives left, const Alternatives& right) {
    if (left.size() * right.size() > kWildcardCountMax) return std::nullopt;
    if (right.size() == 1) {
      for (Sequence& sequence : left) Concatenate(sequence, right.front());
      return left;
    }
    Alternatives product;
    std::size_t size = 0;
    for (const Sequence& head : left) {
      for (const Sequence& tail : right) {
        product.push_back(head);
        Concatenate(product.back(), tail);
        for (const Token& token : product.back()) size += token.literal.size() + 1;
      }
      if (size > kExpandedSizeMax) return std::nullopt;
    }
    return product;
  }

  static void Concatenate(Sequence& head, const Sequence& tail) {
    for (const Token& token : tail) {
      if (token.kind == Token::Kind::kLiteral && !head.empty() &&
          head.back().kind == Token::Kind::kLiteral) {
        head.back().literal += token.literal;
      } else {
        head.push_back(token);
      }
    }
  }

  std::string_view text_;
  std::size_t offset_ = 0;
};

// Empty if an anchor stands inside, or if two `.+` would have to be counted in characters.
std::optional<Wildcard> ToWildcard(const Sequence& sequence) {
  std::size_t first = 0;
  std::size_t end = sequence.size();
  while (first < end && sequence[first].kind == Token::Kind::kBegin) ++first;
  while (end > first && sequence[end - 1].kind == Token::Kind::kEnd) --end;

  Wildcard result;
  auto gap = WildcardPart::Gap::kNone;
  for (std::size_t i = first; i < end; ++i) {
    const Token& token = sequence[i];
    switch (token.kind) {
      case Token::Kind::kBegin:
      case Token::Kind::kEnd:
        return std::nullopt;
      case Token::Kind::kSome:
        if (gap == WildcardPart::Gap::kSome) return std::nullopt;
        gap = WildcardPart::Gap::kSome;
        break;
      case Token::Kind::kAny:
        if (gap == WildcardPart::Gap::kNone) gap = WildcardPart::Gap::kAny;
        break;
      case Token::Kind::kLiteral:
        result.push_back({gap, token.literal});
        gap = WildcardPart::Gap::kNone;
    }
  }
  if (result.empty() || gap != WildcardPart::Gap::kNone) result.push_back({gap, {}});
  return result;
}

}  // namespace

std::optional<std::vector<Wildcard>> ParseWildcards(std::string_view expression) {
  if (!IsUtf8(expression)) return std::nullopt;
  const auto alternatives = Parser(expression).Parse();
  if (!alternatives) return std::nullopt;
  std::vector<Wildcard> result;
  result.reserve(alternatives->size());
  for (const Sequence& sequence : *alternatives) {
    auto wildcard = ToWildcard(sequence);
    if (!wildcard) return std::nullopt;
    result.push_back(std::move(*wildcard));
  }
  return result;
}

bool MatchesWildcard(const Wildcard& wildcard, std::string_view value) {
  for (std::size_t i = 0; i < wildcard.size(); ++i) {
    const WildcardPart& part = wildcard[i];
    const bool is_last = i + 1 == wildcard.size();
    if (part.gap == WildcardPart::Gap::kNone) {
      if (!value.starts_with(part.literal)) return false;
      value.remove_prefix(part.literal.size());
      if (is_last) return value.empty();
      continue;
    }
    if (part.gap == WildcardPart::Gap::kSome) {
      if (value.empty()) return false;
      value.remove_prefix(1);
    }
    if (is_last) return value.ends_with(part.literal);
    // The earliest place leaves the most for the rest, so no other needs a try.
    const std::size_t place = value.find(part.literal);
    if (place == std::string_view::npos) return false;
    value.remove_prefix(place + part.literal.size());
  }
  return value.empty();
}

}  // namespace narthex::model
