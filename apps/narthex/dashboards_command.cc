// narthex dashboards: users, data sources and dashboards, as Grafana does.

#include <unistd.h>

#include <csignal>
#include <string>

#include "base/log.h"
#include "command_line.h"
#include "commands.h"
#include "dashapi/service.h"
#include "dashapi/settings.h"
#include "host_aliases.h"
#include "signals.h"
#include "version.h"
#include "webassets/webassets.h"

namespace narthex::apps {
namespace {

struct Flags {
  std::vector<std::string> listen_addresses;
  std::vector<std::string> host_aliases;
  std::string web_config_file;
  std::string config_path;
  std::string home_folder;
  std::vector<std::string> overrides;
};

std::map<std::string, std::string> Environment() {
  std::map<std::string, std::string> variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    variables.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return variables;
}

// "cfg:section.key=value", as Grafana's command line has it.
Result<std::pair<std::string, std::string>> ParseOverride(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (!text.starts_with("cfg:") || equals == std::string_view::npos) {
    return Error{ErrorCode::kInvalidArgument,
                 "\"" + std::string(text) + "\" must be cfg:section.key=value"};
  }
  std::string_view key = text.substr(4, equals - 4);
  if (key.starts_with("default.")) key.remove_prefix(8);
  return std::pair(std::string(key), std::string(text.substr(equals + 1)));
}

Result<dashapi::Settings> ReadSettings(const Flags& flags) {
  dashapi::SettingsSources sources{.home_folder = flags.home_folder, .environment = Environment()};
  if (!flags.config_path.empty()) sources.config_path = flags.config_path;
  for (const std::string& text : flags.overrides) {
    NARTHEX_ASSIGN_OR_RETURN(auto setting, ParseOverride(text));
    sources.overrides.push_back(std::move(setting));
  }
  NARTHEX_ASSIGN_OR_RETURN(dashapi::Settings settings, dashapi::LoadSettings(sources));
  NARTHEX_ASSIGN_OR_RETURN(settings.options.host_aliases, CollectHostAliases(flags.host_aliases));
  if (!flags.listen_addresses.empty()) settings.options.listen_addresses = flags.listen_addresses;
  settings.options.web_config_file = flags.web_config_file;
  settings.options.assets = webassets::DashboardsAssets();
  settings.options.commit = std::string(Revision());
  return settings;
}

void Serve(dashapi::Service& service) {
  while (AwaitServiceSignal() == ServiceSignal::kReload) {
    const Status reloaded = service.ReloadProvisioning();
    if (!reloaded.ok()) {
      LogError("dashboards", "provisioning could not be read again",
               {{"reason", reloaded.error().message()}});
    }
  }
}

}  // namespace

int RunDashboardsCommand(int argc, char** argv) {
  BlockServiceSignals();
  CLI::App app(
      "Users, data sources and dashboards, as Grafana has them. Settings come from the ini "
      "file, from GF_<SECTION>_<KEY> variables and from cfg:section.key=value arguments, the "
      "later winning.",
      "narthex dashboards");
  Flags flags;
  app.add_option("--web.listen-address", flags.listen_addresses,
                 "Address to listen on, host:port; may be repeated (default: settings of [server])")
      ->allow_extra_args(false);
  app.add_option("--web.config.file", flags.web_config_file,
                 "File with TLS, users and headers of this server, as Prometheus takes it");
  app.add_option("--config", flags.config_path, "Settings file, grafana.ini");
  app.add_option("--homepath", flags.home_folder, "Folder that relative paths count from");
  app.add_option("--host-alias", flags.host_aliases,
                 "name=host:port: requests to that name go to that address; may be repeated")
      ->allow_extra_args(false);
  app.add_option("settings", flags.overrides, "cfg:section.key=value");
  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;

  auto settings = ReadSettings(flags);
  if (!settings.ok()) return Fail(app, settings.error().message(), 2);
  ConfigureLog({.level = settings->log_level, .format = settings->log_format});
  for (const std::string& warning : settings->warnings) LogWarn("dashboards", warning);

  auto service = dashapi::Service::Start(std::move(settings->options));
  if (!service.ok()) return Fail(app, service.error().message(), 1);
  for (const std::string& address : (*service)->addresses()) {
    LogInfo("dashboards", "listening", {{"address", address}});
  }
  Serve(**service);
  LogInfo("dashboards", "stopping");
  (*service)->Stop();
  return 0;
}

}  // namespace narthex::apps
