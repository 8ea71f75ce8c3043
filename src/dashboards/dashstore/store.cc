#include "dashstore/store.h"

#include "crypto.h"
#include "database.h"
#include "io/file_system.h"

namespace narthex::dashstore {
namespace {

constexpr std::string_view kDatabaseName = "dashboards.db";
constexpr std::string_view kKeyName = "secret.key";
constexpr std::size_t kKeyFileSizeMax = 4096;

std::string_view TableName(Table table) {
  switch (table) {
    case Table::kOrgs:
      return "org";
    case Table::kUsers:
      return "user";
    case Table::kTeams:
      return "team";
    case Table::kFolders:
      return "folder";
    case Table::kDatasources:
      return "datasource";
    case Table::kAnnotations:
      break;
  }
  return "annotation";
}

}  // namespace

Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options, Clock& clock) {
  NARTHEX_TRY(io::SystemFiles().CreateDirectories(options.folder));
  NARTHEX_ASSIGN_OR_RETURN(auto box, SecretBox::Open(io::JoinPath(options.folder, kKeyName)));
  NARTHEX_ASSIGN_OR_RETURN(auto database,
                           Database::Open(io::JoinPath(options.folder, kDatabaseName)));
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(box), options, clock));
}

Store::Store(std::unique_ptr<Database> database, std::unique_ptr<SecretBox> box,
             const StoreOptions& options, Clock& clock)
    : key_path_(io::JoinPath(options.folder, kKeyName)),
      database_(std::move(database)),
      box_(std::move(box)),
      users_(*database_, clock),
      orgs_(*database_, clock),
      teams_(*database_, clock),
      service_accounts_(*database_, clock),
      access_lists_(*database_),
      annotations_(*database_, clock),
      records_(*database_, clock),
      sessions_(*database_, clock, options.sessions),
      datasources_(*database_, *box_, clock),
      folders_(*database_, clock),
      dashboards_(*database_, clock, options.dashboard_versions_kept) {}

Store::~Store() = default;

Result<std::optional<std::string>> Store::GetValue(std::string_view name_space,
                                                   std::string_view key) const {
  return database_->Read([&](Connection& connection) {
    return connection.One<std::string>(
        "SELECT value FROM key_value WHERE namespace = ?1 AND key = ?2", {name_space, key},
        [](const Rows& row) { return row.Text(0); });
  });
}

Status Store::SetValue(std::string_view name_space, std::string_view key, std::string_view value) {
  return database_->Write([&](Connection& connection) {
    return connection.Run(
        "INSERT INTO key_value (namespace, key, value) VALUES (?1, ?2, ?3)"
        " ON CONFLICT (namespace, key) DO UPDATE SET value = excluded.value",
        {name_space, key, value});
  });
}

Status Store::CopyTo(const std::string& folder) const {
  io::FileSystem& files = io::SystemFiles();
  NARTHEX_TRY(files.CreateDirectories(folder));
  NARTHEX_TRY(database_->CopyTo(io::JoinPath(folder, kDatabaseName)));
  NARTHEX_ASSIGN_OR_RETURN(const std::string key, io::ReadFile(files, key_path_, kKeyFileSizeMax));
  NARTHEX_ASSIGN_OR_RETURN(
      const auto copy, files.Open(io::JoinPath(folder, kKeyName), io::OpenMode::kCreatePrivate));
  NARTHEX_TRY(copy->Append(key));
  return copy->Sync();
}

Result<std::int64_t> Store::CountRows(Table table) const {
  return database_->Read([&](Connection& connection) -> Result<std::int64_t> {
    NARTHEX_ASSIGN_OR_RETURN(
        const auto count,
        connection.One<std::int64_t>("SELECT count(*) FROM " + std::string(TableName(table)), {},
                                     [](const Rows& row) { return row.Int(0); }));
    return count.value_or(0);
  });
}

Status Store::Check() const {
  return database_->Read(
      [&](Connection& connection) { return connection.Run("SELECT count(*) FROM org"); });
}

}  // namespace narthex::dashstore
