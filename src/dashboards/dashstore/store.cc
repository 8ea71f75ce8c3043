#include "dashstore/store.h"

#include "crypto.h"
#include "database.h"
#include "io/file_system.h"

namespace narthex::dashstore {

Result<std::unique_ptr<Store>> Store::Open(const StoreOptions& options, Clock& clock) {
  NARTHEX_TRY(io::SystemFiles().CreateDirectories(options.folder));
  NARTHEX_ASSIGN_OR_RETURN(auto box, SecretBox::Open(io::JoinPath(options.folder, "secret.key")));
  NARTHEX_ASSIGN_OR_RETURN(auto database,
                           Database::Open(io::JoinPath(options.folder, "dashboards.db")));
  return std::unique_ptr<Store>(new Store(std::move(database), std::move(box), options, clock));
}

Store::Store(std::unique_ptr<Database> database, std::unique_ptr<SecretBox> box,
             const StoreOptions& options, Clock& clock)
    : database_(std::move(database)),
      box_(std::move(box)),
      users_(*database_, clock),
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

Status Store::Check() const {
  return database_->Read(
      [&](Connection& connection) { return connection.Run("SELECT count(*) FROM org"); });
}

}  // namespace narthex::dashstore
