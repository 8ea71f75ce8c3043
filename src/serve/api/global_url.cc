#include "global_url.h"

#include <fmt/format.h>

namespace narthex::api {
namespace {

struct HostPort {
  std::string_view host;  // IPv6 with its brackets
  std::string_view port;  // empty: none given
};

HostPort Split(std::string_view address) {
  const std::size_t bracket = address.rfind(']');
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket))
    return {address, {}};
  return {address.substr(0, colon), address.substr(colon + 1)};
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]" || host == "::1" ||
         host == "0.0.0.0" || host == "[::]";
}

}  // namespace

std::string GlobalUrl(std::string_view url, const ExternalAddress& external) {
  const std::size_t separator = url.find("://");
  if (separator == std::string_view::npos) return std::string(url);
  std::string_view scheme = url.substr(0, separator);
  const std::string_view rest = url.substr(separator + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
  const HostPort target = Split(rest.substr(0, host_end));
  if (!IsLoopback(target.host)) return std::string(url);

  std::string host = external.host;
  if (!target.port.empty() && target.port == Split(external.listen_address).port) {
    // This server itself: as it is reached from outside, even through a proxy on another port.
    scheme = external.scheme;
  } else {
    host = Split(external.host).host;
    if (!target.port.empty()) host += fmt::format(":{}", target.port);
  }
  return fmt::format("{}://{}{}", scheme, host, rest.substr(host_end));
}

}  // namespace narthex::api
