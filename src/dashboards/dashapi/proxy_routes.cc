#include <fmt/format.h>

#include <algorithm>

#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "datasource_lookup.h"
#include "metadata_cache.h"
#include "routes.h"
#include "streamed_fetch.h"
#include "upstream.h"

namespace narthex::dashapi {
namespace {

using dashstore::Datasource;
using dashstore::Role;

// What may be asked by POST of a Prometheus server: questions with long texts. Anything else by
// POST changes something there (reload, deletion of series), which is not for everyone who may
// look.
constexpr std::string_view kPostPaths[] = {
    "api/v1/query",  "api/v1/query_range",  "api/v1/query_exemplars", "api/v1/series",
    "api/v1/labels", "api/v1/format_query", "api/v1/parse_query",     "api/v1/info_labels"};

// The part of the target behind `segment_count` segments, still encoded, with the query.
std::string RawRest(const Context& context, const http::Request& request, int segment_count) {
  const std::string target = WithoutUrlToken(context.options.jwt, request.target);
  std::size_t at = 0;
  for (int i = 0; i <= segment_count; ++i) {
    const std::size_t end = target.find_first_of("/?", at);
    if (end == std::string_view::npos || target[end] == '?') {
      return end == std::string_view::npos ? std::string() : target.substr(end);
    }
    at = end + 1;
  }
  return target.substr(at);
}

std::string_view PathOf(std::string_view raw) { return raw.substr(0, raw.find('?')); }

std::optional<http::Response> Refuse(const Datasource& datasource, const http::Request& request,
                                     std::string_view raw) {
  if (LeavesBase(raw)) return MessageAnswer(400, "the path leaves the data source's address");
  using http::Method;
  if (request.method == Method::kGet || request.method == Method::kHead ||
      datasource.type != "prometheus") {
    return std::nullopt;
  }
  const std::string path = http::UrlDecode(PathOf(raw));
  const bool is_question =
      std::find(std::begin(kPostPaths), std::end(kPostPaths), path) != std::end(kPostPaths);
  if (request.method == Method::kPost && is_question) return std::nullopt;
  return MessageAnswer(
      403, fmt::format("non allow-listed {}s not allowed on proxied Prometheus datasource",
                       request.method_name));
}

// A request on its way to a data source.
struct Passage {
  const http::Request& request;
  const Caller& caller;
  const Datasource& datasource;
};

Result<http::ClientRequest> MakeUpstream(Context& context, const Passage& passage,
                                         std::string_view raw) {
  const auto& [request, caller, datasource] = passage;
  NARTHEX_ASSIGN_OR_RETURN(http::ClientRequest upstream,
                           UpstreamRequest(context, datasource, fmt::format("/{}", raw)));
  upstream.method = request.method_name;
  upstream.body = request.body;
  for (const std::string_view name : {"Content-Type", "Accept", "X-Dashboard-Uid", "X-Panel-Id"}) {
    if (request.headers.Has(name) && !upstream.headers.Has(name)) {
      upstream.headers.Set(name, request.headers.Get(name));
    }
  }
  AddViewer(context, datasource, caller, request, upstream);
  return upstream;
}

http::Response Forward(Context& context, const Passage& passage, std::string_view raw) {
  const auto& [request, caller, datasource] = passage;
  if (auto refused = Refuse(datasource, request, raw)) return *std::move(refused);
  Result<http::ClientRequest> upstream = MakeUpstream(context, passage, raw);
  if (!upstream.ok()) return ErrorAnswer(upstream.error());
  Result<http::Response> answer =
      FetchStreamed(context.client, *std::move(upstream), request.canceled);
  if (!answer.ok()) {
    const int status = answer.code() == ErrorCode::kDeadlineExceeded ? 504 : 502;
    return MessageAnswer(status, answer.error().message());
  }
  // Whatever page the other server sends must not run with our cookies.
  answer->headers.Set("Content-Security-Policy", "sandbox");
  return *std::move(answer);
}

// Answers about names of metrics and labels are kept for a while: every viewer's editor and every
// variable asks for the same.
http::Response ForwardCached(Context& context, const Passage& passage, std::string_view raw) {
  const auto lifetime = MetadataLifetime(passage.datasource, http::UrlDecode(PathOf(raw)));
  const bool may_cache = lifetime.count() > 0 && !KnowsViewer(context, passage.datasource) &&
                         passage.request.headers.Get("Cache-Control") != "no-cache";
  if (!may_cache) return Forward(context, passage, raw);
  const Datasource& datasource = passage.datasource;
  const std::string_view path = PathOf(raw);
  const std::string_view query = raw.substr(std::min(path.size() + 1, raw.size()));
  const std::string key = fmt::format(
      "{} {}\n{}\n{}\n{}\n{}\n{}", datasource.id, datasource.version, passage.request.method_name,
      path, passage.request.headers.Get("Accept"), MetadataCache::KeyOf(query, lifetime),
      MetadataCache::KeyOf(passage.request.body, lifetime));
  if (auto kept = context.metadata.Find(key)) return *std::move(kept);
  return context.metadata.Keep(key, lifetime, Forward(context, passage, raw));
}

http::Response Proxy(Context& context, const http::Request& request, const Caller& caller) {
  const bool by_uid = !request.path_parameter("uid").empty();
  const auto datasource =
      by_uid ? FindDatasource(context, caller, "uid", request.path_parameter("uid"))
             : FindDatasource(context, caller, "id", request.path_parameter("id"));
  if (!datasource.ok()) return ErrorAnswer(datasource.error());
  // /api/datasources/proxy/uid/X/ or /api/datasources/proxy/X/
  return Forward(context, {request, caller, *datasource},
                 RawRest(context, request, by_uid ? 5 : 4));
}

http::Response Resources(Context& context, const http::Request& request, const Caller& caller) {
  const auto datasource = FindDatasource(context, caller, "uid", request.path_parameter("uid"));
  if (!datasource.ok()) return ErrorAnswer(datasource.error());
  if (datasource->type != "prometheus") {
    return MessageAnswer(
        404, fmt::format("data sources of type '{}' have no resources here", datasource->type));
  }
  // /api/datasources/uid/X/resources/
  const std::string raw = RawRest(context, request, 5);
  if (PathOf(raw) == "version-detect")
    return ForwardCached(context, {request, caller, *datasource}, "api/v1/status/buildinfo");
  if (!raw.starts_with("api/v1/")) return MessageAnswer(404, "Not found");
  return ForwardCached(context, {request, caller, *datasource}, raw);
}

// Rules, alerts and silences as the alerting pages ask for them, of the server that keeps them.
// `type`: of the data sources that have what is asked for.
http::Response Alerting(Context& context, const http::Request& request, const Caller& caller,
                        std::string_view type) {
  const auto datasource = FindDatasource(context, caller, "uid", request.path_parameter("uid"));
  if (!datasource.ok()) return ErrorAnswer(datasource.error());
  if (datasource->type != type) {
    return MessageAnswer(400, fmt::format("the data source is not of type '{}'", type));
  }
  // /api/prometheus/X/api/v1/rules
  const std::string raw = RawRest(context, request, 3);
  if (!raw.starts_with("api/")) return MessageAnswer(404, "Not found");
  return Forward(context, {request, caller, *datasource}, raw);
}

}  // namespace

void AddProxyRoutes(http::Router& router, Context& context) {
  const auto proxy = RequireRole(context, Role::kViewer,
                                 [&context](const http::Request& request, const Caller& caller) {
                                   return Proxy(context, request, caller);
                                 });
  const auto resources = RequireRole(
      context, Role::kViewer, [&context](const http::Request& request, const Caller& caller) {
        return Resources(context, request, caller);
      });
  for (const auto& [pattern, type] : {std::pair{"/api/prometheus/:uid/*", "prometheus"},
                                      std::pair{"/api/alertmanager/:uid/*", "alertmanager"}}) {
    router.Get(pattern, RequireRole(context, Role::kViewer,
                                    [&context, wanted = std::string_view(type)](
                                        const http::Request& request, const Caller& caller) {
                                      return Alerting(context, request, caller, wanted);
                                    }));
  }
  using http::Method;
  for (const Method method :
       {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    router.Handle(method, "/api/datasources/proxy/uid/:uid/*", proxy);
    router.Handle(method, "/api/datasources/proxy/:id/*", proxy);
    router.Handle(method, "/api/datasources/uid/:uid/resources/*", resources);
  }
}

}  // namespace narthex::dashapi
