#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "base/log.h"
#include "live_hub.h"
#include "oauth.h"
#include "routes.h"
#include "sub_path.h"

namespace narthex::dashapi {
namespace {

// Enough for any login; more is refused before a byte of it is parsed.
constexpr std::size_t kLoginBodySizeMax = 16 << 10;

// `response` with the cookies of a new session of `user`.
http::Response SignedIn(Context& context, const http::Request& request, const dashstore::User& user,
                        http::Response response) {
  const auto session = context.store.sessions().Create(user.id, request.headers.Get("User-Agent"),
                                                       request.remote_address);
  if (!session.ok()) return ErrorAnswer(session.error());

  // The session before this one ends: a browser holds one, and an unused token is one too many.
  if (const auto old = http::Cookie(request, kSessionCookie); !old.empty()) {
    if (const Status revoked = context.store.sessions().Revoke(old); !revoked.ok()) {
      LogWarn("dashapi", "old session not removed", {{"error", revoked.error().message()}});
    }
  }
  LogInfo("audit", "signed in", {{"login", user.login}, {"address", request.remote_address}});
  context.authenticator.SetCookies(response, session->token, session->rotation_due);
  return response;
}

http::Response SignIn(Context& context, const http::Request& request) {
  if (request.body.size() > kLoginBodySizeMax) return MessageAnswer(413, "request is too large");
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const std::string_view login = (*body)["user"].AsString();
  Result<dashstore::User> user =
      context.authenticator.SignIn(login, (*body)["password"].AsString(), request.remote_address);
  if (!user.ok()) {
    if (user.code() != ErrorCode::kUnauthenticated) return ErrorAnswer(user.error());
    LogWarn("audit", "sign-in refused", {{"login", login}, {"address", request.remote_address}});
    return JsonAnswer(Object({{"message", Text(user.error().message())},
                              {"messageId", Text("password-auth.failed")},
                              {"statusCode", json::Value(401)}}),
                      401);
  }
  return SignedIn(context, request, *user,
                  JsonAnswer(Object({{"message", Text("Logged in")},
                                     {"redirectUrl", Text(SubPath(context.options) + "/")}})));
}

// The address of OAuth::kPath as the other service knows it.
std::string OAuthUrl(const Context& context, const http::Request& request) {
  std::string root = context.options.root_url;
  while (root.ends_with('/')) root.pop_back();
  if (root.empty()) {
    root = fmt::format("http{}://{}", request.is_tls ? "s" : "", request.headers.Get("Host"));
  }
  return root + std::string(OAuth::kPath);
}

http::Response BeginOAuth(Context& context, const http::Request& request) {
  const OAuth::Start start = context.oauth.Begin(OAuthUrl(context, request));
  http::Response response = http::Response::Redirect(302, start.location);
  response.headers.Add("Set-Cookie",
                       fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Lax{}",
                                   OAuth::kCookie, start.binding, OAuth::kLifetimeMs / 1000,
                                   context.options.cookies.is_secure ? "; Secure" : ""));
  return response;
}

http::Response FinishOAuth(Context& context, const http::Request& request) {
  const OAuth::Returned returned = {request.query.Get("code"), request.query.Get("state"),
                                    http::Cookie(request, OAuth::kCookie)};
  const auto user = context.oauth.Finish(context, returned, OAuthUrl(context, request));
  if (!user.ok()) {
    LogWarn("audit", "sign-in refused",
            {{"way", "oauth"},
             {"address", request.remote_address},
             {"reason", user.error().message()}});
    return http::Response::Text(StatusFor(user.error().code()), user.error().message());
  }
  return SignedIn(context, request, *user, http::Response::Redirect(302, "/"));
}

// Both ends of the way: without parameters it begins, with those of the other service it ends.
http::Response SignInByOAuth(Context& context, const http::Request& request) {
  if (!context.options.oauth.is_enabled) return http::Response::Text(404, "Not found");
  const bool is_back = request.query.Has("state");
  return is_back ? FinishOAuth(context, request) : BeginOAuth(context, request);
}

http::Response SignOut(Context& context, const http::Request& request) {
  if (const auto token = http::Cookie(request, kSessionCookie); !token.empty()) {
    if (const Status revoked = context.store.sessions().Revoke(token); !revoked.ok()) {
      return ErrorAnswer(revoked.error());
    }
    context.live.CheckSoon();
  }
  const std::string& target = context.options.signout_redirect_url;
  http::Response response = http::Response::Redirect(302, target.empty() ? "/login" : target);
  context.authenticator.SetCookies(response, "", 0);
  return response;
}

// Gives the browser a new token when the old one is due.
http::Response Rotate(Context& context, const http::Request& request, const Caller& caller) {
  http::Response response = JsonAnswer(json::Value::MakeObject());
  if (caller.session_token.empty() || context.clock.Now() < caller.rotation_due) return response;
  const auto rotated = context.store.sessions().Rotate(http::Cookie(request, kSessionCookie));
  if (!rotated.ok()) return ErrorAnswer(rotated.error());
  if (!*rotated) return MessageAnswer(401, "Unauthorized");
  context.authenticator.SetCookies(response, (*rotated)->token, (*rotated)->rotation_due);
  return response;
}

http::Response Ping(Context& context, const http::Request& request, const Caller& caller) {
  http::Response response = Rotate(context, request, caller);
  if (response.status == 200) response.body = R"({"message":"Logged in"})";
  return response;
}

}  // namespace

void AddLoginRoutes(http::Router& router, Context& context) {
  router.Post("/login",
              [&context](const http::Request& request) { return SignIn(context, request); });
  router.Get(OAuth::kPath,
             [&context](const http::Request& request) { return SignInByOAuth(context, request); });
  router.Get("/logout",
             [&context](const http::Request& request) { return SignOut(context, request); });
  router.Post("/api/user/auth-tokens/rotate",
              RequireRole(context, dashstore::Role::kNone,
                          [&context](const http::Request& request, const Caller& caller) {
                            return Rotate(context, request, caller);
                          }));
  router.Get("/api/login/ping",
             RequireRole(context, dashstore::Role::kNone,
                         [&context](const http::Request& request, const Caller& caller) {
                           return Ping(context, request, caller);
                         }));
}

}  // namespace narthex::dashapi
