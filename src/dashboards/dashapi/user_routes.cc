#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "json/reader.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

constexpr std::string_view kPreferences = "preferences";

http::Response GetUser(const Caller& caller) {
  const dashstore::User& user = caller.user;
  return JsonAnswer(Object({{"id", json::Value(user.id)},
                            {"uid", Text(user.uid)},
                            {"email", Text(user.email)},
                            {"name", Text(user.name)},
                            {"login", Text(user.login)},
                            {"theme", Text("")},
                            {"orgId", json::Value(caller.org_id)},
                            {"orgRole", Text(dashstore::RoleName(caller.role))},
                            {"isGrafanaAdmin", json::Value(user.is_server_admin)},
                            {"isDisabled", json::Value(user.is_disabled)},
                            {"isExternal", json::Value(false)},
                            {"authLabels", json::Value::MakeArray()},
                            {"createdAt", Text(RfcTime(user.created))},
                            {"updatedAt", Text(RfcTime(user.updated))}}));
}

http::Response GetOrgs(Context& context, const Caller& caller) {
  const auto memberships = context.store.users().Memberships(caller.user.id);
  if (!memberships.ok()) return ErrorAnswer(memberships.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& membership : *memberships) {
    list.Append(Object({{"orgId", json::Value(membership.org.id)},
                        {"name", Text(membership.org.name)},
                        {"role", Text(dashstore::RoleName(membership.role))}}));
  }
  return JsonAnswer(list);
}

http::Response GetOrg(const Caller& caller) {
  return JsonAnswer(Object({{"id", json::Value(caller.org_id)},
                            {"name", Text(caller.org_name)},
                            {"address", Object({{"address1", Text("")},
                                                {"address2", Text("")},
                                                {"city", Text("")},
                                                {"zipCode", Text("")},
                                                {"state", Text("")},
                                                {"country", Text("")}})}}));
}

std::string UserKey(const Caller& caller) {
  return fmt::format("org/{}/user/{}", caller.org_id, caller.user.id);
}
std::string OrgKey(const Caller& caller) { return fmt::format("org/{}", caller.org_id); }

http::Response GetPreferences(Context& context, const std::string& key) {
  const auto stored = context.store.GetValue(kPreferences, key);
  if (!stored.ok()) return ErrorAnswer(stored.error());
  return http::Response::Json(200, stored->value_or("{}"));
}

Status CheckPreferences(const json::Value& preferences) {
  const std::string_view theme = preferences["theme"].AsString();
  if (!theme.empty() && theme != "light" && theme != "dark" && theme != "system") {
    return Error(ErrorCode::kInvalidArgument, "Invalid theme");
  }
  return Ok();
}

// `is_patch`: members that are not named keep their values.
http::Response SetPreferences(Context& context, const http::Request& request,
                              const std::string& key, bool is_patch) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  json::Value preferences = json::Value::MakeObject();
  if (is_patch) {
    const auto stored = context.store.GetValue(kPreferences, key);
    if (!stored.ok()) return ErrorAnswer(stored.error());
    if (auto parsed = json::Parse(stored->value_or("{}")); parsed.ok())
      preferences = *std::move(parsed);
  }
  // Only what has a meaning is kept, so that nobody fills the database through this door.
  for (const std::string_view name :
       {"theme", "timezone", "weekStart", "homeDashboardUID", "language"}) {
    if (const json::Value* value = body->Find(name);
        value != nullptr && value->AsString().size() <= 190) {
      preferences.Set(name, Text(value->AsString()));
    }
  }
  if (const Status status = CheckPreferences(preferences); !status.ok())
    return ErrorAnswer(status.error());
  const Status stored = context.store.SetValue(kPreferences, key, json::Print(preferences));
  if (!stored.ok()) return ErrorAnswer(stored.error());
  return MessageAnswer(200, "Preferences updated");
}

http::Response ChangePassword(Context& context, const http::Request& request,
                              const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto right =
      context.authenticator.SignIn(caller.user.login, (*body)["oldPassword"].AsString());
  if (right.code() == ErrorCode::kUnauthenticated)
    return MessageAnswer(401, "invalid old password");
  if (!right.ok()) return ErrorAnswer(right.error());
  const std::string_view password = (*body)["newPassword"].AsString();
  if (password.size() < 4) return MessageAnswer(400, "New password is too short");
  const Status changed = context.store.users().SetPassword(caller.user.id, password);
  if (!changed.ok()) return ErrorAnswer(changed.error());
  return MessageAnswer(200, "User password changed");
}

// A route for signed-in people only: an anonymous visitor has no account.
http::Handler RequireUser(Context& context, ApiHandler handler) {
  return RequireRole(
      context, Role::kNone,
      [handler = std::move(handler)](const http::Request& request, const Caller& caller) {
        if (caller.is_anonymous()) return MessageAnswer(401, "Unauthorized");
        return handler(request, caller);
      });
}

}  // namespace

void AddUserRoutes(http::Router& router, Context& context) {
  router.Get("/api/user", RequireUser(context, [](const http::Request&, const Caller& caller) {
               return GetUser(caller);
             }));
  router.Get("/api/user/orgs",
             RequireUser(context, [&context](const http::Request&, const Caller& caller) {
               return GetOrgs(context, caller);
             }));
  router.Handle(
      http::Method::kPut, "/api/user/password",
      RequireUser(context, [&context](const http::Request& request, const Caller& caller) {
        return ChangePassword(context, request, caller);
      }));
  router.Get("/api/org",
             RequireRole(context, Role::kViewer, [](const http::Request&, const Caller& caller) {
               return GetOrg(caller);
             }));

  router.Get("/api/user/preferences",
             RequireUser(context, [&context](const http::Request&, const Caller& caller) {
               return GetPreferences(context, UserKey(caller));
             }));
  router.Get(
      "/api/org/preferences",
      RequireRole(context, Role::kAdmin, [&context](const http::Request&, const Caller& caller) {
        return GetPreferences(context, OrgKey(caller));
      }));
  for (const http::Method method : {http::Method::kPut, http::Method::kPatch}) {
    const bool is_patch = method == http::Method::kPatch;
    router.Handle(method, "/api/user/preferences",
                  RequireUser(context, [&context, is_patch](const http::Request& request,
                                                            const Caller& caller) {
                    return SetPreferences(context, request, UserKey(caller), is_patch);
                  }));
    router.Handle(
        method, "/api/org/preferences",
        RequireRole(context, Role::kAdmin,
                    [&context, is_patch](const http::Request& request, const Caller& caller) {
                      return SetPreferences(context, request, OrgKey(caller), is_patch);
                    }));
  }
}

}  // namespace narthex::dashapi
