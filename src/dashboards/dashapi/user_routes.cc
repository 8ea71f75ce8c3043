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

http::Response GetUser(Context&, const http::Request&, const Caller& caller) {
  json::Value user = UserObject(caller.user);
  user.Set("orgId", json::Value(caller.org_id));
  user.Set("orgRole", Text(dashstore::RoleName(caller.role)));
  return JsonAnswer(user);
}

http::Response ChangeUser(Context& context, const http::Request& request, const Caller& caller) {
  if (caller.user.is_service_account) return MessageAnswer(403, "Only users can change themselves");
  return UpdateAccount(context, request, caller.user);
}

http::Response GetOrgs(Context& context, const http::Request&, const Caller& caller) {
  const auto memberships = context.store.users().Memberships(caller.user.id);
  return memberships.ok() ? JsonAnswer(MembershipList(*memberships))
                          : ErrorAnswer(memberships.error());
}

http::Response GetTeams(Context& context, const http::Request&, const Caller& caller) {
  return TeamsOfUser(context, caller.org_id, caller.user.id);
}

http::Response ChooseOrg(Context& context, const http::Request& request, std::int64_t user_id) {
  const auto org = PathNumber(request, "org");
  if (!org.ok()) return ErrorAnswer(org.error());
  const Status chosen = context.store.users().ChooseOrg(user_id, *org);
  if (chosen.code() == ErrorCode::kNotFound) return MessageAnswer(401, "Not a valid organization");
  return chosen.ok() ? MessageAnswer(200, "Active organization changed")
                     : ErrorAnswer(chosen.error());
}

http::Response UseOrg(Context& context, const http::Request& request, const Caller& caller) {
  return ChooseOrg(context, request, caller.user.id);
}

http::Response UseOrgFor(Context& context, const http::Request& request, const Caller&) {
  const auto id = PathNumber(request, "id");
  return id.ok() ? ChooseOrg(context, request, *id) : ErrorAnswer(id.error());
}

http::Response ListSessions(Context& context, const http::Request&, const Caller& caller) {
  const auto sessions = context.store.sessions().ListOf(caller.user.id);
  if (!sessions.ok()) return ErrorAnswer(sessions.error());
  json::Value list = SessionList(*sessions);
  json::Value::Array* entries = list.mutable_items();
  for (json::Value& session : *entries) {
    session.Set("isActive", json::Value(session["id"].AsInt64() == caller.session_id));
  }
  return JsonAnswer(list);
}

http::Response RevokeSession(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const std::int64_t id = (*body)["authTokenId"].AsInt64().value_or(0);
  if (id == caller.session_id && id != 0) {
    return MessageAnswer(400, "Cannot revoke active user auth token");
  }
  const Status revoked = context.store.sessions().RevokeById(caller.user.id, id);
  return revoked.ok() ? MessageAnswer(200, "User auth token revoked")
                      : ErrorAnswer(revoked.error());
}

http::Response ChangePassword(Context& context, const http::Request& request,
                              const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto right = context.authenticator.SignIn(
      caller.user.login, (*body)["oldPassword"].AsString(), request.remote_address);
  if (right.code() == ErrorCode::kUnauthenticated)
    return MessageAnswer(401, "invalid old password");
  if (!right.ok()) return ErrorAnswer(right.error());
  const std::string_view password = (*body)["newPassword"].AsString();
  if (password.size() < 4) return MessageAnswer(400, "New password is too short");
  const Status changed = context.store.users().SetPassword(caller.user.id, password);
  if (!changed.ok()) return ErrorAnswer(changed.error());
  return MessageAnswer(200, "User password changed");
}

http::Response GetOwn(Context& context, const http::Request&, const Caller& caller) {
  return GetPreferences(context, UserPreferencesKey(caller));
}
http::Response SetOwn(Context& context, const http::Request& request, const Caller& caller) {
  return SetPreferences(context, request, UserPreferencesKey(caller), PreferencesChange::kReplace);
}
http::Response PatchOwn(Context& context, const http::Request& request, const Caller& caller) {
  return SetPreferences(context, request, UserPreferencesKey(caller), PreferencesChange::kPatch);
}
http::Response GetOrgPreferences(Context& context, const http::Request&, const Caller& caller) {
  return GetPreferences(context, OrgPreferencesKey(caller.org_id));
}
http::Response SetOrgPreferences(Context& context, const http::Request& request,
                                 const Caller& caller) {
  return SetPreferences(context, request, OrgPreferencesKey(caller.org_id),
                        PreferencesChange::kReplace);
}
http::Response PatchOrgPreferences(Context& context, const http::Request& request,
                                   const Caller& caller) {
  return SetPreferences(context, request, OrgPreferencesKey(caller.org_id),
                        PreferencesChange::kPatch);
}

}  // namespace

void AddUserRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/user", Role::kNone, GetUser, Guard::kUser},
      {Method::kPut, "/api/user", Role::kNone, ChangeUser, Guard::kUser},
      {Method::kGet, "/api/user/orgs", Role::kNone, GetOrgs, Guard::kUser},
      {Method::kGet, "/api/user/teams", Role::kNone, GetTeams, Guard::kUser},
      {Method::kPost, "/api/user/using/:org", Role::kNone, UseOrg, Guard::kUser},
      {Method::kPost, "/api/users/:id/using/:org", Role::kNone, UseOrgFor, Guard::kServerAdmin},
      {Method::kGet, "/api/user/auth-tokens", Role::kNone, ListSessions, Guard::kUser},
      {Method::kPost, "/api/user/revoke-auth-token", Role::kNone, RevokeSession, Guard::kUser},
      {Method::kPut, "/api/user/password", Role::kNone, ChangePassword, Guard::kUser},
      {Method::kGet, "/api/user/preferences", Role::kNone, GetOwn, Guard::kUser},
      {Method::kPut, "/api/user/preferences", Role::kNone, SetOwn, Guard::kUser},
      {Method::kPatch, "/api/user/preferences", Role::kNone, PatchOwn, Guard::kUser},
      {Method::kGet, "/api/org/preferences", Role::kAdmin, GetOrgPreferences},
      {Method::kPut, "/api/org/preferences", Role::kAdmin, SetOrgPreferences},
      {Method::kPatch, "/api/org/preferences", Role::kAdmin, PatchOrgPreferences},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
