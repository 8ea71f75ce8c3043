// Dashboards: documents with versions, tags, stars and the files they come from.
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

// The file that a dashboard comes from.
struct ProvisionedFrom {
  std::string provider;
  std::string path;      // below the provider's folder
  std::string checksum;  // of the file's bytes and what else decides the result
  bool allows_ui_updates = false;
};

// A dashboard without its document.
struct DashboardRecord {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string uid;
  std::string title;
  std::string slug;
  std::string folder_uid;  // empty at the root
  std::string folder_title;
  std::vector<std::string> tags;
  std::int64_t version = 1;
  std::int64_t schema_version = 0;
  std::int64_t panel_count = 0;
  TimestampMs created = 0;
  TimestampMs updated = 0;
  std::string created_by;
  std::string updated_by;
  std::optional<ProvisionedFrom> provisioned;
  bool is_starred = false;  // by the user of a search
};

struct SaveDashboard {
  std::int64_t org_id = 1;
  json::Value document;
  std::string folder_uid;
  std::string message;
  std::string author;  // login
  bool overwrites = false;
  std::int64_t restored_from = 0;
  // Set by the provisioning: the document replaces whatever has its uid.
  std::optional<ProvisionedFrom> provisioned;
};

struct DashboardVersion {
  std::int64_t version = 0;
  std::int64_t parent_version = 0;
  std::int64_t restored_from = 0;
  std::string message;
  TimestampMs created = 0;
  std::string created_by;
};

struct DashboardSearch {
  std::int64_t org_id = 1;
  std::string text = {};                                     // part of the title, any case
  std::vector<std::string> tags = {};                        // all of them
  std::vector<std::string> uids = {};                        // any of them
  std::vector<std::int64_t> ids = {};                        // any of them
  std::optional<std::vector<std::string>> folder_uids = {};  // any of them; "" is the root
  std::int64_t user_id = 0;                                  // whose stars
  bool is_starred_only = false;
  bool is_descending = false;
  std::int64_t limit = 1000;  // -1: all
  std::int64_t offset = 0;
};

// Thread-safe. Every function: errors of the database (see Store).
class Dashboards {
 public:
  // `versions_kept`: older ones are removed at each save.
  Dashboards(Database& database, Clock& clock, std::int64_t versions_kept)
      : database_(database), clock_(clock), versions_kept_(versions_kept) {}

  // Stores the document with `id`, `uid` and `version` set in it, all else as it is.
  //
  // Errors: kNotFound            the document's id is not there
  //         kFailedPrecondition  the stored version is another and `overwrites` is not set
  //         kAlreadyExists       another dashboard has the uid
  //         kPermissionDenied    the dashboard is provisioned
  //         kInvalidArgument     see dashboard::Summarise; a folder that does not exist
  Result<DashboardRecord> Save(SaveDashboard request);

  Result<std::optional<DashboardRecord>> Find(std::int64_t org_id, std::string_view uid) const;
  Result<std::optional<DashboardRecord>> FindById(std::int64_t org_id, std::int64_t id) const;
  // The document's text as stored. Errors: kNotFound
  Result<std::string> Body(std::int64_t id, std::int64_t version) const;
  // Newest first.
  Result<std::vector<DashboardVersion>> Versions(std::int64_t id, std::int64_t limit) const;

  // Errors: kNotFound, kPermissionDenied  it is provisioned
  Result<DashboardRecord> Remove(std::int64_t org_id, std::string_view uid);

  // By title.
  Result<std::vector<DashboardRecord>> Search(const DashboardSearch& search) const;
  struct TagCount {
    std::string tag;
    std::int64_t count = 0;
  };
  Result<std::vector<TagCount>> Tags(std::int64_t org_id) const;
  Result<std::int64_t> Count() const;

  // Those that show the library panel `uid`.
  Result<std::vector<DashboardRecord>> UsersOfElement(std::int64_t org_id,
                                                      std::string_view uid) const;

  Status SetStar(std::int64_t user_id, std::int64_t dashboard_id, bool is_starred);

  // All that come from files.
  Result<std::vector<DashboardRecord>> Provisioned() const;
  // Its file is gone: removes the dashboard, or keeps it as an ordinary one.
  Status RemoveProvisioned(std::int64_t id);
  Status Unprovision(std::int64_t id);

 private:
  Database& database_;
  Clock& clock_;
  const std::int64_t versions_kept_;
};

}  // namespace narthex::dashstore
