#include "setting_table.h"

namespace narthex::dashapi {
namespace {

struct Default {
  std::string_view section;
  std::string_view key;
  std::string_view value;
};

// What the options begin with, as one would write it; settings that begin empty are left out.
constexpr Default kDefaults[] = {
    {"", "app_mode", "production"},
    {"server", "protocol", "http"},
    {"server", "http_port", "3000"},
    {"server", "domain", "localhost"},
    {"server", "serve_from_sub_path", "false"},
    {"paths", "data", "data"},
    {"paths", "provisioning", "conf/provisioning"},
    {"security", "admin_user", "admin"},
    {"security", "admin_password", "admin"},
    {"security", "admin_email", "admin@localhost"},
    {"security", "disable_initial_admin_creation", "false"},
    {"security", "cookie_secure", "false"},
    {"security", "cookie_samesite", "lax"},
    {"security", "allow_embedding", "false"},
    {"security", "disable_brute_force_login_protection", "false"},
    {"security", "brute_force_login_protection_max_attempts", "5"},
    {"security", "disable_ip_address_login_protection", "true"},
    {"security", "x_content_type_options", "true"},
    {"security", "x_xss_protection", "true"},
    {"security", "content_security_policy", "false"},
    {"security", "strict_transport_security", "false"},
    {"security", "strict_transport_security_max_age_seconds", "86400"},
    {"users", "default_theme", "dark"},
    {"users", "auto_assign_org_role", "Viewer"},
    {"auth", "login_maximum_inactive_lifetime_duration", "7d"},
    {"auth", "login_maximum_lifetime_duration", "30d"},
    {"auth", "token_rotation_interval_minutes", "10"},
    {"auth", "oauth_auto_login", "false"},
    {"auth.basic", "enabled", "true"},
    {"auth.anonymous", "enabled", "false"},
    {"auth.anonymous", "org_name", "Main Org."},
    {"auth.anonymous", "org_role", "Viewer"},
    {"auth.anonymous", "hide_version", "false"},
    {"auth.proxy", "enabled", "false"},
    {"auth.proxy", "header_name", "X-WEBAUTH-USER"},
    {"auth.proxy", "header_property", "username"},
    {"auth.proxy", "auto_sign_up", "true"},
    {"auth.jwt", "enabled", "false"},
    {"auth.jwt", "url_login", "false"},
    {"auth.jwt", "expect_claims", "{}"},
    {"auth.jwt", "cache_ttl", "60m"},
    {"auth.jwt", "tls_skip_verify_insecure", "false"},
    {"auth.jwt", "auto_sign_up", "false"},
    {"auth.jwt", "skip_org_role_sync", "false"},
    {"auth.jwt", "role_attribute_strict", "false"},
    {"auth.jwt", "allow_assign_grafana_admin", "false"},
    {"auth.generic_oauth", "enabled", "false"},
    {"auth.generic_oauth", "scopes", "openid profile email"},
    {"auth.generic_oauth", "use_pkce", "true"},
    {"auth.generic_oauth", "allow_sign_up", "true"},
    {"dashboards", "versions_to_keep", "20"},
    {"dashboards", "min_refresh_interval", "5s"},
    {"dataproxy", "timeout", "30"},
    {"dataproxy", "dialTimeout", "10"},
    {"dataproxy", "max_idle_connections", "100"},
    {"dataproxy", "response_limit", "67108864"},
    {"dataproxy", "user_agent", "Narthex dashboards"},
    {"dataproxy", "send_user_header", "false"},
    {"live", "max_connections", "100"},
    {"metrics", "enabled", "true"},
    {"log", "level", "info"},
    {"log.console", "format", "text"},
};

}  // namespace

std::string_view DefaultOf(std::string_view section, std::string_view key) {
  for (const Default& one : kDefaults) {
    if (one.section == section && one.key == key) return one.value;
  }
  return {};
}

}  // namespace narthex::dashapi
