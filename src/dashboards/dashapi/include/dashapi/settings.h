// Grafana's settings: an ini file, GF_* variables, and what the command line overrides.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "dashapi/options.h"

namespace narthex::dashapi {

struct SettingsSources {
  std::optional<std::string> config_path;          // of the ini file; must exist if named
  std::string home_folder;                         // relative paths count from here; empty: current
  std::map<std::string, std::string> environment;  // all variables of the process
  // "section.key" -> value, as in `cfg:server.http_port=3001`.
  std::vector<std::pair<std::string, std::string>> overrides;
};

struct Settings {
  DashboardsOptions options;
  LogLevel log_level = LogLevel::kInfo;
  LogFormat log_format = LogFormat::kLogfmt;
  std::vector<std::string> warnings;  // settings without meaning here, with where they stand
};

// Defaults, then the file, then the variables GF_<SECTION>_<KEY> (or GF_<SECTION>_<KEY>__FILE with
// the path of a file that holds the value), then the overrides. `$__env{NAME}`, `${NAME}` and
// `$__file{/path}` are expanded in values of the file.
//
// Errors: kInvalidArgument  a malformed line or value; the message names setting and source
//         kNotFound         a file that is named does not exist
// Source: Grafana, "Configure Grafana".
Result<Settings> LoadSettings(const SettingsSources& sources);

}  // namespace narthex::dashapi
