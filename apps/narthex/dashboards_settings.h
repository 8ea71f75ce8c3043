// The settings of the dashboards service from this program's command line and environment.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "command_line.h"
#include "dashapi/settings.h"

namespace narthex::apps {

struct DashboardsFlags {
  std::vector<std::string> listen_addresses;
  std::vector<std::string> host_aliases;
  std::string web_config_file;
  std::string config_path;
  std::string home_folder;
  std::vector<std::string> overrides;
};

// --config and --homepath; `flags` must outlive the parsing.
void AddSettingFlags(CLI::App& app, DashboardsFlags& flags);

// Errors: kInvalidArgument, kNotFound  which setting and where
Result<dashapi::Settings> ReadDashboardsSettings(const DashboardsFlags& flags);

}  // namespace narthex::apps
