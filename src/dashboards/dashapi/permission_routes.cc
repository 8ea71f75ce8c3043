#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "people_answers.h"
#include "permissions.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using Entries = std::vector<AccessEntry>;

std::optional<Right> RightOf(std::int64_t number) {
  for (const Right right : {Right::kView, Right::kEdit, Right::kAdmin}) {
    if (number == static_cast<int>(right)) return right;
  }
  return std::nullopt;
}

json::Value ClassicObject(Context& context, const Caller& caller, const Subject& subject,
                          const GivenEntry& given) {
  const AccessEntry& entry = given.entry;
  const bool is_folder = subject.kind == AccessKind::kFolder;
  json::Value object = Object({{"uid", Text(subject.uid)},
                               {"title", Text(subject.title)},
                               {"slug", Text(dashboard::Slug(subject.title))},
                               {"url", Text(subject.url)},
                               {"isFolder", json::Value(is_folder)},
                               {"inherited", json::Value(given.is_inherited)},
                               {"permission", json::Value(static_cast<int>(entry.right))},
                               {"permissionName", Text(RightName(entry.right))},
                               {"userId", json::Value(entry.user_id)},
                               {"teamId", json::Value(entry.team_id)}});
  if (is_folder) object.Set("folderUid", Text(subject.uid));
  if (!is_folder) object.Set("dashboardId", json::Value(subject.id));
  if (entry.role != Role::kNone) object.Set("role", Text(dashstore::RoleName(entry.role)));
  if (entry.user_id != 0) {
    if (const auto user = context.store.users().Find(entry.user_id); user.ok() && *user) {
      object.Set("userLogin", Text((*user)->login));
      object.Set("userEmail", Text((*user)->email));
      object.Set("userUid", Text((*user)->uid));
      object.Set("userAvatarUrl", Text(AvatarUrl((*user)->uid)));
    }
  }
  if (entry.team_id != 0) {
    const auto team = context.store.teams().Find(caller.org_id, std::to_string(entry.team_id));
    if (team.ok() && *team) {
      object.Set("team", Text((*team)->name));
      object.Set("teamUid", Text((*team)->uid));
      object.Set("teamEmail", Text((*team)->email));
    }
  }
  return object;
}

// By uid or, on old paths of dashboards, by number.
Result<Subject> FindByPath(Context& context, const http::Request& request, const Caller& caller,
                           AccessKind kind) {
  const auto id = ParseInt64(request.path_parameter("id"));
  if (!id) return FindAdministered(context, caller, kind, request.path_parameter("uid"));
  NARTHEX_ASSIGN_OR_RETURN(const auto record,
                           context.store.dashboards().FindById(caller.org_id, *id));
  if (!record) return Error(ErrorCode::kNotFound, "Dashboard not found");
  return FindAdministered(context, caller, kind, record->uid);
}

http::Response GetClassic(Context& context, const http::Request& request, const Caller& caller,
                          AccessKind kind) {
  const auto subject = FindByPath(context, request, caller, kind);
  if (!subject.ok()) return ErrorAnswer(subject.error());
  const auto entries = AllEntries(context, caller, *subject);
  if (!entries.ok()) return ErrorAnswer(entries.error());
  json::Value list = json::Value::MakeArray();
  for (const GivenEntry& entry : *entries) {
    list.Append(ClassicObject(context, caller, *subject, entry));
  }
  return JsonAnswer(list);
}

// Errors: kInvalidArgument
Result<AccessEntry> ReadClassic(Context& context, const Caller& caller, const json::Value& item) {
  AccessEntry entry;
  entry.team_id = item["teamId"].AsInt64().value_or(0);
  entry.user_id = item["userId"].AsInt64().value_or(0);
  entry.role = dashstore::ParseRole(item["role"].AsString()).value_or(Role::kNone);
  const auto right = RightOf(item["permission"].AsInt64().value_or(0));
  const int named = (entry.team_id != 0) + (entry.user_id != 0) + (entry.role != Role::kNone);
  if (named != 1 || !right) {
    return Error(ErrorCode::kInvalidArgument,
                 "a permission names one of userId, teamId and role, and is 1, 2 or 4");
  }
  entry.right = *right;
  NARTHEX_TRY(CheckHolder(context, caller, entry));
  return entry;
}

http::Response SetClassic(Context& context, const http::Request& request, const Caller& caller,
                          AccessKind kind) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto subject = FindByPath(context, request, caller, kind);
  if (!subject.ok()) return ErrorAnswer(subject.error());
  Entries entries;
  for (const json::Value& item : (*body)["items"].items()) {
    // Clients send back what they were given; what is inherited stays where it comes from.
    if (item["inherited"].AsBool().value_or(false)) continue;
    const auto entry = ReadClassic(context, caller, item);
    if (!entry.ok()) return ErrorAnswer(entry.error());
    entries.push_back(*entry);
  }
  const Status set =
      context.store.access_lists().Set(caller.org_id, {kind, subject->uid, std::move(entries)});
  if (!set.ok()) return ErrorAnswer(set.error());
  const bool is_folder = kind == AccessKind::kFolder;
  return JsonAnswer(Object({{"message", Text(is_folder ? "Folder permissions updated"
                                                       : "Dashboard permissions updated")},
                            {"id", json::Value(subject->id)},
                            {"title", Text(subject->title)}}));
}

http::Response GetFolder(Context& context, const http::Request& request, const Caller& caller) {
  return GetClassic(context, request, caller, AccessKind::kFolder);
}
http::Response SetFolder(Context& context, const http::Request& request, const Caller& caller) {
  return SetClassic(context, request, caller, AccessKind::kFolder);
}
http::Response GetDashboard(Context& context, const http::Request& request, const Caller& caller) {
  return GetClassic(context, request, caller, AccessKind::kDashboard);
}
http::Response SetDashboard(Context& context, const http::Request& request, const Caller& caller) {
  return SetClassic(context, request, caller, AccessKind::kDashboard);
}

}  // namespace

void AddPermissionRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/folders/:uid/permissions", Role::kViewer, GetFolder},
      {Method::kPost, "/api/folders/:uid/permissions", Role::kViewer, SetFolder},
      {Method::kGet, "/api/dashboards/uid/:uid/permissions", Role::kViewer, GetDashboard},
      {Method::kPost, "/api/dashboards/uid/:uid/permissions", Role::kViewer, SetDashboard},
      {Method::kGet, "/api/dashboards/id/:id/permissions", Role::kViewer, GetDashboard},
      {Method::kPost, "/api/dashboards/id/:id/permissions", Role::kViewer, SetDashboard},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
