// /-/healthy, /-/ready, /-/reload, /-/quit, /metrics, /version.
#include <fmt/format.h>

#include "answer.h"
#include "handlers.h"

namespace narthex::api {
namespace {

http::Response NotReady(const Backend& backend) {
  http::Response response = http::Response::Text(503, "Service Unavailable\n");
  response.headers.Set("X-Prometheus-Stopping", backend.is_stopping() ? "true" : "false");
  return response;
}

http::Response Reload(Backend& backend) {
  const Status status = backend.Reload();
  if (status.ok()) return http::Response::Text(200, "");
  return http::Response::Text(
      500, fmt::format("failed to reload config: {}\n", status.error().message()));
}

http::Response Quit(Backend& backend) {
  backend.RequestStop();
  return http::Response::Text(200, "Requesting termination... Goodbye!");
}

http::Response Version(const Backend& backend) {
  const BuildFacts facts = backend.build();
  std::string body;
  json::Writer writer(body);
  writer.BeginObject();
  json::Field(writer, "version", facts.version);
  json::Field(writer, "revision", facts.revision);
  json::Field(writer, "branch", facts.branch);
  json::Field(writer, "buildUser", facts.build_user);
  json::Field(writer, "buildDate", facts.build_date);
  json::Field(writer, "goVersion", facts.runtime_version);
  writer.EndObject();
  return http::Response::Json(200, std::move(body));
}

// POST and PUT, if the life of the process may be steered over HTTP at all.
void AddLifecycle(Routes& routes, bool is_enabled, std::string_view path,
                  const http::Handler& handler) {
  const auto disabled = [](const http::Request&) {
    return http::Response::Text(403, "Lifecycle API is not enabled.\n");
  };
  const http::Handler answer = is_enabled ? handler : http::Handler(disabled);
  routes.Plain(http::Method::kPost, path, answer, http::RunOn::kWorker);
  routes.Plain(http::Method::kPut, path, answer, http::RunOn::kWorker);
  routes.Plain(http::Method::kGet, path, [](const http::Request&) {
    http::Response response = http::Response::Text(405, "Only POST or PUT requests allowed\n");
    response.headers.Set("Allow", "POST, PUT");
    return response;
  });
}

}  // namespace

http::Handler Routes::Guard(http::Handler handler) const {
  return [&backend = backend_, handler = std::move(handler)](const http::Request& request) {
    return backend.is_ready() ? handler(request) : NotReady(backend);
  };
}

void AddManagementRoutes(Routes& routes, Backend& backend, const ApiOptions& options) {
  routes.Plain(http::Method::kGet, "/-/healthy", [](const http::Request&) {
    return http::Response::Text(200, "Prometheus Server is Healthy.\n");
  });
  routes.Plain(http::Method::kGet, "/-/ready", [&backend](const http::Request&) {
    return backend.is_ready() ? http::Response::Text(200, "Prometheus Server is Ready.\n")
                              : NotReady(backend);
  });
  AddLifecycle(routes, options.has_lifecycle, "/-/reload",
               [&backend](const http::Request&) { return Reload(backend); });
  AddLifecycle(routes, options.has_lifecycle, "/-/quit",
               [&backend](const http::Request&) { return Quit(backend); });
  routes.Plain(http::Method::kGet, "/metrics", options.metrics, http::RunOn::kWorker);
  routes.Plain(http::Method::kGet, "/version",
               [&backend](const http::Request&) { return Version(backend); });
}

}  // namespace narthex::api
