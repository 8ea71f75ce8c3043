#include "global_url.h"

#include <fmt/format.h>

namespace narthex::api {
namespace {

struct HostPort {
  std::string_view host;  // IPv6 without its brackets
  std::string_view port;  // empty: none given
};

Error Wrong(std::string_view address, std::string_view what) {
  return {ErrorCode::kInvalidArgument,
          address.empty() ? std::string(what) : fmt::format("address {}: {}", address, what)};
}

// Whether nothing but a port lacks is told by `is_port_needed`. Source: Go's net.SplitHostPort.
Result<HostPort> Split(std::string_view address, bool is_port_needed) {
  const std::size_t colon = address.rfind(':');
  const std::size_t close = address.find(']');
  HostPort parts;
  std::size_t host_end = 0;
  if (address.starts_with('[')) {
    if (close == std::string_view::npos) return Wrong(address, "missing ']' in address");
    parts.host = address.substr(1, close - 1);
    host_end = close + 1;
    if (host_end < address.size() && host_end != colon) {
      return Wrong(address, address[host_end] == ':' ? "too many colons in address"
                                                     : "missing port in address");
    }
  } else {
    host_end = std::min(colon, address.size());
    parts.host = address.substr(0, host_end);
    if (parts.host.find(':') != std::string_view::npos)
      return Wrong(address, "too many colons in address");
    if (close != std::string_view::npos) return Wrong(address, "unexpected ']' in address");
  }
  if (address.find('[', 1) != std::string_view::npos)
    return Wrong(address, "unexpected '[' in address");
  if (host_end == address.size()) {
    if (is_port_needed) return Wrong(address, "missing port in address");
    return parts;
  }
  parts.port = address.substr(host_end + 1);
  return parts;
}

bool IsLoopback(std::string_view host) {
  return host == "localhost" || host == "127.0.0.1" || host == "::1";
}

}  // namespace

Result<std::string> GlobalUrl(std::string_view url, const ExternalAddress& external) {
  const std::size_t separator = url.find("://");
  if (separator == std::string_view::npos) return std::string(url);
  std::string_view scheme = url.substr(0, separator);
  const std::string_view rest = url.substr(separator + 3);
  const std::size_t host_end = std::min(rest.find_first_of("/?#"), rest.size());
  NARTHEX_ASSIGN_OR_RETURN(const HostPort target, Split(rest.substr(0, host_end), false));
  if (!IsLoopback(target.host)) return std::string(url);

  NARTHEX_ASSIGN_OR_RETURN(const HostPort own, Split(external.listen_address, true));
  std::string host = external.host;
  if (target.port == own.port) {
    // This server itself: as it is reached from outside, even through a proxy on another port.
    scheme = external.scheme;
  } else {
    NARTHEX_ASSIGN_OR_RETURN(const HostPort outside, Split(external.host, false));
    host = outside.host;
    if (host.find(':') != std::string::npos) host = "[" + host + "]";
    if (!target.port.empty()) host += fmt::format(":{}", target.port);
  }
  return fmt::format("{}://{}{}", scheme, host, rest.substr(host_end));
}

}  // namespace narthex::api
