// Reading a configuration file.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/config.h"

namespace narthex::config {

struct LoadOptions {
  // Agent mode refuses alerting, rule_files, remote_read and storage.
  bool is_agent = false;
  // In the place of global.scrape_interval, whatever the file says; a global timeout longer than
  // this becomes this.
  std::optional<std::chrono::milliseconds> scrape_interval = {};
  // Where global.scrape_protocols says nothing targets are asked for protobuf first, which tells
  // since when samples count at the least cost.
  bool prefers_protobuf = false;
  // The value of an environment variable; the process's own if not set.
  std::function<std::optional<std::string>(const std::string& name)> environment = {};
};

struct LoadedConfig {
  Config config;
  // For the log: what the file asks for and this build does not do, with line numbers.
  std::vector<std::string> warnings;
};

// Reads and checks `path` and the files of its scrape_config_files. Relative paths in a file count
// from the folder it lies in. Errors: kNotFound, kIo     the file cannot be read
//         kInvalidArgument   malformed YAML; unknown, repeated or wrongly typed keys with their
//         lines;
//                            values against a rule. The texts are upstream's where users know them.
// Source: Prometheus documentation, "Configuration"; behaviour where it is silent:
// conformance/config.
Result<LoadedConfig> LoadFile(const std::string& path, const LoadOptions& options = {});

// The same from memory; `name` stands in errors, `dir` is where relative paths count from.
Result<LoadedConfig> LoadText(std::string_view text, const std::string& name,
                              const std::string& dir, const LoadOptions& options = {});

// One list of target groups, as file_sd files (YAML or JSON) hold it: [{targets, labels}].
// Errors: kInvalidArgument  malformed, or keys other than these
Result<std::vector<StaticConfig>> ParseTargetGroups(std::string_view text);

}  // namespace narthex::config
