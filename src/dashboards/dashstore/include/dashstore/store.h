// All state of the dashboards service: one SQLite file and one key file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "dashstore/access_lists.h"
#include "dashstore/annotations.h"
#include "dashstore/dashboards.h"
#include "dashstore/datasources.h"
#include "dashstore/folders.h"
#include "dashstore/orgs.h"
#include "dashstore/records.h"
#include "dashstore/service_accounts.h"
#include "dashstore/sessions.h"
#include "dashstore/teams.h"
#include "dashstore/totals.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

struct StoreOptions {
  std::string folder;  // made if it is missing
  SessionLimits sessions = {};
  std::int64_t dashboard_versions_kept = 20;
};

enum class Table { kOrgs, kUsers, kTeams, kFolders, kDatasources, kAnnotations };

// Thread-safe; so are its parts, which live as long as it does. One writer at a time, readers never
// wait. What is acknowledged survives the death of the process and of the machine.
//
// Every function of the store and its parts may fail with these, and a message that says so:
//   kUnavailable  another process holds the database locked; try again
//   kNoSpace      the disk is full; nothing was changed
//   kCorruption   the file is damaged
//   kIo           it cannot be read or written
//   kInternal
// None of them means that a user, session or dashboard does not exist.
class Store {
 public:
  // Opens `folder`/dashboards.db and `folder`/secret.key, or makes them (mode 0600).
  static Result<std::unique_ptr<Store>> Open(const StoreOptions& options, Clock& clock);
  ~Store();

  Users& users() { return users_; }
  Orgs& orgs() { return orgs_; }
  Teams& teams() { return teams_; }
  ServiceAccounts& service_accounts() { return service_accounts_; }
  AccessLists& access_lists() { return access_lists_; }
  Annotations& annotations() { return annotations_; }
  Records& records() { return records_; }
  Sessions& sessions() { return sessions_; }
  Datasources& datasources() { return datasources_; }
  Folders& folders() { return folders_; }
  Dashboards& dashboards() { return dashboards_; }

  // Small settings: preferences and the like.
  Result<std::optional<std::string>> GetValue(std::string_view name_space,
                                              std::string_view key) const;
  Status SetValue(std::string_view name_space, std::string_view key, std::string_view value);

  // Copies the database and its key into `folder`, which is made if it is missing; may run while
  // the service does, also in another process. To restore: put both files into the data folder.
  // Errors: kAlreadyExists  there is a copy in it
  Status CopyTo(const std::string& folder) const;

  Result<std::int64_t> CountRows(Table table) const;
  Result<Totals> CountTotals(TimestampMs now) const;

  // Whether the database answers.
  Status Check() const;

 private:
  Store(std::unique_ptr<Database> database, std::unique_ptr<SecretBox> box,
        const StoreOptions& options, Clock& clock);

  const std::string key_path_;
  std::unique_ptr<Database> database_;
  std::unique_ptr<SecretBox> box_;
  Users users_;
  Orgs orgs_;
  Teams teams_;
  ServiceAccounts service_accounts_;
  AccessLists access_lists_;
  Annotations annotations_;
  Records records_;
  Sessions sessions_;
  Datasources datasources_;
  Folders folders_;
  Dashboards dashboards_;
};

}  // namespace narthex::dashstore
