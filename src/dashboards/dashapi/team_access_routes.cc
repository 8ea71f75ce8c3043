#include <optional>

#include "account_access.h"
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

http::Response DescribeTeams(Context&, const http::Request&, const Caller&) {
  return JsonAnswer(AssignmentsObject({.users = true}, {kMember, kAdmin}));
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
  const auto team = FindTeam(context, caller, request.path_parameter("team"), TeamPart::kAdmin);
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
  const auto team = FindTeam(context, caller, request.path_parameter("team"), TeamPart::kAdmin);
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
  const auto team = FindTeam(context, caller, request.path_parameter("team"), TeamPart::kAdmin);
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

}  // namespace

// The newer form of the members of teams.
void AddTeamAccessRoutes(http::Router& router, Context& context) {
  using http::Method;
  constexpr std::string_view kTeam = "/api/access-control/teams/:team";
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/access-control/teams/description", Role::kNone, DescribeTeams},
      {Method::kGet, kTeam, Role::kNone, ListTeam},
      {Method::kPost, kTeam, Role::kNone, SetTeam},
      {Method::kPost, "/api/access-control/teams/:team/users/:user", Role::kNone, SetTeamUser},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
