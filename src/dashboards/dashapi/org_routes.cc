#include <algorithm>

#include "answers.h"
#include "authenticator.h"
#include "paging.h"
#include "people_answers.h"
#include "preferences.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Org;
using dashstore::Role;

// The organisation of the path, or the caller's where the path has none.
// Errors: kNotFound "Organization not found", kInvalidArgument
Result<Org> OrgOf(Context& context, const http::Request& request, const Caller& caller) {
  std::int64_t id = caller.org_id;
  if (!request.path_parameter("org").empty()) {
    NARTHEX_ASSIGN_OR_RETURN(id, PathNumber(request, "org"));
  }
  NARTHEX_ASSIGN_OR_RETURN(auto org, context.store.users().FindOrg(id));
  if (!org) return Error(ErrorCode::kNotFound, "Organization not found");
  return *std::move(org);
}

http::Response ChangeAnswer(const Status& changed, std::string_view done) {
  if (changed.ok()) return MessageAnswer(200, done);
  if (changed.code() == ErrorCode::kFailedPrecondition) {
    return MessageAnswer(400, changed.error().message());
  }
  return ErrorAnswer(changed.error());
}

http::Response List(Context& context, const http::Request& request, const Caller&) {
  const Paging paging = ReadPaging(request);
  const auto orgs =
      context.store.orgs().List(request.query.Get("query"), paging.size, paging.offset());
  if (!orgs.ok()) return ErrorAnswer(orgs.error());
  const std::string_view name = request.query.Get("name");
  json::Value list = json::Value::MakeArray();
  for (const Org& org : *orgs) {
    if (!name.empty() && org.name != name) continue;
    list.Append(Object({{"id", json::Value(org.id)}, {"name", Text(org.name)}}));
  }
  return JsonAnswer(list);
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  // A service account belongs to one organisation and cannot administer another.
  const std::int64_t creator = caller.user.is_service_account ? 0 : caller.user.id;
  const auto made = context.store.orgs().Create((*body)["name"].AsString(), creator);
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(
      Object({{"orgId", json::Value(made->id)}, {"message", Text("Organization created")}}));
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto org = OrgOf(context, request, caller);
  return org.ok() ? JsonAnswer(OrgObject(*org)) : ErrorAnswer(org.error());
}

http::Response GetByName(Context& context, const http::Request& request, const Caller&) {
  const auto org = context.store.users().FindOrgByName(request.path_parameter("name"));
  if (!org.ok()) return ErrorAnswer(org.error());
  return *org ? JsonAnswer(OrgObject(**org)) : MessageAnswer(404, "Organization not found");
}

http::Response Rename(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Org> org = OrgOf(context, request, caller);
  if (!org.ok()) return ErrorAnswer(org.error());
  org->name = (*body)["name"].AsString();
  const Status renamed = context.store.orgs().Rename(*org);
  if (renamed.code() == ErrorCode::kAlreadyExists) {
    return MessageAnswer(400, renamed.error().message());
  }
  return ChangeAnswer(renamed, "Organization updated");
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto org = OrgOf(context, request, caller);
  if (!org.ok()) return ErrorAnswer(org.error());
  if (org->id == caller.org_id) {
    return MessageAnswer(400, "Can not delete org for current user");
  }
  const auto members = context.store.orgs().Members(org->id);
  if (!members.ok()) return ErrorAnswer(members.error());
  std::vector<std::string> keys = {OrgPreferencesKey(org->id)};
  for (const dashstore::Member& member : *members) {
    keys.push_back(UserPreferencesKey(org->id, member.user.id));
  }
  Status removed = context.store.orgs().Remove(org->id);
  if (removed.ok()) removed = ForgetPreferences(context, keys);
  return ChangeAnswer(removed, "Organization deleted");
}

// The members that the query asks for.
Result<std::vector<dashstore::Member>> Members(Context& context, const http::Request& request,
                                               const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const Org org, OrgOf(context, request, caller));
  NARTHEX_ASSIGN_OR_RETURN(auto members, context.store.orgs().Members(org.id));
  const std::string_view text = request.query.Get("query");
  std::erase_if(members, [text](const dashstore::Member& member) {
    return !ContainsFold(member.user.login, text) && !ContainsFold(member.user.email, text) &&
           !ContainsFold(member.user.name, text);
  });
  return members;
}

json::Value MemberList(Context& context, const std::vector<dashstore::Member>& members,
                       std::int64_t org_id) {
  json::Value list = json::Value::MakeArray();
  for (const auto& member : members) {
    list.Append(MemberEntry(member, org_id, context.clock.Now()));
  }
  return list;
}

http::Response ListMembers(Context& context, const http::Request& request, const Caller& caller) {
  const auto org = OrgOf(context, request, caller);
  if (!org.ok()) return ErrorAnswer(org.error());
  const auto members = Members(context, request, caller);
  return members.ok() ? JsonAnswer(MemberList(context, *members, org->id))
                      : ErrorAnswer(members.error());
}

http::Response SearchMembers(Context& context, const http::Request& request, const Caller& caller) {
  const auto org = OrgOf(context, request, caller);
  if (!org.ok()) return ErrorAnswer(org.error());
  auto members = Members(context, request, caller);
  if (!members.ok()) return ErrorAnswer(members.error());
  const Paging paging = ReadPaging(request);
  const auto total = static_cast<std::int64_t>(members->size());
  const auto page = PageOf(*std::move(members), paging);
  return JsonAnswer(Object({{"totalCount", json::Value(total)},
                            {"orgUsers", MemberList(context, page, org->id)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

// What pickers of users need.
http::Response LookupMembers(Context& context, const http::Request& request, const Caller& caller) {
  const auto members = Members(context, request, caller);
  if (!members.ok()) return ErrorAnswer(members.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& member : *members) {
    list.Append(Object({{"userId", json::Value(member.user.id)},
                        {"uid", Text(member.user.uid)},
                        {"login", Text(member.user.login)},
                        {"avatarUrl", Text(AvatarUrl(member.user.uid))}}));
  }
  return JsonAnswer(list);
}

Result<Role> ReadRole(const json::Value& body, const Caller& caller) {
  const auto role = dashstore::ParseRole(body["role"].AsString());
  if (!role) return Error(ErrorCode::kInvalidArgument, "Invalid role specified");
  if (*role > caller.role && !caller.user.is_server_admin) {
    return Error(ErrorCode::kPermissionDenied, "Cannot assign a role higher than user's role");
  }
  return *role;
}

// What a request says of somebody's place in an organisation.
struct Placement {
  json::Value body;
  Role role = Role::kNone;
  dashstore::Org org;
};

Result<Placement> ReadPlacement(Context& context, const http::Request& request,
                                const Caller& caller) {
  Placement placement;
  NARTHEX_ASSIGN_OR_RETURN(placement.body, JsonBody(request));
  NARTHEX_ASSIGN_OR_RETURN(placement.role, ReadRole(placement.body, caller));
  NARTHEX_ASSIGN_OR_RETURN(placement.org, OrgOf(context, request, caller));
  return placement;
}

http::Response AddMember(Context& context, const http::Request& request, const Caller& caller) {
  const auto placement = ReadPlacement(context, request, caller);
  if (!placement.ok()) return ErrorAnswer(placement.error());
  const auto user = context.store.users().FindByLogin(placement->body["loginOrEmail"].AsString());
  if (!user.ok()) return ErrorAnswer(user.error());
  if (!*user) return MessageAnswer(404, "User not found");
  const Status added =
      context.store.orgs().AddMember(placement->org.id, (*user)->id, placement->role);
  if (!added.ok()) return ErrorAnswer(added.error());
  return JsonAnswer(Object(
      {{"message", Text("User added to organization")}, {"userId", json::Value((*user)->id)}}));
}

http::Response ChangeMember(Context& context, const http::Request& request, const Caller& caller) {
  const auto placement = ReadPlacement(context, request, caller);
  if (!placement.ok()) return ErrorAnswer(placement.error());
  const auto user = PathNumber(request, "user");
  if (!user.ok()) return ErrorAnswer(user.error());
  return ChangeAnswer(context.store.orgs().SetRole(placement->org.id, *user, placement->role),
                      "Organization user updated");
}

http::Response RemoveMember(Context& context, const http::Request& request, const Caller& caller) {
  const auto org = OrgOf(context, request, caller);
  if (!org.ok()) return ErrorAnswer(org.error());
  const auto user = PathNumber(request, "user");
  if (!user.ok()) return ErrorAnswer(user.error());
  return ChangeAnswer(context.store.orgs().RemoveMember(org->id, *user),
                      "User removed from organization");
}

}  // namespace

void AddOrgRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/org", Role::kViewer, Get},
      {Method::kPut, "/api/org", Role::kAdmin, Rename},
      {Method::kGet, "/api/org/users", Role::kAdmin, ListMembers},
      {Method::kGet, "/api/org/users/search", Role::kAdmin, SearchMembers},
      {Method::kGet, "/api/org/users/lookup", Role::kEditor, LookupMembers},
      {Method::kPost, "/api/org/users", Role::kAdmin, AddMember},
      {Method::kPatch, "/api/org/users/:user", Role::kAdmin, ChangeMember},
      {Method::kDelete, "/api/org/users/:user", Role::kAdmin, RemoveMember},
      {Method::kGet, "/api/orgs", Role::kNone, List, Guard::kServerAdmin},
      {Method::kPost, "/api/orgs", Role::kNone, Create, Guard::kServerAdmin},
      {Method::kGet, "/api/orgs/name/:name", Role::kNone, GetByName, Guard::kServerAdmin},
      {Method::kGet, "/api/orgs/:org", Role::kNone, Get, Guard::kServerAdmin},
      {Method::kPut, "/api/orgs/:org", Role::kNone, Rename, Guard::kServerAdmin},
      {Method::kDelete, "/api/orgs/:org", Role::kNone, Remove, Guard::kServerAdmin},
      {Method::kGet, "/api/orgs/:org/users", Role::kNone, ListMembers, Guard::kServerAdmin},
      {Method::kGet, "/api/orgs/:org/users/search", Role::kNone, SearchMembers,
       Guard::kServerAdmin},
      {Method::kPost, "/api/orgs/:org/users", Role::kNone, AddMember, Guard::kServerAdmin},
      {Method::kPatch, "/api/orgs/:org/users/:user", Role::kNone, ChangeMember,
       Guard::kServerAdmin},
      {Method::kDelete, "/api/orgs/:org/users/:user", Role::kNone, RemoveMember,
       Guard::kServerAdmin},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
