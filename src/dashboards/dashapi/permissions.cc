#include "permissions.h"

#include <fmt/format.h>

#include "account_access.h"
#include "base/number.h"
#include "dashboard_answers.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using Entries = std::vector<AccessEntry>;

Result<Subject> FindSubject(Context& context, const Caller& caller, AccessKind kind,
                            std::string_view uid) {
  Subject subject;
  subject.kind = kind;
  if (kind == AccessKind::kFolder) {
    NARTHEX_ASSIGN_OR_RETURN(auto folder, context.store.folders().Find(caller.org_id, uid));
    if (!folder) return Error(ErrorCode::kNotFound, "folder not found");
    subject.id = folder->id;
    subject.url = FolderUrl(context, folder->uid, folder->title);
    subject.uid = std::move(folder->uid);
    subject.title = std::move(folder->title);
    subject.folder_uid = std::move(folder->parent_uid);
    return subject;
  }
  NARTHEX_ASSIGN_OR_RETURN(auto record, context.store.dashboards().Find(caller.org_id, uid));
  if (!record) return Error(ErrorCode::kNotFound, "Dashboard not found");
  subject.id = record->id;
  subject.url = DashboardUrl(context, *record);
  subject.uid = std::move(record->uid);
  subject.title = std::move(record->title);
  subject.folder_uid = std::move(record->folder_uid);
  return subject;
}

// Service accounts are named by number.
Result<Subject> FindAdministeredAccount(Context& context, const Caller& caller,
                                        std::string_view id) {
  NARTHEX_ASSIGN_OR_RETURN(const auto account,
                           FindAccount(context, caller, ParseInt64(id).value_or(0), Right::kAdmin));
  Subject subject;
  subject.kind = AccessKind::kServiceAccount;
  subject.id = account.user.id;
  subject.uid = account.user.uid;
  subject.title = account.user.name;
  return subject;
}

}  // namespace

Result<Subject> FindAdministered(Context& context, const Caller& caller, AccessKind kind,
                                 std::string_view uid) {
  if (kind == AccessKind::kServiceAccount) return FindAdministeredAccount(context, caller, uid);
  NARTHEX_ASSIGN_OR_RETURN(Subject subject, FindSubject(context, caller, kind, uid));
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  const Right right = kind == AccessKind::kFolder
                          ? access.ToFolder(subject.uid)
                          : access.ToDashboard(subject.uid, subject.folder_uid);
  if (right >= Right::kAdmin) return subject;
  return NoPermission();
}

Result<std::vector<GivenEntry>> AllEntries(Context& context, const Caller& caller,
                                           const Subject& subject) {
  std::vector<GivenEntry> all;
  const auto add = [&](AccessKind kind, std::string_view uid, bool is_inherited) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const auto list,
                             context.store.access_lists().Find(caller.org_id, kind, uid));
    for (const AccessEntry& entry : list.value_or(Entries())) all.push_back({entry, is_inherited});
    return Ok();
  };
  NARTHEX_TRY(add(subject.kind, subject.uid, false));
  bool has_own_list = !all.empty();
  std::string uid = subject.folder_uid;
  while (!uid.empty()) {
    NARTHEX_TRY(add(AccessKind::kFolder, uid, true));
    NARTHEX_ASSIGN_OR_RETURN(const auto folder, context.store.folders().Find(caller.org_id, uid));
    uid = folder ? folder->parent_uid : std::string();
  }
  if (!has_own_list) {
    NARTHEX_ASSIGN_OR_RETURN(const auto own, context.store.access_lists().Find(
                                                 caller.org_id, subject.kind, subject.uid));
    has_own_list = own.has_value();
  }
  // Nobody but administrators has a right to a service account unless it is given.
  if (all.empty() && !has_own_list && subject.kind != AccessKind::kServiceAccount) {
    const bool is_inherited = !subject.folder_uid.empty();
    all.push_back({{.role = Role::kEditor, .right = Right::kEdit}, is_inherited});
    all.push_back({{.role = Role::kViewer, .right = Right::kView}, is_inherited});
  }
  return all;
}

Status CheckHolder(Context& context, const Caller& caller, const AccessEntry& entry) {
  if (entry.team_id != 0) {
    NARTHEX_ASSIGN_OR_RETURN(
        const auto team, context.store.teams().Find(caller.org_id, std::to_string(entry.team_id)));
    if (!team) return Error(ErrorCode::kInvalidArgument, "team not found");
  }
  if (entry.user_id != 0) {
    NARTHEX_ASSIGN_OR_RETURN(const Role role,
                             context.store.users().RoleIn(entry.user_id, caller.org_id));
    NARTHEX_ASSIGN_OR_RETURN(const auto user, context.store.users().Find(entry.user_id));
    if (!user || (role == Role::kNone && !user->is_service_account)) {
      return Error(ErrorCode::kInvalidArgument, "user not found");
    }
  }
  return Ok();
}

std::string_view RightName(Right right) {
  switch (right) {
    case Right::kView:
      return "View";
    case Right::kEdit:
      return "Edit";
    case Right::kAdmin:
      return "Admin";
    case Right::kNone:
      break;
  }
  return "";
}

}  // namespace narthex::dashapi
