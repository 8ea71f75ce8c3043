// Folders of dashboards.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::dashstore {

class Database;

struct Folder {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string uid;
  std::string title;
  std::string parent_uid;  // empty at the root
  std::int64_t version = 1;
  TimestampMs created = 0;
  TimestampMs updated = 0;
  std::string created_by;
  std::string updated_by;
};

// Thread-safe. Every function: errors of the database (see Store). The root, "General", is no
// folder here: it has the empty uid.
class Folders {
 public:
  Folders(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // By title. Without `parent_uid`: of all levels.
  Result<std::vector<Folder>> List(std::int64_t org_id,
                                   std::optional<std::string_view> parent_uid) const;
  Result<std::optional<Folder>> Find(std::int64_t org_id, std::string_view uid) const;
  Result<std::optional<Folder>> FindById(std::int64_t org_id, std::int64_t id) const;
  Result<std::optional<Folder>> FindByTitle(std::int64_t org_id, std::string_view title,
                                            std::string_view parent_uid) const;

  // The uids of a folder and of all below it; empty if there is none such.
  Result<std::vector<std::string>> Below(std::int64_t org_id, std::string_view uid) const;

  // Errors: kInvalidArgument  no title, a bad uid, a parent that does not exist, more than 4 levels
  //         kAlreadyExists    the uid is taken
  Result<Folder> Create(Folder folder);
  // Changes title and parent. `version` must be the stored one.
  // Errors: kNotFound, kFailedPrecondition  another version; kInvalidArgument
  Result<Folder> Update(const Folder& folder);
  // With the folders inside and the dashboards of them all.
  // Errors: kNotFound, kPermissionDenied  a provisioned dashboard is in it
  Status Remove(std::int64_t org_id, std::string_view uid);

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
