#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "paging.h"
#include "people_answers.h"
#include "preferences.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using dashstore::User;

constexpr std::size_t kPasswordSizeMin = 4;
constexpr std::size_t kFieldSizeMax = 190;

// Errors: kNotFound "user not found", kInvalidArgument
Result<User> FindByPath(Context& context, const http::Request& request) {
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t id, PathNumber(request, "id"));
  NARTHEX_ASSIGN_OR_RETURN(auto user, context.store.users().Find(id));
  if (!user || user->is_service_account) return Error(ErrorCode::kNotFound, "user not found");
  return *std::move(user);
}

// As ErrorAnswer, with the status of "the last administrator must stay".
http::Response ChangeAnswer(const Status& changed, std::string_view done) {
  if (changed.ok()) return MessageAnswer(200, done);
  if (changed.code() == ErrorCode::kFailedPrecondition) {
    return MessageAnswer(400, changed.error().message());
  }
  return ErrorAnswer(changed.error());
}

Result<dashstore::NewUser> ReadNewUser(const json::Value& body, std::int64_t org_id) {
  dashstore::NewUser user;
  user.email = body["email"].AsString();
  user.login = body["login"].AsString(user.email);
  if (user.login.empty()) user.login = user.email;
  user.name = body["name"].AsString();
  user.password = body["password"].AsString();
  user.org_id = body["OrgId"].AsInt64().value_or(body["orgId"].AsInt64().value_or(org_id));
  if (user.login.empty()) {
    return Error(ErrorCode::kInvalidArgument,
                 "Validation error, need specify either username or email");
  }
  if (user.password.size() < kPasswordSizeMin) {
    return Error(ErrorCode::kInvalidArgument, "Password is missing or too short");
  }
  if (std::max({user.login.size(), user.email.size(), user.name.size()}) > kFieldSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "login, email and name may have 190 bytes");
  }
  return user;
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto user = ReadNewUser(*body, caller.org_id);
  if (!user.ok()) return ErrorAnswer(user.error());
  const auto org = context.store.users().FindOrg(user->org_id);
  if (!org.ok()) return ErrorAnswer(org.error());
  if (!*org) return MessageAnswer(400, "organization not found");
  const auto made = context.store.users().Create(*user);
  if (made.code() == ErrorCode::kAlreadyExists) {
    return MessageAnswer(412, fmt::format("User with email '{}' or username '{}' already exists",
                                          user->email, user->login));
  }
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(Object({{"id", json::Value(made->id)},
                            {"uid", Text(made->uid)},
                            {"message", Text("User created")}}));
}

http::Response Remove(Context& context, const http::Request& request, const Caller&) {
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  const auto memberships = context.store.users().Memberships(user->id);
  if (!memberships.ok()) return ErrorAnswer(memberships.error());
  std::vector<std::string> keys;
  for (const auto& membership : *memberships) {
    keys.push_back(UserPreferencesKey(membership.org.id, user->id));
  }
  Status removed = context.store.users().Remove(user->id);
  if (removed.ok()) removed = ForgetPreferences(context, keys);
  return ChangeAnswer(removed, "User deleted");
}

http::Response SetPassword(Context& context, const http::Request& request, const Caller&) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  const std::string_view password = (*body)["password"].AsString();
  if (password.size() < kPasswordSizeMin) return MessageAnswer(400, "New password too short");
  Status changed = context.store.users().SetPassword(user->id, password);
  // Whoever knew the old one is out.
  if (changed.ok()) changed = context.store.sessions().RevokeAllOf(user->id);
  return ChangeAnswer(changed, "User password updated");
}

http::Response SetPermissions(Context& context, const http::Request& request, const Caller&) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  const bool is_admin = (*body)["isGrafanaAdmin"].AsBool().value_or(false);
  return ChangeAnswer(context.store.users().SetServerAdmin(user->id, is_admin),
                      "User permissions updated");
}

http::Response SetDisabled(Context& context, const http::Request& request, bool is_disabled) {
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  return ChangeAnswer(context.store.users().SetDisabled(user->id, is_disabled),
                      is_disabled ? "User disabled" : "User enabled");
}
http::Response Disable(Context& context, const http::Request& request, const Caller&) {
  return SetDisabled(context, request, true);
}
http::Response Enable(Context& context, const http::Request& request, const Caller&) {
  return SetDisabled(context, request, false);
}

http::Response SignOutAll(Context& context, const http::Request& request, const Caller& caller) {
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  if (user->id == caller.user.id) return MessageAnswer(400, "You cannot logout yourself");
  return ChangeAnswer(context.store.sessions().RevokeAllOf(user->id), "User logged out");
}

http::Response ListSessions(Context& context, const http::Request& request, const Caller&) {
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  const auto sessions = context.store.sessions().ListOf(user->id);
  return sessions.ok() ? JsonAnswer(SessionList(*sessions)) : ErrorAnswer(sessions.error());
}

http::Response RevokeSession(Context& context, const http::Request& request, const Caller&) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  return ChangeAnswer(
      context.store.sessions().RevokeById(user->id, (*body)["authTokenId"].AsInt64().value_or(0)),
      "User auth token revoked");
}

Result<dashstore::UserPage> FindUsers(Context& context, const http::Request& request,
                                      Paging paging) {
  return context.store.users().Search({.text = std::string(request.query.Get("query")),
                                       .limit = paging.size,
                                       .offset = paging.offset()});
}

json::Value Entries(Context& context, const dashstore::UserPage& page) {
  json::Value list = json::Value::MakeArray();
  for (const User& user : page.users) list.Append(UserEntry(user, context.clock.Now()));
  return list;
}

http::Response List(Context& context, const http::Request& request, const Caller&) {
  const auto page = FindUsers(context, request, ReadPaging(request));
  return page.ok() ? JsonAnswer(Entries(context, *page)) : ErrorAnswer(page.error());
}

http::Response Search(Context& context, const http::Request& request, const Caller&) {
  const Paging paging = ReadPaging(request);
  const auto page = FindUsers(context, request, paging);
  if (!page.ok()) return ErrorAnswer(page.error());
  return JsonAnswer(Object({{"totalCount", json::Value(page->total_count)},
                            {"users", Entries(context, *page)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

http::Response Lookup(Context& context, const http::Request& request, const Caller&) {
  const auto user = context.store.users().FindByLogin(request.query.Get("loginOrEmail"));
  if (!user.ok()) return ErrorAnswer(user.error());
  return *user ? JsonAnswer(UserObject(**user)) : MessageAnswer(404, "user not found");
}

http::Response Get(Context& context, const http::Request& request, const Caller&) {
  const auto user = FindByPath(context, request);
  return user.ok() ? JsonAnswer(UserObject(*user)) : ErrorAnswer(user.error());
}

http::Response Update(Context& context, const http::Request& request, const Caller&) {
  const auto user = FindByPath(context, request);
  return user.ok() ? UpdateAccount(context, request, *user) : ErrorAnswer(user.error());
}

http::Response ListOrgs(Context& context, const http::Request& request, const Caller&) {
  const auto user = FindByPath(context, request);
  if (!user.ok()) return ErrorAnswer(user.error());
  const auto memberships = context.store.users().Memberships(user->id);
  return memberships.ok() ? JsonAnswer(MembershipList(*memberships))
                          : ErrorAnswer(memberships.error());
}

http::Response ListTeams(Context& context, const http::Request& request, const Caller& caller) {
  const auto user = FindByPath(context, request);
  return user.ok() ? TeamsOfUser(context, caller.org_id, user->id) : ErrorAnswer(user.error());
}

}  // namespace

http::Response UpdateAccount(Context& context, const http::Request& request, User user) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  for (const auto& [key, field] : {std::pair{"email", &user.email}, std::pair{"name", &user.name},
                                   std::pair{"login", &user.login}}) {
    if (const json::Value* value = body->Find(key); value != nullptr && value->is_string()) {
      if (value->AsString().size() > kFieldSizeMax) return MessageAnswer(400, "too long a field");
      *field = value->AsString();
    }
  }
  if (user.login.empty()) user.login = user.email;
  if (user.login.empty()) {
    return MessageAnswer(400, "Validation error, need to specify either username or email");
  }
  const Status updated = context.store.users().Update(user);
  if (updated.code() == ErrorCode::kAlreadyExists) {
    return MessageAnswer(409, "User with the same login or email already exists");
  }
  return ChangeAnswer(updated, "User updated");
}

http::Response TeamsOfUser(Context& context, std::int64_t org_id, std::int64_t user_id) {
  const auto teams = context.store.teams().Search({.org_id = org_id, .user_id = user_id});
  if (!teams.ok()) return ErrorAnswer(teams.error());
  json::Value list = json::Value::MakeArray();
  for (const dashstore::Team& team : *teams) list.Append(TeamObject(team));
  return JsonAnswer(list);
}

void AddAccountRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kPost, "/api/admin/users", Role::kNone, Create, Guard::kServerAdmin},
      {Method::kDelete, "/api/admin/users/:id", Role::kNone, Remove, Guard::kServerAdmin},
      {Method::kPut, "/api/admin/users/:id/password", Role::kNone, SetPassword,
       Guard::kServerAdmin},
      {Method::kPut, "/api/admin/users/:id/permissions", Role::kNone, SetPermissions,
       Guard::kServerAdmin},
      {Method::kPost, "/api/admin/users/:id/disable", Role::kNone, Disable, Guard::kServerAdmin},
      {Method::kPost, "/api/admin/users/:id/enable", Role::kNone, Enable, Guard::kServerAdmin},
      {Method::kPost, "/api/admin/users/:id/logout", Role::kNone, SignOutAll, Guard::kServerAdmin},
      {Method::kGet, "/api/admin/users/:id/auth-tokens", Role::kNone, ListSessions,
       Guard::kServerAdmin},
      {Method::kPost, "/api/admin/users/:id/revoke-auth-token", Role::kNone, RevokeSession,
       Guard::kServerAdmin},
      {Method::kGet, "/api/users", Role::kNone, List, Guard::kServerAdmin},
      {Method::kGet, "/api/users/search", Role::kNone, Search, Guard::kServerAdmin},
      {Method::kGet, "/api/users/lookup", Role::kNone, Lookup, Guard::kServerAdmin},
      {Method::kGet, "/api/users/:id", Role::kNone, Get, Guard::kServerAdmin},
      {Method::kPut, "/api/users/:id", Role::kNone, Update, Guard::kServerAdmin},
      {Method::kGet, "/api/users/:id/orgs", Role::kNone, ListOrgs, Guard::kServerAdmin},
      {Method::kGet, "/api/users/:id/teams", Role::kNone, ListTeams, Guard::kServerAdmin},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
