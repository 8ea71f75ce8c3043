#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

using AlertingTest = ServiceTest;

// Lists that clients read beside dashboards are empty, single things are not found, everything else
// is said not to be there.
TEST_F(AlertingTest, NoRuleIsPretended) {
  Start();
  const Step steps[] = {
      {"GET", "/api/v1/provisioning/alert-rules", "", 200, "[]"},
      {"POST", "/api/v1/provisioning/alert-rules", R"({"title":"r"})", 501, "rule files"},
      {"GET", "/api/v1/provisioning/alert-rules/u", "", 404, "Not found"},
      {"PUT", "/api/v1/provisioning/alert-rules/u", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/alert-rules/u", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/alert-rules/export", "", 404, "Not found"},
      {"GET", "/api/v1/provisioning/contact-points", "", 200, "[]"},
      {"POST", "/api/v1/provisioning/contact-points", "{}", 501, "not supported"},
      {"PUT", "/api/v1/provisioning/contact-points/u", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/contact-points/u", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/folder/f/rule-groups/g", "", 404, "Not found"},
      {"PUT", "/api/v1/provisioning/folder/f/rule-groups/g", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/folder/f/rule-groups/g", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/mute-timings", "", 200, "[]"},
      {"POST", "/api/v1/provisioning/mute-timings", "{}", 501, "not supported"},
      {"GET", "/api/v1/provisioning/mute-timings/m", "", 404, "Not found"},
      {"PUT", "/api/v1/provisioning/mute-timings/m", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/mute-timings/m", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/policies", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/policies/export", "", 501, "not supported"},
      {"PUT", "/api/v1/provisioning/policies", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/policies", "", 501, "not supported"},
      {"GET", "/api/v1/provisioning/templates", "", 200, "[]"},
      {"GET", "/api/v1/provisioning/templates/t", "", 404, "Not found"},
      {"PUT", "/api/v1/provisioning/templates/t", "{}", 501, "not supported"},
      {"DELETE", "/api/v1/provisioning/templates/t", "", 501, "not supported"},
      {"GET", "/api/ruler/grafana/api/v1/rules", "", 501, "rule files"},
      {"GET", "/api/ruler/grafana/api/v1/rules/f/g", "", 404, "Not found"},
      {"POST", "/api/ruler/grafana/api/v1/rules/f", "{}", 501, "not supported"},
      {"POST", "/api/convert/prometheus/config/v1/rules", "{}", 501, "not supported"},
      {"GET", "/api/prometheus/grafana/api/v1/rules", "", 200, R"("groups":[])"},
      {"GET", "/api/prometheus/grafana/api/v1/alerts", "", 501, "not supported"},
      {"GET", "/api/alertmanager/grafana/api/v2/alerts", "", 501, "not supported"},
      {"GET", "/api/alertmanager/grafana/api/v2/silences", "", 501, "not supported"},
      {"GET", "/api/alertmanager/grafana/api/v2/status", "", 501, "not supported"},
      {"GET", "/api/alertmanager/grafana/config/api/v1/alerts", "", 501, "not supported"},
      {"POST", "/api/alertmanager/grafana/api/v2/silences", "{}", 501, "not supported"},
      {"GET", "/api/v1/sso-settings", "", 501, "configuration file"},
      {"GET", "/api/v1/sso-settings/generic_oauth", "", 501, "configuration file"},
      {"PUT", "/api/v1/sso-settings/generic_oauth", "{}", 501, "configuration file"},
      {"DELETE", "/api/v1/sso-settings/generic_oauth", "", 501, "configuration file"},
      {"GET", "/api/admin/ldap-sync-status", "", 501, "LDAP is not supported"},
      {"GET", "/api/admin/ldap/status", "", 501, "LDAP is not supported"},
      {"POST", "/api/admin/ldap/reload", "", 501, "LDAP is not supported"},
  };
  Run(steps);
}

}  // namespace
}  // namespace narthex::dashapi
