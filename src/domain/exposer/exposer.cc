#include "exposer/exposer.h"

#include <fmt/format.h>

#include <set>

#include "http/server.h"
#include "model/labels.h"
#include "webconfig/web_guard.h"

namespace narthex::exposer {
namespace {

constexpr std::chrono::milliseconds kGrace{1000};
// Handlers at work besides the scrapes: the page, health, refusals.
constexpr std::size_t kOtherHandlerCount = 4;

Status CheckPaths(const std::vector<ExposedRegistry>& registries) {
  std::set<std::string_view> paths = {"/-/healthy", "/favicon.ico"};
  for (const ExposedRegistry& exposed : registries) {
    const auto wrong = [&](std::string_view why) {
      return Error{ErrorCode::kInvalidArgument,
                   fmt::format("path {} of a registry {}", model::Quote(exposed.path), why)};
    };
    if (!exposed.path.starts_with('/')) return wrong("does not begin with a slash");
    if (exposed.path.find_first_of(":*?#") != std::string::npos) {
      return wrong("has one of the characters :*?#");
    }
    if (!paths.insert(exposed.path).second) return wrong("is taken");
  }
  return Ok();
}

std::string LandingPage(const ExposerOptions& options,
                        const std::vector<ExposedRegistry>& registries) {
  const std::string title = http::HtmlEscape(options.title);
  std::string page = fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head><meta "
      "charset=\"utf-8\"><title>{}</title></head>\n"
      "<body>\n<h1>{}</h1>\n<p>{}</p>\n<ul>\n",
      title, title, http::HtmlEscape(options.description));
  for (const ExposedRegistry& exposed : registries) {
    const std::string path = http::HtmlEscape(exposed.path);
    page += fmt::format("<li><a href=\"{}\">{}</a></li>\n", path, path);
  }
  return page + "<li><a href=\"/-/healthy\">/-/healthy</a></li>\n</ul>\n</body>\n</html>\n";
}

http::Router MakeRouter(const ExposerOptions& options,
                        const std::vector<ExposedRegistry>& registries) {
  http::Router router;
  AddExposerRoutes(router);
  bool has_root = false;
  for (const ExposedRegistry& exposed : registries) {
    has_root = has_root || exposed.path == "/";
    AddMetricsRoutes(router, exposed.path, MetricsHandler(*exposed.registry, options.metrics));
  }
  if (has_root) return router;
  router.Get(
      "/",
      [page = LandingPage(options, registries)](const http::Request&) {
        return http::Response::Html(200, page);
      },
      http::RunOn::kInline);
  return router;
}

class ServerExposer final : public Exposer {
 public:
  explicit ServerExposer(std::unique_ptr<http::Server> server) : server_(std::move(server)) {}
  ~ServerExposer() override { server_->Shutdown(kGrace); }

  std::uint16_t port() const override { return server_->port(); }
  std::vector<std::string> addresses() const override { return server_->addresses(); }

 private:
  const std::unique_ptr<http::Server> server_;
};

}  // namespace

Result<std::unique_ptr<Exposer>> Exposer::Start(ExposerOptions options,
                                                const std::vector<ExposedRegistry>& registries) {
  NARTHEX_TRY(CheckPaths(registries));
  http::Router router = MakeRouter(options, registries);
  http::ServerOptions server;
  server.listen_addresses = options.listen_addresses;
  // So many may scrape each registry at once.
  server.worker_count = options.metrics.scrape_count_max * registries.size() + kOtherHandlerCount;
  server.connection_count_max = options.connection_count_max;
  server.body_size_bytes_max = options.body_size_bytes_max;
  server.header_size_bytes_max = options.header_size_bytes_max;
  server.read_timeout = options.read_timeout;
  server.write_timeout = options.write_timeout;
  NARTHEX_ASSIGN_OR_RETURN(
      const auto guard,
      webconfig::OpenAndProtect(options.web_config_file, server, router, SystemClock()));
  NARTHEX_ASSIGN_OR_RETURN(auto started, http::Server::Start(std::move(server), std::move(router)));
  return std::make_unique<ServerExposer>(std::move(started));
}

}  // namespace narthex::exposer
