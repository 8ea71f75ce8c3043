#include "demo_exposer/run_exposer.h"

#include "control_api.h"
#include "control_page.h"
#include "exposer/metrics_handler.h"
#include "http/server.h"
#include "live_service.h"
#include "playground.h"
#include "scrape_endpoint.h"
#include "webconfig/web_guard.h"

namespace narthex::demo_exposer {
namespace {

constexpr std::chrono::milliseconds kGrace{2000};
// A stopped machine or a suspended laptop is not made up for step by step.
constexpr std::chrono::nanoseconds kLagMax = std::chrono::seconds(10);

// Steps at fixed times, so that the simulation keeps pace with the clock.
void StepUntilStopped(Playground& playground, Clock& clock, const std::stop_token& stop) {
  std::chrono::nanoseconds next = clock.Monotonic() + LiveService::kStep;
  while (clock.WaitUntil(next, stop)) {
    playground.Step();
    next += LiveService::kStep;
    if (clock.Monotonic() - next > kLagMax) next = clock.Monotonic();
  }
}

}  // namespace

Status RunExposer(const ExposerOptions& options, Clock& clock, std::stop_token stop) {
  Playground playground({options.seed, options.version, options.revision}, clock);

  http::Router router;
  exposer::AddExposerRoutes(router);
  AddControlRoutes(router, playground, options.control);
  AddControlPage(router, options.control.access);
  // Every other path is the metrics, as with Python's client library.
  router.Fallback(ScrapeEndpoint(playground, clock));

  http::ServerOptions server_options;
  NARTHEX_ASSIGN_OR_RETURN(
      const auto guard,
      webconfig::OpenAndProtect(options.web_config_file, server_options, router, clock));
  server_options.listen_addresses = options.listen_addresses;
  // Scrapes that are kept waiting, and a few for the knobs that end it.
  server_options.worker_count = kHeldScrapeCountMax + 4;
  NARTHEX_ASSIGN_OR_RETURN(const auto server,
                           http::Server::Start(server_options, std::move(router)));
  if (options.on_started) options.on_started(server->port());

  StepUntilStopped(playground, clock, stop);
  server->Shutdown(kGrace);
  return Ok();
}

}  // namespace narthex::demo_exposer
