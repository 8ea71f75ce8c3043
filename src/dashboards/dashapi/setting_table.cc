#include "setting_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"
#include "jmespath/expression.h"
#include "json/reader.h"
#include "step.h"

namespace narthex::dashapi {
namespace {

Error Wrong(std::string_view value, std::string_view wanted) {
  return Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not {}", value, wanted));
}

Status ReadBool(bool& flag, std::string_view value) {
  if (value == "true" || value == "1" || value == "yes" || value == "on") {
    flag = true;
  } else if (value == "false" || value == "0" || value == "no" || value == "off" || value.empty()) {
    flag = false;
  } else {
    return Wrong(value, "true or false");
  }
  return Ok();
}

Status ReadInverse(bool& flag, std::string_view value) {
  bool inverse = false;
  NARTHEX_TRY(ReadBool(inverse, value));
  flag = !inverse;
  return Ok();
}

template <typename Number>
Status ReadNumber(Number& number, std::string_view value, std::int64_t min, std::int64_t max) {
  const auto read = ParseInt64(value);
  if (!read || *read < min || *read > max)
    return Wrong(value, fmt::format("a number from {} to {}", min, max));
  number = static_cast<Number>(*read);
  return Ok();
}

Status ReadDuration(milliseconds& duration, std::string_view value) {
  const auto read = ParseInterval(value);
  if (!read) return Wrong(value, "a duration such as 10m or 7d");
  duration = *read;
  return Ok();
}

// 0, too: nothing is kept.
Status ReadLifetime(milliseconds& duration, std::string_view value) {
  if (value != "0" && value != "0s") return ReadDuration(duration, value);
  duration = milliseconds(0);
  return Ok();
}

Status ReadSeconds(milliseconds& duration, std::string_view value) {
  std::int64_t seconds = 0;
  NARTHEX_TRY(ReadNumber(seconds, value, 1, 86'400));
  duration = std::chrono::seconds(seconds);
  return Ok();
}

std::vector<std::string> Words(std::string_view value) {
  std::vector<std::string> words;
  while (!value.empty()) {
    const std::size_t end = std::min(value.find_first_of(", "), value.size());
    if (end > 0) words.emplace_back(value.substr(0, end));
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return words;
}

// As Grafana's lists: a JSON list of texts, or words with commas or spaces between them, in quotes
// where they hold any.
Status ReadList(std::vector<std::string>& list, std::string_view value) {
  list.clear();
  if (value.starts_with('[')) {
    const auto read = json::Parse(value);
    if (!read.ok()) return Wrong(value, "a list of texts in JSON");
    for (const json::Value& item : read->items()) {
      if (!item.is_string()) return Wrong(value, "a list of texts in JSON");
      list.emplace_back(item.AsString());
    }
    return Ok();
  }
  while (!value.empty()) {
    const bool is_quoted = value.front() == '"' && value.find('"', 1) != std::string_view::npos;
    const std::size_t end =
        is_quoted ? value.find('"', 1) : std::min(value.find_first_of(", \t\n"), value.size());
    const std::string_view word = value.substr(is_quoted ? 1 : 0, is_quoted ? end - 1 : end);
    if (!word.empty()) list.emplace_back(word);
    value.remove_prefix(std::min(end + 1, value.size()));
  }
  return Ok();
}

Status ReadSameSite(CookieOptions& cookies, std::string_view value) {
  if (value == "lax")
    cookies.same_site = "Lax";
  else if (value == "strict")
    cookies.same_site = "Strict";
  else if (value == "none")
    cookies.same_site = "None";
  else if (value == "disabled")
    cookies.same_site.clear();
  else
    return Wrong(value, "lax, strict, none or disabled");
  return Ok();
}

Status ReadTheme(std::string& theme, std::string_view value) {
  if (value != "dark" && value != "light" && value != "system")
    return Wrong(value, "dark, light or system");
  theme = value;
  return Ok();
}

Status ReadRole(dashstore::Role& role, std::string_view value) {
  const auto read = dashstore::ParseRole(value);
  if (!read) return Wrong(value, "Viewer, Editor or Admin");
  role = *read;
  return Ok();
}

Status ReadLogLevel(LogLevel& level, std::string_view value) {
  const auto read = ParseLogLevel(value);
  if (!read) return Wrong(value, "debug, info, warn or error");
  level = *read;
  return Ok();
}

Status ReadLogFormat(LogFormat& format, std::string_view value) {
  if (value == "json")
    format = LogFormat::kJson;
  else if (value == "text" || value == "console" || value == "logfmt")
    format = LogFormat::kLogfmt;
  else
    return Wrong(value, "text, console or json");
  return Ok();
}

Status ReadText(std::string& text, std::string_view value) {
  text = value;
  return Ok();
}

// "Name:X-WEBAUTH-NAME Role:X-WEBAUTH-ROLE"
Status ReadPairs(std::map<std::string, std::string, std::less<>>& pairs, std::string_view value) {
  for (const std::string& word : Words(value)) {
    const std::size_t colon = word.find(':');
    if (colon == std::string::npos) return Wrong(value, "a list of Property:Header");
    pairs[word.substr(0, colon)] = word.substr(colon + 1);
  }
  return Ok();
}

using Draft = SettingsDraft;
using Value = std::string_view;

AuthProxyOptions& Proxy(Draft& draft) { return draft.settings.options.auth_proxy; }
OAuthOptions& OAuth(Draft& draft) { return draft.settings.options.oauth; }
JwtOptions& Jwt(Draft& draft) { return draft.settings.options.jwt; }
SecurityHeaderOptions& Headers(Draft& draft) { return draft.settings.options.security_headers; }

constexpr SettingEntry kTable[] = {
    {"", "app_mode",
     [](Draft& d, Value v) -> Status {
       if (v != "production" && v != "development") return Wrong(v, "production or development");
       d.settings.options.app_mode = v;
       Jwt(d).takes_http_url = v == "development";
       return Ok();
     }},
    {"server", "http_addr", [](Draft& d, Value v) { return ReadText(d.http_addr, v); }},
    {"server", "http_port",
     [](Draft& d, Value v) -> Status {
       int port = 0;
       NARTHEX_TRY(ReadNumber(port, v, 0, 65535));
       return ReadText(d.http_port, v);
     }},
    {"server", "protocol",
     [](Draft& d, Value v) -> Status {
       if (v != "http" && v != "https")
         return Wrong(v, "http or https; h2 and socket are not there");
       d.settings.options.is_https = v == "https";
       return Ok();
     }},
    {"server", "cert_file",
     [](Draft& d, Value v) { return ReadText(d.settings.options.cert_file, v); }},
    {"server", "cert_key",
     [](Draft& d, Value v) { return ReadText(d.settings.options.cert_key_file, v); }},
    {"server", "domain", [](Draft& d, Value v) { return ReadText(d.domain, v); }},
    {"server", "root_url",
     [](Draft& d, Value v) { return ReadText(d.settings.options.root_url, v); }},
    {"server", "serve_from_sub_path",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.is_served_from_sub_path, v); }},
    {"paths", "data",
     [](Draft& d, Value v) { return ReadText(d.settings.options.data_folder, v); }},
    {"paths", "provisioning",
     [](Draft& d, Value v) { return ReadText(d.settings.options.provisioning_folder, v); }},
    {"security", "admin_user",
     [](Draft& d, Value v) { return ReadText(d.settings.options.admin_user, v); }},
    {"security", "admin_password",
     [](Draft& d, Value v) { return ReadText(d.settings.options.admin_password, v); }},
    {"security", "admin_email",
     [](Draft& d, Value v) { return ReadText(d.settings.options.admin_email, v); }},
    {"security", "disable_initial_admin_creation",
     [](Draft& d, Value v) { return ReadInverse(d.settings.options.creates_initial_admin, v); }},
    {"security", "cookie_secure",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.cookies.is_secure, v); }},
    {"security", "cookie_samesite",
     [](Draft& d, Value v) { return ReadSameSite(d.settings.options.cookies, v); }},
    {"security", "allow_embedding",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.allows_embedding, v); }},
    {"security", "csrf_trusted_origins",
     [](Draft& d, Value v) {
       d.settings.options.csrf_trusted_origins = Words(v);
       return Ok();
     }},
    {"security", "disable_brute_force_login_protection",
     [](Draft& d, Value v) { return ReadInverse(d.settings.options.is_brute_force_protected, v); }},
    {"security", "brute_force_login_protection_max_attempts",
     [](Draft& d, Value v) {
       return ReadNumber(d.settings.options.brute_force_attempts_max, v, 1, 1000);
     }},
    {"security", "disable_ip_address_login_protection",
     [](Draft& d, Value v) {
       return ReadInverse(d.settings.options.is_address_brute_force_protected, v);
     }},
    {"security", "x_content_type_options",
     [](Draft& d, Value v) { return ReadBool(Headers(d).has_content_type_options, v); }},
    {"security", "x_xss_protection",
     [](Draft& d, Value v) { return ReadBool(Headers(d).has_xss_protection, v); }},
    {"security", "content_security_policy",
     [](Draft& d, Value v) { return ReadBool(Headers(d).has_content_security_policy, v); }},
    {"security", "content_security_policy_template",
     [](Draft& d, Value v) { return ReadText(Headers(d).content_security_policy, v); }},
    {"security", "strict_transport_security",
     [](Draft& d, Value v) { return ReadBool(Headers(d).has_strict_transport_security, v); }},
    {"security", "strict_transport_security_max_age_seconds",
     [](Draft& d, Value v) {
       return ReadNumber(Headers(d).strict_transport_security_max_age_s, v, 0, 1'000'000'000);
     }},
    {"users", "default_theme",
     [](Draft& d, Value v) { return ReadTheme(d.settings.options.default_theme, v); }},
    {"auth", "signout_redirect_url",
     [](Draft& d, Value v) { return ReadText(d.settings.options.signout_redirect_url, v); }},
    {"auth", "login_maximum_inactive_lifetime_duration",
     [](Draft& d, Value v) { return ReadDuration(d.settings.options.sessions.inactive_max, v); }},
    {"auth", "login_maximum_lifetime_duration",
     [](Draft& d, Value v) { return ReadDuration(d.settings.options.sessions.lifetime_max, v); }},
    {"auth", "token_rotation_interval_minutes",
     [](Draft& d, Value v) -> Status {
       std::int64_t minutes = 0;
       NARTHEX_TRY(ReadNumber(minutes, v, 2, 24 * 60));
       d.settings.options.sessions.rotation_interval = std::chrono::minutes(minutes);
       return Ok();
     }},
    {"auth.basic", "enabled",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.is_basic_auth_enabled, v); }},
    {"auth.anonymous", "enabled",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.anonymous.is_enabled, v); }},
    {"auth.anonymous", "org_name",
     [](Draft& d, Value v) { return ReadText(d.settings.options.anonymous.org_name, v); }},
    {"auth.anonymous", "org_role",
     [](Draft& d, Value v) { return ReadRole(d.settings.options.anonymous.role, v); }},
    {"auth.anonymous", "hide_version",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.anonymous.hides_version, v); }},
    {"auth.proxy", "enabled", [](Draft& d, Value v) { return ReadBool(Proxy(d).is_enabled, v); }},
    {"auth.proxy", "header_name",
     [](Draft& d, Value v) { return ReadText(Proxy(d).header_name, v); }},
    {"auth.proxy", "header_property",
     [](Draft& d, Value v) -> Status {
       if (v != "username" && v != "email") return Wrong(v, "username or email");
       Proxy(d).is_by_email = v == "email";
       return Ok();
     }},
    {"auth.proxy", "auto_sign_up",
     [](Draft& d, Value v) { return ReadBool(Proxy(d).signs_up, v); }},
    {"auth.proxy", "whitelist",
     [](Draft& d, Value v) {
       Proxy(d).trusted_addresses = Words(v);
       return Ok();
     }},
    {"auth.proxy", "headers",
     [](Draft& d, Value v) { return ReadPairs(Proxy(d).property_headers, v); }},
    {"auth.jwt", "enabled", [](Draft& d, Value v) { return ReadBool(Jwt(d).is_enabled, v); }},
    {"auth.jwt", "header_name", [](Draft& d, Value v) { return ReadText(Jwt(d).header_name, v); }},
    {"auth.jwt", "url_login", [](Draft& d, Value v) { return ReadBool(Jwt(d).takes_url_token, v); }},
    {"auth.jwt", "username_claim", [](Draft& d, Value v) { return ReadText(Jwt(d).username_claim, v); }},
    {"auth.jwt", "username_attribute_path", [](Draft& d, Value v) { return ReadText(Jwt(d).username_attribute_path, v); }},
    {"auth.jwt", "email_claim", [](Draft& d, Value v) { return ReadText(Jwt(d).email_claim, v); }},
    {"auth.jwt", "email_attribute_path", [](Draft& d, Value v) { return ReadText(Jwt(d).email_attribute_path, v); }},
    {"auth.jwt", "expect_claims", [](Draft& d, Value v) { return ReadText(Jwt(d).expected_claims, v); }},
    {"auth.jwt", "key_file", [](Draft& d, Value v) { return ReadText(Jwt(d).key_file, v); }},
    {"auth.jwt", "key_id", [](Draft& d, Value v) { return ReadText(Jwt(d).key_id, v); }},
    {"auth.jwt", "jwk_set_file", [](Draft& d, Value v) { return ReadText(Jwt(d).jwk_set_file, v); }},
    {"auth.jwt", "jwk_set_url", [](Draft& d, Value v) { return ReadText(Jwt(d).jwk_set_url, v); }},
    {"auth.jwt", "jwk_set_bearer_token_file", [](Draft& d, Value v) { return ReadText(Jwt(d).jwk_set_bearer_token_file, v); }},
    {"auth.jwt", "cache_ttl", [](Draft& d, Value v) { return ReadLifetime(Jwt(d).cache_ttl, v); }},
    {"auth.jwt", "tls_client_ca", [](Draft& d, Value v) { return ReadText(Jwt(d).tls_ca_file, v); }},
    {"auth.jwt", "tls_skip_verify_insecure", [](Draft& d, Value v) { return ReadBool(Jwt(d).skips_tls_verification, v); }},
    {"auth.jwt", "auto_sign_up", [](Draft& d, Value v) { return ReadBool(Jwt(d).signs_up, v); }},
    {"auth.jwt", "skip_org_role_sync", [](Draft& d, Value v) { return ReadBool(Jwt(d).keeps_roles, v); }},
    {"auth.jwt", "role_attribute_path", [](Draft& d, Value v) { return ReadText(Jwt(d).role_attribute_path, v); }},
    {"auth.jwt", "role_attribute_strict", [](Draft& d, Value v) { return ReadBool(Jwt(d).is_role_strict, v); }},
    {"auth.jwt", "allow_assign_grafana_admin", [](Draft& d, Value v) { return ReadBool(Jwt(d).allows_server_admin, v); }},
    {"auth.jwt", "org_attribute_path", [](Draft& d, Value v) { return ReadText(Jwt(d).org_attribute_path, v); }},
    {"auth.jwt", "org_mapping", [](Draft& d, Value v) { return ReadList(Jwt(d).org_mapping, v); }},
    {"auth.generic_oauth", "enabled",
     [](Draft& d, Value v) { return ReadBool(OAuth(d).is_enabled, v); }},
    {"auth.generic_oauth", "client_id",
     [](Draft& d, Value v) { return ReadText(OAuth(d).client_id, v); }},
    {"auth.generic_oauth", "client_secret",
     [](Draft& d, Value v) { return ReadText(OAuth(d).client_secret, v); }},
    {"auth.generic_oauth", "scopes",
     [](Draft& d, Value v) { return ReadText(OAuth(d).scopes, v); }},
    {"auth.generic_oauth", "auth_url",
     [](Draft& d, Value v) { return ReadText(OAuth(d).auth_url, v); }},
    {"auth.generic_oauth", "token_url",
     [](Draft& d, Value v) { return ReadText(OAuth(d).token_url, v); }},
    {"auth.generic_oauth", "api_url",
     [](Draft& d, Value v) { return ReadText(OAuth(d).api_url, v); }},
    {"auth.generic_oauth", "use_pkce",
     [](Draft& d, Value v) { return ReadBool(OAuth(d).uses_pkce, v); }},
    {"auth.generic_oauth", "allow_sign_up",
     [](Draft& d, Value v) { return ReadBool(OAuth(d).signs_up, v); }},
    {"auth.generic_oauth", "role_attribute_path",
     [](Draft& d, Value v) -> Status {
       if (!v.empty()) NARTHEX_TRY(jmespath::Expression::Parse(v));
       return ReadText(OAuth(d).role_attribute_path, v);
     }},
    {"auth", "oauth_auto_login",
     [](Draft& d, Value v) { return ReadBool(OAuth(d).is_automatic, v); }},
    {"users", "auto_assign_org_role",
     [](Draft& d, Value v) -> Status {
       NARTHEX_TRY(ReadRole(Proxy(d).role, v));
       OAuth(d).role = Proxy(d).role;
       Jwt(d).role = Proxy(d).role;
       return Ok();
     }},
    {"dashboards", "versions_to_keep",
     [](Draft& d, Value v) {
       return ReadNumber(d.settings.options.dashboard_versions_kept, v, 1, 100'000);
     }},
    {"dashboards", "min_refresh_interval",
     [](Draft& d, Value v) { return ReadText(d.settings.options.min_refresh_interval, v); }},
    {"dataproxy", "timeout",
     [](Draft& d, Value v) { return ReadSeconds(d.settings.options.data_proxy_timeout, v); }},
    {"dataproxy", "dialTimeout",
     [](Draft& d, Value v) { return ReadSeconds(d.settings.options.data_proxy_dial_timeout, v); }},
    {"dataproxy", "max_idle_connections",
     [](Draft& d, Value v) {
       return ReadNumber(d.settings.options.data_proxy_idle_connection_count_max, v, 1, 100'000);
     }},
    {"dataproxy", "response_limit",
     [](Draft& d, Value v) {
       return ReadNumber(d.settings.options.data_proxy_response_size_max, v, 0, INT64_MAX);
     }},
    {"dataproxy", "user_agent",
     [](Draft& d, Value v) { return ReadText(d.settings.options.data_proxy_user_agent, v); }},
    {"dataproxy", "send_user_header",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.sends_user_header, v); }},
    {"live", "max_connections",
     [](Draft& d, Value v) -> Status {
       // -1 is Grafana's word for "no limit"; the server's own limit of connections stays.
       std::int64_t count = 0;
       NARTHEX_TRY(ReadNumber(count, v, -1, 1'000'000));
       d.settings.options.live_connection_count_max =
           count < 0 ? std::size_t{1'000'000} : static_cast<std::size_t>(count);
       return Ok();
     }},
    {"metrics", "enabled",
     [](Draft& d, Value v) { return ReadBool(d.settings.options.is_metrics_enabled, v); }},
    {"log", "level", [](Draft& d, Value v) { return ReadLogLevel(d.settings.log_level, v); }},
    {"log.console", "format",
     [](Draft& d, Value v) { return ReadLogFormat(d.settings.log_format, v); }},
};

// What images and set-ups of Grafana commonly carry; it changes nothing that anybody would miss
// here.
constexpr std::pair<std::string_view, std::string_view> kHarmless[] = {
    {"paths", "home"},
    {"paths", "config"},
    {"paths", "logs"},
    {"paths", "plugins"},
    {"log", "mode"},
    {"users", "allow_sign_up"},
    {"users", "allow_org_create"},
    {"analytics", "reporting_enabled"},
    {"analytics", "check_for_updates"},
    {"analytics", "check_for_plugin_updates"},
    {"", "instance_name"},
};

}  // namespace

std::span<const SettingEntry> SettingTable() { return kTable; }

bool IsHarmless(std::string_view section, std::string_view key) {
  for (const auto& [known_section, known_key] : kHarmless) {
    if (known_section == section && known_key == key) return true;
  }
  return false;
}

}  // namespace narthex::dashapi
