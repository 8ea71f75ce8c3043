#include <optional>

#include "answers.h"
#include "authenticator.h"
#include "paging.h"
#include "people_answers.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using dashstore::Team;
using dashstore::TeamPart;

constexpr std::string_view kMember = "Member";
constexpr std::string_view kAdmin = "Admin";

json::Value Description(bool has_users, std::initializer_list<std::string_view> permissions) {
  json::Value names = json::Value::MakeArray();
  for (const std::string_view name : permissions) names.Append(Text(name));
  return Object({{"assignments", Object({{"users", json::Value(has_users)},
                                         {"serviceAccounts", json::Value(false)},
                                         {"teams", json::Value(false)},
                                         {"builtInRoles", json::Value(false)}})},
                 {"permissions", std::move(names)}});
}

http::Response DescribeTeams(Context&, const http::Request&, const Caller&) {
  return JsonAnswer(Description(true, {kMember, kAdmin}));
}

// Errors: kNotFound "Team not found"
Result<Team> FindTeam(Context& context, const http::Request& request, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(
      auto team, context.store.teams().Find(caller.org_id, request.path_parameter("team")));
  if (!team) return Error(ErrorCode::kNotFound, "Team not found");
  return *std::move(team);
}

json::Value Actions(TeamPart part) {
  json::Value actions = json::Value::MakeArray();
  actions.Append(Text("teams:read"));
  if (part == TeamPart::kAdmin) {
    for (const std::string_view action :
         {"teams:delete", "teams:write", "teams.permissions:read", "teams.permissions:write"}) {
      actions.Append(Text(action));
    }
  }
  return actions;
}

http::Response ListTeam(Context& context, const http::Request& request, const Caller& caller) {
  const auto team = FindTeam(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const auto members = context.store.teams().Members(team->id);
  if (!members.ok()) return ErrorAnswer(members.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& [user, part] : *members) {
    list.Append(Object({{"id", json::Value(user.id)},
                        {"roleName", Text("managed")},
                        {"isManaged", json::Value(true)},
                        {"isInherited", json::Value(false)},
                        {"isServiceAccount", json::Value(user.is_service_account)},
                        {"userId", json::Value(user.id)},
                        {"userUid", Text(user.uid)},
                        {"userLogin", Text(user.login)},
                        {"userAvatarUrl", Text(AvatarUrl(user.uid))},
                        {"actions", Actions(part)},
                        {"permission", Text(part == TeamPart::kAdmin ? kAdmin : kMember)}}));
  }
  return JsonAnswer(list);
}

struct Change {
  std::int64_t user_id = 0;
  std::optional<TeamPart> part;  // empty: leaves the team
};

// Errors: kInvalidArgument
Result<Change> ReadChange(std::int64_t user_id, const json::Value& body) {
  const std::string_view name = body["permission"].AsString();
  if (name.empty()) return Change{user_id, std::nullopt};
  if (name == kMember) return Change{user_id, TeamPart::kMember};
  if (name == kAdmin) return Change{user_id, TeamPart::kAdmin};
  return Error(ErrorCode::kInvalidArgument, "the permission must be Member, Admin or empty");
}

// Errors: kNotFound  no member of the organisation; who is to leave and is not there has left
Status Apply(Context& context, const Team& team, const Change& change) {
  dashstore::Teams& teams = context.store.teams();
  if (!change.part) {
    const Status removed = teams.RemoveMember(team.id, change.user_id);
    return removed.code() == ErrorCode::kNotFound ? Ok() : removed;
  }
  const Status added = teams.AddMember(team, change.user_id, *change.part);
  if (added.code() != ErrorCode::kAlreadyExists) return added;
  return teams.SetPart(team.id, change.user_id, *change.part);
}

http::Response SetTeamUser(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto team = FindTeam(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const auto user_id = PathNumber(request, "user");
  if (!user_id.ok()) return ErrorAnswer(user_id.error());
  const auto change = ReadChange(*user_id, *body);
  if (!change.ok()) return ErrorAnswer(change.error());
  const Status applied = Apply(context, *team, *change);
  if (!applied.ok()) return ErrorAnswer(applied.error());
  return MessageAnswer(200, change->part ? "Permission updated" : "Permission removed");
}

http::Response SetTeam(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto team = FindTeam(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  std::vector<Change> changes;
  for (const json::Value& item : (*body)["permissions"].items()) {
    const std::int64_t user_id = item["userId"].AsInt64().value_or(0);
    if (user_id == 0) return MessageAnswer(400, "permissions of a team name a userId each");
    const auto change = ReadChange(user_id, item);
    if (!change.ok()) return ErrorAnswer(change.error());
    changes.push_back(*change);
  }
  for (const Change& change : changes) {
    if (const Status applied = Apply(context, *team, change); !applied.ok()) {
      return ErrorAnswer(applied.error());
    }
  }
  return MessageAnswer(200, "Permissions updated");
}

// Who may manage a service account does not hang on the account: nothing can be assigned.
http::Response DescribeAccounts(Context&, const http::Request&, const Caller&) {
  return JsonAnswer(Description(false, {}));
}

http::Response ListAccount(Context& context, const http::Request& request, const Caller& caller) {
  const auto id = PathNumber(request, "account");
  if (!id.ok()) return ErrorAnswer(id.error());
  const auto account = context.store.service_accounts().Find(caller.org_id, *id);
  if (!account.ok()) return ErrorAnswer(account.error());
  if (!*account) return MessageAnswer(404, "service account not found");
  return JsonAnswer(json::Value::MakeArray());
}

http::Response RefuseAccount(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501,
                       "Permissions of single service accounts are not supported: the "
                       "administrators of the organization manage all of them");
}

}  // namespace

// The newer form of the members of teams, and what there is of it for service accounts.
void AddTeamAccessRoutes(http::Router& router, Context& context) {
  using http::Method;
  constexpr std::string_view kTeam = "/api/access-control/teams/:team";
  constexpr std::string_view kAccount = "/api/access-control/serviceaccounts/:account";
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/access-control/teams/description", Role::kAdmin, DescribeTeams},
      {Method::kGet, kTeam, Role::kAdmin, ListTeam},
      {Method::kPost, kTeam, Role::kAdmin, SetTeam},
      {Method::kPost, "/api/access-control/teams/:team/users/:user", Role::kAdmin, SetTeamUser},
      {Method::kGet, "/api/access-control/serviceaccounts/description", Role::kAdmin,
       DescribeAccounts},
      {Method::kGet, kAccount, Role::kAdmin, ListAccount},
      {Method::kPost, kAccount, Role::kAdmin, RefuseAccount},
      {Method::kPost, "/api/access-control/serviceaccounts/:account/users/:user", Role::kAdmin,
       RefuseAccount},
      {Method::kPost, "/api/access-control/serviceaccounts/:account/teams/:team", Role::kAdmin,
       RefuseAccount},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
