#include "yaml/emit.h"

#include <fmt/format.h>

namespace narthex::yaml {
namespace {

enum class Quoting { kNone, kSingle, kDouble };

Quoting QuotingOf(std::string_view text) {
  if (text.empty() || IsTypedPlain(text)) return Quoting::kDouble;
  const bool has_control = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  // Line separators of Unicode (U+0085, U+2028, U+2029) and the byte order mark would be folded or
  // lost.
  for (const std::string_view special :
       {"\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9", "\xef\xbb\xbf"}) {
    if (text.find(special) != std::string_view::npos) return Quoting::kDouble;
  }
  if (has_control) return Quoting::kDouble;

  constexpr std::string_view kIndicators = ",[]{}#&*!|>'\"%@`";
  const char first = text.front();
  if (kIndicators.find(first) != std::string_view::npos) return Quoting::kSingle;
  const bool is_alone = text.size() == 1 || text[1] == ' ';
  if ((first == '-' || first == '?' || first == ':') && is_alone) return Quoting::kSingle;
  if (first == ' ' || text.back() == ' ' || text.back() == ':') return Quoting::kSingle;
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos)
    return Quoting::kSingle;
  if (text == "<<" || text == "=" || text.starts_with("---") || text.starts_with("..."))
    return Quoting::kSingle;
  return Quoting::kNone;
}

void AppendDoubleQuoted(std::string& out, std::string_view text) {
  out += '"';
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c == '\r') {
      out += "\\r";
    } else if (byte < 0x20 || byte == 0x7f) {
      out += fmt::format("\\x{:02X}", byte);
    } else if (text.substr(i).starts_with("\xc2\x85")) {
      out += "\\u0085";
      i += 1;
    } else if (text.substr(i).starts_with("\xe2\x80\xa8") ||
               text.substr(i).starts_with("\xe2\x80\xa9")) {
      out += text[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (text.substr(i).starts_with("\xef\xbb\xbf")) {
      out += "\\uFEFF";
      i += 2;
    } else {
      out += c;
    }
  }
  out += '"';
}

void AppendText(std::string& out, std::string_view text) {
  switch (QuotingOf(text)) {
    case Quoting::kNone:
      out += text;
      return;
    case Quoting::kSingle:
      out += '\'';
      for (const char c : text) {
        if (c == '\'') out += '\'';
        out += c;
      }
      out += '\'';
      return;
    case Quoting::kDouble:
      AppendDoubleQuoted(out, text);
      return;
  }
}

void AppendScalar(std::string& out, const Node& node) {
  // A plain scalar that reads as a number must stay one.
  if (!node.is_quoted() && !node.text().empty() && IsTypedPlain(node.text())) {
    out += node.text();
  } else {
    AppendText(out, node.text());
  }
}

bool IsOneLine(const Node& node) {
  return !(node.is_sequence() && !node.items().empty()) &&
         !(node.is_mapping() && !node.members().empty());
}

void AppendOneLine(std::string& out, const Node& node) {
  switch (node.kind()) {
    case NodeKind::kNull:
      out += "null";
      break;
    case NodeKind::kScalar:
      AppendScalar(out, node);
      break;
    case NodeKind::kSequence:
      out += "[]";
      break;
    case NodeKind::kMapping:
      out += "{}";
      break;
  }
  out += '\n';
}

// The lines of `node`; the first is written where the cursor stands, the others at `indent`.
void AppendBlock(std::string& out, const Node& node, std::size_t indent) {
  if (IsOneLine(node)) return AppendOneLine(out, node);

  bool is_first = true;
  const auto start_line = [&] {
    if (!is_first) out.append(indent, ' ');
    is_first = false;
  };
  for (const Node& item : node.items()) {
    start_line();
    out += "- ";
    AppendBlock(out, item, indent + 2);
  }
  for (const Member& member : node.members()) {
    start_line();
    AppendText(out, member.key);
    out += ':';
    if (IsOneLine(member.value)) {
      out += ' ';
      AppendOneLine(out, member.value);
      continue;
    }
    const std::size_t below = member.value.is_sequence() ? indent : indent + 2;
    out += '\n';
    out.append(below, ' ');
    AppendBlock(out, member.value, below);
  }
}

}  // namespace

std::string Emit(const Node& node) {
  std::string out;
  AppendBlock(out, node, 0);
  return out;
}

}  // namespace narthex::yaml
