#include <string>

#include "answers.h"
#include "authenticator.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

// There are no alert rules of this service's own, so lists of them are empty; what would make one
// is refused instead of being kept without ever firing.
constexpr std::string_view kRefused =
    "Alert rules, contact points and policies of the dashboards service are not supported: write "
    "alerting rules into the Prometheus server's rule files and receivers into the Alertmanager's "
    "configuration";

http::Response EmptyList(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, "[]");
}
http::Response EmptyObject(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, "{}");
}
http::Response NoGroups(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, R"({"status":"success","data":{"groups":[]}})");
}
http::Response NoAlerts(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, R"({"status":"success","data":{"alerts":[]}})");
}
http::Response Refuse(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501, kRefused);
}
http::Response RefuseLdap(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501, "Sign-in through LDAP is not supported");
}

void RefuseChanges(http::Router& router, Context& context, std::string_view pattern) {
  using http::Method;
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    const GuardedRoute refused[] = {{method, pattern, Role::kEditor, Refuse}};
    AddGuardedRoutes(router, context, refused);
  }
}

}  // namespace

void AddAlertingRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute lists[] = {
      {Method::kGet, "/api/v1/provisioning/alert-rules", Role::kViewer, EmptyList},
      {Method::kGet, "/api/v1/provisioning/contact-points", Role::kViewer, EmptyList},
      {Method::kGet, "/api/v1/provisioning/mute-timings", Role::kViewer, EmptyList},
      {Method::kGet, "/api/v1/provisioning/templates", Role::kViewer, EmptyList},
      {Method::kGet, "/api/v1/sso-settings", Role::kNone, EmptyList, Guard::kServerAdmin},
      {Method::kGet, "/api/ruler/grafana/api/v1/rules", Role::kViewer, EmptyObject},
      {Method::kGet, "/api/prometheus/grafana/api/v1/rules", Role::kViewer, NoGroups},
      {Method::kGet, "/api/prometheus/grafana/api/v1/alerts", Role::kViewer, NoAlerts},
      {Method::kGet, "/api/alertmanager/grafana/api/v2/alerts", Role::kViewer, EmptyList},
      {Method::kGet, "/api/alertmanager/grafana/api/v2/silences", Role::kViewer, EmptyList},
  };
  AddGuardedRoutes(router, context, lists);
  // There is always a policy tree and a configuration in Grafana: neither an empty one nor "not
  // found" would be true.
  for (const std::string_view pattern :
       {"/api/v1/provisioning/policies", "/api/v1/provisioning/policies/export",
        "/api/alertmanager/grafana/api/v2/status", "/api/alertmanager/grafana/config/*",
        "/api/v1/ngalert"}) {
    RefuseChanges(router, context, pattern);
    const GuardedRoute refused[] = {{Method::kGet, pattern, Role::kViewer, Refuse}};
    AddGuardedRoutes(router, context, refused);
  }
  for (const std::string_view pattern :
       {"/api/v1/provisioning/alert-rules", "/api/v1/provisioning/contact-points",
        "/api/v1/provisioning/mute-timings", "/api/v1/provisioning/*", "/api/ruler/grafana/*",
        "/api/convert/*", "/api/alertmanager/grafana/*",
        "/api/alertmanager/grafana/api/v2/silences", "/api/v1/sso-settings/:key"}) {
    RefuseChanges(router, context, pattern);
  }
  for (const Method method : {Method::kGet, Method::kPost}) {
    const GuardedRoute ldap[] = {
        {method, "/api/admin/ldap/*", Role::kNone, RefuseLdap, Guard::kServerAdmin}};
    AddGuardedRoutes(router, context, ldap);
  }
}

}  // namespace narthex::dashapi
