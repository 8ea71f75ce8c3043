// Values of string literals; positions.
#include <fmt/format.h>

#include <algorithm>

#include "keywords.h"
#include "promql/parser.h"

namespace narthex::promql {
namespace {

void AppendUtf8(std::string& out, std::uint32_t code) {
  const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xc0 | code >> 6);
    put(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    put(0xe0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  } else {
    put(0xf0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3f));
    put(0x80 | (code >> 6 & 0x3f));
    put(0x80 | (code & 0x3f));
  }
}

// Reads `count` digits of `base` at the front of `text`.
std::optional<std::uint32_t> ReadDigits(std::string_view& text, std::size_t count,
                                        std::uint32_t base) {
  if (text.size() < count) return std::nullopt;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const char c = text[i];
    std::uint32_t digit = 16;
    if (IsDigit(c)) digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
    if (digit >= base) return std::nullopt;
    code = code * base + digit;
  }
  text.remove_prefix(count);
  return code;
}

std::optional<char> SimpleEscape(char c, char quote) {
  switch (c) {
    case 'a':
      return '\a';
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    case '\\':
      return '\\';
    default:
      return c == quote && (c == '"' || c == '\'') ? std::optional(c) : std::nullopt;
  }
}

// Reads one escape, the backslash already gone; false if it is malformed.
bool Unescape(std::string_view& text, char quote, std::string& out) {
  if (text.empty()) return false;
  const char c = text[0];
  if (const auto simple = SimpleEscape(c, quote)) {
    out.push_back(*simple);
    text.remove_prefix(1);
    return true;
  }
  if (c >= '0' && c <= '7') {
    const auto code = ReadDigits(text, 3, 8);
    if (!code || *code > 255) return false;
    out.push_back(static_cast<char>(*code));
    return true;
  }
  text.remove_prefix(1);
  if (c == 'x') {
    const auto code = ReadDigits(text, 2, 16);
    if (!code) return false;
    out.push_back(static_cast<char>(*code));
    return true;
  }
  if (c != 'u' && c != 'U') return false;
  const auto code = ReadDigits(text, c == 'u' ? 4 : 8, 16);
  if (!code || *code > 0x10ffff || (*code >= 0xd800 && *code <= 0xdfff)) return false;
  AppendUtf8(out, *code);
  return true;
}

}  // namespace

std::optional<std::string> Unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != literal.back()) return std::nullopt;
  const char quote = literal.front();
  std::string_view text = literal.substr(1, literal.size() - 2);
  if (quote == '`') {
    if (text.find('`') != std::string_view::npos) return std::nullopt;
    return std::string(text);
  }
  if (quote != '"' && quote != '\'') return std::nullopt;
  if (text.find('\n') != std::string_view::npos) return std::nullopt;
  std::string out;
  while (!text.empty()) {
    const char c = text[0];
    text.remove_prefix(1);
    if (c == quote) return std::nullopt;
    if (c != '\\') {
      out.push_back(c);
    } else if (!Unescape(text, quote, out)) {
      return std::nullopt;
    }
  }
  return out;
}

std::string LineAndColumn(std::string_view query, std::size_t offset) {
  if (query.empty()) return "unknown position";
  if (offset > query.size()) return "invalid position";
  const std::string_view before = query.substr(0, offset);
  const auto line = std::ranges::count(before, '\n') + 1;
  // npos + 1 is 0.
  const std::size_t column = before.size() - (before.rfind('\n') + 1) + 1;
  return fmt::format("{}:{}", line, column);
}

}  // namespace narthex::promql
