#include "text_functions.h"

#include <algorithm>

namespace narthex::jmespath {
namespace {

using json::Value;
using Arguments = std::vector<Argument>;

std::string_view TextOf(const Arguments& arguments, std::size_t index) {
  return arguments[index].value.AsString();
}

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

}  // namespace

std::vector<std::string_view> CodePoints(std::string_view text) {
  std::vector<std::string_view> characters;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t size = 1;
    while (i + size < text.size() && IsContinuation(text[i + size])) ++size;
    characters.push_back(text.substr(i, size));
    i += size;
  }
  return characters;
}

std::string Reversed(std::string_view text) {
  const auto characters = CodePoints(text);
  std::string reversed;
  for (auto it = characters.rbegin(); it != characters.rend(); ++it) reversed += *it;
  return reversed;
}

Value StartsWith(const Arguments& arguments) {
  return Value(TextOf(arguments, 0).starts_with(TextOf(arguments, 1)));
}

Value EndsWith(const Arguments& arguments) {
  return Value(TextOf(arguments, 0).ends_with(TextOf(arguments, 1)));
}

Value Join(const Arguments& arguments) {
  std::string joined;
  for (const Value& item : arguments[1].value.items()) {
    if (&item != &arguments[1].value.items().front()) joined += TextOf(arguments, 0);
    joined += item.AsString();
  }
  return Value(joined);
}

Value Lower(const Arguments& arguments) {
  std::string text(TextOf(arguments, 0));
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return Value(text);
}

Value Upper(const Arguments& arguments) {
  std::string text(TextOf(arguments, 0));
  for (char& c : text) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return Value(text);
}

Value Replace(const Arguments& arguments) {
  const std::string_view text = TextOf(arguments, 0);
  const std::string_view old = TextOf(arguments, 1);
  if (old.empty()) return arguments[0].value;
  std::string replaced;
  std::size_t from = 0;
  for (std::size_t at = text.find(old); at != std::string_view::npos; at = text.find(old, from)) {
    replaced += text.substr(from, at - from);
    replaced += TextOf(arguments, 2);
    from = at + old.size();
  }
  replaced += text.substr(from);
  return Value(replaced);
}

Value Split(const Arguments& arguments) {
  const std::string_view text = TextOf(arguments, 0);
  const std::string_view separator = TextOf(arguments, 1);
  Value parts = Value::MakeArray();
  if (separator.empty()) {
    for (const std::string_view character : CodePoints(text)) parts.Append(Value(character));
    return parts;
  }
  std::size_t from = 0;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator, from)) {
    parts.Append(Value(text.substr(from, at - from)));
    from = at + separator.size();
  }
  parts.Append(Value(text.substr(from)));
  return parts;
}

Value Trim(const Arguments& arguments) {
  const std::string_view outer = arguments.size() > 1 ? TextOf(arguments, 1) : " \t\r\n\v\f";
  const auto outer_characters = CodePoints(outer);
  auto characters = CodePoints(TextOf(arguments, 0));
  const auto is_outer = [&outer_characters](std::string_view character) {
    return std::find(outer_characters.begin(), outer_characters.end(), character) !=
           outer_characters.end();
  };
  while (!characters.empty() && is_outer(characters.back())) characters.pop_back();
  const auto first = std::find_if_not(characters.begin(), characters.end(), is_outer);
  std::string text;
  for (auto it = first; it != characters.end(); ++it) text += *it;
  return Value(text);
}

}  // namespace narthex::jmespath
