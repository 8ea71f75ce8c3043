// Keys from an address: how long they are kept, and what its server is told.
#include "jwt_keys.h"

#include "certificates.h"
#include "service_fixture.h"
#include "signer.h"

namespace narthex::dashapi {
namespace {

class JwtKeysTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    jwt_.jwk_set_url = peer_.url() + "/keys";
    jwt_.takes_http_url = true;
    Answer("");
  }
  void Answer(std::string_view cache_control, int status = 200) {
    peer_.SetAnswer([cache = std::string(cache_control), status, this](const http::Request&) {
      http::Response response = http::Response::Json(status, key_.JwkSet());
      if (!cache.empty()) response.headers.Set("Cache-Control", cache);
      return response;
    });
  }
  std::unique_ptr<JwtKeys> Make() {
    auto keys = JwtKeys::Make(jwt_, *client_, clock_);
    EXPECT_TRUE(keys.ok()) << keys.error().message();
    return *std::move(keys);
  }
  std::size_t AskedCount() { return peer_.TakeRequests().size(); }

  const jwt::Signer key_ = jwt::Signer::Curve("P-256");
  JwtOptions jwt_;
};

TEST_F(JwtKeysTest, AreKeptForAsLongAsIsSetOrTold) {
  const struct {
    std::string cache_control;
    std::chrono::milliseconds ttl;
    std::int64_t want_s;  // kept for
  } cases[] = {{"", std::chrono::hours(1), 3600},
               {"", std::chrono::hours(0), 0},
               {"public, max-age=60", std::chrono::hours(1), 60},
               {"max-age=86400", std::chrono::hours(1), 3600},
               {"max-age=0", std::chrono::hours(1), 0},
               {"max-age=-5", std::chrono::hours(1), 0},
               {"max-age=soon", std::chrono::hours(1), 3600},
               {"max-age=9223372036854775807", std::chrono::hours(1), 3600}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.cache_control);
    jwt_.cache_ttl = c.ttl;
    Answer(c.cache_control);
    const auto keys = Make();
    EXPECT_EQ(AskedCount(), 0u) << "nothing before it is needed";
    EXPECT_EQ(keys->Get()->size(), 1u);
    EXPECT_EQ(AskedCount(), 1u);
    if (c.want_s > 0) {
      clock_.Advance(std::chrono::seconds(c.want_s) - std::chrono::milliseconds(1));
      EXPECT_TRUE(keys->Get().ok());
      EXPECT_EQ(AskedCount(), 0u);
      clock_.Advance(std::chrono::milliseconds(1));
    }
    EXPECT_TRUE(keys->Get().ok());
    EXPECT_EQ(AskedCount(), 1u);
  }
}

TEST_F(JwtKeysTest, AFaultIsRememberedForAMoment) {
  const struct {
    std::string name;
    PrometheusPeer::Answer answer;
  } cases[] = {
      {"500", [](const http::Request&) { return http::Response::Json(500, "{}"); }},
      {"no keys", [](const http::Request&) { return http::Response::Json(200, R"({"keys":[]})"); }},
      {"no JSON", [](const http::Request&) { return http::Response::Text(200, "<html>"); }},
      // Good keys, at an address that nobody has set.
      {"elsewhere", [this](const http::Request& request) {
         return request.path == "/keys" ? http::Response::Redirect(302, peer_.url() + "/others")
                                        : http::Response::Json(200, key_.JwkSet());
       }}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    peer_.SetAnswer(c.answer);
    const auto keys = Make();
    EXPECT_EQ(keys->Get().code(), ErrorCode::kUnavailable);
    EXPECT_EQ(keys->Get().code(), ErrorCode::kUnavailable);
    EXPECT_EQ(AskedCount(), 1u);
    Answer("");
    clock_.Advance(std::chrono::milliseconds(JwtKeys::kPauseMs));
    EXPECT_TRUE(keys->Get().ok());
    EXPECT_EQ(AskedCount(), 1u);
  }
}

TEST_F(JwtKeysTest, TheServerIsToldATokenThatMayChange) {
  const auto path = folder_ / "token";
  jwt_.jwk_set_bearer_token_file = path.string();
  jwt_.cache_ttl = std::chrono::milliseconds(0);
  const auto write = [&path](std::string_view text) { std::ofstream(path) << text; };
  write(" first\n");
  const auto keys = Make();
  EXPECT_TRUE(keys->Get().ok());
  write("Bearer second");
  EXPECT_TRUE(keys->Get().ok());
  const auto asked = peer_.TakeRequests();
  ASSERT_EQ(asked.size(), 2u);
  EXPECT_EQ(asked[0].headers.Get("Authorization"), "Bearer first");
  EXPECT_EQ(asked[1].headers.Get("Authorization"), "Bearer second");
  write("\n");
  EXPECT_EQ(keys->Get().code(), ErrorCode::kUnavailable);
  EXPECT_EQ(AskedCount(), 0u);
}

TEST_F(JwtKeysTest, TheServersCertificateIsVerified) {
  const http::TestAuthority authority;
  const http::PemPair pair = authority.Issue("server", "IP:127.0.0.1");
  auto tls = http::ServerTls::Make({.certificate_pem = pair.certificate, .key_pem = pair.key});
  ASSERT_TRUE(tls.ok());
  http::ServerOptions server_options;
  server_options.tls = [shared = *tls] { return shared; };
  http::Router router;
  router.Get("/keys",
             [this](const http::Request&) { return http::Response::Json(200, key_.JwkSet()); });
  auto server = http::Server::Start(server_options, std::move(router));
  ASSERT_TRUE(server.ok());
  jwt_.takes_http_url = false;
  jwt_.jwk_set_url = fmt::format("https://127.0.0.1:{}/keys", (*server)->port());
  EXPECT_EQ(Make()->Get().code(), ErrorCode::kUnavailable);
  jwt_.tls_ca_file = (folder_ / "ca.pem").string();
  EXPECT_EQ(JwtKeys::Make(jwt_, *client_, clock_).code(), ErrorCode::kNotFound);
  std::ofstream(jwt_.tls_ca_file) << http::TestAuthority("Other").pem();
  EXPECT_EQ(Make()->Get().code(), ErrorCode::kUnavailable);
  std::ofstream(jwt_.tls_ca_file) << authority.pem();
  EXPECT_TRUE(Make()->Get().ok());
  jwt_.tls_ca_file.clear();
  jwt_.skips_tls_verification = true;
  EXPECT_TRUE(Make()->Get().ok());
}

}  // namespace
}  // namespace narthex::dashapi
