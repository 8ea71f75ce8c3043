#include "expansion.h"

#include <algorithm>

#include "base/number.h"

namespace narthex::model {
namespace {

bool IsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The name of the reference behind a `$`, and how long it is with its braces; size 0: none.
struct Reference {
  std::string_view name;
  std::size_t size = 0;
};

Reference ReadReference(std::string_view text) {
  const bool has_brace = text.starts_with('{');
  if (has_brace) text.remove_prefix(1);
  const auto* const end = std::find_if_not(text.begin(), text.end(), IsWord);
  const auto size = static_cast<std::size_t>(end - text.begin());
  if (size == 0) return {};
  if (!has_brace) return {text.substr(0, size), size};
  if (!text.substr(size).starts_with('}')) return {};
  return {text.substr(0, size), size + 2};
}

// -1 if the expression has no such group.
int GroupNumber(std::string_view name, const RE2& expression) {
  const bool is_number =
      std::all_of(name.begin(), name.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) {
    const auto number = ParseUint64(name);
    const auto count = static_cast<std::uint64_t>(expression.NumberOfCapturingGroups());
    return number && *number <= count ? static_cast<int>(*number) : -1;
  }
  const auto& names = expression.NamedCapturingGroups();
  const auto found = names.find(std::string(name));
  return found == names.end() ? -1 : found->second;
}

}  // namespace

Expansion::Expansion(std::string_view text, const RE2& expression) {
  std::string literal;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '$') {
      literal += c;
      continue;
    }
    if (text.starts_with('$')) {
      literal += '$';
      text.remove_prefix(1);
      continue;
    }
    const Reference reference = ReadReference(text);
    if (reference.size == 0) {
      literal += '$';
      continue;
    }
    text.remove_prefix(reference.size);
    has_references_ = true;
    const int group = GroupNumber(reference.name, expression);
    group_count_ = std::max(group_count_, group + 1);
    parts_.push_back({std::move(literal), group});
    literal.clear();
  }
  if (!literal.empty()) parts_.push_back({std::move(literal), -1});
}

std::string Expansion::Expand(std::span<const re2::StringPiece> groups) const {
  std::string out;
  for (const Part& part : parts_) {
    out += part.literal;
    if (part.group < 0) continue;
    const re2::StringPiece& text = groups[static_cast<std::size_t>(part.group)];
    out.append(text.data() == nullptr ? "" : text.data(), text.size());
  }
  return out;
}

}  // namespace narthex::model
