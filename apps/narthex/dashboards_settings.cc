#include "dashboards_settings.h"

#include <unistd.h>

#include <map>
#include <string_view>
#include <utility>

#include "host_aliases.h"
#include "version.h"
#include "webassets/webassets.h"

namespace narthex::apps {
namespace {

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

}  // namespace

void AddSettingFlags(CLI::App& app, DashboardsFlags& flags) {
  app.add_option("--config", flags.config_path, "Settings file, grafana.ini");
  app.add_option("--homepath", flags.home_folder, "Folder that relative paths count from");
}

Result<dashapi::Settings> ReadDashboardsSettings(const DashboardsFlags& flags) {
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

}  // namespace narthex::apps
