#include "dashstore/dashboards.h"

#include <fmt/format.h>

#include "crypto.h"
#include "dashboard/document.h"
#include "dashboard_rows.h"
#include "database.h"
#include "like.h"

namespace narthex::dashstore {
namespace {

constexpr std::size_t kMessageSizeMax = 500;
// SQLite takes 32766 parameters; nobody means more than a page of them.
constexpr std::size_t kSearchTermCountMax = 1000;

std::int64_t ReadInt(const Rows& row) { return row.Int(0); }

Result<std::optional<DashboardRecord>> SelectByUid(Connection& connection, std::int64_t org_id,
                                                   std::string_view uid) {
  return SelectDashboard(connection, {"WHERE d.org_id = ?1 AND d.uid = ?2", {org_id, uid}});
}

Result<std::optional<DashboardRecord>> SelectById(Connection& connection, std::int64_t org_id,
                                                  std::int64_t id) {
  return SelectDashboard(connection, {"WHERE d.org_id = ?1 AND d.id = ?2", {org_id, id}});
}

// The stored dashboard that a save is meant for; empty if it is to make a new one.
Result<std::optional<DashboardRecord>> FindTarget(Connection& connection,
                                                  const SaveDashboard& request,
                                                  const dashboard::Summary& summary) {
  std::optional<DashboardRecord> by_uid;
  if (!summary.uid.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(by_uid, SelectByUid(connection, request.org_id, summary.uid));
  }
  if (request.provisioned || summary.id == 0) return by_uid;

  NARTHEX_ASSIGN_OR_RETURN(auto by_id, SelectById(connection, request.org_id, summary.id));
  if (!by_id) return Error(ErrorCode::kNotFound, "Dashboard not found");
  if (by_uid && by_uid->id != by_id->id) {
    return Error(ErrorCode::kAlreadyExists, "A dashboard with the same uid already exists");
  }
  return by_id;
}

Status CheckMayReplace(const DashboardRecord& stored, const SaveDashboard& request,
                       const dashboard::Summary& summary) {
  if (request.provisioned) return Ok();
  if (stored.provisioned && !stored.provisioned->allows_ui_updates) {
    return Error(ErrorCode::kPermissionDenied, "Cannot save provisioned dashboard");
  }
  if (stored.version != summary.version && !request.overwrites) {
    return Error(ErrorCode::kFailedPrecondition, "The dashboard has been changed by someone else");
  }
  return Ok();
}

Status CheckFolder(Connection& connection, const SaveDashboard& request) {
  if (request.folder_uid.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(
      const auto folder,
      connection.One<std::int64_t>("SELECT id FROM folder WHERE org_id = ?1 AND uid = ?2",
                                   {request.org_id, request.folder_uid}, ReadInt));
  if (!folder) return Error(ErrorCode::kInvalidArgument, "folder not found");
  return Ok();
}

std::string TagsText(const std::vector<std::string>& tags) {
  json::Value list = json::Value::MakeArray();
  for (const std::string& tag : tags) list.Append(json::Value(tag));
  return json::Print(list);
}

// Writes the small row; gives its id.
Result<std::int64_t> WriteRow(Connection& connection, const SaveDashboard& request,
                              const dashboard::Summary& summary, const DashboardRecord& next) {
  const std::string slug = dashboard::Slug(summary.title);
  const std::string tags = TagsText(summary.tags);
  const auto panel_count = static_cast<std::int64_t>(summary.panel_count);
  if (next.id != 0) {
    NARTHEX_TRY(connection.Run(
        "UPDATE dashboard SET uid = ?2, title = ?3, slug = ?4, folder_uid = ?5, tags = ?6, "
        "panel_count = ?7,"
        " schema_version = ?8, version = ?9, updated = ?10, updated_by = ?11 WHERE id = ?1",
        {next.id, next.uid, summary.title, slug, request.folder_uid, tags, panel_count,
         summary.schema_version, next.version, next.updated, request.author}));
    return next.id;
  }
  NARTHEX_TRY(connection.Run(
      "INSERT INTO dashboard (org_id, uid, title, slug, folder_uid, tags, panel_count, "
      "schema_version, version,"
      " created, updated, created_by, updated_by)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?10, ?11, ?11)",
      {request.org_id, next.uid, summary.title, slug, request.folder_uid, tags, panel_count,
       summary.schema_version, next.version, next.updated, request.author}));
  return connection.last_insert_id();
}

Status WriteTags(Connection& connection, std::int64_t id, const std::vector<std::string>& tags) {
  NARTHEX_TRY(connection.Run("DELETE FROM dashboard_tag WHERE dashboard_id = ?1", {id}));
  for (const std::string& tag : tags) {
    NARTHEX_TRY(connection.Run("INSERT INTO dashboard_tag (dashboard_id, tag) VALUES (?1, ?2)",
                               {id, std::string_view(tag)}));
  }
  return Ok();
}

Status WriteLibraryUses(Connection& connection, std::int64_t id,
                        const std::vector<std::string>& elements) {
  NARTHEX_TRY(connection.Run("DELETE FROM library_use WHERE dashboard_id = ?1", {id}));
  for (const std::string& uid : elements) {
    NARTHEX_TRY(
        connection.Run("INSERT INTO library_use (dashboard_id, element_uid) VALUES (?1, ?2)",
                       {id, std::string_view(uid)}));
  }
  return Ok();
}

Status WriteProvisioned(Connection& connection, std::int64_t id, const SaveDashboard& request) {
  if (!request.provisioned) return Ok();
  const ProvisionedFrom& from = *request.provisioned;
  return connection.Run(
      "INSERT INTO provisioned_dashboard (dashboard_id, provider, path, checksum, "
      "allows_ui_updates)"
      " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (dashboard_id) DO UPDATE SET provider = "
      "excluded.provider,"
      " path = excluded.path, checksum = excluded.checksum, allows_ui_updates = "
      "excluded.allows_ui_updates",
      {id, from.provider, from.path, from.checksum, std::int64_t{from.allows_ui_updates}});
}

Status WriteVersion(Connection& connection, const SaveDashboard& request,
                    const DashboardRecord& saved, std::int64_t versions_kept) {
  const std::string body = json::Print(request.document);
  NARTHEX_TRY(
      connection.Run("INSERT INTO dashboard_version (dashboard_id, version, parent_version, "
                     "restored_from, body, message,"
                     " created, created_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                     {saved.id, saved.version, saved.version - 1, request.restored_from, body,
                      request.message, saved.updated, request.author}));
  return connection.Run("DELETE FROM dashboard_version WHERE dashboard_id = ?1 AND version <= ?2",
                        {saved.id, saved.version - versions_kept});
}

}  // namespace

Result<DashboardRecord> Dashboards::Save(SaveDashboard request) {
  NARTHEX_ASSIGN_OR_RETURN(const dashboard::Summary summary,
                           dashboard::Summarise(request.document));
  if (request.message.size() > kMessageSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "message too long, max 500 characters");
  }
  return database_.Write([&](Connection& connection) -> Result<DashboardRecord> {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored, FindTarget(connection, request, summary));
    DashboardRecord next;
    if (stored) {
      NARTHEX_TRY(CheckMayReplace(*stored, request, summary));
      next.id = stored->id;
      next.version = stored->version + 1;
    }
    NARTHEX_TRY(CheckFolder(connection, request));
    next.uid = !summary.uid.empty() ? summary.uid : stored ? stored->uid : RandomUid();
    next.updated = clock_.Now();

    NARTHEX_ASSIGN_OR_RETURN(next.id, WriteRow(connection, request, summary, next));
    request.document.Set("id", json::Value(next.id));
    request.document.Set("uid", json::Value(next.uid));
    request.document.Set("version", json::Value(next.version));
    NARTHEX_TRY(WriteTags(connection, next.id, summary.tags));
    NARTHEX_TRY(WriteLibraryUses(connection, next.id, summary.library_panels));
    NARTHEX_TRY(WriteProvisioned(connection, next.id, request));
    NARTHEX_TRY(WriteVersion(connection, request, next, versions_kept_));

    NARTHEX_ASSIGN_OR_RETURN(auto saved, SelectById(connection, request.org_id, next.id));
    if (!saved) return Error(ErrorCode::kInternal, "a dashboard that was just saved is not there");
    return *std::move(saved);
  });
}

Result<std::optional<DashboardRecord>> Dashboards::Find(std::int64_t org_id,
                                                        std::string_view uid) const {
  return database_.Read(
      [&](Connection& connection) { return SelectByUid(connection, org_id, uid); });
}

Result<std::optional<DashboardRecord>> Dashboards::FindById(std::int64_t org_id,
                                                            std::int64_t id) const {
  return database_.Read([&](Connection& connection) { return SelectById(connection, org_id, id); });
}

Result<std::string> Dashboards::Body(std::int64_t id, std::int64_t version) const {
  return database_.Read([&](Connection& connection) -> Result<std::string> {
    NARTHEX_ASSIGN_OR_RETURN(
        auto body,
        connection.One<std::string>(
            "SELECT body FROM dashboard_version WHERE dashboard_id = ?1 AND version = ?2",
            {id, version}, [](const Rows& row) { return row.Text(0); }));
    if (!body)
      return Error(ErrorCode::kNotFound, fmt::format("Dashboard version {} not found", version));
    return *std::move(body);
  });
}

Result<std::vector<DashboardVersion>> Dashboards::Versions(std::int64_t id,
                                                           std::int64_t limit) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<DashboardVersion>(
        "SELECT version, parent_version, restored_from, message, created, created_by FROM "
        "dashboard_version"
        " WHERE dashboard_id = ?1 ORDER BY version DESC LIMIT ?2",
        {id, limit}, [](const Rows& row) {
          return DashboardVersion{row.Int(0),  row.Int(1), row.Int(2),
                                  row.Text(3), row.Int(4), row.Text(5)};
        });
  });
}

Result<DashboardRecord> Dashboards::Remove(std::int64_t org_id, std::string_view uid) {
  return database_.Write([&](Connection& connection) -> Result<DashboardRecord> {
    NARTHEX_ASSIGN_OR_RETURN(auto stored, SelectByUid(connection, org_id, uid));
    if (!stored) return Error(ErrorCode::kNotFound, "Dashboard not found");
    if (stored->provisioned) {
      return Error(ErrorCode::kPermissionDenied, "provisioned dashboard cannot be deleted");
    }
    NARTHEX_TRY(connection.Run("DELETE FROM dashboard WHERE id = ?1", {stored->id}));
    return *std::move(stored);
  });
}

Result<std::vector<DashboardRecord>> Dashboards::Search(const DashboardSearch& search) const {
  const std::size_t term_count = search.tags.size() + search.uids.size() + search.ids.size() +
                                 (search.folder_uids ? search.folder_uids->size() : 0);
  if (term_count > kSearchTermCountMax) {
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format("a search may name at most {} tags, uids and folders", kSearchTermCountMax));
  }
  const std::string like = LikePattern(search.text);
  return database_.Read([&](Connection& connection) {
    return SelectDashboards(connection, SearchQuery(search, like));
  });
}

Result<std::vector<Dashboards::TagCount>> Dashboards::Tags(std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<TagCount>(
        "SELECT tag, count(*) FROM dashboard_tag JOIN dashboard ON dashboard.id = dashboard_id"
        " WHERE org_id = ?1 GROUP BY tag ORDER BY tag",
        {org_id}, [](const Rows& row) {
          return TagCount{row.Text(0), row.Int(1)};
        });
  });
}

Result<std::int64_t> Dashboards::Count() const {
  return database_.Read([&](Connection& connection) -> Result<std::int64_t> {
    NARTHEX_ASSIGN_OR_RETURN(const auto count, connection.One<std::int64_t>(
                                                   "SELECT count(*) FROM dashboard", {}, ReadInt));
    return count.value_or(0);
  });
}

Result<std::vector<DashboardRecord>> Dashboards::UsersOfElement(std::int64_t org_id,
                                                                std::string_view uid) const {
  return database_.Read([&](Connection& connection) {
    return SelectDashboards(connection,
                            {"WHERE d.org_id = ?1 AND d.id IN (SELECT dashboard_id FROM library_use"
                             " WHERE element_uid = ?2) ORDER BY d.id",
                             {org_id, uid}});
  });
}

Status Dashboards::SetStar(std::int64_t user_id, std::int64_t dashboard_id, bool is_starred) {
  return database_.Write([&](Connection& connection) {
    if (!is_starred) {
      return connection.Run("DELETE FROM star WHERE user_id = ?1 AND dashboard_id = ?2",
                            {user_id, dashboard_id});
    }
    return connection.Run(
        "INSERT OR IGNORE INTO star (user_id, dashboard_id, created) VALUES (?1, ?2, ?3)",
        {user_id, dashboard_id, clock_.Now()});
  });
}

Result<std::vector<DashboardRecord>> Dashboards::Provisioned() const {
  return database_.Read([&](Connection& connection) {
    return SelectDashboards(connection,
                            {"WHERE p.provider IS NOT NULL ORDER BY p.provider, p.path", {}});
  });
}

Status Dashboards::RemoveProvisioned(std::int64_t id) {
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM dashboard WHERE id = ?1", {id});
  });
}

Status Dashboards::Unprovision(std::int64_t id) {
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM provisioned_dashboard WHERE dashboard_id = ?1", {id});
  });
}

}  // namespace narthex::dashstore
