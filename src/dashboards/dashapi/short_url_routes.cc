#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Record;
using dashstore::Role;

constexpr std::string_view kKind = "short-url";
constexpr std::size_t kPathSizeMax = 8192;

// Only pages of this service: a browser takes "//host", "/\\host" and what begins with control
// characters for other hosts. Errors: kInvalidArgument
Status CheckPath(std::string_view path) {
  const auto refuse = [](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, std::string(why));
  };
  if (path.empty() || path.size() > kPathSizeMax) return refuse("the path is empty or too long");
  if (path.starts_with('/')) return refuse("Path should be relative");
  if (path.find("://") < path.find_first_of("?#")) return refuse("Path should be relative");
  if (path.substr(0, path.find_first_of("?#")).find("..") != std::string_view::npos) {
    return refuse("Invalid path");
  }
  for (const char c : path) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\\') return refuse("Invalid path");
  }
  return Ok();
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const std::string_view path = (*body)["path"].AsString();
  if (const Status checked = CheckPath(path); !checked.ok()) return ErrorAnswer(checked.error());
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.created_by = caller.user.login;
  record.body = Object({{"path", Text(path)}});
  const auto made = context.store.records().Create(std::move(record));
  if (!made.ok()) return ErrorAnswer(made.error());
  std::string_view root = context.options.root_url;
  while (root.ends_with('/')) root.remove_suffix(1);
  return JsonAnswer(
      Object({{"uid", Text(made->uid)},
              {"url", Text(fmt::format("{}/goto/{}?orgId={}", root, made->uid, caller.org_id))}}));
}

http::Response Go(Context& context, const http::Request& request, const Caller& caller) {
  const auto record =
      context.store.records().Find(caller.org_id, kKind, request.path_parameter("uid"));
  if (!record.ok()) return ErrorAnswer(record.error());
  if (!*record) return http::Response::Redirect(302, "/");
  return http::Response::Redirect(302, fmt::format("/{}", (*record)->body["path"].AsString()));
}

}  // namespace

void AddShortUrlRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kPost, "/api/short-urls", Role::kNone, Create, Guard::kUser},
      {http::Method::kGet, "/goto/:uid", Role::kViewer, Go},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
