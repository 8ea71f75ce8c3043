#include "model/name_escaping.h"

#include <fmt/format.h>

#include "model/labels.h"
#include "utf8.h"

namespace narthex::model {
namespace {

constexpr std::string_view kValuesPrefix = "U__";
constexpr std::string_view kEscapedDot = "_dot_";
constexpr std::uint32_t kReplacement = 0xfffd;
constexpr std::size_t kHexDigitsMax = 6;  // of the greatest code point

bool IsLegacyCharacter(std::uint32_t c, bool is_first) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':' ||
         (c >= '0' && c <= '9' && !is_first);
}

// Calls `visit(code point, is first, its text)`; a byte that is not UTF-8 counts as U+FFFD.
template <typename Visit>
void ForEachCodePoint(std::string_view text, Visit visit) {
  bool is_first = true;
  while (!text.empty()) {
    CodePoint point = FirstCodePoint(text);
    if (point.size == 0) point = {kReplacement, 1};
    visit(point.value, is_first, text.substr(0, point.size));
    text.remove_prefix(point.size);
    is_first = false;
  }
}

std::string EscapeWithUnderscores(std::string_view name) {
  std::string out;
  ForEachCodePoint(name, [&out](std::uint32_t c, bool is_first, std::string_view) {
    out += IsLegacyCharacter(c, is_first) ? static_cast<char>(c) : '_';
  });
  return out;
}

std::string EscapeDots(std::string_view name) {
  std::string out;
  ForEachCodePoint(name, [&out](std::uint32_t c, bool is_first, std::string_view) {
    if (c == '.') {
      out += kEscapedDot;
    } else if (c != '_' && IsLegacyCharacter(c, is_first)) {
      out += static_cast<char>(c);
    } else {
      out += "__";
    }
  });
  return out;
}

std::string EscapeValues(std::string_view name) {
  std::string out(kValuesPrefix);
  ForEachCodePoint(name, [&out](std::uint32_t c, bool is_first, std::string_view text) {
    if (c == '_') {
      out += "__";
    } else if (IsLegacyCharacter(c, is_first)) {
      out += static_cast<char>(c);
    } else if (c == kReplacement && text.size() == 1) {
      out += "_FFFD_";
    } else {
      out += fmt::format("_{:x}_", c);
    }
  });
  return out;
}

std::string UnescapeDots(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const std::string_view rest = name.substr(i);
    if (rest.starts_with(kEscapedDot)) {
      out += '.';
      i += kEscapedDot.size();
    } else if (rest.starts_with("__")) {
      out += '_';
      i += 2;
    } else {
      out += name[i++];
    }
  }
  return out;
}

// A hexadecimal code point at the front of `rest`, taken off with the underscore behind it.
std::optional<std::uint32_t> TakeCodePoint(std::string_view& rest) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i <= kHexDigitsMax && i < rest.size(); ++i) {
    const char c = rest[i];
    if (c == '_') {
      const bool is_surrogate = value >= 0xd800 && value <= 0xdfff;
      if (i == 0 || is_surrogate || value > 0x10ffff) return std::nullopt;
      rest.remove_prefix(i + 1);
      return value;
    }
    const auto lower = static_cast<char>(c | 0x20);
    const bool is_digit = c >= '0' && c <= '9';
    if (!is_digit && (lower < 'a' || lower > 'f')) return std::nullopt;
    value = value * 16 + static_cast<std::uint32_t>(is_digit ? c - '0' : lower - 'a' + 10);
  }
  return std::nullopt;
}

std::optional<std::string> UnescapeValues(std::string_view name) {
  if (!name.starts_with(kValuesPrefix)) return std::nullopt;
  std::string_view rest = name.substr(kValuesPrefix.size());
  std::string out;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c != '_') {
      out += c;
    } else if (rest.starts_with('_')) {
      out += '_';
      rest.remove_prefix(1);
    } else {
      const auto value = TakeCodePoint(rest);
      if (!value) return std::nullopt;
      AppendCodePoint(out, *value);
    }
  }
  return out;
}

struct Word {
  NameEscaping escaping;
  std::string_view text;
};
constexpr Word kWords[] = {
    {NameEscaping::kNone, "allow-utf-8"},
    {NameEscaping::kUnderscores, "underscores"},
    {NameEscaping::kDots, "dots"},
    {NameEscaping::kValues, "values"},
};

}  // namespace

std::string_view NameEscapingText(NameEscaping escaping) {
  for (const Word& word : kWords) {
    if (word.escaping == escaping) return word.text;
  }
  return "allow-utf-8";
}

std::optional<NameEscaping> ParseNameEscaping(std::string_view text) {
  for (const Word& word : kWords) {
    if (word.text == text) return word.escaping;
  }
  return std::nullopt;
}

std::string EscapeName(std::string_view name, NameEscaping escaping) {
  if (name.empty() || escaping == NameEscaping::kNone) return std::string(name);
  if (escaping == NameEscaping::kDots) return EscapeDots(name);
  if (IsLegacyMetricName(name)) return std::string(name);
  return escaping == NameEscaping::kUnderscores ? EscapeWithUnderscores(name) : EscapeValues(name);
}

std::string UnescapeName(std::string_view name, NameEscaping escaping) {
  switch (escaping) {
    case NameEscaping::kNone:
    case NameEscaping::kUnderscores:
      return std::string(name);
    case NameEscaping::kDots:
      return UnescapeDots(name);
    case NameEscaping::kValues:
      return UnescapeValues(name).value_or(std::string(name));
  }
  return std::string(name);
}

std::string SanitizeLabelName(std::string_view name) {
  std::string out;
  ForEachCodePoint(name, [&out](std::uint32_t c, bool, std::string_view) {
    out += c != ':' && IsLegacyCharacter(c, false) ? static_cast<char>(c) : '_';
  });
  return out;
}

std::string SanitizeFullLabelName(std::string_view name) {
  std::string out = SanitizeLabelName(name);
  if (out.empty()) return "_";
  if (out.front() >= '0' && out.front() <= '9') out.front() = '_';
  return out;
}

}  // namespace narthex::model
