#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "preferences.h"
#include "routes.h"
#include "sub_path.h"

namespace narthex::dashapi {
namespace {

using dashstore::Datasource;
using dashstore::Role;

json::Value FrontendDatasource(const Datasource& datasource) {
  return Object({{"id", json::Value(datasource.id)},
                 {"uid", Text(datasource.uid)},
                 {"type", Text(datasource.type)},
                 {"name", Text(datasource.name)},
                 {"url", Text(fmt::format("/api/datasources/proxy/uid/{}", datasource.uid))},
                 {"access", Text("proxy")},
                 {"isDefault", json::Value(datasource.is_default)},
                 {"readOnly", json::Value(datasource.is_read_only)},
                 {"jsonData", datasource.json_data},
                 {"meta", Object({{"id", Text(datasource.type)},
                                  {"type", Text("datasource")},
                                  {"name", Text(datasource.type)},
                                  {"metrics", json::Value(datasource.type == "prometheus")}})}});
}

json::Value BuildInfo(const DashboardsOptions& options, const Caller& caller) {
  const bool is_hidden = options.anonymous.hides_version && caller.is_anonymous();
  return Object({{"version", Text(is_hidden ? "" : options.version)},
                 {"versionString",
                  Text(is_hidden ? "" : "Narthex, compatible with Grafana v" + options.version)},
                 {"commit", Text(is_hidden ? "" : options.commit)},
                 {"edition", Text("Open Source")},
                 {"env", Text(options.app_mode)},
                 {"hasUpdate", json::Value(false)},
                 {"hideVersion", json::Value(options.anonymous.hides_version)}});
}

// Not Grafana's, which writes this into its page: who the caller is, and what holds for them.
Result<json::Value> BootUser(Context& context, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const json::Value preferences, PreferencesOf(context, caller));
  return Object({{"isSignedIn", json::Value(!caller.is_anonymous())},
                 {"id", json::Value(caller.user.id)},
                 {"login", Text(caller.user.login)},
                 {"name", Text(caller.user.name)},
                 {"email", Text(caller.user.email)},
                 {"isGrafanaAdmin", json::Value(caller.user.is_server_admin)},
                 {"orgId", json::Value(caller.org_id)},
                 {"orgName", Text(caller.org_name)},
                 {"orgRole", Text(dashstore::RoleName(caller.role))},
                 {"theme", Text(preferences["theme"].AsString())},
                 {"timezone", Text(preferences["timezone"].AsString())},
                 {"weekStart", Text(preferences["weekStart"].AsString())},
                 {"homeDashboardUID", Text(preferences["homeDashboardUID"].AsString())}});
}

http::Response FrontendSettings(Context& context, const Caller& caller) {
  // Who may see nothing is still told who they are.
  Result<std::vector<Datasource>> stored = std::vector<Datasource>();
  if (caller.role != Role::kNone) stored = context.store.datasources().List(caller.org_id);
  if (!stored.ok()) return ErrorAnswer(stored.error());
  Result<json::Value> boot_user = BootUser(context, caller);
  if (!boot_user.ok()) return ErrorAnswer(boot_user.error());
  json::Value datasources = json::Value::MakeObject();
  std::string default_name;
  for (const Datasource& datasource : *stored) {
    datasources.Set(datasource.name, FrontendDatasource(datasource));
    if (datasource.is_default) default_name = datasource.name;
  }
  const DashboardsOptions& options = context.options;
  return JsonAnswer(Object({{"datasources", std::move(datasources)},
                            {"defaultDatasource", Text(default_name)},
                            {"buildInfo", BuildInfo(options, caller)},
                            {"bootUser", *std::move(boot_user)},
                            {"minRefreshInterval", Text(options.min_refresh_interval)},
                            {"defaultTheme", Text(options.default_theme)},
                            {"appUrl", Text(options.root_url)},
                            {"appSubUrl", Text(SubPath(options))},
                            {"allowOrgCreate", json::Value(false)},
                            {"authProxyEnabled", json::Value(options.auth_proxy.is_enabled)},
                            {"jwtHeaderName", Text(options.jwt.header_name)},
                            {"jwtUrlLogin", json::Value(options.jwt.takes_url_token)},
                            {"ldapEnabled", json::Value(false)},
                            {"disableLoginForm", json::Value(false)},
                            {"anonymousEnabled", json::Value(options.anonymous.is_enabled)},
                            {"autoAssignOrg", json::Value(true)},
                            {"exploreEnabled", json::Value(true)},
                            {"liveEnabled", json::Value(options.live_connection_count_max > 0)},
                            {"alertingEnabled", json::Value(false)},
                            {"unifiedAlertingEnabled", json::Value(false)},
                            {"featureToggles", json::Value::MakeObject()},
                            {"panels", json::Value::MakeObject()}}));
}

}  // namespace

void AddSettingsRoutes(http::Router& router, Context& context) {
  router.Get(
      "/api/frontend/settings",
      RequireRole(context, Role::kNone, [&context](const http::Request&, const Caller& caller) {
        return FrontendSettings(context, caller);
      }));
}

}  // namespace narthex::dashapi
