#include "api/api.h"

#include <fmt/format.h>

#include "answer.h"
#include "handlers.h"
#include "model/matcher.h"

namespace narthex::api {
namespace {

// Sets what browsers ask about answers read from pages of other origins.
class Cors {
 public:
  explicit Cors(std::string origin) : takes_all_(origin == ".*") {
    Result<model::Matcher> matcher =
        model::Matcher::Make(model::MatchType::kRegex, "origin", std::move(origin));
    if (matcher.ok()) origins_ = *std::move(matcher);
  }

  void Mark(const http::Request& request, http::Response& response) const {
    response.headers.Add("Vary", "Origin");
    const std::string_view origin = request.headers.Get("Origin");
    if (origin.empty() || !origins_) return;
    if (takes_all_) {
      response.headers.Set("Access-Control-Allow-Origin", "*");
    } else if (origins_->Matches(origin)) {
      response.headers.Set("Access-Control-Allow-Origin", origin);
    } else {
      return;
    }
    response.headers.Set("Access-Control-Allow-Headers",
                         "Accept, Authorization, Content-Type, Origin");
    response.headers.Set("Access-Control-Allow-Methods", "GET, POST, OPTIONS");
    response.headers.Set("Access-Control-Expose-Headers", "Date");
  }

 private:
  const bool takes_all_;
  std::optional<model::Matcher>
      origins_;  // empty: the expression is malformed, no origin is allowed
};

bool IsApiPath(std::string_view path, std::string_view prefix) {
  return path.starts_with(prefix) && path.substr(prefix.size()).starts_with("/api/");
}

}  // namespace

Status CheckOptions(const ApiOptions& options) {
  const Result<model::Matcher> matcher =
      model::Matcher::Make(model::MatchType::kRegex, "origin", options.cors_origin);
  if (matcher.ok()) return Ok();
  return Error(matcher.error()).Under("invalid CORS origin");
}

void Routes::Add(http::Method method, std::string path, http::Handler handler, http::RunOn run_on) {
  router_.Handle(method, route_prefix_ + path, std::move(handler), run_on);
  added_.push_back({method, std::move(path)});
}

void Routes::Get(std::string_view path, http::Handler handler) {
  Add(http::Method::kGet, fmt::format("/api/v1{}", path), Guard(std::move(handler)),
      http::RunOn::kWorker);
}

void Routes::GetAndPost(std::string_view path, const http::Handler& handler) {
  Get(path, handler);
  Post(path, handler);
}

void Routes::Post(std::string_view path, http::Handler handler) {
  Add(http::Method::kPost, fmt::format("/api/v1{}", path), Guard(std::move(handler)),
      http::RunOn::kWorker);
}

void Routes::PostAndPut(std::string_view path, const http::Handler& handler) {
  Post(path, handler);
  Add(http::Method::kPut, fmt::format("/api/v1{}", path), Guard(handler), http::RunOn::kWorker);
}

void Routes::Plain(http::Method method, std::string_view path, http::Handler handler,
                   http::RunOn run_on) {
  Add(method, std::string(path), std::move(handler), run_on);
}

void AddAllRoutes(Routes& routes, Backend& backend, const Clock& clock, const ApiOptions& options) {
  AddQueryRoutes(routes, backend, clock);
  AddExemplarRoutes(routes, backend);
  AddFeatureRoutes(routes, backend, options);
  AddSeriesRoutes(routes, backend, clock);
  AddSearchRoutes(routes, backend, clock, options);
  AddTargetRoutes(routes, backend, options);
  AddRelabelRoutes(routes, backend);
  AddMetadataRoutes(routes, backend);
  AddStatusRoutes(routes, backend, clock);
  AddManagementRoutes(routes, backend, options);
  AddRemoteRoutes(routes, options);
  AddAdminRoutes(routes, backend, options);
  AddPageRoutes(routes, options);
  AddDescriptionRoute(routes, backend, options);
}

void AddRoutes(http::Router& router, Backend& backend, const Clock& clock,
               const ApiOptions& options) {
  Routes routes(router, backend, options.route_prefix);
  AddAllRoutes(routes, backend, clock, options);
  if (!options.route_prefix.empty()) {
    // Whoever forgets the prefix is led to it, as upstream does.
    router.Get(
        "/",
        [to = options.route_prefix + "/"](const http::Request&) {
          return http::Response::Redirect(302, to);
        },
        http::RunOn::kInline);
  }

  router.Fallback([prefix = options.route_prefix](const http::Request& request) {
    if (IsApiPath(request.path, prefix))
      return Failure(ErrorType::kNotFound, "no such endpoint: " + request.path);
    return http::Response::Text(404, "404 page not found\n");
  });
  router.Wrap(
      [cors = std::make_shared<const Cors>(options.cors_origin), prefix = options.route_prefix](
          const http::Request& request, const http::Handler& next) {
        if (!IsApiPath(request.path, prefix)) return next(request);
        // Asked by browsers before the request itself; a route for it would turn unknown paths into
        // 405.
        const bool is_preflight = request.method == http::Method::kOptions;
        http::Response response;
        if (is_preflight) {
          response.status = 204;
        } else {
          response = next(request);
        }
        cors->Mark(request, response);
        return response;
      });
}

}  // namespace narthex::api
