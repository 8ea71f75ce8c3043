// narthex dashboards: users, data sources and dashboards, as Grafana does.

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "command_line.h"
#include "commands.h"
#include "dashapi/service.h"
#include "dashboards_admin_command.h"
#include "dashboards_settings.h"
#include "signals.h"
#include "version.h"

namespace narthex::apps {
namespace {

void Serve(dashapi::Service& service) {
  while (AwaitServiceSignal() == ServiceSignal::kReload) {
    const Status reloaded = service.ReloadProvisioning();
    if (!reloaded.ok()) {
      LogError("dashboards", "provisioning could not be read again",
               {{"reason", reloaded.error().message()}});
    }
  }
}

enum class Shown { kAll, kOnlySet };

// As the ini file has them, each with where it comes from.
std::string SettingsText(const std::vector<dashapi::ShownSetting>& settings, Shown shown) {
  std::string text;
  std::string section;
  for (const dashapi::ShownSetting& setting : settings) {
    const bool is_default = setting.source == "default";
    if (is_default && shown == Shown::kOnlySet) continue;
    if (setting.section != section)
      fmt::format_to(std::back_inserter(text), "\n[{}]\n", setting.section);
    section = setting.section;
    fmt::format_to(std::back_inserter(text), "{}{} = {}  # {}\n", is_default ? ";" : "",
                   setting.key, setting.value, setting.source);
  }
  return text;
}

// What stands below the flags: the other commands, and which settings are in force.
std::string Footer(const DashboardsFlags& flags) {
  std::string text =
      "narthex dashboards admin --help: commands on the data folder, such as a new password or a "
      "backup.\n\n";
  const auto settings = ReadDashboardsSettings(flags);
  if (!settings.ok()) return text + "The settings cannot be read: " + settings.error().message();
  const std::string set = SettingsText(settings->options.shown_settings, Shown::kOnlySet);
  text += set.empty()
              ? "No setting differs from its default; --show-settings prints them all."
              : "What is set, and where (--show-settings prints the defaults, too):\n" + set;
  return text;
}

}  // namespace

int RunDashboardsCommand(int argc, char** argv) {
  if (argc > 1 && std::string_view(argv[1]) == "admin") {
    return RunDashboardsAdminCommand(argc - 1, argv + 1);
  }
  BlockServiceSignals();
  CLI::App app(
      "Users, data sources and dashboards, as Grafana has them. Settings come from the ini "
      "file, from GF_<SECTION>_<KEY> variables and from cfg:section.key=value arguments, the "
      "later winning.",
      "narthex dashboards");
  DashboardsFlags flags;
  app.add_option("--web.listen-address", flags.listen_addresses,
                 "Address to listen on, host:port; may be repeated (default: settings of [server])")
      ->allow_extra_args(false);
  app.add_option("--web.config.file", flags.web_config_file,
                 "File with TLS, users and headers of this server, as Prometheus takes it");
  app.add_option("--host-alias", flags.host_aliases,
                 "name=host:port: requests to that name go to that address; may be repeated")
      ->allow_extra_args(false);
  AddSettingFlags(app, flags);
  app.add_option("settings", flags.overrides, "cfg:section.key=value");
  bool shows_settings = false;
  app.add_flag("--show-settings", shows_settings,
               "Print every setting with its value and where that comes from, and end");
  app.footer([&flags] { return Footer(flags); });
  if (const auto status = ParseCommandLine(app, argc, argv)) return *status;

  auto settings = ReadDashboardsSettings(flags);
  if (!settings.ok()) return Fail(app, settings.error().message(), 2);
  if (shows_settings) {
    fmt::print("{}", SettingsText(settings->options.shown_settings, Shown::kAll));
    return 0;
  }
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
