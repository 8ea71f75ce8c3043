#include "dashapi/settings.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace narthex::dashapi {
namespace {

class SettingsTest : public testing::Test {
 protected:
  std::string Write(const std::string& name, std::string_view text) {
    const auto path = std::filesystem::path(testing::TempDir()) / ("settings_" + name);
    std::ofstream(path) << text;
    return path.string();
  }
};

TEST_F(SettingsTest, DefaultsAreGrafanas) {
  const auto settings = LoadSettings({});
  ASSERT_TRUE(settings.ok());
  EXPECT_EQ(settings->options.listen_addresses, (std::vector<std::string>{":3000"}));
  EXPECT_EQ(settings->options.admin_user, "admin");
  EXPECT_EQ(settings->options.default_theme, "dark");
  EXPECT_TRUE(settings->warnings.empty());
}

TEST_F(SettingsTest, VariablesWinOverTheFileAndTheCommandLineOverBoth) {
  const std::string path = Write(
      "a.ini",
      "; comment\napp_mode = production\n[server]\nhttp_port = 4000 ; four\nhttp_addr=127.0.0.1\n"
      "[security]\nadmin_password = "
      "\"\"\"a;b#c$d\"\"\"\nadmin_user=$__env{WHO}\n[users]\ndefault_theme = light\n");
  SettingsSources sources;
  sources.config_path = path;
  sources.environment = {{"WHO", "eve"},
                         {"GF_SERVER_HTTP_PORT", "5000"},
                         {"GF_USERS_DEFAULT_THEME", "system"},
                         {"PROM", "x"}};
  sources.overrides = {{"users.default_theme", "dark"}};
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->options.listen_addresses, (std::vector<std::string>{"127.0.0.1:5000"}));
  EXPECT_EQ(settings->options.admin_password, "a;b#c$d");
  EXPECT_EQ(settings->options.admin_user, "eve");
  EXPECT_EQ(settings->options.default_theme, "dark");
  EXPECT_EQ(settings->options.environment("PROM"), "x");
  EXPECT_EQ(settings->options.environment("NONE"), std::nullopt);
  EXPECT_TRUE(settings->warnings.empty());
}

TEST_F(SettingsTest, EveryVariableIsRead) {
  SettingsSources sources;
  sources.home_folder = "/home";
  sources.environment = {
      {"GF_SERVER_ROOT_URL", "https://a.example"},
      {"GF_PATHS_DATA", "/data"},
      {"GF_PATHS_PROVISIONING", "conf"},
      {"GF_SECURITY_ADMIN_PASSWORD__FILE", Write("password", "from file\n")},
      {"GF_SECURITY_ADMIN_EMAIL", "a@b"},
      {"GF_SECURITY_COOKIE_SECURE", "true"},
      {"GF_SECURITY_COOKIE_SAMESITE", "strict"},
      {"GF_SECURITY_ALLOW_EMBEDDING", "true"},
      {"GF_SECURITY_CSRF_TRUSTED_ORIGINS", "a.example, b.example"},
      {"GF_SECURITY_DISABLE_INITIAL_ADMIN_CREATION", "true"},
      {"GF_SECURITY_DISABLE_BRUTE_FORCE_LOGIN_PROTECTION", "true"},
      {"GF_AUTH_ANONYMOUS_ENABLED", "true"},
      {"GF_AUTH_ANONYMOUS_ORG_NAME", "Org"},
      {"GF_AUTH_ANONYMOUS_ORG_ROLE", "Editor"},
      {"GF_AUTH_ANONYMOUS_HIDE_VERSION", "true"},
      {"GF_AUTH_BASIC_ENABLED", "false"},
      {"GF_AUTH_TOKEN_ROTATION_INTERVAL_MINUTES", "20"},
      {"GF_AUTH_LOGIN_MAXIMUM_LIFETIME_DURATION", "1d"},
      {"GF_DASHBOARDS_VERSIONS_TO_KEEP", "5"},
      {"GF_DASHBOARDS_MIN_REFRESH_INTERVAL", "1s"},
      {"GF_DATAPROXY_TIMEOUT", "7"},
      {"GF_DATAPROXY_DIALTIMEOUT", "3"},
      {"GF_DATAPROXY_RESPONSE_LIMIT", "1000000"},
      {"GF_DATAPROXY_MAX_IDLE_CONNECTIONS", "12"},
      {"GF_DATAPROXY_USER_AGENT", "agent/1"},
      {"GF_METRICS_ENABLED", "false"},
      {"GF_LOG_LEVEL", "debug"},
      {"GF_LOG_CONSOLE_FORMAT", "json"},
  };
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  const DashboardsOptions& options = settings->options;
  EXPECT_EQ(options.root_url, "https://a.example");
  EXPECT_EQ(options.data_folder, "/data");
  EXPECT_EQ(options.provisioning_folder, "/home/conf");
  EXPECT_EQ(options.admin_password, "from file");
  EXPECT_EQ(options.admin_email, "a@b");
  EXPECT_TRUE(options.cookies.is_secure);
  EXPECT_EQ(options.cookies.same_site, "Strict");
  EXPECT_TRUE(options.allows_embedding);
  EXPECT_EQ(options.csrf_trusted_origins, (std::vector<std::string>{"a.example", "b.example"}));
  EXPECT_FALSE(options.creates_initial_admin);
  EXPECT_FALSE(options.is_brute_force_protected);
  EXPECT_TRUE(options.anonymous.is_enabled);
  EXPECT_EQ(options.anonymous.org_name, "Org");
  EXPECT_EQ(options.anonymous.role, dashstore::Role::kEditor);
  EXPECT_TRUE(options.anonymous.hides_version);
  EXPECT_FALSE(options.is_basic_auth_enabled);
  EXPECT_EQ(options.sessions.rotation_interval, std::chrono::minutes(20));
  EXPECT_EQ(options.sessions.lifetime_max, std::chrono::hours(24));
  EXPECT_EQ(options.dashboard_versions_kept, 5);
  EXPECT_EQ(options.min_refresh_interval, "1s");
  EXPECT_EQ(options.data_proxy_timeout, std::chrono::seconds(7));
  EXPECT_EQ(options.data_proxy_dial_timeout, std::chrono::seconds(3));
  EXPECT_EQ(options.data_proxy_response_size_max, 1'000'000u);
  EXPECT_EQ(options.data_proxy_idle_connection_count_max, 12u);
  EXPECT_EQ(options.data_proxy_user_agent, "agent/1");
  EXPECT_FALSE(options.is_metrics_enabled);
  EXPECT_EQ(settings->log_level, LogLevel::kDebug);
  EXPECT_EQ(settings->log_format, LogFormat::kJson);
  EXPECT_TRUE(settings->warnings.empty());
}

TEST_F(SettingsTest, WhatHasNoMeaningWarns) {
  SettingsSources sources;
  sources.config_path =
      Write("b.ini", "[smtp]\nenabled = true\n[analytics]\nreporting_enabled = false\n");
  sources.environment = {{"GF_SMTP_HOST", "x"}, {"GF_PATHS_LOGS", "/var/log"}};
  sources.overrides = {{"default.paths.logs", "/x"}};
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok());
  ASSERT_EQ(settings->warnings.size(), 3u);
  EXPECT_NE(settings->warnings[0].find("line 2: the setting [smtp] enabled"), std::string::npos);
  EXPECT_EQ(settings->warnings[1], "the variable GF_SMTP_HOST has no meaning here and is ignored");
}

// Each key of the section has its effect or its warning.
TEST_F(SettingsTest, WhatTheDataProxyDoesNotHeedWarns) {
  SettingsSources sources;
  sources.config_path =
      Write("d.ini",
            "[dataproxy]\nlogging = true\nkeep_alive_seconds = 1\ntls_handshake_timeout_seconds = "
            "1\nexpect_continue_timeout_seconds = 1\nmax_conns_per_host = 1\n"
            "idle_conn_timeout_seconds = 1\nrow_limit = 1\ntimeout = 1\ndialTimeout = 1\n"
            "max_idle_connections = 1\nsend_user_header = true\nresponse_limit = 0\n"
            "user_agent = x\n");
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  EXPECT_EQ(settings->options.data_proxy_response_size_max, 0u);
  std::size_t index = 0;
  for (const std::string_view key :
       {"logging", "keep_alive_seconds", "tls_handshake_timeout_seconds",
        "expect_continue_timeout_seconds", "max_conns_per_host", "idle_conn_timeout_seconds",
        "row_limit"}) {
    ASSERT_LT(index, settings->warnings.size()) << key;
    EXPECT_NE(settings->warnings[index++].find(fmt::format("[dataproxy] {} has no meaning", key)),
              std::string::npos)
        << key;
  }
  EXPECT_EQ(settings->warnings.size(), index);
}

TEST_F(SettingsTest, WaysToSignInThatAreNotThereAreNamed) {
  SettingsSources sources;
  sources.config_path = Write("e.ini", "[auth.ldap]\nenabled = true\n[auth.proxy]\nsync_ttl = 5\n");
  sources.environment = {{"GF_AUTH_SAML_ENABLED", "true"}};
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok());
  ASSERT_EQ(settings->warnings.size(), 3u);
  EXPECT_NE(settings->warnings[0].find("sign-in through ldap is not supported"), std::string::npos);
  EXPECT_NE(settings->warnings[1].find("[auth.proxy] sync_ttl has no meaning"), std::string::npos);
  EXPECT_NE(settings->warnings[2].find("sign-in through saml is not supported"), std::string::npos);
  // The settings page, too.
  const auto source_of = [&](std::string_view section, std::string_view key) {
    for (const ShownSetting& shown : settings->options.shown_settings) {
      if (shown.section == section && shown.key == key) return shown.value + "|" + shown.source;
    }
    return std::string();
  };
  EXPECT_EQ(source_of("auth.ldap", "enabled"),
            "|" + *sources.config_path +
                ": line 2: sign-in through ldap is not supported, nobody can sign in that way");
  EXPECT_EQ(source_of("auth.saml", "GF_AUTH_SAML_ENABLED"),
            "|environment: sign-in through saml is not supported, nobody can sign in that way");
  EXPECT_EQ(source_of("auth.proxy", "sync_ttl"),
            "|" + *sources.config_path + ": line 4: has no meaning here and is ignored");
}

TEST_F(SettingsTest, TheAddressRefersToOtherSettings) {
  SettingsSources sources;
  sources.config_path =
      Write("r.ini",
            "[server]\nroot_url = %(protocol)s://%(domain)s:%(http_port)s/%(domain)s/\n"
            "domain = a.example\nhttp_port = 1\n");
  EXPECT_EQ(LoadSettings(sources)->options.root_url, "http://a.example:1/a.example/");
  sources.environment = {{"GF_SERVER_PROTOCOL", "https"}, {"GF_SERVER_HTTP_PORT", "8443"}};
  EXPECT_EQ(LoadSettings(sources)->options.root_url, "https://a.example:8443/a.example/");
  sources.config_path = Write("r2.ini", "[server]\nroot_url = %(protocol)s://%(domain)s/%(x)s\n");
  EXPECT_EQ(LoadSettings(sources)->options.root_url, "https://localhost/%(x)s");
}

TEST_F(SettingsTest, JsonWebTokensAreSetUp) {
  SettingsSources sources;
  sources.home_folder = "/home";
  sources.config_path = Write(
      "j.ini",
      "app_mode = development\n[auth.jwt]\nenabled = true\nheader_name = X-JWT\nurl_login = true\n"
      "username_claim = sub\nusername_attribute_path = a.b\nemail_claim = mail\n"
      "email_attribute_path = c\nexpect_claims = {\"iss\": \"https://idp\", \"n\": 1}\n"
      "key_file = key.pem\nkey_id = k\njwk_set_file = /keys\njwk_set_url = https://${HOST}/keys\n"
      "jwk_set_bearer_token_file = token\ncache_ttl = 5m\ntls_client_ca = ca.pem\n"
      "tls_skip_verify_insecure = true\nauto_sign_up = true\nskip_org_role_sync = true\n"
      "role_attribute_path = contains(groups[*], 'admin') && 'Admin' || 'Viewer'\n"
      "role_attribute_strict = true\nallow_assign_grafana_admin = true\n"
      "org_attribute_path = orgs\norg_mapping = \"My group:1:Editor\", b:2\n"
      "groups_attribute_path = groups\n");
  sources.environment = {{"HOST", "idp"},
                         {"GF_AUTH_JWT_CACHE_TTL", "0"},
                         {"GF_AUTH_JWT_GROUPS_ATTRIBUTE_PATH", "groups"}};
  const auto settings = LoadSettings(sources);
  ASSERT_TRUE(settings.ok()) << settings.error().message();
  const JwtOptions& jwt = settings->options.jwt;
  EXPECT_TRUE(jwt.is_enabled && jwt.takes_url_token && jwt.takes_http_url && jwt.signs_up &&
              jwt.keeps_roles && jwt.is_role_strict && jwt.allows_server_admin &&
              jwt.skips_tls_verification);
  EXPECT_EQ(jwt.header_name, "X-JWT");
  EXPECT_EQ(jwt.username_claim + jwt.username_attribute_path, "suba.b");
  EXPECT_EQ(jwt.email_claim + jwt.email_attribute_path, "mailc");
  EXPECT_EQ(jwt.expected_claims, R"({"iss": "https://idp", "n": 1})");
  EXPECT_EQ(jwt.key_file, "/home/key.pem");
  EXPECT_EQ(jwt.key_id, "k");
  EXPECT_EQ(jwt.jwk_set_file, "/keys");
  EXPECT_EQ(jwt.jwk_set_url, "https://idp/keys");
  EXPECT_EQ(jwt.jwk_set_bearer_token_file, "/home/token");
  EXPECT_EQ(jwt.tls_ca_file, "/home/ca.pem");
  EXPECT_EQ(jwt.cache_ttl.count(), 0);
  EXPECT_EQ(jwt.role_attribute_path, "contains(groups[*], 'admin') && 'Admin' || 'Viewer'");
  EXPECT_EQ(jwt.org_attribute_path, "orgs");
  EXPECT_EQ(jwt.org_mapping, (std::vector<std::string>{"My group:1:Editor", "b:2"}));
  EXPECT_EQ(settings->options.app_mode, "development");
  ASSERT_EQ(settings->warnings.size(), 2u);
  for (const std::string& warning : settings->warnings) {
    EXPECT_NE(warning.find("as in Grafana without a licence"), std::string::npos) << warning;
  }
  sources.environment["GF_AUTH_JWT_ORG_MAPPING"] = R"(["a b:1","c:2:Admin"])";
  EXPECT_EQ(LoadSettings(sources)->options.jwt.org_mapping,
            (std::vector<std::string>{"a b:1", "c:2:Admin"}));
  sources.environment["GF_AUTH_JWT_ORG_MAPPING"] = "[1]";
  EXPECT_EQ(LoadSettings(sources).code(), ErrorCode::kInvalidArgument);
}

// Writing down every default as it is shown changes nothing.
TEST_F(SettingsTest, ShownDefaultsAreThoseInForce) {
  const auto bare = LoadSettings({});
  ASSERT_TRUE(bare.ok());
  SettingsSources sources;
  std::size_t masked_count = 0;
  for (const ShownSetting& shown : bare->options.shown_settings) {
    EXPECT_EQ(shown.source, "default");
    if (shown.value.starts_with("***")) ++masked_count;
    if (shown.value.empty() || shown.value.starts_with("***")) continue;
    sources.overrides.emplace_back(shown.section + "." + shown.key, shown.value);
  }
  EXPECT_EQ(masked_count, 1u);  // the first password
  EXPECT_GT(sources.overrides.size(), 40u);
  const auto written = LoadSettings(sources);
  ASSERT_TRUE(written.ok()) << written.error().message();
  const auto told = [](const Settings& settings) {
    const DashboardsOptions& o = settings.options;
    return fmt::format(
        "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} "
        "{} "
        "{} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {} {}",
        fmt::join(o.listen_addresses, ","), o.is_https, o.is_served_from_sub_path, o.data_folder,
        o.provisioning_folder, o.admin_user, o.admin_email, o.creates_initial_admin,
        o.cookies.is_secure, o.cookies.same_site, o.allows_embedding, o.is_brute_force_protected,
        o.brute_force_attempts_max, o.is_address_brute_force_protected,
        o.security_headers.has_content_type_options, o.security_headers.has_xss_protection,
        o.security_headers.has_content_security_policy,
        o.security_headers.has_strict_transport_security,
        o.security_headers.strict_transport_security_max_age_s, o.default_theme, o.app_mode,
        o.jwt.is_enabled, o.jwt.takes_url_token, o.jwt.expected_claims, o.jwt.cache_ttl.count(),
        o.jwt.skips_tls_verification, o.jwt.signs_up, o.jwt.keeps_roles, o.jwt.is_role_strict,
        o.jwt.allows_server_admin, static_cast<int>(o.jwt.role),
        static_cast<int>(o.auth_proxy.role), static_cast<int>(o.oauth.role),
        o.sessions.inactive_max.count(), o.sessions.lifetime_max.count(),
        o.sessions.rotation_interval.count(), o.oauth.is_automatic, o.is_basic_auth_enabled,
        o.anonymous.is_enabled, o.anonymous.org_name, static_cast<int>(o.anonymous.role),
        o.anonymous.hides_version, o.auth_proxy.is_enabled, o.auth_proxy.header_name,
        o.auth_proxy.is_by_email, o.auth_proxy.signs_up, o.oauth.is_enabled, o.oauth.scopes,
        o.oauth.uses_pkce, o.oauth.signs_up, o.dashboard_versions_kept, o.min_refresh_interval,
        o.data_proxy_timeout.count(), o.live_connection_count_max,
        static_cast<int>(settings.log_level), o.data_proxy_dial_timeout.count(),
        o.data_proxy_response_size_max, o.data_proxy_idle_connection_count_max,
        o.data_proxy_user_agent);
  };
  EXPECT_EQ(told(*written), told(*bare));
}

TEST_F(SettingsTest, WrongValuesNameTheirPlace) {
  const struct {
    std::string text;
    std::string want;  // behind the file's name
  } cases[] = {
      {"[server]\nhttp_port = high\n",
       ": line 2: [server] http_port: 'high' is not a number from 0 to 65535"},
      {"[auth.anonymous]\norg_role = King\n",
       ": line 2: [auth.anonymous] org_role: 'King' is not Viewer, Editor or Admin"},
      {"[security]\ncookie_secure = perhaps\n",
       ": line 2: [security] cookie_secure: 'perhaps' is not true or false"},
      {"[users]\ndefault_theme = pink\n",
       ": line 2: [users] default_theme: 'pink' is not dark, light or system"},
      {"[auth]\nlogin_maximum_lifetime_duration = long\n",
       ": line 2: [auth] login_maximum_lifetime_duration: 'long' is not a duration such as 10m or "
       "7d"},
      {"[server]\nprotocol = h2\n",
       ": line 2: [server] protocol: 'h2' is not http or https; h2 and socket are not there"},
      {"[auth.generic_oauth]\nrole_attribute_path = a.\n",
       ": line 2: [auth.generic_oauth] role_attribute_path: unexpected end at 3"},
      {"[server\n", ": line 1: the section's name has no ']'"},
      {"nonsense\n", ": line 1: expected 'key = value'"},
      {"[security]\nadmin_user = $__file{/none/at/all}\n", ": line 2: "},
  };
  for (const auto& c : cases) {
    SettingsSources sources;
    sources.config_path = Write("c.ini", c.text);
    const auto settings = LoadSettings(sources);
    ASSERT_FALSE(settings.ok()) << c.text;
    EXPECT_TRUE(settings.error().message().starts_with(*sources.config_path + c.want))
        << settings.error().message();
  }
  SettingsSources sources;
  sources.environment = {{"GF_SERVER_HTTP_PORT", "99999"}};
  EXPECT_EQ(LoadSettings(sources).error().message(),
            "GF_SERVER_HTTP_PORT: [server] http_port: '99999' is not a number from 0 to 65535");
  sources.environment = {};
  sources.config_path = "/none/at/all.ini";
  EXPECT_EQ(LoadSettings(sources).code(), ErrorCode::kNotFound);
}

}  // namespace
}  // namespace narthex::dashapi
