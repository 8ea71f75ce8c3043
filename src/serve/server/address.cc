#include "address.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/number.h"

namespace narthex::server {

std::string HostName() {
  char name[256] = {};
  if (::gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0') return "localhost";
  return name;
}

std::uint16_t PortOf(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return 0;
  const std::optional<std::uint64_t> port = ParseUint64(address.substr(colon + 1));
  return port && *port <= 65535 ? static_cast<std::uint16_t>(*port) : std::uint16_t{0};
}

std::string NormalizePrefix(std::string_view path) {
  while (path.starts_with('/')) path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  return path.empty() ? "" : fmt::format("/{}", path);
}

Result<ExternalUrl> ParseExternalUrl(std::string_view text, std::uint16_t port) {
  if (text.empty()) return ExternalUrl{"http", fmt::format("{}:{}", HostName(), port), ""};
  const auto wrong = [text](std::string_view why) {
    return Error{ErrorCode::kInvalidArgument,
                 fmt::format("parse external URL \"{}\": {}", text, why)};
  };
  if (text.front() == '"' || text.front() == '\'' || text.back() == '"' || text.back() == '\'') {
    return wrong("URL must not begin or end with quotes");
  }
  const std::size_t separator = text.find("://");
  if (separator == std::string_view::npos) return wrong("it has no scheme");
  const std::string_view scheme = text.substr(0, separator);
  if (scheme != "http" && scheme != "https") return wrong("the scheme must be http or https");
  const std::string_view rest = text.substr(separator + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
  if (host_end == 0) return wrong("it has no host");
  const std::string_view path = rest.substr(host_end);
  return ExternalUrl{
      std::string(scheme), std::string(rest.substr(0, host_end)),
      NormalizePrefix(path.substr(0, std::min(path.find_first_of("?#"), path.size())))};
}

}  // namespace narthex::server
