#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class SignInTest : public ServiceTest {
 protected:
  http::ClientResponse WithCookie(std::string_view cookie, std::string_view path,
                                  std::string_view method = "GET", std::string_view origin = "") {
    http::ClientRequest request = Request(method, path);
    request.headers.Set("Cookie", cookie);
    if (!origin.empty()) request.headers.Set("Origin", origin);
    return Send(std::move(request));
  }
  int TryPassword(std::string_view login, std::string_view password) {
    return Send(Request("POST", "/login",
                        fmt::format(R"({{"user":"{}","password":"{}"}})", login, password)))
        .status;
  }
};

TEST_F(SignInTest, AnswersWithBothCookies) {
  Start();
  const auto response = Send(Request("POST", "/login", R"({"user":"admin","password":"1234"})"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, R"({"message":"Logged in","redirectUrl":"/"})");
  const auto cookies = response.headers.GetAll("Set-Cookie");
  ASSERT_EQ(cookies.size(), 2u);
  EXPECT_TRUE(cookies[0].starts_with("grafana_session="));
  EXPECT_NE(cookies[0].find("; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"),
            std::string_view::npos)
      << cookies[0];
  EXPECT_EQ(cookies[1], "grafana_session_expiry=1700000600; Path=/; Max-Age=2592000; SameSite=Lax");
  EXPECT_EQ(response.headers.Get("Cache-Control"), "no-store");
}

TEST_F(SignInTest, RefusesWithoutSayingWhichPartIsWrong) {
  Start();
  const struct {
    std::string body;
    int status;
  } cases[] = {
      {R"({"user":"admin","password":"wrong"})", 401},
      {R"({"user":"nobody","password":"1234"})", 401},
      {R"({"user":"admin"})", 401},
      {R"({"user":5,"password":[]})", 401},
      {"[]", 400},
      {"{", 400},
      {"{\"user\":\"" + std::string(20'000, 'x') + "\"}", 413},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body.substr(0, 60));
    const auto response = Send(Request("POST", "/login", c.body));
    EXPECT_EQ(response.status, c.status);
    EXPECT_FALSE(response.headers.Has("Set-Cookie"));
    if (c.status == 401) {
      EXPECT_EQ(Parsed(response.body)["message"].AsString(), "Invalid username or password");
      EXPECT_EQ(Parsed(response.body)["messageId"].AsString(), "password-auth.failed");
    }
  }
}

TEST_F(SignInTest, ASessionWorksUntilSignedOut) {
  Start();
  const std::string cookie = SignIn();
  const auto user = WithCookie(cookie, "/api/user");
  EXPECT_EQ(user.status, 200);
  EXPECT_EQ(Parsed(user.body)["login"].AsString(), "admin");
  EXPECT_EQ(Parsed(user.body)["isGrafanaAdmin"].AsBool(), true);
  Start();
  EXPECT_EQ(WithCookie(cookie, "/api/user").status, 200);

  const auto out = WithCookie(cookie, "/logout");
  EXPECT_EQ(out.status, 302);
  EXPECT_EQ(out.headers.Get("Location"), "/login");
  EXPECT_NE(out.headers.Get("Set-Cookie").find("Max-Age=0"), std::string_view::npos);
  const auto gone = WithCookie(cookie, "/api/user");
  EXPECT_EQ(gone.status, 401);
  EXPECT_EQ(gone.body, R"({"message":"Unauthorized"})");
}

TEST_F(SignInTest, ASessionIsNotFixedBeforeSigningIn) {
  Start();
  http::ClientRequest request = Request("POST", "/login", R"({"user":"admin","password":"1234"})");
  request.headers.Set("Cookie", "grafana_session=chosen-by-an-attacker");
  const auto signed_in = Send(std::move(request));
  EXPECT_EQ(signed_in.status, 200);
  EXPECT_EQ(signed_in.headers.Get("Set-Cookie").find("attacker"), std::string_view::npos);
  EXPECT_EQ(WithCookie("grafana_session=chosen-by-an-attacker", "/api/user").status, 401);
}

TEST_F(SignInTest, SigningInEndsTheSessionBefore) {
  Start();
  const std::string planted = SignIn();
  http::ClientRequest request = Request("POST", "/login", R"({"user":"admin","password":"1234"})");
  request.headers.Set("Cookie", planted);
  const auto again = Send(std::move(request));
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(WithCookie(planted, "/api/user").status, 401);
  const std::string_view header = again.headers.Get("Set-Cookie");
  EXPECT_EQ(WithCookie(std::string(header.substr(0, header.find(';'))), "/api/user").status, 200);
}

TEST_F(SignInTest, TokensRotateWhenDue) {
  Start();
  const std::string cookie = SignIn();
  EXPECT_FALSE(WithCookie(cookie, "/api/login/ping").headers.Has("Set-Cookie"));
  clock_.Advance(std::chrono::minutes(11));
  const auto rotated = WithCookie(cookie, "/api/user/auth-tokens/rotate", "POST");
  EXPECT_EQ(rotated.status, 200);
  const std::string_view header = rotated.headers.Get("Set-Cookie");
  const std::string next(header.substr(0, header.find(';')));
  EXPECT_NE(next, cookie);
  EXPECT_EQ(WithCookie(next, "/api/user").status, 200);
  EXPECT_EQ(WithCookie(cookie, "/api/user").status, 200);
  clock_.Advance(std::chrono::minutes(2));
  EXPECT_EQ(WithCookie(cookie, "/api/user").status, 401);
}

TEST_F(SignInTest, FiveWrongPasswordsLockTheName) {
  Start();
  for (int i = 0; i < 5; ++i) EXPECT_EQ(TryPassword("admin", "wrong"), 401);
  EXPECT_EQ(TryPassword("admin", "1234"), 401);
  EXPECT_EQ(TryPassword("ADMIN", "1234"), 401);
  EXPECT_EQ(Get("/api/user").status, 401);
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_EQ(TryPassword("admin", "1234"), 200);
}

TEST_F(SignInTest, ARightPasswordForgetsTheWrongOnes) {
  Start();
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(TryPassword("admin", "wrong"), 401);
    EXPECT_EQ(TryPassword("admin", "1234"), 200);
  }
}

TEST_F(SignInTest, BasicAuthenticationWorksAndCanBeSwitchedOff) {
  Start();
  EXPECT_EQ(Get("/api/org").status, 200);
  EXPECT_EQ(Parsed(Get("/api/org").body)["name"].AsString(), "Main Org.");
  options_.is_basic_auth_enabled = false;
  Start();
  EXPECT_EQ(Get("/api/org").status, 401);
}

TEST_F(SignInTest, ForeignPagesCannotUseTheCookie) {
  options_.csrf_trusted_origins = {"trusted.example"};
  Start();
  const std::string cookie = SignIn();
  const std::string own = fmt::format("http://127.0.0.1:{}", service_->port());
  const struct {
    std::string cookie;
    std::string method;
    std::string origin;
    int status;
  } cases[] = {
      {cookie, "POST", "https://evil.example", 403},
      {cookie, "POST", "null", 403},
      {cookie, "POST", own, 404},
      {cookie, "POST", "http://127.0.0.1:9", 404},
      {cookie, "POST", "https://trusted.example", 404},
      {cookie, "POST", "", 404},
      {"", "POST", "https://evil.example", 404},
      {cookie, "GET", "https://evil.example", 404},
      {cookie, "DELETE", "https://evil.example", 403},
      {cookie, "PUT", "https://127.0.0.1.evil.example", 403},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.origin);
    EXPECT_EQ(WithCookie(c.cookie, "/api/none", c.method, c.origin).status, c.status);
  }
}

TEST_F(SignInTest, AnonymousVisitorsMayLookWhereAllowed) {
  options_.anonymous.is_enabled = true;
  options_.anonymous.hides_version = true;
  Start();
  EXPECT_EQ(Send(Request("GET", "/api/search")).status, 200);
  EXPECT_EQ(Send(Request("GET", "/api/user")).status, 401);
  EXPECT_EQ(Send(Request("GET", "/api/datasources")).status, 403);
  EXPECT_EQ(Send(Request("POST", "/api/dashboards/db", "{}")).status, 403);
  EXPECT_EQ(Send(Request("GET", "/")).status, 200);
  EXPECT_TRUE(Parsed(Send(Request("GET", "/api/health")).body)["version"].is_null());
}

TEST_F(SignInTest, SecurityHeadersAreOnEveryAnswer) {
  Start();
  for (const std::string path : {"/", "/login", "/api/health", "/api/none", "/nowhere",
                                 "/public/build/assets/app-12345678.js"}) {
    SCOPED_TRACE(path);
    const auto response = Send(Request("GET", path));
    EXPECT_EQ(response.headers.Get("X-Frame-Options"), "deny");
    EXPECT_EQ(response.headers.Get("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(response.headers.Get("X-XSS-Protection"), "1; mode=block");
  }
}

TEST_F(SignInTest, PreferencesAreKept) {
  Start();
  EXPECT_EQ(Get("/api/user/preferences").body, "{}");
  EXPECT_EQ(
      As("admin", "PUT", "/api/user/preferences", R"({"theme":"light","timezone":"utc","x":1})")
          .status,
      200);
  EXPECT_EQ(As("admin", "PATCH", "/api/user/preferences", R"({"theme":"dark"})").status, 200);
  EXPECT_EQ(Get("/api/user/preferences").body, R"({"theme":"dark","timezone":"utc"})");
  EXPECT_EQ(As("admin", "PUT", "/api/user/preferences", R"({"theme":"pink"})").status, 400);
}

TEST_F(SignInTest, ThePasswordCanBeChanged) {
  Start();
  EXPECT_EQ(
      As("admin", "PUT", "/api/user/password", R"({"oldPassword":"x","newPassword":"longer"})")
          .status,
      401);
  EXPECT_EQ(As("admin", "PUT", "/api/user/password", R"({"oldPassword":"1234","newPassword":"x"})")
                .status,
            400);
  EXPECT_EQ(
      As("admin", "PUT", "/api/user/password", R"({"oldPassword":"1234","newPassword":"longer"})")
          .status,
      200);
  EXPECT_EQ(TryPassword("admin", "1234"), 401);
  EXPECT_EQ(TryPassword("admin", "longer"), 200);
  Start();
  EXPECT_EQ(TryPassword("admin", "longer"), 200);
}

}  // namespace
}  // namespace narthex::dashapi
