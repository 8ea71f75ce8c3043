#include "account_access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "paging.h"
#include "people_answers.h"
#include "preferences.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using dashstore::Team;
using dashstore::TeamPart;

// Errors: as of FindTeam
Result<Team> FindByPath(Context& context, const http::Request& request, const Caller& caller,
                        TeamPart needed = TeamPart::kAdmin) {
  return FindTeam(context, caller, request.path_parameter("team"), needed);
}

http::Response ChangeAnswer(const Status& changed, std::string_view done) {
  return changed.ok() ? MessageAnswer(200, done) : ErrorAnswer(changed.error());
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Team team;
  team.org_id = caller.org_id;
  team.name = (*body)["name"].AsString();
  team.email = (*body)["email"].AsString();
  const auto made = context.store.teams().Create(team);
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(Object({{"teamId", json::Value(made->id)},
                            {"uid", Text(made->uid)},
                            {"message", Text("Team created")}}));
}

http::Response Search(Context& context, const http::Request& request, const Caller& caller) {
  dashstore::TeamSearch search;
  search.org_id = caller.org_id;
  search.text = request.query.Get("query");
  search.name = request.query.Get("name");
  for (const std::string_view id : request.query.GetAll("teamId")) {
    search.ids.push_back(ParseInt64(id).value_or(0));
  }
  // Whoever is no administrator sees those he belongs to; who belongs to none may not ask.
  if (caller.role < Role::kAdmin) {
    const auto own = caller.is_anonymous()
                         ? Result<std::vector<std::int64_t>>(std::vector<std::int64_t>())
                         : context.store.teams().IdsOf(caller.org_id, caller.user.id);
    if (!own.ok()) return ErrorAnswer(own.error());
    if (own->empty()) return ErrorAnswer(NoPermission());
    search.user_id = caller.user.id;
  }
  auto teams = context.store.teams().Search(search);
  if (!teams.ok()) return ErrorAnswer(teams.error());
  const Paging paging = ReadPaging(request);
  const auto total = static_cast<std::int64_t>(teams->size());
  json::Value list = json::Value::MakeArray();
  for (const Team& team : PageOf(*std::move(teams), paging)) list.Append(TeamObject(team));
  return JsonAnswer(Object({{"totalCount", json::Value(total)},
                            {"teams", std::move(list)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto team = FindByPath(context, request, caller, TeamPart::kMember);
  return team.ok() ? JsonAnswer(TeamObject(*team)) : ErrorAnswer(team.error());
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Team> team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  team->name = (*body)["name"].AsString();
  team->email = (*body)["email"].AsString();
  return ChangeAnswer(context.store.teams().Update(*team), "Team updated");
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const std::string key = TeamPreferencesKey(team->id);
  Status removed = context.store.teams().Remove(caller.org_id, team->id);
  if (removed.ok()) removed = ForgetPreferences(context, std::span(&key, 1));
  return ChangeAnswer(removed, "Team deleted");
}

http::Response ListMembers(Context& context, const http::Request& request, const Caller& caller) {
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const auto members = context.store.teams().Members(team->id);
  if (!members.ok()) return ErrorAnswer(members.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& member : *members) {
    const dashstore::User& user = member.user;
    list.Append(Object({{"orgId", json::Value(team->org_id)},
                        {"teamId", json::Value(team->id)},
                        {"teamUID", Text(team->uid)},
                        {"userId", json::Value(user.id)},
                        {"userUID", Text(user.uid)},
                        {"email", Text(user.email)},
                        {"name", Text(user.name)},
                        {"login", Text(user.login)},
                        {"avatarUrl", Text(AvatarUrl(user.uid))},
                        {"auth_module", Text("")},
                        {"labels", json::Value::MakeArray()},
                        {"permission", json::Value(member.part == TeamPart::kAdmin ? 4 : 0)}}));
  }
  return JsonAnswer(list);
}

http::Response AddMember(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const Status added = context.store.teams().AddMember(
      *team, (*body)["userId"].AsInt64().value_or(0), TeamPart::kMember);
  if (added.code() == ErrorCode::kAlreadyExists) return MessageAnswer(400, added.error().message());
  return ChangeAnswer(added, "Member added to Team");
}

http::Response ChangeMember(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const auto user = PathNumber(request, "user");
  if (!user.ok()) return ErrorAnswer(user.error());
  const bool is_admin = (*body)["permission"].AsInt64().value_or(0) == 4;
  return ChangeAnswer(context.store.teams().SetPart(
                          team->id, *user, is_admin ? TeamPart::kAdmin : TeamPart::kMember),
                      "Team member updated");
}

http::Response RemoveMember(Context& context, const http::Request& request, const Caller& caller) {
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  const auto user = PathNumber(request, "user");
  if (!user.ok()) return ErrorAnswer(user.error());
  return ChangeAnswer(context.store.teams().RemoveMember(team->id, *user), "Team Member removed");
}

// Errors: kInvalidArgument  nobody has one of the addresses
Status ReadParts(Context& context, const json::Value& addresses, TeamPart part,
                 std::vector<dashstore::Teams::Part>& parts) {
  for (const json::Value& address : addresses.items()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto user,
                             context.store.users().FindByLogin(address.AsString()));
    if (!user) return Error(ErrorCode::kInvalidArgument, "a member's email address is unknown");
    parts.push_back({user->id, part});
  }
  return Ok();
}

http::Response SetMembers(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  std::vector<dashstore::Teams::Part> parts;
  Status read = ReadParts(context, (*body)["members"], TeamPart::kMember, parts);
  if (read.ok()) read = ReadParts(context, (*body)["admins"], TeamPart::kAdmin, parts);
  if (read.ok()) read = context.store.teams().ReplaceMembers(*team, parts);
  return ChangeAnswer(read, "Team memberships have been updated");
}

http::Response GetTeamPreferences(Context& context, const http::Request& request,
                                  const Caller& caller) {
  const auto team = FindByPath(context, request, caller);
  return team.ok() ? GetPreferences(context, TeamPreferencesKey(team->id))
                   : ErrorAnswer(team.error());
}

http::Response SetTeamPreferences(Context& context, const http::Request& request,
                                  const Caller& caller) {
  const auto team = FindByPath(context, request, caller);
  if (!team.ok()) return ErrorAnswer(team.error());
  return SetPreferences(context, request, TeamPreferencesKey(team->id),
                        PreferencesChange::kReplace);
}

}  // namespace

void AddTeamRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kPost, "/api/teams", Role::kAdmin, Create},
      {Method::kGet, "/api/teams/search", Role::kNone, Search},
      {Method::kGet, "/api/teams/:team", Role::kNone, Get},
      {Method::kPut, "/api/teams/:team", Role::kNone, Update},
      {Method::kDelete, "/api/teams/:team", Role::kNone, Remove},
      {Method::kGet, "/api/teams/:team/members", Role::kNone, ListMembers},
      {Method::kPost, "/api/teams/:team/members", Role::kNone, AddMember},
      {Method::kPut, "/api/teams/:team/members", Role::kNone, SetMembers},
      {Method::kPut, "/api/teams/:team/members/:user", Role::kNone, ChangeMember},
      {Method::kDelete, "/api/teams/:team/members/:user", Role::kNone, RemoveMember},
      {Method::kGet, "/api/teams/:team/preferences", Role::kNone, GetTeamPreferences},
      {Method::kPut, "/api/teams/:team/preferences", Role::kNone, SetTeamPreferences},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
