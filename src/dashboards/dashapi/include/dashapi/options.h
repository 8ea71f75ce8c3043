// How the dashboards service is set up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "dashapi/jwt_options.h"
#include "dashstore/store.h"
#include "http/asset.h"

namespace narthex::dashapi {

struct AnonymousOptions {
  bool is_enabled = false;
  std::string org_name = "Main Org.";
  dashstore::Role role = dashstore::Role::kViewer;
  bool hides_version = false;
};

struct CookieOptions {
  bool is_secure = false;
  std::string same_site = "Lax";  // empty: the attribute is left out
};

struct AuthProxyOptions {
  bool is_enabled = false;
  std::string header_name = "X-WEBAUTH-USER";
  bool is_by_email = false;  // else the header holds a login
  bool signs_up = true;
  dashstore::Role role = dashstore::Role::kViewer;  // of those who sign up
  std::vector<std::string> trusted_addresses;       // empty: any
  // "Name", "Email", "Role" -> header.
  std::map<std::string, std::string, std::less<>> property_headers;
};

// Sign-in by another service (OAuth 2, OpenID Connect).
struct OAuthOptions {
  bool is_enabled = false;
  bool is_automatic = false;  // the sign-in page leads there at once
  std::string client_id;
  std::string client_secret;
  std::string scopes = "openid profile email";
  std::string auth_url;   // where the browser is sent
  std::string token_url;  // where the code is changed for a token
  std::string api_url;    // what tells who the token is
  bool uses_pkce = true;
  bool signs_up = true;
  std::string role_attribute_path;                  // JMESPath, of what api_url answers
  dashstore::Role role = dashstore::Role::kViewer;  // of those who sign up without one
};

struct SecurityHeaderOptions {
  bool has_content_type_options = true;
  bool has_xss_protection = true;
  bool has_content_security_policy = false;
  std::string content_security_policy;  // a template with $NONCE and $ROOT_PATH; empty: ours
  bool has_strict_transport_security = false;
  std::int64_t strict_transport_security_max_age_s = 86'400;
};

// One setting as it stands, and where it comes from.
struct ShownSetting {
  std::string section;
  std::string key;
  std::string value;   // masked if it is a secret
  std::string source;  // "default", "grafana.ini: line 3", "GF_SERVER_HTTP_PORT", "command line"
};

// Names of fields say which setting of Grafana they are; defaults are Grafana's.
struct DashboardsOptions {
  std::vector<std::string> listen_addresses = {":3000"};
  // TLS and headers, as of Prometheus; empty: none. Users in it stand before the sign-in.
  std::string web_config_file;
  // TLS without such a file: [server] protocol = https.
  bool is_https = false;
  std::string cert_file;
  std::string cert_key_file;
  std::string root_url;                 // for links; empty: relative ones
  std::string app_mode = "production";  // or development
  // All routes stand below the path of root_url.
  bool is_served_from_sub_path = false;

  std::string data_folder = "data";
  std::string provisioning_folder = "conf/provisioning";

  std::string admin_user = "admin";
  std::string admin_password = "admin";
  std::string admin_email = "admin@localhost";
  bool creates_initial_admin = true;

  std::string default_theme = "dark";  // dark, light, system
  AnonymousOptions anonymous;
  AuthProxyOptions auth_proxy;
  OAuthOptions oauth;
  JwtOptions jwt;
  SecurityHeaderOptions security_headers;
  CookieOptions cookies;
  dashstore::SessionLimits sessions;
  bool is_basic_auth_enabled = true;
  bool is_brute_force_protected = true;
  bool is_address_brute_force_protected = false;
  int brute_force_attempts_max = 5;
  std::vector<std::string> csrf_trusted_origins;
  bool allows_embedding = false;
  std::string signout_redirect_url;

  std::int64_t dashboard_versions_kept = 20;
  std::string min_refresh_interval = "5s";
  std::chrono::milliseconds data_proxy_timeout = std::chrono::seconds(30);
  std::chrono::milliseconds data_proxy_dial_timeout = std::chrono::seconds(10);
  std::size_t data_proxy_idle_connection_count_max = 100;
  std::uint64_t data_proxy_response_size_max = 64u << 20;  // of what is kept; 0: no limit
  std::string data_proxy_user_agent = "Narthex dashboards";
  // Data sources are told in X-Grafana-User who asks; then nothing is asked once for several.
  bool sends_user_header = false;
  bool is_metrics_enabled = true;
  std::size_t live_connection_count_max = 100;  // 0: no live channel

  // "exposer" -> "127.0.0.1:18000": names in data source addresses.
  std::map<std::string, std::string, std::less<>> host_aliases;

  std::vector<ShownSetting> shown_settings;  // all that have a meaning, by section and key

  // What the program brings along; not settings.
  std::string version = "12.3.0";  // of Grafana, whose clients choose their behaviour by it
  std::string commit = "unknown";
  std::span<const http::Asset> assets;  // must outlive the service
  std::function<std::optional<std::string>(std::string_view name)>
      environment;         // of provisioning files
  Clock* clock = nullptr;  // null: the system's
  std::size_t worker_count = 8;
};

}  // namespace narthex::dashapi
