#include "dashboard/expander.h"

#include <fmt/format.h>

namespace narthex::dashboard {
namespace {

constexpr std::string_view kEnvOpen = "$__env{";
constexpr std::string_view kFileOpen = "$__file{";

bool IsNameCharacter(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// One of the shell's one-letter names, which stand alone: $1x is $1 and x.
bool IsSpecial(char c) {
  return std::string_view("*#@!?-0123456789").find(c) != std::string_view::npos;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// The name after a '$', and how many bytes it took with its braces. No bytes: there is no name.
struct Name {
  std::string_view text;
  std::size_t size = 0;
};

Name NameAt(std::string_view rest) {
  if (rest.starts_with('{')) {
    const std::size_t end = rest.find('}');
    if (end == std::string_view::npos) return {{}, 1};  // as Go does: the brace is lost
    return {rest.substr(1, end - 1), end + 1};
  }
  if (IsSpecial(rest.front())) return {rest.substr(0, 1), 1};
  std::size_t size = 0;
  while (size < rest.size() && IsNameCharacter(rest[size])) ++size;
  return {rest.substr(0, size), size};
}

}  // namespace

Result<std::string> Expand(std::string_view text, const VariableSource& source) {
  std::string out;
  while (!text.empty()) {
    const std::size_t dollar = text.find('$');
    if (dollar == std::string_view::npos || dollar + 1 == text.size()) break;
    out.append(text.substr(0, dollar));
    text.remove_prefix(dollar);

    if (text.starts_with("$$")) {
      out.push_back('$');
      text.remove_prefix(2);
      continue;
    }
    const bool is_file = text.starts_with(kFileOpen);
    if (is_file || text.starts_with(kEnvOpen)) {
      const std::string_view open = is_file ? kFileOpen : kEnvOpen;
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos) {
        return Error(ErrorCode::kInvalidArgument, fmt::format("{} has no closing brace", open));
      }
      const std::string_view name = Trim(text.substr(open.size(), end - open.size()));
      if (is_file) {
        NARTHEX_ASSIGN_OR_RETURN(const std::string content, source.file(name));
        out.append(Trim(content));
      } else {
        out.append(source.environment(name).value_or(""));
      }
      text.remove_prefix(end + 1);
      continue;
    }

    const Name name = NameAt(text.substr(1));
    if (name.size == 0) {
      out.push_back('$');
    } else if (!name.text.empty()) {
      out.append(source.environment(name.text).value_or(""));
    }
    text.remove_prefix(1 + name.size);
  }
  return out.append(text);
}

}  // namespace narthex::dashboard
