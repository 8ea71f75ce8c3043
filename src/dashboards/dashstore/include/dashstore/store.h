// All state of the dashboards service: one SQLite file and one key file.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "dashstore/dashboards.h"
#include "dashstore/datasources.h"
#include "dashstore/folders.h"
#include "dashstore/sessions.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

struct StoreOptions {
  std::string folder;  // made if it is missing
  SessionLimits sessions = {};
  std::int64_t dashboard_versions_kept = 20;
};

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
  Sessions& sessions() { return sessions_; }
  Datasources& datasources() { return datasources_; }
  Folders& folders() { return folders_; }
  Dashboards& dashboards() { return dashboards_; }

  // Small settings: preferences and the like.
  Result<std::optional<std::string>> GetValue(std::string_view name_space,
                                              std::string_view key) const;
  Status SetValue(std::string_view name_space, std::string_view key, std::string_view value);

  // Whether the database answers.
  Status Check() const;

 private:
  Store(std::unique_ptr<Database> database, std::unique_ptr<SecretBox> box,
        const StoreOptions& options, Clock& clock);

  std::unique_ptr<Database> database_;
  std::unique_ptr<SecretBox> box_;
  Users users_;
  Sessions sessions_;
  Datasources datasources_;
  Folders folders_;
  Dashboards dashboards_;
};

}  // namespace narthex::dashstore
