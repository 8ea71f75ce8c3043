#include "sub_path.h"

#include <memory>

namespace narthex::dashapi {
namespace {

bool IsBelow(std::string_view path, std::string_view sub_path) {
  if (!path.starts_with(sub_path)) return false;
  return path.size() == sub_path.size() || path[sub_path.size()] == '/' ||
         path[sub_path.size()] == '?';
}

std::string Without(std::string_view path, std::string_view sub_path) {
  const std::string_view rest = path.substr(sub_path.size());
  return rest.starts_with('/') ? std::string(rest) : "/" + std::string(rest);
}

}  // namespace

std::string SubPath(const DashboardsOptions& options) {
  if (!options.is_served_from_sub_path) return {};
  std::string_view url = options.root_url;
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return {};
  url.remove_prefix(slash);
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

http::Router BelowSubPath(const std::string& sub_path, http::Router inner) {
  // Shared, since a handler must be copyable.
  const auto routes = std::make_shared<const http::Router>(std::move(inner));
  http::Router outer;
  outer.Fallback([sub_path, routes](const http::Request& request) {
    if (!IsBelow(request.path, sub_path) || !IsBelow(request.target, sub_path)) {
      return http::Response::Redirect(302, sub_path + request.target);
    }
    http::Request below = request;
    below.path = Without(request.path, sub_path);
    below.target = Without(request.target, sub_path);
    http::Response response = routes->Answer(std::move(below));
    const std::string location(response.headers.Get("Location"));
    if (location.starts_with('/') && !location.starts_with("//")) {
      response.headers.Set("Location", sub_path + location);
    }
    return response;
  });
  return outer;
}

}  // namespace narthex::dashapi
