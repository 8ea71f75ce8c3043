#include "host_aliases.h"

#include <cstdlib>
#include <string_view>

#include "http/client.h"

namespace narthex::apps {

Result<HostAliases> CollectHostAliases(const std::vector<std::string>& from_flags) {
  HostAliases aliases;
  for (const std::string& text : from_flags) {
    NARTHEX_ASSIGN_OR_RETURN(auto alias, http::ParseHostAlias(text));
    aliases.insert_or_assign(std::move(alias.first), std::move(alias.second));
  }
  const char* variable = std::getenv("NARTHEX_HOST_ALIASES");
  std::string_view rest = variable == nullptr ? "" : variable;
  while (!rest.empty()) {
    const std::size_t comma = rest.find(',');
    const std::string_view text = rest.substr(0, comma);
    rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
    if (text.empty()) continue;
    auto alias = http::ParseHostAlias(text);
    if (!alias.ok()) return std::move(alias).error().Under("NARTHEX_HOST_ALIASES");
    aliases.insert(std::move(alias).value());
  }
  return aliases;
}

}  // namespace narthex::apps
