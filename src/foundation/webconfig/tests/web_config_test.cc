#include "webconfig/web_config.h"

#include <gtest/gtest.h>

#include "duration.h"

namespace narthex::webconfig {
namespace {

// Of "test", with the least cost.
constexpr const char* kHash = "$2y$04$a1dldEzIbYfGlrGrtFDySui7BLz3.kSTktEJACH/BpfDN6Xg4uYa2";

TEST(WebConfig, ReadsEverySection) {
  const auto config = ParseWebConfig(R"(
tls_server_config:
  cert_file: server.crt
  key_file: /keys/server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: ca.crt
  client_allowed_sans: [a.example, 10.0.0.1]
  min_version: TLS11
  max_version: TLS12
  cipher_suites:
  - TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
  - TLS_AES_128_GCM_SHA256
  curve_preferences: [CurveP384, X25519]
  prefer_server_cipher_suites: false
http_server_config:
  http2: false
  headers:
    X-Frame-Options: deny
    Content-Security-Policy: default-src 'self'
basic_auth_users:
  ada: )" + std::string(kHash) + R"(
rate_limit:
  burst: 3
  interval: 1m0.5s
)",
                                     "/etc/web");
  ASSERT_TRUE(config.ok()) << config.error().message();
  const TlsSection& tls = config->tls;
  EXPECT_TRUE(tls.is_enabled());
  EXPECT_EQ(tls.cert_file, "/etc/web/server.crt");
  EXPECT_EQ(tls.key_file, "/keys/server.key");
  EXPECT_EQ(tls.client_ca_file, "/etc/web/ca.crt");
  EXPECT_EQ(tls.options.client_certificate, http::ClientCertificate::kRequireAndVerify);
  EXPECT_EQ(tls.options.client_allowed_names, (std::vector<std::string>{"a.example", "10.0.0.1"}));
  EXPECT_EQ(tls.options.version_min, http::TlsVersion::k11);
  EXPECT_EQ(tls.options.version_max, http::TlsVersion::k12);
  EXPECT_EQ(tls.options.cipher_suites.size(), 2U);
  EXPECT_EQ(tls.options.curves, (std::vector<std::string>{"P-384", "X25519"}));
  EXPECT_FALSE(tls.options.prefers_own_cipher_order);
  EXPECT_EQ(config->headers.at("X-Frame-Options"), "deny");
  EXPECT_EQ(config->users.at("ada"), kHash);
  EXPECT_EQ(config->rate_limit.burst, 3U);
  EXPECT_EQ(config->rate_limit.interval, std::chrono::milliseconds(60'500));
}

TEST(WebConfig, DefaultsAreUpstreams) {
  for (const char* text : {"", "tls_server_config:\n", "http_server_config: {}\n",
                           "basic_auth_users:\n", "# nothing\n"}) {
    SCOPED_TRACE(text);
    const auto config = ParseWebConfig(text, ".");
    ASSERT_TRUE(config.ok()) << config.error().message();
    EXPECT_FALSE(config->tls.is_enabled());
    EXPECT_EQ(config->tls.options.version_min, http::TlsVersion::k12);
    EXPECT_EQ(config->tls.options.version_max, http::TlsVersion::k13);
    EXPECT_TRUE(config->tls.options.prefers_own_cipher_order);
    EXPECT_TRUE(config->users.empty());
    EXPECT_EQ(config->rate_limit.interval.count(), 0);
  }
}

TEST(WebConfig, NamesTheFault) {
  const std::string pair = "tls_server_config:\n  cert_file: a\n  key_file: b\n";
  const struct {
    std::string text;
    std::string want;
  } cases[] = {
      {"a: [", "line "},
      {"tls_config: {}", "line 1: field tls_config not found in type web.Config"},
      {"tls_server_config:\n  cert_fil: a",
       "line 2: field cert_fil not found in type web.TLSConfig"},
      {"http_server_config:\n  http3: true", "field http3 not found in type web.HTTPConfig"},
      {"tls_server_config: [a]", "line 1: cannot unmarshal into web.TLSConfig"},
      {"basic_auth_users: x", "cannot unmarshal into map[string]string"},
      {"tls_server_config:\n  cert_file: a", "missing one of key or key_file"},
      {"tls_server_config:\n  key: a", "missing one of cert or cert_file"},
      {"tls_server_config:\n  client_auth_type: NoClientCert", "missing one of cert or cert_file"},
      {pair + "  client_auth_type: Sometimes", "line 4: invalid ClientAuth: Sometimes"},
      {pair + "  client_ca_file: c",
       "client CA's have been configured without a Client Auth Policy"},
      {pair + "  client_allowed_sans: [a]\n  client_auth_type: RequestClientCert",
       "client_allowed_sans requires client_auth_type to be one of RequireAnyClientCert or "
       "RequireAndVerifyClientCert"},
      {pair + "  min_version: TLS14", "line 4: unknown TLS version: TLS14"},
      {pair + "  cipher_suites: [TLS_NONE]", "line 4: unknown cipher: TLS_NONE"},
      {pair + "  curve_preferences: [P256]", "line 4: unknown curve: P256"},
      {pair + "  prefer_server_cipher_suites: 3", "line 4: "},
      {"http_server_config:\n  headers:\n    X-Other: a",
       "HTTP header \"X-Other\" can not be configured"},
      {"http_server_config:\n  headers:\n    X-Frame-Options: allow",
       "invalid value for X-Frame-Options. Expected one of: [\"deny\" \"sameorigin\"], but got: "
       "\"allow\""},
      {"http_server_config:\n  headers:\n    X-Content-Type-Options: sniff",
       "Expected one of: [\"nosniff\"], but got: \"sniff\""},
      {"basic_auth_users:\n  ada: secret",
       "basic_auth_users: the password of \"ada\" is no bcrypt hash"},
      {"basic_auth_users:\n  ada: $2y$03$" + std::string(53, 'a'), "is no bcrypt hash"},
      {"basic_auth_users:\n  ada: $2z$10$" + std::string(53, 'a'), "is no bcrypt hash"},
      {"rate_limit:\n  interval: 3", "line 2: cannot unmarshal \"3\" into time.Duration"},
      {"rate_limit:\n  burst: -1", "line 2: "},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    const auto config = ParseWebConfig(c.text, ".");
    ASSERT_EQ(config.code(), ErrorCode::kInvalidArgument);
    EXPECT_NE(config.error().message().find(c.want), std::string::npos) << config.error().message();
    EXPECT_EQ(config.error().message().find("secret"), std::string::npos);
  }
}

TEST(WebConfig, ReadsGoDurations) {
  using std::chrono::nanoseconds;
  const struct {
    std::string_view text;
    std::optional<nanoseconds> want;
  } cases[] = {{"0", nanoseconds(0)},
               {"1ns", nanoseconds(1)},
               {"1.5us", nanoseconds(1500)},
               {"2\xC2\xB5s", nanoseconds(2000)},
               {"100ms", nanoseconds(100'000'000)},
               {"1h2m3s", std::chrono::seconds(3723)},
               {"", std::nullopt},
               {"1", std::nullopt},
               {"s", std::nullopt},
               {"-1s", std::nullopt},
               {"1.2.3s", std::nullopt},
               {"1d", std::nullopt},
               {"9999999h", std::nullopt}};
  for (const auto& c : cases) EXPECT_EQ(ParseGoDuration(c.text), c.want) << c.text;
}

}  // namespace
}  // namespace narthex::webconfig
