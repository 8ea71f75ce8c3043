// narthex exposer: a demo service to be scraped.

#include <map>
#include <stop_token>
#include <string>
#include <thread>

#include "command_line.h"
#include "commands.h"
#include "demo_exposer/run_exposer.h"
#include "signals.h"
#include "version.h"

namespace narthex::apps {
namespace {

void AddControlOptions(CLI::App& app, demo_exposer::ControlOptions& control) {
  using demo_exposer::ControlAccess;
  static const std::map<std::string, ControlAccess> accesses = {
      {"nobody", ControlAccess::kNobody},
      {"loopback", ControlAccess::kLoopback},
      {"all", ControlAccess::kAll}};
  app.add_option("--control.access", control.access,
                 "Whom /control answers: nobody, loopback (this machine) or all")
      ->transform(CLI::CheckedTransformer(accesses))
      ->default_str("loopback");
  app.add_option("--control.server-port", control.server_port,
                 "Port of the server that links at /control lead to")
      ->capture_default_str();
  app.add_option("--control.dashboards-port", control.dashboards_port,
                 "Port of the dashboards that links at /control lead to")
      ->capture_default_str();
}

}  // namespace

int RunExposerCommand(int argc, char** argv) {
  BlockServiceSignals();
  CLI::App app(
      "A demo service whose metrics move like a live one's, at / and /metrics; a page to play "
      "with it at /control.",
      "narthex exposer");
  demo_exposer::ExposerOptions options;
  options.version = Version();
  options.revision = Revision();
  app.add_option("--web.listen-address", options.listen_addresses,
                 "Address to listen on, host:port; may be repeated")
      ->capture_default_str()
      ->allow_extra_args(false);
  app.add_option("--web.config.file", options.web_config_file,
                 "File with TLS, users and headers, as Prometheus' exporters take it");
  app.add_option("--seed", options.seed, "Equal seeds make equal traffic")->capture_default_str();
  AddControlOptions(app, options.control);
  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;

  Status outcome;
  std::jthread service([&](std::stop_token stop) {
    outcome = demo_exposer::RunExposer(options, SystemClock(), stop);
    // Ended by itself: it could not start.
    if (!outcome.ok()) RequestStop();
  });
  while (AwaitServiceSignal() == ServiceSignal::kReload) {
  }
  service.request_stop();
  service.join();
  if (!outcome.ok()) return Fail(app, outcome.error().message(), 1);
  return 0;
}

}  // namespace narthex::apps
