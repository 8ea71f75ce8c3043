// narthex exposer: a demo service to be scraped.

#include <stop_token>
#include <thread>

#include "command_line.h"
#include "commands.h"
#include "demo_exposer/run_exposer.h"
#include "signals.h"
#include "version.h"

namespace narthex::apps {

int RunExposerCommand(int argc, char** argv) {
  BlockServiceSignals();
  CLI::App app("A demo service whose metrics move like a live one's, at / and /metrics.",
               "narthex exposer");
  demo_exposer::ExposerOptions options;
  options.version = Version();
  options.revision = Revision();
  app.add_option("--web.listen-address", options.listen_addresses,
                 "Address to listen on, host:port; may be repeated")
      ->capture_default_str()
      ->allow_extra_args(false);
  app.add_option("--seed", options.seed, "Equal seeds make equal traffic")->capture_default_str();
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
