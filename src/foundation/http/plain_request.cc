#include "plain_request.h"

#include <algorithm>

namespace narthex::http {
namespace {

struct UrlParts {
  std::string_view authority;  // host and port as in a Host header
  std::string_view target;     // path and query
};

bool IsHostByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '-' || c == '_';
}

bool IsHost(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    return !host.empty() && host.find_first_not_of("0123456789abcdefABCDEF:.") == host.npos;
  }
  return !host.empty() && std::ranges::all_of(host, IsHostByte);
}

bool IsPort(std::string_view port) {
  return !port.empty() && port.size() <= 5 &&
         std::ranges::all_of(port, [](char c) { return c >= '0' && c <= '9'; });
}

// Dots between slashes are left to libcurl, which takes them out.
bool IsNormalised(std::string_view target) {
  const bool is_printable =
      std::ranges::all_of(target, [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
  const std::string_view path = target.substr(0, target.find('?'));
  return is_printable && path.find("/.") == std::string_view::npos;
}

std::optional<UrlParts> Split(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  if (!url.starts_with(kScheme)) return std::nullopt;
  url.remove_prefix(kScheme.size());
  UrlParts parts;
  parts.authority = url.substr(0, url.find_first_of("/?#"));
  parts.target = url.substr(parts.authority.size());
  if (!parts.target.starts_with('/') || !IsNormalised(parts.target)) return std::nullopt;

  std::string_view host = parts.authority;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) {
    const std::string_view port = host.substr(colon + 1);
    host = host.substr(0, colon);
    if (!IsPort(port)) return std::nullopt;
    if (port == "80") parts.authority = host;
  }
  if (!IsHost(host)) return std::nullopt;
  return parts;
}

bool IsField(const Headers::Field& field) {
  const auto& [name, value] = field;
  const auto is_text = [](char c) { return c != '\r' && c != '\n' && c != '\0'; };
  return !name.empty() && std::ranges::all_of(name, is_text) && std::ranges::all_of(value, is_text);
}

// Headers that change how the exchange goes.
bool ChangesFraming(const Headers& headers) {
  constexpr std::string_view kNames[] = {"Connection", "Content-Length",    "Expect",
                                         "TE",         "Transfer-Encoding", "Upgrade"};
  return std::ranges::any_of(kNames, [&](std::string_view name) { return headers.Has(name); });
}

}  // namespace

std::optional<std::string> PlainRequest(const ClientRequest& request, std::string_view user_agent) {
  const std::optional<UrlParts> url = Split(request.url);
  const bool is_plain = url && request.method == "GET" && request.body.empty() &&
                        !request.on_headers && !request.on_body && request.proxy_url.empty() &&
                        !ChangesFraming(request.headers) &&
                        request.bearer_token.find_first_of("\r\n") == std::string::npos &&
                        std::all_of(request.headers.begin(), request.headers.end(), IsField);
  if (!is_plain) return std::nullopt;

  std::string bytes = "GET ";
  const auto add = [&bytes](std::string_view name, std::string_view value) {
    bytes.append(name).append(": ").append(value).append("\r\n");
  };
  const auto add_unless_given = [&](std::string_view name, std::string_view value) {
    if (!request.headers.Has(name)) add(name, value);
  };
  bytes.append(url->target).append(" HTTP/1.1\r\n");
  add_unless_given("Host", url->authority);
  add_unless_given("User-Agent", user_agent);
  add_unless_given("Accept", "*/*");
  if (request.is_compressed_accepted) add_unless_given("Accept-Encoding", "gzip, zstd");
  for (const auto& [name, value] : request.headers) add(name, value);
  if (!request.bearer_token.empty()) add("Authorization", "Bearer " + request.bearer_token);
  if (request.basic_auth) {
    const auto& [user, password] = *request.basic_auth;
    add("Authorization", "Basic " + EncodeBase64(user + ":" + password));
  }
  return bytes + "\r\n";
}

}  // namespace narthex::http
