// Data sources and their sealed secrets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashboard/provisioning_file.h"
#include "json/value.h"

namespace narthex::dashstore {

class Database;
class SecretBox;

struct Datasource {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string uid;
  std::string name;
  std::string type;
  std::string access = "proxy";
  std::string url;
  std::string user;
  std::string database;
  std::string basic_auth_user;
  bool basic_auth = false;
  bool with_credentials = false;
  bool is_default = false;
  bool is_read_only = false;  // provisioned without `editable`
  std::int64_t version = 1;
  json::Value json_data = json::Value::MakeObject();
  std::vector<std::string> secret_keys;  // sorted; the values only through Secrets()
  TimestampMs updated = 0;
};

using Secrets = std::map<std::string, std::string, std::less<>>;

// Thread-safe. Every function: errors of the database (see Store).
class Datasources {
 public:
  Datasources(Database& database, const SecretBox& box, Clock& clock)
      : database_(database), box_(box), clock_(clock) {}

  // By name.
  Result<std::vector<Datasource>> List(std::int64_t org_id) const;
  Result<std::optional<Datasource>> FindById(std::int64_t org_id, std::int64_t id) const;
  Result<std::optional<Datasource>> FindByUid(std::int64_t org_id, std::string_view uid) const;
  Result<std::optional<Datasource>> FindByName(std::int64_t org_id, std::string_view name) const;
  Result<std::optional<Datasource>> FindDefault(std::int64_t org_id) const;

  // The secrets in clear text. Errors: kCorruption  the key does not fit
  Result<Secrets> SecretsOf(std::int64_t id) const;

  // Makes a uid if there is none. A default takes that from the one before.
  // Errors: kAlreadyExists  a data source of that name or uid exists
  Result<Datasource> Create(Datasource datasource, const Secrets& secrets);
  // Replaces all fields of `datasource.id`; secrets that are not named are kept.
  // Errors: kNotFound, kAlreadyExists, kPermissionDenied  it is read-only
  Result<Datasource> Update(Datasource datasource, const Secrets& secrets);
  // Errors: kNotFound, kPermissionDenied
  Status Remove(std::int64_t org_id, std::int64_t id);

  // What one start or reload of the provisioning found, all files together.
  struct Provisioned {
    std::string file;  // for messages and for pruning
    dashboard::DatasourceFile content;
  };
  // Deletions, then data sources by organisation and name, then pruning; all or nothing.
  // Errors: kInvalidArgument  two defaults in one organisation; kNotFound  no such organisation
  Status Provision(std::span<const Provisioned> files);

 private:
  Database& database_;
  const SecretBox& box_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
