#include "authenticator.h"

#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "answers.h"
#include "auth_proxy.h"
#include "base/log.h"
#include "base/number.h"
#include "live_hub.h"

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

// The token of `Authorization: Bearer`, or of basic authentication as `api_key`.
std::string TokenOf(const http::Request& request) {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view header = request.headers.Get("Authorization");
  if (header.starts_with(kBearer)) return std::string(header.substr(kBearer.size()));
  const auto credentials = http::BasicCredentials(request);
  return credentials && credentials->first == "api_key" ? credentials->second : std::string();
}

// Requests that change nothing, though their method would allow it: not worth a line each.
bool IsQuestion(const http::Request& request) {
  if (request.method == http::Method::kGet || request.method == http::Method::kHead) return true;
  for (const std::string_view prefix :
       {"/api/ds/query", "/api/datasources/proxy/", "/api/user/auth-tokens/rotate", "/api/live/"}) {
    if (request.path.starts_with(prefix)) return true;
  }
  return request.path.find("/resources/") != std::string::npos;
}

void NoteChange(Context& context, const http::Request& request, const Caller& caller, int status) {
  if (IsQuestion(request)) return;
  // It may have taken a right from somebody who is looking at a dashboard.
  if (status < 400) context.live.CheckSoon();
  LogInfo("audit", "request",
          {{"login", caller.user.login},
           {"org", caller.org_id},
           {"address", request.remote_address},
           {"method", request.method_name},
           {"path", request.path},
           {"status", status}});
}

std::string_view HostOf(std::string_view authority) {
  const std::size_t end = authority.starts_with('[') ? authority.find(']') : authority.find(':');
  if (end == std::string_view::npos) return authority;
  return authority.substr(0, authority.starts_with('[') ? end + 1 : end);
}

}  // namespace

Result<Caller> Authenticator::Identify(const http::Request& request) {
  auto vouched = FromJwt(request);
  if (vouched.ok() && *vouched) return InOrg(**std::move(vouched), request);
  if (vouched.ok()) return IdentifyWithoutJwt(request);
  const bool is_refused = vouched.code() == ErrorCode::kUnauthenticated ||
                          vouched.code() == ErrorCode::kPermissionDenied;
  if (!is_refused) return std::move(vouched).error();
  // Something else that came along may be good, a session for one. If not, the token's fault is
  // the one to tell.
  auto otherwise = IdentifyWithoutJwt(request);
  if (otherwise.code() == ErrorCode::kUnauthenticated) return std::move(vouched).error();
  return otherwise;
}

Result<Caller> Authenticator::IdentifyWithoutJwt(const http::Request& request) {
  if (!TokenOf(request).empty()) {
    NARTHEX_ASSIGN_OR_RETURN(std::optional<Caller> program, FromToken(request));
    if (!program) return Unauthenticated("Invalid API key");
    return *std::move(program);
  }
  if (const auto credentials = http::BasicCredentials(request);
      credentials && options_.is_basic_auth_enabled) {
    NARTHEX_ASSIGN_OR_RETURN(dashstore::User user, SignIn(credentials->first, credentials->second,
                                                          request.remote_address));
    Caller caller;
    caller.user = std::move(user);
    return InOrg(std::move(caller), request);
  }
  NARTHEX_ASSIGN_OR_RETURN(std::optional<Caller> vouched, FromProxy(request));
  if (vouched) return InOrg(*std::move(vouched), request);
  NARTHEX_ASSIGN_OR_RETURN(std::optional<Caller> caller, FromSession(request));
  if (caller) return InOrg(*std::move(caller), request);
  if (options_.anonymous.is_enabled) return Anonymous();
  return Unauthenticated("Unauthorized");
}

Result<std::optional<Caller>> Authenticator::FromJwt(const http::Request& request) {
  if (jwt_ == nullptr) return std::optional<Caller>();
  NARTHEX_ASSIGN_OR_RETURN(auto signed_in, jwt_->Identify(request));
  if (!signed_in) return std::optional<Caller>();
  Caller caller;
  caller.user = std::move(signed_in->user);
  caller.valid_until = signed_in->valid_until;
  return std::optional(std::move(caller));
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
  caller.session_id = session->id;
  caller.rotation_due = session->rotation_due;
  return std::optional(std::move(caller));
}

Result<Caller> Authenticator::Renew(const Caller& caller) {
  if (!caller.api_token.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(auto program, FromApiToken(caller.api_token));
    if (!program) return Unauthenticated("Invalid API key");
    return *std::move(program);
  }
  if (caller.is_anonymous()) return Anonymous();
  if (caller.valid_until != 0 && clock_.Now() > caller.valid_until) {
    return Unauthenticated("Unauthorized");
  }
  if (caller.session_id != 0) {
    NARTHEX_ASSIGN_OR_RETURN(const bool is_alive, store_.sessions().IsAlive(caller.session_id));
    if (!is_alive) return Unauthenticated("Unauthorized");
  }
  NARTHEX_ASSIGN_OR_RETURN(auto user, store_.users().Find(caller.user.id));
  if (!user || user->is_disabled) return Unauthenticated("Unauthorized");
  Caller renewed = caller;
  renewed.user = *std::move(user);
  return InOrg(std::move(renewed), caller.org_id);
}

Result<Caller> Authenticator::InOrg(Caller caller, const http::Request& request) {
  return InOrg(std::move(caller), AskedOrg(request));
}

// `asked` 0: the one that the user has chosen.
Result<Caller> Authenticator::InOrg(Caller caller, std::int64_t asked) {
  NARTHEX_ASSIGN_OR_RETURN(const auto memberships, store_.users().Memberships(caller.user.id));
  const auto find = [&memberships](std::int64_t id) {
    return std::find_if(memberships.begin(), memberships.end(),
                        [id](const auto& membership) { return membership.org.id == id; });
  };
  auto chosen = find(asked == 0 ? caller.user.chosen_org_id : asked);
  if (chosen == memberships.end() && asked == 0) chosen = memberships.begin();
  if (chosen == memberships.end()) {
    return Error(ErrorCode::kPermissionDenied, "You are not a member of this organization");
  }
  caller.org_id = chosen->org.id;
  caller.org_name = chosen->org.name;
  caller.role = chosen->role;
  // A database that cannot be written (full disk) must not keep people from looking.
  if (const Status noted = store_.users().NoteSeen(caller.user);
      !noted.ok() && noted.code() == ErrorCode::kCorruption) {
    return noted.error();
  }
  return caller;
}

Result<std::optional<Caller>> Authenticator::FromToken(const http::Request& request) {
  NARTHEX_ASSIGN_OR_RETURN(auto caller, FromApiToken(TokenOf(request)));
  const std::int64_t asked = AskedOrg(request);
  if (caller && asked != 0 && asked != caller->org_id) {
    return Error(ErrorCode::kPermissionDenied, "the token belongs to another organization");
  }
  return caller;
}

Result<std::optional<Caller>> Authenticator::FromApiToken(std::string_view token) {
  NARTHEX_ASSIGN_OR_RETURN(auto account, store_.service_accounts().FindByKey(token));
  if (!account) return std::optional<Caller>();
  NARTHEX_ASSIGN_OR_RETURN(const auto org, store_.users().FindOrg(account->org_id));
  if (!org) return std::optional<Caller>();
  Caller caller;
  caller.user = std::move(account->user);
  caller.org_id = org->id;
  caller.org_name = org->name;
  caller.role = account->role;
  caller.api_token = token;
  return std::optional(std::move(caller));
}

Result<std::optional<Caller>> Authenticator::FromProxy(const http::Request& request) {
  NARTHEX_ASSIGN_OR_RETURN(auto user, ProxyUser(options_.auth_proxy, store_, request));
  if (!user || user->is_disabled) return std::optional<Caller>();
  Caller caller;
  caller.user = *std::move(user);
  return std::optional(std::move(caller));
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

Result<dashstore::User> Authenticator::SignIn(std::string_view login, std::string_view password,
                                              std::string_view address) {
  if (login.empty() || password.empty() || password.size() > kPasswordSizeMax) {
    return Unauthenticated(kWrongPassword);
  }
  const bool counts = options_.is_brute_force_protected;
  const bool counts_address = counts && options_.is_address_brute_force_protected;
  if (counts && !name_attempts_.MayTry(login)) return Unauthenticated(kWrongPassword);
  if (counts_address && !address_attempts_.MayTry(address)) return Unauthenticated(kWrongPassword);
  NARTHEX_ASSIGN_OR_RETURN(auto user, store_.users().CheckPassword(login, password));
  if (!user) {
    name_attempts_.NoteFailure(login);
    if (counts_address) address_attempts_.NoteFailure(address);
    return Unauthenticated(kWrongPassword);
  }
  // The address is not forgiven: one known password must not buy tries at others.
  name_attempts_.NoteSuccess(login);
  return *std::move(user);
}

void Authenticator::SetCookies(http::Response& response, std::string_view token,
                               TimestampMs rotation_due) const {
  const auto lifetime =
      std::chrono::duration_cast<std::chrono::seconds>(options_.sessions.lifetime_max);
  std::string attributes =
      fmt::format("; Path={}; Max-Age={}", cookie_path_, token.empty() ? 0 : lifetime.count());
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
  // Behind a proxy that vouches, the browser needs no cookie of ours.
  const bool has_cookie =
      options.auth_proxy.is_enabled || !http::Cookie(request, kSessionCookie).empty();
  if (origin.empty() || !has_cookie) return std::nullopt;
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
    http::Response response =
        caller->role < role ? ErrorAnswer(NoPermission()) : handler(request, *caller);
    NoteChange(context, request, *caller, response.status);
    return response;
  };
}

http::Handler RequireServerAdmin(Context& context, ApiHandler handler) {
  return RequireRole(
      context, dashstore::Role::kNone,
      [handler = std::move(handler)](const http::Request& request, const Caller& caller) {
        if (!caller.user.is_server_admin) {
          return ErrorAnswer(NoPermission());
        }
        return handler(request, caller);
      });
}

http::Handler RequireUser(Context& context, ApiHandler handler) {
  return RequireRole(
      context, dashstore::Role::kNone,
      [handler = std::move(handler)](const http::Request& request, const Caller& caller) {
        if (caller.is_anonymous()) return MessageAnswer(401, "Unauthorized");
        return handler(request, caller);
      });
}

namespace {

http::Handler RequireWriter(Context& context, ApiHandler handler) {
  return RequireRole(
      context, dashstore::Role::kViewer,
      [&context, handler = std::move(handler)](const http::Request& request, const Caller& caller) {
        const auto access = Access::Of(context, caller);
        if (!access.ok()) return ErrorAnswer(access.error());
        if (access->is_uniform() && access->ToFolder("") < Right::kEdit) {
          return ErrorAnswer(NoPermission());
        }
        return handler(request, caller);
      });
}

http::Handler Guarded(Context& context, const GuardedRoute& route, ApiHandler handler) {
  switch (route.guard) {
    case Guard::kServerAdmin:
      return RequireServerAdmin(context, std::move(handler));
    case Guard::kUser:
      return RequireUser(context, std::move(handler));
    case Guard::kWriter:
      return RequireWriter(context, std::move(handler));
    case Guard::kRole:
      break;
  }
  return RequireRole(context, route.role, std::move(handler));
}

}  // namespace

void AddGuardedRoutes(http::Router& router, Context& context,
                      std::span<const GuardedRoute> routes) {
  for (const GuardedRoute& route : routes) {
    const auto handler = [&context, answer = route.answer](const http::Request& request,
                                                           const Caller& caller) {
      return answer(context, request, caller);
    };
    const http::Handler guarded = Guarded(context, route, handler);
    router.Handle(route.method, route.pattern, guarded);
    // Some clients end a path of a collection with a slash.
    if (!route.pattern.ends_with('/') && !route.pattern.ends_with('*')) {
      router.Handle(route.method, std::string(route.pattern) + "/", guarded);
    }
  }
}

}  // namespace narthex::dashapi
