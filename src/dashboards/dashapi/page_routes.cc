#include <fmt/format.h>

#include <memory>

#include "answers.h"
#include "authenticator.h"
#include "base/log.h"
#include "http/asset.h"
#include "oauth.h"
#include "routes.h"
#include "sub_path.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kPages[] = {"/",
                                       "/d/*",
                                       "/d-solo/*",
                                       "/dashboards",
                                       "/dashboards/*",
                                       "/dashboard/*",
                                       "/explore",
                                       "/profile",
                                       "/profile/*",
                                       "/alerting",
                                       "/alerting/*",
                                       "/connections",
                                       "/connections/*",
                                       "/datasources",
                                       "/datasources/*",
                                       "/playlists",
                                       "/playlists/*",
                                       "/library-panels",
                                       "/org",
                                       "/org/*",
                                       "/plugins",
                                       "/admin",
                                       "/admin/*"};

http::Response Index(const StartPage& page, const http::Request& request) {
  if (!page.exists()) {
    return http::Response::Text(503,
                                "This program was built without its front end. The API is there.");
  }
  return page.Answer(request);
}

http::Response ToLogin(const Context& context, const http::Request& request) {
  const std::string target = WithoutUrlToken(context.options.jwt, request.target);
  if (target == "/") return http::Response::Redirect(302, "/login");
  return http::Response::Redirect(302,
                                  fmt::format("/login?redirectTo={}", http::UrlEncode(target)));
}

// Gives a browser a new token with the page when the old one is due.
void RotateWithPage(Context& context, const Caller& caller, http::Response& response) {
  if (caller.session_token.empty() || context.clock.Now() < caller.rotation_due) return;
  const auto rotated = context.store.sessions().Rotate(caller.session_token);
  if (!rotated.ok()) {
    LogWarn("dashapi", "session not rotated", {{"error", rotated.error().message()}});
  } else if (*rotated) {
    context.authenticator.SetCookies(response, (*rotated)->token, (*rotated)->rotation_due);
  }
}

http::Response Page(Context& context, const StartPage& page, const http::Request& request) {
  const Result<Caller> caller = context.authenticator.Identify(request);
  if (!caller.ok()) {
    if (caller.code() == ErrorCode::kUnauthenticated) return ToLogin(context, request);
    return http::Response::Text(StatusFor(caller.error().code()), caller.error().message());
  }
  http::Response response = Index(page, request);
  RotateWithPage(context, *caller, response);
  return response;
}

http::Response Unknown(Context& context, const http::Request& request) {
  if (request.method == http::Method::kGet || request.method == http::Method::kHead) {
    const http::Asset* asset = http::FindAsset(context.options.assets, request.path);
    // The page itself is shown below its own addresses only.
    if (asset != nullptr && asset->path != "/index.html")
      return http::AssetResponse(*asset, request);
  }
  if (request.path == "/api" || request.path.starts_with("/api/") || request.path == "/apis" ||
      request.path.starts_with("/apis/")) {
    return MessageAnswer(404, "Not found");
  }
  return http::Response::Text(404, "Not found");
}

}  // namespace

void AddPageRoutes(http::Router& router, Context& context) {
  // Shared, since a handler must be copyable.
  const auto page = std::make_shared<const StartPage>(
      http::FindAsset(context.options.assets, "/index.html"), context.options);
  for (const std::string_view pattern : kPages) {
    router.Get(pattern, [&context, page](const http::Request& request) {
      return Page(context, *page, request);
    });
  }
  router.Get("/login", [&context, page](const http::Request& request) {
    const Result<Caller> caller = context.authenticator.Identify(request);
    if (caller.ok() && !caller->is_anonymous()) return http::Response::Redirect(302, "/");
    const OAuthOptions& oauth = context.options.oauth;
    if (oauth.is_enabled && oauth.is_automatic && !request.query.Has("disableAutoLogin")) {
      return http::Response::Redirect(302, OAuth::kPath);
    }
    return Index(*page, request);
  });
  // For visitors without an account; what they may see is up to the token in the path.
  router.Get("/public-dashboards/:token",
             [page](const http::Request& request) { return Index(*page, request); });
  router.Fallback([&context](const http::Request& request) { return Unknown(context, request); });
}

}  // namespace narthex::dashapi
