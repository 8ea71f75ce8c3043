#include "dashstore/datasources.h"

#include <fmt/format.h>

#include <set>

#include "base/hash.h"
#include "crypto.h"
#include "database.h"
#include "datasource_rows.h"

namespace narthex::dashstore {
namespace {

Error NotFound() { return Error(ErrorCode::kNotFound, "Data source not found"); }
Error ReadOnly() {
  return Error(ErrorCode::kPermissionDenied,
               "Cannot change a data source that is provisioned from a file");
}

Result<Datasource> Reread(Connection& connection, std::int64_t id) {
  NARTHEX_ASSIGN_OR_RETURN(auto found, SelectDatasource(connection, "WHERE id = ?1", {id}));
  if (!found) return NotFound();
  return *std::move(found);
}

// Stable over restarts, so that dashboards that name it by uid go on finding it.
std::string DerivedUid(const dashboard::DatasourceSpec& spec) {
  return fmt::format("P{:016X}", Hash64(spec.name, static_cast<std::uint64_t>(spec.org_id)));
}

Datasource FromSpec(const dashboard::DatasourceSpec& spec) {
  Datasource datasource;
  datasource.org_id = spec.org_id;
  datasource.uid = spec.uid;
  datasource.name = spec.name;
  datasource.type = spec.type;
  datasource.access = spec.access;
  datasource.url = spec.url;
  datasource.user = spec.user;
  datasource.database = spec.database;
  datasource.basic_auth = spec.basic_auth;
  datasource.basic_auth_user = spec.basic_auth_user;
  datasource.with_credentials = spec.with_credentials;
  datasource.is_default = spec.is_default;
  datasource.is_read_only = !spec.is_editable;
  datasource.json_data = spec.json_data;
  datasource.version = std::max<std::int64_t>(spec.version, 1);
  return datasource;
}

Status CheckDefaults(std::span<const Datasources::Provisioned> files) {
  std::map<std::int64_t, std::string> owner;
  for (const auto& file : files) {
    for (const auto& spec : file.content.datasources) {
      if (!spec.is_default) continue;
      const auto [first, is_new] = owner.emplace(spec.org_id, file.file);
      if (!is_new) {
        return Error(ErrorCode::kInvalidArgument,
                     fmt::format("{}: line {}: isDefault: {} names a default data source already",
                                 file.file, spec.line, first->second));
      }
    }
  }
  return Ok();
}

Status CheckOrg(Connection& connection, std::int64_t org_id) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto found, connection.One<std::int64_t>("SELECT id FROM org WHERE id = ?1", {org_id},
                                                     [](const Rows& row) { return row.Int(0); }));
  if (!found)
    return Error(ErrorCode::kNotFound, fmt::format("there is no organisation {}", org_id));
  return Ok();
}

Status ProvisionOne(Connection& connection, const SecretBox& box,
                    const dashboard::DatasourceSpec& spec, const Origin& origin) {
  NARTHEX_TRY(CheckOrg(connection, spec.org_id));
  Datasource datasource = FromSpec(spec);
  NARTHEX_ASSIGN_OR_RETURN(
      const auto stored,
      SelectDatasource(connection, "WHERE org_id = ?1 AND name = ?2", {spec.org_id, spec.name}));
  if (!stored) {
    if (datasource.uid.empty()) datasource.uid = DerivedUid(spec);
    NARTHEX_ASSIGN_OR_RETURN(datasource.id, InsertDatasource(connection, datasource, origin));
  } else {
    // A file that names an older version than is stored was overtaken by a change through the API.
    if (spec.version > 0 && spec.version < stored->version) return Ok();
    datasource.id = stored->id;
    if (datasource.uid.empty()) datasource.uid = stored->uid;
    NARTHEX_TRY(UpdateDatasource(connection, datasource, origin));
    // What the file no longer names is gone.
    NARTHEX_TRY(
        connection.Run("DELETE FROM datasource_secret WHERE datasource_id = ?1", {stored->id}));
  }
  return StoreSecrets(connection, box, datasource.id,
                      Secrets(spec.secure_json_data.begin(), spec.secure_json_data.end()));
}

Status Prune(Connection& connection, std::span<const Datasources::Provisioned> files) {
  std::set<std::pair<std::int64_t, std::string>> named;
  bool is_wanted = false;
  for (const auto& file : files) {
    is_wanted = is_wanted || file.content.prune;
    for (const auto& spec : file.content.datasources) named.emplace(spec.org_id, spec.name);
  }
  if (!is_wanted) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const auto provisioned,
                           SelectDatasources(connection, "WHERE provisioned_by <> ''", {}));
  for (const Datasource& datasource : provisioned) {
    if (named.count({datasource.org_id, datasource.name}) > 0) continue;
    NARTHEX_TRY(connection.Run("DELETE FROM datasource WHERE id = ?1", {datasource.id}));
  }
  return Ok();
}

}  // namespace

Result<std::vector<Datasource>> Datasources::List(std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) {
    return SelectDatasources(connection, "WHERE org_id = ?1 ORDER BY name COLLATE NOCASE",
                             {org_id});
  });
}

Result<std::optional<Datasource>> Datasources::FindById(std::int64_t org_id,
                                                        std::int64_t id) const {
  return database_.Read([&](Connection& connection) {
    return SelectDatasource(connection, "WHERE org_id = ?1 AND id = ?2", {org_id, id});
  });
}

Result<std::optional<Datasource>> Datasources::FindByUid(std::int64_t org_id,
                                                         std::string_view uid) const {
  return database_.Read([&](Connection& connection) {
    return SelectDatasource(connection, "WHERE org_id = ?1 AND uid = ?2", {org_id, uid});
  });
}

Result<std::optional<Datasource>> Datasources::FindByName(std::int64_t org_id,
                                                          std::string_view name) const {
  return database_.Read([&](Connection& connection) {
    return SelectDatasource(connection, "WHERE org_id = ?1 AND name = ?2", {org_id, name});
  });
}

Result<std::optional<Datasource>> Datasources::FindDefault(std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) {
    return SelectDatasource(connection, "WHERE org_id = ?1 AND is_default = 1", {org_id});
  });
}

Result<Secrets> Datasources::SecretsOf(std::int64_t id) const {
  using Pair = std::pair<std::string, std::string>;
  NARTHEX_ASSIGN_OR_RETURN(const auto sealed, database_.Read([&](Connection& connection) {
    return connection.All<Pair>(
        "SELECT key, sealed FROM datasource_secret WHERE datasource_id = ?1", {id},
        [](const Rows& row) { return Pair(row.Text(0), row.Text(1)); });
  }));
  Secrets secrets;
  for (const auto& [key, text] : sealed) {
    NARTHEX_ASSIGN_OR_RETURN(secrets[key], box_.Unseal(text));
  }
  return secrets;
}

Result<Datasource> Datasources::Create(Datasource datasource, const Secrets& secrets) {
  if (datasource.uid.empty()) datasource.uid = RandomUid();
  datasource.version = 1;
  return database_.Write([&](Connection& connection) -> Result<Datasource> {
    NARTHEX_ASSIGN_OR_RETURN(const std::int64_t id,
                             InsertDatasource(connection, datasource, {"", clock_.Now()}));
    NARTHEX_TRY(StoreSecrets(connection, box_, id, secrets));
    return Reread(connection, id);
  });
}

Result<Datasource> Datasources::Update(Datasource datasource, const Secrets& secrets) {
  return database_.Write([&](Connection& connection) -> Result<Datasource> {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored,
                             SelectDatasource(connection, "WHERE org_id = ?1 AND id = ?2",
                                              {datasource.org_id, datasource.id}));
    if (!stored) return NotFound();
    if (stored->is_read_only) return ReadOnly();
    if (datasource.uid.empty()) datasource.uid = stored->uid;
    datasource.version = stored->version + 1;
    NARTHEX_TRY(UpdateDatasource(connection, datasource, {"", clock_.Now()}));
    NARTHEX_TRY(StoreSecrets(connection, box_, datasource.id, secrets));
    return Reread(connection, datasource.id);
  });
}

Status Datasources::Remove(std::int64_t org_id, std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(
        const auto stored,
        SelectDatasource(connection, "WHERE org_id = ?1 AND id = ?2", {org_id, id}));
    if (!stored) return NotFound();
    if (stored->is_read_only) return ReadOnly();
    return connection.Run("DELETE FROM datasource WHERE id = ?1", {id});
  });
}

Status Datasources::Provision(std::span<const Provisioned> files) {
  NARTHEX_TRY(CheckDefaults(files));
  const TimestampMs now = clock_.Now();
  return database_.Write([&](Connection& connection) -> Status {
    for (const Provisioned& file : files) {
      for (const dashboard::DatasourceRemoval& removal : file.content.removals) {
        NARTHEX_TRY(connection.Run("DELETE FROM datasource WHERE org_id = ?1 AND name = ?2",
                                   {removal.org_id, removal.name}));
      }
    }
    for (const Provisioned& file : files) {
      for (const dashboard::DatasourceSpec& spec : file.content.datasources) {
        if (Status status = ProvisionOne(connection, box_, spec, {file.file, now}); !status.ok()) {
          return std::move(status).error().Under(
              fmt::format("{}: line {}: data source '{}'", file.file, spec.line, spec.name));
        }
      }
    }
    return Prune(connection, files);
  });
}

}  // namespace narthex::dashstore
