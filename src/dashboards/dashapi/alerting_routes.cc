#include <string>

#include "answers.h"
#include "authenticator.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

// There are no alert rules of this service's own, and what would make one is refused instead of
// being kept without ever firing. Of questions, those are answered with an empty list, which is
// true, that clients put while they work with what is there: gdg, grizzly and Terraform's export
// look for rules, contact points, mute timings and templates beside dashboards, and a dashboard's
// page asks for the states of its rules. Whoever asks for anything else means to work with it.
constexpr std::string_view kRefused =
    "Alert rules, contact points and policies of the dashboards service are not supported: write "
    "alerting rules into the Prometheus server's rule files and receivers into the Alertmanager's "
    "configuration";

http::Response EmptyList(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, "[]");
}
http::Response NoGroups(Context&, const http::Request&, const Caller&) {
  return http::Response::Json(200, R"({"status":"success","data":{"groups":[]}})");
}
http::Response Refuse(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501, kRefused);
}
http::Response RefuseSso(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501,
                       "Services for sign-in are set up in the configuration file "
                       "([auth.generic_oauth]), not over the API");
}
http::Response RefuseLdap(Context&, const http::Request&, const Caller&) {
  return MessageAnswer(501, "Sign-in through LDAP is not supported");
}

using Answer = decltype(GuardedRoute::answer);

void RefuseChanges(http::Router& router, Context& context, std::string_view pattern) {
  using http::Method;
  for (const Method method : {Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    const GuardedRoute refused[] = {{method, pattern, Role::kEditor, Refuse}};
    AddGuardedRoutes(router, context, refused);
  }
}

// What the administrator of the server has in Grafana.
void RefuseToAdministrator(http::Router& router, Context& context, std::string_view pattern,
                           Answer answer) {
  using http::Method;
  for (const Method method :
       {Method::kGet, Method::kPost, Method::kPut, Method::kPatch, Method::kDelete}) {
    const GuardedRoute refused[] = {{method, pattern, Role::kNone, answer, Guard::kServerAdmin}};
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
      {Method::kGet, "/api/prometheus/grafana/api/v1/rules", Role::kViewer, NoGroups},
  };
  AddGuardedRoutes(router, context, lists);
  // There is always a policy tree and a configuration in Grafana: neither an empty one nor "not
  // found" would be true.
  for (const std::string_view pattern :
       {"/api/v1/provisioning/policies", "/api/v1/provisioning/policies/export",
        "/api/ruler/grafana/api/v1/rules", "/api/prometheus/grafana/api/v1/alerts",
        "/api/alertmanager/grafana/api/v2/alerts", "/api/alertmanager/grafana/api/v2/silences",
        "/api/alertmanager/grafana/api/v2/status", "/api/alertmanager/grafana/config/*",
        "/api/v1/ngalert"}) {
    RefuseChanges(router, context, pattern);
    const GuardedRoute refused[] = {{Method::kGet, pattern, Role::kViewer, Refuse}};
    AddGuardedRoutes(router, context, refused);
  }
  for (const std::string_view pattern :
       {"/api/v1/provisioning/alert-rules", "/api/v1/provisioning/contact-points",
        "/api/v1/provisioning/mute-timings", "/api/v1/provisioning/*", "/api/ruler/grafana/*",
        "/api/convert/*", "/api/alertmanager/grafana/*"}) {
    RefuseChanges(router, context, pattern);
  }
  for (const std::string_view pattern : {"/api/v1/sso-settings", "/api/v1/sso-settings/:key"}) {
    RefuseToAdministrator(router, context, pattern, RefuseSso);
  }
  for (const std::string_view pattern : {"/api/admin/ldap/*", "/api/admin/ldap-sync-status"}) {
    RefuseToAdministrator(router, context, pattern, RefuseLdap);
  }
}

}  // namespace narthex::dashapi
