// Who sends a request: session cookie, token, password, a JSON web token, a proxy that vouches, or
// nobody in particular.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "context.h"
#include "http/message.h"
#include "http/router.h"
#include "jwt_sign_in.h"
#include "login_attempts.h"
#include "sub_path.h"

namespace narthex::dashapi {

inline constexpr std::string_view kSessionCookie = "grafana_session";
inline constexpr std::string_view kSessionExpiryCookie = "grafana_session_expiry";

// Thread-safe.
class Authenticator {
 public:
  // `jwt`: null if that way is closed.
  Authenticator(const DashboardsOptions& options, dashstore::Store& store, Clock& clock,
                std::unique_ptr<JwtSignIn> jwt)
      : options_(options),
        store_(store),
        clock_(clock),
        jwt_(std::move(jwt)),
        cookie_path_(SubPath(options).empty() ? "/" : SubPath(options)),
        name_attempts_(clock, options.brute_force_attempts_max),
        address_attempts_(clock, options.brute_force_attempts_max * kAddressAttemptsFactor) {}

  // The sender, with the organisation that `X-Grafana-Org-Id` or `orgId` names, else the first one.
  //
  // Errors: kUnauthenticated  nobody; the message is the one to answer with
  //         kPermissionDenied the user is not in the organisation
  //         those of the store: the sender is unknown for now, not unauthenticated
  Result<Caller> Identify(const http::Request& request);

  // The same caller as it is now, for what goes on after its request has been answered: no password
  // is checked again, and a session counts by its number.
  //
  // Errors: kUnauthenticated   the session or token has ended, or the user is disabled or gone
  //         kPermissionDenied  the user has left the organisation
  //         those of the store, which tell nothing of the caller
  Result<Caller> Renew(const Caller& caller);

  // Checks a password, with brute force protection by name and, if the options say so, by address.
  // Errors: kUnauthenticated "Invalid username or password", those of the store
  Result<dashstore::User> SignIn(std::string_view login, std::string_view password,
                                 std::string_view address);

  // Sets both cookies; `token` empty removes them.
  void SetCookies(http::Response& response, std::string_view token, TimestampMs rotation_due) const;

 private:
  // Several people may sit behind one address.
  static constexpr int kAddressAttemptsFactor = 5;

  Result<Caller> IdentifyWithoutJwt(const http::Request& request);
  Result<std::optional<Caller>> FromJwt(const http::Request& request);
  Result<std::optional<Caller>> FromSession(const http::Request& request);
  Result<std::optional<Caller>> FromToken(const http::Request& request);
  Result<std::optional<Caller>> FromApiToken(std::string_view token);
  Result<std::optional<Caller>> FromProxy(const http::Request& request);
  Result<Caller> InOrg(Caller caller, const http::Request& request);
  Result<Caller> InOrg(Caller caller, std::int64_t asked);
  Result<Caller> Anonymous();

  const DashboardsOptions& options_;
  dashstore::Store& store_;
  Clock& clock_;
  const std::unique_ptr<JwtSignIn> jwt_;
  const std::string cookie_path_;
  LoginAttempts name_attempts_;
  LoginAttempts address_attempts_;
};

// Refuses a request that a foreign page has made a browser send with our cookie (no token needed:
// browsers name the page's origin). Empty if the request is fine.
// Source: Grafana's CSRF middleware: safe methods, no cookie or no Origin pass; the host must
// match.
std::optional<http::Response> RefuseForeignOrigin(const http::Request& request,
                                                  const DashboardsOptions& options);

using ApiHandler = std::function<http::Response(const http::Request&, const Caller&)>;

// A handler that runs for callers with at least `role`; 401 and 403 are answered here. Changes are
// noted in the log (component "audit") with who asked for them and what came of it.
http::Handler RequireRole(Context& context, dashstore::Role role, ApiHandler handler);
// The same for the administrator of the whole service.
http::Handler RequireServerAdmin(Context& context, ApiHandler handler);
// For signed-in people and programs: an anonymous visitor has no account.
http::Handler RequireUser(Context& context, ApiHandler handler);

enum class Guard {
  kRole,
  kUser,         // as RequireUser
  kServerAdmin,  // as RequireServerAdmin
  kWriter,       // who may change some dashboard or folder; which one is the handler's to check
};

// A line of a table of routes: what it answers to, for whom at least, and with what.
struct GuardedRoute {
  http::Method method;
  std::string_view pattern;
  dashstore::Role role;
  http::Response (*answer)(Context&, const http::Request&, const Caller&);
  Guard guard = Guard::kRole;  // of the others, `role` does not count
};
void AddGuardedRoutes(http::Router& router, Context& context, std::span<const GuardedRoute> routes);

}  // namespace narthex::dashapi
