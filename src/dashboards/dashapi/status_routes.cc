#include "answers.h"
#include "base/log.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

http::Response Health(Context& context) {
  const Status checked = context.store.Check();
  if (!checked.ok())
    LogError("dashapi", "database does not answer", {{"error", checked.error().message()}});
  json::Value body = Object({{"database", Text(checked.ok() ? "ok" : "failing")}});
  if (!context.options.anonymous.hides_version) {
    body.Set("version", Text(context.options.version));
    body.Set("commit", Text(context.options.commit));
  }
  http::Response response =
      http::Response::Json(checked.ok() ? 200 : 503, json::Print(body, json::Layout::kPretty));
  response.headers.Set("Content-Type", "application/json; charset=UTF-8");
  return response;
}

}  // namespace

void AddStatusRoutes(http::Router& router, Context& context) {
  router.Get("/api/health", [&context](const http::Request&) { return Health(context); });
  router.Get(
      "/healthz", [](const http::Request&) { return http::Response::Text(200, "Ok"); },
      http::RunOn::kInline);
}

}  // namespace narthex::dashapi
