#include "access.h"

#include <algorithm>

namespace narthex::dashapi {
namespace {

using dashstore::Role;

Status Denied(Right needed) {
  if (needed != Right::kView) return NoPermission();
  return Error(ErrorCode::kPermissionDenied, "Access denied to this dashboard");
}

}  // namespace

Error NoPermission() {
  return {ErrorCode::kPermissionDenied,
          "You'll need additional permissions to perform this action."};
}

Result<Access> Access::Of(Context& context, const Caller& caller) {
  Access access;
  access.role_ = caller.role;
  access.user_id_ = caller.user.id;
  access.is_admin_ = caller.role >= Role::kAdmin;
  if (access.is_admin_) return access;
  dashstore::Store& store = context.store;
  NARTHEX_ASSIGN_OR_RETURN(auto lists, store.access_lists().All(caller.org_id));
  if (lists.empty()) return access;
  for (dashstore::AccessList& list : lists) {
    access.lists_[{list.kind, std::move(list.uid)}] = std::move(list.entries);
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto folders, store.folders().List(caller.org_id, std::nullopt));
  for (const dashstore::Folder& folder : folders) {
    access.parents_[folder.uid] = folder.parent_uid;
  }
  if (!caller.is_anonymous()) {
    NARTHEX_ASSIGN_OR_RETURN(access.team_ids_, store.teams().IdsOf(caller.org_id, caller.user.id));
  }
  return access;
}

Right Access::ByRole() const {
  if (role_ >= Role::kEditor) return Right::kEdit;
  return role_ >= Role::kViewer ? Right::kView : Right::kNone;
}

bool Access::Concerns(const AccessEntry& entry) const {
  if (entry.user_id != 0) return entry.user_id == user_id_;
  if (entry.team_id != 0) {
    return std::find(team_ids_.begin(), team_ids_.end(), entry.team_id) != team_ids_.end();
  }
  // A higher role has what is given to a lower one.
  return entry.role != Role::kNone && role_ >= entry.role;
}

bool Access::Raise(AccessKind kind, std::string_view uid, Right& right) const {
  const auto list = lists_.find({kind, std::string(uid)});
  if (list == lists_.end()) return false;
  for (const AccessEntry& entry : list->second) {
    if (Concerns(entry)) right = std::max(right, entry.right);
  }
  return true;
}

Right Access::UpFrom(std::string_view folder_uid, Right right, bool has_list) const {
  std::string uid(folder_uid);
  // Bounded, though the store lets no folder stand inside itself.
  for (std::size_t step = 0; !uid.empty() && step <= parents_.size(); ++step) {
    has_list = Raise(AccessKind::kFolder, uid, right) || has_list;
    const auto parent = parents_.find(uid);
    uid = parent == parents_.end() ? std::string() : parent->second;
  }
  return has_list ? right : ByRole();
}

Right Access::ToFolder(std::string_view folder_uid) const {
  if (is_admin_) return Right::kAdmin;
  if (lists_.empty()) return ByRole();
  return UpFrom(folder_uid, Right::kNone, false);
}

Right Access::ToDashboard(std::string_view uid, std::string_view folder_uid) const {
  if (is_admin_) return Right::kAdmin;
  if (lists_.empty()) return ByRole();
  Right right = Right::kNone;
  const bool has_list = Raise(AccessKind::kDashboard, uid, right);
  return UpFrom(folder_uid, right, has_list);
}

Status CheckRight(Context& context, const Caller& caller, const dashstore::DashboardRecord& record,
                  Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  return access.ToDashboard(record.uid, record.folder_uid) >= needed ? Ok() : Denied(needed);
}

Status CheckFolderRight(Context& context, const Caller& caller, std::string_view folder_uid,
                        Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  return access.ToFolder(folder_uid) >= needed ? Ok() : Denied(needed);
}

}  // namespace narthex::dashapi
