#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "paging.h"
#include "people_answers.h"
#include "permissions.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using Entries = std::vector<AccessEntry>;

std::optional<Right> ParseRight(std::string_view name) {
  for (const Right right : {Right::kView, Right::kEdit, Right::kAdmin}) {
    if (name == RightName(right)) return right;
  }
  return std::nullopt;
}

// Errors: kNotFound  permissions of that resource are not kept here
Result<AccessKind> KindOf(const http::Request& request) {
  const std::string_view resource = request.path_parameter("resource");
  if (resource == "folders") return AccessKind::kFolder;
  if (resource == "dashboards") return AccessKind::kDashboard;
  if (resource == "serviceaccounts") return AccessKind::kServiceAccount;
  return Error(ErrorCode::kNotFound, "Not found");
}

Result<Subject> FindByPath(Context& context, const http::Request& request, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const AccessKind kind, KindOf(request));
  return FindAdministered(context, caller, kind, request.path_parameter("uid"));
}

std::string_view ResourceName(AccessKind kind) {
  if (kind == AccessKind::kServiceAccount) return "serviceaccounts";
  return kind == AccessKind::kFolder ? "folders" : "dashboards";
}

json::Value Actions(AccessKind kind, Right right) {
  const std::string_view prefix = ResourceName(kind);
  json::Value actions = json::Value::MakeArray();
  const auto add = [&](std::string_view verb) {
    actions.Append(Text(fmt::format("{}:{}", prefix, verb)));
  };
  add("read");
  if (right >= Right::kEdit) add("write");
  const Right deletes = kind == AccessKind::kServiceAccount ? Right::kAdmin : Right::kEdit;
  if (right >= deletes) add("delete");
  if (right >= Right::kAdmin) {
    actions.Append(Text(fmt::format("{}.permissions:read", prefix)));
    actions.Append(Text(fmt::format("{}.permissions:write", prefix)));
  }
  return actions;
}

json::Value ManagedObject(Context& context, const Caller& caller, const Subject& subject,
                          const GivenEntry& given, std::int64_t id) {
  const AccessEntry& entry = given.entry;
  json::Value object = Object({{"id", json::Value(id)},
                               {"roleName", Text("managed")},
                               {"isManaged", json::Value(!given.is_inherited)},
                               {"isInherited", json::Value(given.is_inherited)},
                               {"isServiceAccount", json::Value(false)}});
  if (entry.user_id != 0) {
    object.Set("userId", json::Value(entry.user_id));
    if (const auto user = context.store.users().Find(entry.user_id); user.ok() && *user) {
      object.Set("userUid", Text((*user)->uid));
      object.Set("userLogin", Text((*user)->login));
      object.Set("userAvatarUrl", Text(AvatarUrl((*user)->uid)));
      object.Set("isServiceAccount", json::Value((*user)->is_service_account));
    }
  } else if (entry.team_id != 0) {
    object.Set("teamId", json::Value(entry.team_id));
    const auto team = context.store.teams().Find(caller.org_id, std::to_string(entry.team_id));
    if (team.ok() && *team) {
      object.Set("team", Text((*team)->name));
      object.Set("teamUid", Text((*team)->uid));
      object.Set("teamAvatarUrl", Text(AvatarUrl((*team)->uid)));
    }
  } else {
    object.Set("builtInRole", Text(dashstore::RoleName(entry.role)));
  }
  object.Set("actions", Actions(subject.kind, entry.right));
  object.Set("permission", Text(RightName(entry.right)));
  return object;
}

http::Response GetManaged(Context& context, const http::Request& request, const Caller& caller) {
  const auto subject = FindByPath(context, request, caller);
  if (!subject.ok()) return ErrorAnswer(subject.error());
  const auto entries = AllEntries(context, caller, *subject);
  if (!entries.ok()) return ErrorAnswer(entries.error());
  json::Value list = json::Value::MakeArray();
  std::int64_t id = 0;
  for (const GivenEntry& entry : *entries) {
    list.Append(ManagedObject(context, caller, *subject, entry, ++id));
  }
  return JsonAnswer(list);
}

bool IsSameHolder(const AccessEntry& a, const AccessEntry& b) {
  return a.role == b.role && a.team_id == b.team_id && a.user_id == b.user_id;
}

// Errors: kInvalidArgument  service accounts are for people and teams, to change at least
Status CheckGivable(AccessKind kind, const AccessEntry& entry) {
  if (kind != AccessKind::kServiceAccount) return Ok();
  if (entry.role != Role::kNone || entry.right == Right::kView) {
    return Error(ErrorCode::kInvalidArgument,
                 "a permission of a service account is Edit or Admin, of a user or a team");
  }
  return Ok();
}

// The subject's own list with `change` put in; an empty right takes the holder out.
Status Change(Context& context, const Caller& caller, const Subject& subject,
              std::span<const AccessEntry> changes) {
  NARTHEX_ASSIGN_OR_RETURN(const auto given, AllEntries(context, caller, subject));
  Entries entries;
  for (const GivenEntry& entry : given) {
    if (!entry.is_inherited) entries.push_back(entry.entry);
  }
  for (const AccessEntry& change : changes) {
    NARTHEX_TRY(CheckGivable(subject.kind, change));
    if (change.right != Right::kNone) NARTHEX_TRY(CheckHolder(context, caller, change));
    std::erase_if(entries, [&](const AccessEntry& e) { return IsSameHolder(e, change); });
    if (change.right != Right::kNone) entries.push_back(change);
  }
  return context.store.access_lists().Set(caller.org_id,
                                          {subject.kind, subject.uid, std::move(entries)});
}

// Errors: kInvalidArgument
Status ReadRight(const json::Value& body, AccessEntry& entry) {
  const std::string_view name = body["permission"].AsString();
  const auto right = ParseRight(name);
  if (!right && !name.empty()) {
    return Error(ErrorCode::kInvalidArgument, "the permission must be View, Edit, Admin or empty");
  }
  entry.right = right.value_or(Right::kNone);
  return Ok();
}

http::Response SetManaged(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto subject = FindByPath(context, request, caller);
  if (!subject.ok()) return ErrorAnswer(subject.error());
  Entries changes;
  for (const json::Value& item : (*body)["permissions"].items()) {
    AccessEntry entry;
    entry.team_id = item["teamId"].AsInt64().value_or(0);
    entry.user_id = item["userId"].AsInt64().value_or(0);
    entry.role = dashstore::ParseRole(item["builtInRole"].AsString()).value_or(Role::kNone);
    const int named = (entry.team_id != 0) + (entry.user_id != 0) + (entry.role != Role::kNone);
    if (named != 1) {
      return MessageAnswer(400, "a permission names one of userId, teamId and builtInRole");
    }
    if (const Status read = ReadRight(item, entry); !read.ok()) return ErrorAnswer(read.error());
    changes.push_back(entry);
  }
  const Status changed = Change(context, caller, *subject, changes);
  return changed.ok() ? MessageAnswer(200, "Permissions updated") : ErrorAnswer(changed.error());
}

// Sets what one holder, named by the path, may do.
http::Response SetOne(Context& context, const http::Request& request, const Caller& caller,
                      AccessEntry entry) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto subject = FindByPath(context, request, caller);
  if (!subject.ok()) return ErrorAnswer(subject.error());
  if (const Status read = ReadRight(*body, entry); !read.ok()) return ErrorAnswer(read.error());
  const Status changed = Change(context, caller, *subject, std::span(&entry, 1));
  if (!changed.ok()) return ErrorAnswer(changed.error());
  return MessageAnswer(200,
                       entry.right == Right::kNone ? "Permission removed" : "Permission updated");
}

http::Response SetUser(Context& context, const http::Request& request, const Caller& caller) {
  const auto id = PathNumber(request, "holder");
  if (!id.ok()) return ErrorAnswer(id.error());
  return SetOne(context, request, caller, {.user_id = *id});
}
http::Response SetTeam(Context& context, const http::Request& request, const Caller& caller) {
  const auto id = PathNumber(request, "holder");
  if (!id.ok()) return ErrorAnswer(id.error());
  return SetOne(context, request, caller, {.team_id = *id});
}
http::Response SetRole(Context& context, const http::Request& request, const Caller& caller) {
  const auto role = dashstore::ParseRole(request.path_parameter("holder"));
  if (!role || *role == Role::kNone) return MessageAnswer(400, "invalid built-in role");
  return SetOne(context, request, caller, {.role = *role});
}

http::Response Describe(Context&, const http::Request& request, const Caller&) {
  const auto kind = KindOf(request);
  if (!kind.ok()) return ErrorAnswer(kind.error());
  const std::string_view edit = RightName(Right::kEdit);
  const std::string_view admin = RightName(Right::kAdmin);
  if (*kind == AccessKind::kServiceAccount) {
    return JsonAnswer(AssignmentsObject({.users = true, .teams = true}, {edit, admin}));
  }
  return JsonAnswer(AssignmentsObject(
      {.users = true, .service_accounts = true, .teams = true, .built_in_roles = true},
      {RightName(Right::kView), edit, admin}));
}

}  // namespace

// The newer form of the routes in permission_routes.cc.
void AddAccessControlRoutes(http::Router& router, Context& context) {
  using http::Method;
  constexpr std::string_view kManaged = "/api/access-control/:resource/:uid";
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/access-control/:resource/description", Role::kNone, Describe},
      {Method::kGet, kManaged, Role::kNone, GetManaged},
      {Method::kPost, kManaged, Role::kNone, SetManaged},
      {Method::kPost, "/api/access-control/:resource/:uid/users/:holder", Role::kNone, SetUser},
      {Method::kPost, "/api/access-control/:resource/:uid/teams/:holder", Role::kNone, SetTeam},
      {Method::kPost, "/api/access-control/:resource/:uid/builtInRoles/:holder", Role::kViewer,
       SetRole},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
