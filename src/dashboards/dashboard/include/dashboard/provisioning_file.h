// The provisioning files of data sources and of dashboard providers, as structs.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "dashboard/expander.h"
#include "json/value.h"

namespace narthex::dashboard {

struct DatasourceSpec {
  std::string name;
  std::string type;
  std::string access = "proxy";
  std::string uid;  // empty: derived from the name
  std::string url;
  std::string user;
  std::string database;
  std::string basic_auth_user;
  json::Value json_data = json::Value::MakeObject();
  // Secrets: never logged, never answered.
  std::vector<std::pair<std::string, std::string>> secure_json_data;
  std::int64_t org_id = 1;
  std::int64_t version = 0;
  bool basic_auth = false;
  bool with_credentials = false;
  bool is_default = false;
  bool is_editable = false;
  int line = 0;
};

struct DatasourceRemoval {
  std::string name;
  std::int64_t org_id = 1;
};

struct DatasourceFile {
  bool prune = false;
  std::vector<DatasourceRemoval> removals;  // done before the data sources are written
  std::vector<DatasourceSpec> datasources;
  std::vector<std::string> warnings;  // keys without meaning, with their lines
};

struct Provider {
  std::string name;
  std::string folder;
  std::string folder_uid;
  std::string type = "file";
  std::string path;
  std::int64_t org_id = 1;
  std::int64_t update_interval_s = 10;
  bool is_deletion_disabled = false;
  bool allows_ui_updates = false;
  bool takes_folders_from_structure = false;
  int line = 0;
};

struct ProviderFile {
  std::vector<Provider> providers;
  std::vector<std::string> warnings;
};

// Both: variables are expanded in values, never in keys; a switch or number that expands to nothing
// has its default. Keys without meaning are warnings.
//
// Errors: kInvalidArgument  malformed YAML, a missing name, a value of the wrong type, two names
//                           alike; the message is "line L: key: what"
//         those of `source`
// Source: Grafana, "Provision Grafana": data sources, dashboards.
Result<DatasourceFile> ParseDatasourceFile(std::string_view text, const VariableSource& source);
Result<ProviderFile> ParseProviderFile(std::string_view text, const VariableSource& source);

}  // namespace narthex::dashboard
