// narthex tool: checks files, asks running services, works on folders of samples.

#include <fmt/format.h>

#include "command_line.h"
#include "commands.h"
#include "config/load.h"
#include "http/client.h"
#include "interchange_command.h"
#include "promql_command.h"
#include "query_command.h"
#include "tsdb_command.h"

namespace narthex::apps {
namespace {

constexpr std::chrono::seconds kCheckTimeout{5};

int CheckUrl(const std::string& url, const char* what) {
  auto client = http::Client::Make({});
  if (!client.ok()) return std::fprintf(stderr, "%s\n", client.error().message().c_str()), 1;
  http::ClientRequest request;
  request.url = url;
  request.timeout = kCheckTimeout;
  const auto answer = (*client)->FetchAndWait(std::move(request));
  if (!answer.ok()) {
    std::fprintf(stderr, "FAILED: %s\n", answer.error().message().c_str());
    return 1;
  }
  if (answer->status != 200) {
    std::fprintf(stderr, "FAILED: %s answers %d\n", url.c_str(), answer->status);
    return 1;
  }
  std::printf("SUCCESS: %s is %s\n", url.c_str(), what);
  return 0;
}

int CheckConfig(const std::vector<std::string>& paths) {
  int status = 0;
  for (const std::string& path : paths) {
    const auto loaded = config::LoadFile(path);
    if (!loaded.ok()) {
      std::fprintf(stderr, "Checking %s\n  FAILED: %s\n", path.c_str(),
                   loaded.error().message().c_str());
      status = 1;
      continue;
    }
    std::printf("Checking %s\n", path.c_str());
    for (const std::string& warning : loaded->warnings)
      std::printf("  warning: %s\n", warning.c_str());
    std::printf(" SUCCESS: %s is valid prometheus config file syntax\n", path.c_str());
  }
  return status;
}

}  // namespace

int RunToolCommand(int argc, char** argv) {
  CLI::App app("Checks configuration files, asks running services, moves samples", "narthex tool");
  app.require_subcommand(1);
  CLI::App* check = app.add_subcommand("check", "Check a file or a service");
  check->require_subcommand(1);

  std::string url = "http://localhost:9090/-/healthy";
  CLI::App* healthy = check->add_subcommand("healthy", "Whether a service answers 200 at a URL");
  healthy->add_option("--url", url, "What to ask")->capture_default_str();
  std::string ready_url = "http://localhost:9090/-/ready";
  CLI::App* ready = check->add_subcommand("ready", "Whether a service is ready");
  ready->add_option("--url", ready_url, "What to ask")->capture_default_str();
  std::vector<std::string> paths;
  CLI::App* config = check->add_subcommand("config", "Whether configuration files are valid");
  config->add_option("files", paths, "The files")->required();

  CLI::App* tsdb = app.add_subcommand("tsdb", "Work on a folder of samples; no server may have it");
  tsdb->require_subcommand(1);
  InterchangeCommand interchange;
  interchange.AddTo(*tsdb);
  const TsdbCommand inspection(*tsdb);

  QueryCommand query(*app.add_subcommand("query", "Ask a running server"));
  PromqlCommand promql(*app.add_subcommand("promql", "Work on queries without a server"));

  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;
  if (const auto status = interchange.Run()) return *status;
  if (query.is_chosen()) return query.Run();
  if (promql.is_chosen()) return promql.Run();
  if (inspection.is_chosen()) return inspection.Run();
  if (healthy->parsed()) return CheckUrl(url, "healthy");
  if (ready->parsed()) return CheckUrl(ready_url, "ready");
  return CheckConfig(paths);
}

}  // namespace narthex::apps
