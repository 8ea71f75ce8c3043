#include "authenticator.h"

#include <fmt/format.h>

#include <algorithm>

#include "answers.h"
#include "base/number.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kWrongPassword = "Invalid username or password";
// Hashing costs time in proportion; nobody remembers a longer one.
constexpr std::size_t kPasswordSizeMax = 1024;

Error Unauthenticated(std::string_view message) {
  return Error(ErrorCode::kUnauthenticated, std::string(message));
}

// The organisation that the request asks for; 0 if it does not.
std::int64_t AskedOrg(const http::Request& request) {
  const std::string_view header = request.headers.Get("X-Grafana-Org-Id");
  const std::string_view text = header.empty() ? request.query.Get("orgId") : header;
  return ParseInt64(text).value_or(0);
}

std::string_view HostOf(std::string_view authority) {
  const std::size_t end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
  if (end == std::string_view::npos) return authority;
  return authority.substr(0, authority.starts_with('[') ? end + 1 : end);
}

}  // namespace

Result<Caller> Authenticator::Identify(const http::Request& request) {
  if (const auto credentials = http::BasicCredentials(request);
      credentials && options_.is_basic_auth_enabled) {
    NARTHEX_ASSIGN_OR_RETURN(dashstore::User user, SignIn(credentials->first, credentials->second));
    Caller caller;
    caller.user = std::move(user);
    return InOrg(std::move(caller), request);
  }
  NARTHEX_ASSIGN_OR_RETURN(std::optional<Caller> caller, FromSession(request));
  if (caller) return InOrg(*std::move(caller), request);
  if (options_.anonymous.is_enabled) return Anonymous();
  return Unauthenticated("Unauthorized");
}

Result<std::optional<Caller>> Authenticator::FromSession(const http::Request& request) {
  const std::string_view token = http::Cookie(request, kSessionCookie);
  if (token.empty()) return std::optional<Caller>();
  NARTHEX_ASSIGN_OR_RETURN(const auto session, store_.sessions().Find(token));
  if (!session) return std::optional<Caller>();
  NARTHEX_ASSIGN_OR_RETURN(auto user, store_.users().Find(session->user_id));
  if (!user || user->is_disabled) return std::optional<Caller>();
  Caller caller;
  caller.user = *std::move(user);
  caller.session_token = token;
  caller.rotation_due = session->rotation_due;
  return std::optional(std::move(caller));
}

Result<Caller> Authenticator::InOrg(Caller caller, const http::Request& request) {
  NARTHEX_ASSIGN_OR_RETURN(const auto memberships, store_.users().Memberships(caller.user.id));
  const std::int64_t asked = AskedOrg(request);
  const auto chosen = std::find_if(
      memberships.begin(), memberships.end(),
      [asked](const auto& membership) { return asked == 0 || membership.org.id == asked; });
  if (chosen == memberships.end()) {
    return Error(ErrorCode::kPermissionDenied, "You are not a member of this organization");
  }
  caller.org_id = chosen->org.id;
  caller.org_name = chosen->org.name;
  caller.role = chosen->role;
  return caller;
}

Result<Caller> Authenticator::Anonymous() {
  NARTHEX_ASSIGN_OR_RETURN(const auto org,
                           store_.users().FindOrgByName(options_.anonymous.org_name));
  if (!org) return Unauthenticated("Unauthorized");
  Caller caller;
  caller.org_id = org->id;
  caller.org_name = org->name;
  caller.role = options_.anonymous.role;
  return caller;
}

Result<dashstore::User> Authenticator::SignIn(std::string_view login, std::string_view password) {
  if (login.empty() || password.empty() || password.size() > kPasswordSizeMax) {
    return Unauthenticated(kWrongPassword);
  }
  if (options_.is_brute_force_protected && !attempts_.MayTry(login))
    return Unauthenticated(kWrongPassword);
  NARTHEX_ASSIGN_OR_RETURN(auto user, store_.users().CheckPassword(login, password));
  if (!user) {
    attempts_.NoteFailure(login);
    return Unauthenticated(kWrongPassword);
  }
  attempts_.NoteSuccess(login);
  return *std::move(user);
}

void Authenticator::SetCookies(http::Response& response, std::string_view token,
                               TimestampMs rotation_due) const {
  const auto lifetime =
      std::chrono::duration_cast<std::chrono::seconds>(options_.sessions.lifetime_max);
  std::string attributes =
      fmt::format("; Path=/; Max-Age={}", token.empty() ? 0 : lifetime.count());
  const std::string& same_site = options_.cookies.same_site;
  const std::string tail = (options_.cookies.is_secure ? "; Secure" : "") +
                           (same_site.empty() ? std::string() : "; SameSite=" + same_site);
  response.headers.Add("Set-Cookie",
                       fmt::format("{}={}{}; HttpOnly{}", kSessionCookie, token, attributes, tail));
  response.headers.Add(
      "Set-Cookie", fmt::format("{}={}{}{}", kSessionExpiryCookie,
                                token.empty() ? std::string() : std::to_string(rotation_due / 1000),
                                attributes, tail));
}

std::optional<http::Response> RefuseForeignOrigin(const http::Request& request,
                                                  const DashboardsOptions& options) {
  if (request.method == http::Method::kGet || request.method == http::Method::kHead ||
      request.method == http::Method::kOptions || request.method_name == "TRACE") {
    return std::nullopt;
  }
  const std::string_view origin = request.headers.Get("Origin");
  if (origin.empty() || http::Cookie(request, kSessionCookie).empty()) return std::nullopt;
  const std::size_t scheme_end = origin.find("://");
  const std::string_view origin_host = scheme_end == std::string_view::npos
                                           ? std::string_view()
                                           : HostOf(origin.substr(scheme_end + 3));
  if (!origin_host.empty() && origin_host == HostOf(request.headers.Get("Host")))
    return std::nullopt;
  const auto& trusted = options.csrf_trusted_origins;
  if (!origin_host.empty() &&
      std::find(trusted.begin(), trusted.end(), origin_host) != trusted.end()) {
    return std::nullopt;
  }
  return http::Response::Text(403, "origin not allowed");
}

http::Handler RequireRole(Context& context, dashstore::Role role, ApiHandler handler) {
  return [&context, role, handler = std::move(handler)](const http::Request& request) {
    const Result<Caller> caller = context.authenticator.Identify(request);
    if (!caller.ok()) return ErrorAnswer(caller.error());
    if (caller->role < role) {
      return MessageAnswer(403, "You'll need additional permissions to perform this action.");
    }
    return handler(request, *caller);
  };
}

http::Handler RequireServerAdmin(Context& context, ApiHandler handler) {
  return RequireRole(
      context, dashstore::Role::kNone,
      [handler = std::move(handler)](const http::Request& request, const Caller& caller) {
        if (!caller.user.is_server_admin) {
          return MessageAnswer(403, "You'll need additional permissions to perform this action.");
        }
        return handler(request, caller);
      });
}

void AddGuardedRoutes(http::Router& router, Context& context,
                      std::span<const GuardedRoute> routes) {
  for (const GuardedRoute& route : routes) {
    const auto handler = [&context, answer = route.answer](const http::Request& request,
                                                           const Caller& caller) {
      return answer(context, request, caller);
    };
    router.Handle(route.method, route.pattern, RequireRole(context, route.role, handler));
  }
}

}  // namespace narthex::dashapi
