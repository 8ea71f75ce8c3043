#include "sub_path.h"

#include <fmt/format.h>

#include <memory>

#include "base/hash.h"

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

// As it stands in a quoted attribute; browsers send such characters in this form, too.
std::string InAttribute(std::string_view path) {
  std::string text;
  for (const char c : path) {
    if (c == '"' || c == '\'' || c == '<' || c == '>' || c == '&') {
      text += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text;
}

// Files of the page are named in attributes, by paths from the root.
std::string WithFilesBelow(std::string text, const std::string& sub_path) {
  for (std::size_t at = text.find("=\"/"); at != std::string::npos;
       at = text.find("=\"/", at + 3)) {
    text.insert(at + 2, sub_path);
  }
  // What web/apps/dash/src/router/base.ts reads.
  constexpr std::string_view kMark = "<html";
  if (const std::size_t at = text.find(kMark); at != std::string::npos) {
    text.insert(at + kMark.size(), fmt::format(" data-base=\"{}\"", sub_path));
  }
  return text;
}

}  // namespace

std::string SubPath(const DashboardsOptions& options) {
  std::string_view url = options.root_url;
  const std::size_t scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  const std::size_t slash = url.find('/');
  if (slash == std::string_view::npos) return {};
  url.remove_prefix(slash);
  while (url.ends_with('/')) url.remove_suffix(1);
  return std::string(url);
}

http::Router BelowSubPath(const DashboardsOptions& options, http::Router inner) {
  const std::string sub_path = SubPath(options);
  if (sub_path.empty()) return inner;
  // Shared, since a handler must be copyable.
  const auto routes = std::make_shared<const http::Router>(std::move(inner));
  http::Router outer;
  outer.Fallback([sub_path, is_kept = options.is_served_from_sub_path,
                  leads_out = !options.signout_redirect_url.empty(),
                  routes](const http::Request& request) {
    http::Request below = request;
    if (is_kept) {
      if (!IsBelow(request.path, sub_path) || !IsBelow(request.target, sub_path)) {
        return http::Response::Redirect(302, sub_path + request.target);
      }
      below.path = Without(request.path, sub_path);
      below.target = Without(request.target, sub_path);
    }
    // Where a sign-out leads is written in full, and may be a page that is not ours.
    const bool is_whole = leads_out && below.path == "/logout";
    http::Response response = routes->Answer(std::move(below));
    if (is_whole) return response;
    const std::string location(response.headers.Get("Location"));
    if (location.starts_with('/') && !location.starts_with("//")) {
      response.headers.Set("Location", sub_path + location);
    }
    return response;
  });
  return outer;
}

StartPage::StartPage(const http::Asset* index, const DashboardsOptions& options) {
  if (index == nullptr) return;
  exists_ = true;
  asset_ = *index;
  const std::string sub_path = InAttribute(SubPath(options));
  if (sub_path.empty()) return;
  text_ = WithFilesBelow(http::AssetText(*index), sub_path);
  etag_ = fmt::format("\"{:016x}\"", Hash64(text_));
}

http::Response StartPage::Answer(const http::Request& request) const {
  http::Asset asset = asset_;
  if (!text_.empty()) {
    asset.identity = text_;
    asset.etag = etag_;
    asset.gzip = {};
    asset.brotli = {};
  }
  return http::AssetResponse(asset, request);
}

}  // namespace narthex::dashapi
