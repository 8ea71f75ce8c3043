// /api/v1/write
#include "handlers.h"

namespace narthex::api {

void AddRemoteRoutes(Routes& routes, const ApiOptions& options) {
  if (options.remote_write) return routes.Post("/write", options.remote_write);
  routes.Post("/write", [](const http::Request&) {
    return http::Response::Text(
        404, "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n");
  });
}

}  // namespace narthex::api
