#include "demo_exposer/run_exposer.h"

#include "client/process_collector.h"
#include "client/registry.h"
#include "exposer/metrics_handler.h"
#include "http/server.h"
#include "live_service.h"

namespace narthex::demo_exposer {
namespace {

constexpr std::chrono::milliseconds kGrace{2000};
// A stopped machine or a suspended laptop is not made up for step by step.
constexpr std::chrono::nanoseconds kLagMax = std::chrono::seconds(10);

// Steps at fixed times, so that the simulation keeps pace with the clock.
void StepUntilStopped(LiveService& service, Clock& clock, const std::stop_token& stop) {
  std::chrono::nanoseconds next = clock.Monotonic() + LiveService::kStep;
  while (clock.WaitUntil(next, stop)) {
    service.Step();
    next += LiveService::kStep;
    if (clock.Monotonic() - next > kLagMax) next = clock.Monotonic();
  }
}

}  // namespace

Status RunExposer(const ExposerOptions& options, Clock& clock, std::stop_token stop) {
  client::Registry registry(clock);
  const client::Registration process = registry.Register(client::MakeProcessCollector());
  client::AddBuildInfo(registry, "demo_build_info",
                       {{"version", options.version}, {"revision", options.revision}});
  LiveService service(registry, options.seed);

  http::Router router;
  exposer::AddExposerRoutes(router);
  // Every other path is the metrics, as with Python's client library.
  router.Fallback(exposer::MetricsHandler(registry));

  http::ServerOptions server_options;
  server_options.listen_addresses = options.listen_addresses;
  server_options.worker_count = 2;  // a scrape takes a millisecond
  NARTHEX_ASSIGN_OR_RETURN(const auto server,
                           http::Server::Start(server_options, std::move(router)));
  if (options.on_started) options.on_started(server->port());

  StepUntilStopped(service, clock, stop);
  server->Shutdown(kGrace);
  return Ok();
}

}  // namespace narthex::demo_exposer
