#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
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
                 {"env", Text("production")},
                 {"hasUpdate", json::Value(false)},
                 {"hideVersion", json::Value(options.anonymous.hides_version)}});
}

http::Response FrontendSettings(Context& context, const Caller& caller) {
  const auto stored = context.store.datasources().List(caller.org_id);
  if (!stored.ok()) return ErrorAnswer(stored.error());
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
                            {"minRefreshInterval", Text(options.min_refresh_interval)},
                            {"defaultTheme", Text(options.default_theme)},
                            {"appUrl", Text(options.root_url)},
                            {"appSubUrl", Text(SubPath(options))},
                            {"allowOrgCreate", json::Value(false)},
                            {"authProxyEnabled", json::Value(options.auth_proxy.is_enabled)},
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
      RequireRole(context, Role::kViewer, [&context](const http::Request&, const Caller& caller) {
        return FrontendSettings(context, caller);
      }));
}

}  // namespace narthex::dashapi
