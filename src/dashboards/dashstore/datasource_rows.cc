#include "datasource_rows.h"

#include "crypto.h"
#include "json/reader.h"

namespace narthex::dashstore {
namespace {

const std::string kSelect =
    "SELECT id, org_id, uid, name, type, access, url, user, database, basic_auth, basic_auth_user,"
    " with_credentials, is_default, json_data, version, is_read_only, updated,"
    " (SELECT group_concat(key, char(10)) FROM datasource_secret WHERE datasource_id = "
    "datasource.id)"
    " FROM datasource ";

std::vector<std::string> Lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

Datasource ReadDatasource(const Rows& row) {
  Datasource datasource;
  datasource.id = row.Int(0);
  datasource.org_id = row.Int(1);
  datasource.uid = row.Text(2);
  datasource.name = row.Text(3);
  datasource.type = row.Text(4);
  datasource.access = row.Text(5);
  datasource.url = row.Text(6);
  datasource.user = row.Text(7);
  datasource.database = row.Text(8);
  datasource.basic_auth = row.Flag(9);
  datasource.basic_auth_user = row.Text(10);
  datasource.with_credentials = row.Flag(11);
  datasource.is_default = row.Flag(12);
  // Written by json::Print; if the file was changed by hand, nothing is better than a refusal.
  if (auto parsed = json::Parse(row.Text(13)); parsed.ok())
    datasource.json_data = std::move(parsed).value();
  datasource.version = row.Int(14);
  datasource.is_read_only = row.Flag(15);
  datasource.updated = row.Int(16);
  datasource.secret_keys = Lines(row.Text(17));
  return datasource;
}

Status ClearDefault(Connection& connection, const Datasource& datasource) {
  if (!datasource.is_default) return Ok();
  return connection.Run("UPDATE datasource SET is_default = 0 WHERE org_id = ?1",
                        {datasource.org_id});
}

Status NameTaken(Status status) {
  if (status.code() != ErrorCode::kAlreadyExists) return status;
  return Error(ErrorCode::kAlreadyExists, "data source with the same name already exists");
}

std::vector<Bound> Fields(const Datasource& datasource, const std::string& json_data,
                          const Origin& origin) {
  return {datasource.org_id,
          datasource.uid,
          datasource.name,
          datasource.type,
          datasource.access,
          datasource.url,
          datasource.user,
          datasource.database,
          std::int64_t{datasource.basic_auth},
          datasource.basic_auth_user,
          std::int64_t{datasource.with_credentials},
          std::int64_t{datasource.is_default},
          json_data,
          datasource.version,
          std::int64_t{datasource.is_read_only},
          origin.provisioned_by,
          origin.now,
          datasource.id};
}

}  // namespace

Result<std::vector<Datasource>> SelectDatasources(Connection& connection, const std::string& where,
                                                  std::vector<Bound> values) {
  return connection.All<Datasource>(kSelect + where, std::move(values), ReadDatasource);
}

Result<std::optional<Datasource>> SelectDatasource(Connection& connection, const std::string& where,
                                                   std::vector<Bound> values) {
  return connection.One<Datasource>(kSelect + where, std::move(values), ReadDatasource);
}

Result<std::int64_t> InsertDatasource(Connection& connection, const Datasource& datasource,
                                      const Origin& origin) {
  NARTHEX_TRY(ClearDefault(connection, datasource));
  const std::string json_data = json::Print(datasource.json_data);
  std::vector<Bound> values = Fields(datasource, json_data, origin);
  values.pop_back();  // the id is the database's to choose
  NARTHEX_TRY(NameTaken(connection.Run(
      "INSERT INTO datasource (org_id, uid, name, type, access, url, user, database, basic_auth,"
      " basic_auth_user, with_credentials, is_default, json_data, version, is_read_only, "
      "provisioned_by,"
      " created, updated)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?17)",
      std::move(values))));
  return connection.last_insert_id();
}

Status UpdateDatasource(Connection& connection, const Datasource& datasource,
                        const Origin& origin) {
  NARTHEX_TRY(ClearDefault(connection, datasource));
  const std::string json_data = json::Print(datasource.json_data);
  return NameTaken(connection.Run(
      "UPDATE datasource SET org_id = ?1, uid = ?2, name = ?3, type = ?4, access = ?5, url = ?6, "
      "user = ?7,"
      " database = ?8, basic_auth = ?9, basic_auth_user = ?10, with_credentials = ?11, is_default "
      "= ?12,"
      " json_data = ?13, version = ?14, is_read_only = ?15,"
      " provisioned_by = CASE WHEN ?16 = '' THEN provisioned_by ELSE ?16 END, updated = ?17"
      " WHERE id = ?18",
      Fields(datasource, json_data, origin)));
}

Status StoreSecrets(Connection& connection, const SecretBox& box, std::int64_t datasource_id,
                    const Secrets& secrets) {
  for (const auto& [key, value] : secrets) {
    const std::string sealed = box.Seal(value);
    NARTHEX_TRY(connection.Run(
        "INSERT INTO datasource_secret (datasource_id, key, sealed) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (datasource_id, key) DO UPDATE SET sealed = excluded.sealed",
        {datasource_id, key, sealed}));
  }
  return Ok();
}

}  // namespace narthex::dashstore
