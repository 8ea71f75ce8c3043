#include "ini_file.h"

#include <fmt/format.h>

#include <algorithm>

namespace narthex::dashapi {
namespace {

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string_view Unquote(std::string_view value) {
  for (const std::string_view quote : {"\"\"\"", "\"", "`"}) {
    if (value.size() >= 2 * quote.size() && value.starts_with(quote)) {
      const std::size_t end = value.find(quote, quote.size());
      if (end == std::string_view::npos) continue;
      // `"a", "b"` is a list, whose quotes are part of it.
      const std::string_view behind = Trim(value.substr(end + quote.size()));
      if (!behind.empty() && behind.front() != ';' && behind.front() != '#') continue;
      return value.substr(quote.size(), end - quote.size());
    }
  }
  const std::size_t comment = std::min(value.find(" ;"), value.find(" #"));
  return Trim(value.substr(0, comment));
}

}  // namespace

Result<std::vector<IniEntry>> ParseIni(std::string_view text) {
  std::vector<IniEntry> entries;
  std::string section;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = Trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (line.empty() || line.front() == ';' || line.front() == '#') continue;
    if (line.front() == '[') {
      const std::size_t close = line.find(']');
      if (close == std::string_view::npos) {
        return Error(ErrorCode::kInvalidArgument,
                     fmt::format("line {}: the section's name has no ']'", number));
      }
      section = Trim(line.substr(1, close - 1));
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) {
      return Error(ErrorCode::kInvalidArgument,
                   fmt::format("line {}: expected 'key = value'", number));
    }
    entries.push_back({section, std::string(Trim(line.substr(0, equals))),
                       std::string(Unquote(Trim(line.substr(equals + 1)))), number});
  }
  return entries;
}

}  // namespace narthex::dashapi
