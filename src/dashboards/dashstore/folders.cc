#include "dashstore/folders.h"

#include "crypto.h"
#include "dashboard/document.h"
#include "database.h"

namespace narthex::dashstore {
namespace {

// Source: Grafana, folders nest four levels deep.
constexpr int kDepthMax = 4;

const std::string kSelect =
    "SELECT id, org_id, uid, title, parent_uid, version, created, updated, created_by, updated_by"
    " FROM folder ";

// The folders at and below ?2.
const std::string kBelow =
    "WITH RECURSIVE below (uid) AS (SELECT uid FROM folder WHERE org_id = ?1 AND uid = ?2"
    " UNION SELECT folder.uid FROM folder JOIN below ON folder.parent_uid = below.uid"
    " WHERE folder.org_id = ?1) ";

Folder ReadFolder(const Rows& row) {
  Folder folder;
  folder.id = row.Int(0);
  folder.org_id = row.Int(1);
  folder.uid = row.Text(2);
  folder.title = row.Text(3);
  folder.parent_uid = row.Text(4);
  folder.version = row.Int(5);
  folder.created = row.Int(6);
  folder.updated = row.Int(7);
  folder.created_by = row.Text(8);
  folder.updated_by = row.Text(9);
  return folder;
}

Result<std::optional<Folder>> Select(Connection& connection, std::int64_t org_id,
                                     std::string_view uid) {
  return connection.One<Folder>(kSelect + "WHERE org_id = ?1 AND uid = ?2", {org_id, uid},
                                ReadFolder);
}

// The way up from the parent must end at the root, soon, and not lead through the folder itself.
Status CheckParents(Connection& connection, const Folder& folder) {
  std::string parent_uid = folder.parent_uid;
  for (int depth = 1; !parent_uid.empty(); ++depth) {
    if (parent_uid == folder.uid) {
      return Error(ErrorCode::kInvalidArgument, "a folder cannot be inside itself");
    }
    if (depth >= kDepthMax)
      return Error(ErrorCode::kInvalidArgument, "maximum folder depth reached");
    NARTHEX_ASSIGN_OR_RETURN(const auto parent, Select(connection, folder.org_id, parent_uid));
    if (!parent) return Error(ErrorCode::kInvalidArgument, "parent folder not found");
    parent_uid = parent->parent_uid;
  }
  return Ok();
}

Status CheckFields(const Folder& folder) {
  if (folder.title.empty())
    return Error(ErrorCode::kInvalidArgument, "folder title cannot be empty");
  if (folder.title.size() > dashboard::kTitleSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "folder title is too long");
  }
  return dashboard::CheckUid(folder.uid);
}

}  // namespace

Result<std::vector<Folder>> Folders::List(std::int64_t org_id,
                                          std::optional<std::string_view> parent_uid) const {
  return database_.Read([&](Connection& connection) {
    if (!parent_uid) {
      return connection.All<Folder>(kSelect + "WHERE org_id = ?1 ORDER BY title, id", {org_id},
                                    ReadFolder);
    }
    return connection.All<Folder>(
        kSelect + "WHERE org_id = ?1 AND parent_uid = ?2 ORDER BY title, id", {org_id, *parent_uid},
        ReadFolder);
  });
}

Result<std::optional<Folder>> Folders::Find(std::int64_t org_id, std::string_view uid) const {
  return database_.Read([&](Connection& connection) { return Select(connection, org_id, uid); });
}

Result<std::optional<Folder>> Folders::FindById(std::int64_t org_id, std::int64_t id) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Folder>(kSelect + "WHERE org_id = ?1 AND id = ?2", {org_id, id},
                                  ReadFolder);
  });
}

Result<std::optional<Folder>> Folders::FindByTitle(std::int64_t org_id, std::string_view title,
                                                   std::string_view parent_uid) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Folder>(
        kSelect + "WHERE org_id = ?1 AND title = ?2 AND parent_uid = ?3 ORDER BY id LIMIT 1",
        {org_id, title, parent_uid}, ReadFolder);
  });
}

Result<std::vector<std::string>> Folders::Below(std::int64_t org_id, std::string_view uid) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<std::string>(kBelow + "SELECT uid FROM below", {org_id, uid},
                                       [](const Rows& row) { return row.Text(0); });
  });
}

Result<Folder> Folders::Create(Folder folder) {
  NARTHEX_TRY(CheckFields(folder));
  if (folder.uid.empty()) folder.uid = RandomUid();
  folder.version = 1;
  folder.created = folder.updated = clock_.Now();
  folder.updated_by = folder.created_by;
  return database_.Write([&](Connection& connection) -> Result<Folder> {
    NARTHEX_TRY(CheckParents(connection, folder));
    const Status made = connection.Run(
        "INSERT INTO folder (org_id, uid, title, parent_uid, version, created, updated, "
        "created_by, updated_by)"
        " VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5, ?6, ?6)",
        {folder.org_id, folder.uid, folder.title, folder.parent_uid, folder.created,
         folder.created_by});
    if (made.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists, "a folder with the same uid already exists");
    }
    NARTHEX_TRY(made);
    folder.id = connection.last_insert_id();
    return folder;
  });
}

Result<Folder> Folders::Update(const Folder& folder) {
  NARTHEX_TRY(CheckFields(folder));
  return database_.Write([&](Connection& connection) -> Result<Folder> {
    NARTHEX_ASSIGN_OR_RETURN(auto stored, Select(connection, folder.org_id, folder.uid));
    if (!stored) return Error(ErrorCode::kNotFound, "folder not found");
    if (stored->version != folder.version) {
      return Error(ErrorCode::kFailedPrecondition, "the folder has been changed by someone else");
    }
    NARTHEX_TRY(CheckParents(connection, folder));
    NARTHEX_TRY(
        connection.Run("UPDATE folder SET title = ?3, parent_uid = ?4, version = version + 1,"
                       " updated = ?5, updated_by = ?6 WHERE org_id = ?1 AND uid = ?2",
                       {folder.org_id, folder.uid, folder.title, folder.parent_uid, clock_.Now(),
                        folder.updated_by}));
    NARTHEX_ASSIGN_OR_RETURN(stored, Select(connection, folder.org_id, folder.uid));
    return *std::move(stored);
  });
}

Status Folders::Remove(std::int64_t org_id, std::string_view uid) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored, Select(connection, org_id, uid));
    if (!stored) return Error(ErrorCode::kNotFound, "folder not found");
    NARTHEX_ASSIGN_OR_RETURN(
        const auto provisioned,
        connection.One<std::string>(
            kBelow + "SELECT title FROM dashboard JOIN provisioned_dashboard"
                     " ON provisioned_dashboard.dashboard_id = dashboard.id"
                     " WHERE org_id = ?1 AND folder_uid IN (SELECT uid FROM below) LIMIT 1",
            {org_id, uid}, [](const Rows& row) { return row.Text(0); }));
    if (provisioned) {
      return Error(ErrorCode::kPermissionDenied, "folder contains the provisioned dashboard '" +
                                                     *provisioned + "' and cannot be deleted");
    }
    NARTHEX_TRY(connection.Run(
        kBelow +
            "DELETE FROM dashboard WHERE org_id = ?1 AND folder_uid IN (SELECT uid FROM below)",
        {org_id, uid}));
    return connection.Run(
        kBelow + "DELETE FROM folder WHERE org_id = ?1 AND uid IN (SELECT uid FROM below)",
        {org_id, uid});
  });
}

}  // namespace narthex::dashstore
