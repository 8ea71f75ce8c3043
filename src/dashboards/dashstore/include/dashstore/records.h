// Small documents of several kinds that are only kept: playlists, snapshots, library panels, short
// addresses, public dashboards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "json/value.h"

namespace narthex::dashstore {

class Database;

struct Record {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string kind;
  std::string uid;
  std::string name;
  std::string alias;  // a second identity, such as the key that removes a snapshot
  json::Value body = json::Value::MakeObject();
  std::int64_t version = 1;
  TimestampMs expires = 0;  // 0: never
  TimestampMs created = 0;
  TimestampMs updated = 0;
  std::string created_by;
  std::string updated_by;
};

// Thread-safe. Every function: errors of the database (see Store). What has expired is not there.
class Records {
 public:
  Records(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // By name.
  Result<std::vector<Record>> List(std::int64_t org_id, std::string_view kind) const;
  Result<std::optional<Record>> Find(std::int64_t org_id, std::string_view kind,
                                     std::string_view uid) const;
  // Of any organisation: for identities that nobody can guess.
  Result<std::optional<Record>> FindAnywhere(std::string_view kind, std::string_view uid) const;
  Result<std::optional<Record>> FindByAlias(std::string_view kind, std::string_view alias) const;

  // Makes a uid if there is none. Errors: kAlreadyExists
  Result<Record> Create(Record record);
  // Name, alias and body; the version counts up. Errors: kNotFound
  //         kFailedPrecondition  `record.version` is not the stored one
  Result<Record> Update(Record record);
  // Errors: kNotFound
  Status Remove(std::int64_t org_id, std::string_view kind, std::string_view uid);
  Status RemoveExpired();

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
