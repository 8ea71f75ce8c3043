#include "control_guard.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "control_answer.h"

namespace narthex::demo_exposer {
namespace {

bool IsLoopbackAddress(std::string_view address) {
  if (address.starts_with("::ffff:")) address.remove_prefix(7);
  return address == "::1" || address.starts_with("127.");
}

bool CameByProxy(const http::Headers& headers) {
  return headers.Has("Forwarded") || headers.Has("X-Forwarded-For") || headers.Has("Via");
}

// Of a Host header: an IP address or localhost, with or without a port.
bool IsUnmistakable(std::string_view host) {
  if (host.starts_with('[')) return true;
  const std::string_view name = host.substr(0, host.find(':'));
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

bool IsFromAnotherPage(const http::Request& request) {
  const std::string_view site = request.headers.Get("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none") return true;
  if (!request.headers.Has("Origin")) return false;
  const std::string scheme = request.is_tls ? "https://" : "http://";
  return request.headers.Get("Origin") != scheme + std::string(request.headers.Get("Host"));
}

std::optional<http::Response> TurnAwayFarPeer(const http::Request& request) {
  if (!IsLoopbackAddress(request.remote_address) || CameByProxy(request.headers)) {
    return ErrorAnswer(403,
                       "the control routes answer this machine only; start the exposer with "
                       "--control.access=all to open them to everybody who reaches it");
  }
  if (!IsUnmistakable(request.headers.Get("Host"))) {
    return ErrorAnswer(403, "call the exposer by its address or as localhost");
  }
  return std::nullopt;
}

std::optional<http::Response> TurnAwayPost(const http::Request& request) {
  if (IsFromAnotherPage(request)) {
    return ErrorAnswer(403, "a page of another origin may not turn the knobs");
  }
  const std::string_view type = request.headers.Get("Content-Type");
  const std::string_view bare = type.substr(0, type.find(';'));
  if (!request.body.empty() && bare != "application/json") {
    return ErrorAnswer(415, "the body has to be JSON, with Content-Type: application/json");
  }
  return std::nullopt;
}

}  // namespace

std::optional<http::Response> TurnAway(const http::Request& request, ControlAccess access) {
  if (access == ControlAccess::kNobody) return ErrorAnswer(404, "the control routes are off");
  if (access == ControlAccess::kLoopback) {
    if (auto refusal = TurnAwayFarPeer(request)) return refusal;
  }
  if (request.method == http::Method::kPost) return TurnAwayPost(request);
  return std::nullopt;
}

http::Handler Checked(ControlAccess access, http::Handler handler) {
  return [access, handler = std::move(handler)](const http::Request& request) {
    if (auto refusal = TurnAway(request, access)) return *std::move(refusal);
    return handler(request);
  };
}

}  // namespace narthex::demo_exposer
