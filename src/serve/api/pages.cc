// The pages: static files, and the one page for all addresses of the front end.
#include <fmt/format.h>

#include "handlers.h"

namespace narthex::api {
namespace {

constexpr std::string_view kPagePaths[] = {
    "/query", "/targets", "/service-discovery", "/status", "/tsdb-status", "/flags", "/config"};

// `prefix` + `path`, with the query of the request.
http::Response RedirectTo(const std::string& prefix, std::string_view path,
                          const http::Request& request) {
  const std::string query = request.query.ToString();
  return http::Response::Redirect(
      302, fmt::format("{}{}{}{}", prefix, path, query.empty() ? "" : "?", query));
}

}  // namespace

void AddPageRoutes(Routes& routes, const ApiOptions& options) {
  const http::AssetTable assets = options.assets;
  const std::string prefix = options.route_prefix;
  const auto redirect = [prefix](const http::Request& request) {
    return RedirectTo(prefix, "/query", request);
  };
  routes.Plain(http::Method::kGet, "/", redirect);
  routes.Plain(http::Method::kGet, "/graph", redirect);
  if (!prefix.empty()) routes.Plain(http::Method::kGet, "", redirect);

  if (const http::Asset* index = http::FindAsset(assets, "/index.html")) {
    for (const std::string_view path : kPagePaths) {
      routes.Plain(http::Method::kGet, path, [index](const http::Request& request) {
        return http::AssetResponse(*index, request);
      });
    }
  }
  for (const http::Asset& asset : assets) {
    routes.Plain(http::Method::kGet, asset.path, [&asset](const http::Request& request) {
      return http::AssetResponse(asset, request);
    });
  }
}

}  // namespace narthex::api
