#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/labels.h"
#include "utf8.h"

namespace narthex::model {
namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// What Go does not count as printable above ASCII: controls, format characters, separators other
// than the space, private use, non-characters. Unassigned code points are taken as printable.
// Source: Go, unicode.IsPrint; Unicode categories Cc, Cf, Zs, Zl, Zp, Co.
constexpr Range kNotPrintable[] = {
    {0x80, 0xa0},       {0xad, 0xad},       {0x600, 0x605},     {0x61c, 0x61c},
    {0x6dd, 0x6dd},     {0x70f, 0x70f},     {0x890, 0x891},     {0x8e2, 0x8e2},
    {0x1680, 0x1680},   {0x180e, 0x180e},   {0x2000, 0x200f},   {0x2028, 0x202f},
    {0x205f, 0x206f},   {0x3000, 0x3000},   {0xd800, 0xf8ff},   {0xfeff, 0xfeff},
    {0xfff0, 0xfffb},   {0xfffe, 0xffff},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
    {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe00ff}, {0xe01f0, 0x10ffff},
};

bool IsPrintable(std::uint32_t value) {
  if (value < 0x80) return value >= 0x20 && value != 0x7f;
  const auto* range = std::upper_bound(
      std::begin(kNotPrintable), std::end(kNotPrintable), value,
      [](std::uint32_t point, const Range& candidate) { return point < candidate.first; });
  return range == std::begin(kNotPrintable) || value > std::prev(range)->last;
}

void AppendEscaped(std::string& out, std::uint32_t value) {
  switch (value) {
    case '\a':
      out += "\\a";
      return;
    case '\b':
      out += "\\b";
      return;
    case '\f':
      out += "\\f";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    case '\v':
      out += "\\v";
      return;
    default:
      break;
  }
  if (value < 0x20 || value == 0x7f) {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}", value);
  } else if (value < 0x10000) {
    fmt::format_to(std::back_inserter(out), "\\u{:04x}", value);
  } else {
    fmt::format_to(std::back_inserter(out), "\\U{:08x}", value);
  }
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  out.push_back('"');
  while (!text.empty()) {
    const CodePoint point = FirstCodePoint(text);
    if (point.size == 0) {
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    if (point.value == '"' || point.value == '\\') {
      out.push_back('\\');
      out.push_back(text.front());
    } else if (IsPrintable(point.value)) {
      out.append(text.substr(0, point.size));
    } else {
      AppendEscaped(out, point.value);
    }
    text.remove_prefix(point.size);
  }
  out.push_back('"');
  return out;
}

}  // namespace narthex::model
