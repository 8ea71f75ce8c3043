// Attacks, and what becomes of them. Others stand where their subject is tested: session fixation,
// foreign origins and locks by name in sign_in_test.cc, rights on single dashboards in
// permissions_test.cc, open redirects in documents_test.cc.
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class SecurityTest : public ServiceTest {
 protected:
  int TryPassword(std::string_view login, std::string_view password) {
    return Send(Request("POST", "/login",
                        fmt::format(R"({{"user":"{}","password":"{}"}})", login, password)))
        .status;
  }
  // Users of each role in the first organisation, and an administrator of a second one.
  void MakePeople() {
    for (const char* login : {"viewer", "editor", "boss", "stranger"}) {
      EXPECT_EQ(
          Post("/api/admin/users", fmt::format(R"({{"login":"{}","password":"1234"}})", login))
              .status,
          200);
    }
    As("admin", "PATCH", "/api/org/users/3", R"({"role":"Editor"})");
    As("admin", "PATCH", "/api/org/users/4", R"({"role":"Admin"})");
    EXPECT_EQ(Post("/api/orgs", R"({"name":"Two"})").status, 200);
    EXPECT_EQ(Post("/api/orgs/2/users", R"({"loginOrEmail":"stranger","role":"Admin"})").status,
              200);
    EXPECT_EQ(As("admin", "DELETE", "/api/org/users/5").status, 200);
  }
};

TEST_F(SecurityTest, NobodyClimbsAboveHisRole) {
  Start();
  MakePeople();
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"D"}})");
  const struct {
    std::string login;
    std::string method;
    std::string path;
    std::string body;
  } cases[] = {
      {"viewer", "PATCH", "/api/org/users/2", R"({"role":"Admin"})"},
      {"viewer", "POST", "/api/serviceaccounts", R"({"name":"x","role":"Admin"})"},
      {"viewer", "POST", "/api/dashboards/uid/d/permissions", R"({"items":[]})"},
      {"viewer", "POST", "/api/access-control/dashboards/d/users/2", R"({"permission":"Admin"})"},
      {"viewer", "POST", "/api/teams", R"({"name":"x"})"},
      {"viewer", "POST", "/api/dashboards/import", R"({"dashboard":{"title":"x"}})"},
      {"viewer", "GET", "/api/admin/settings", ""},
      {"viewer", "PUT", "/api/org/preferences", R"({"theme":"dark"})"},
      {"editor", "PATCH", "/api/org/users/3", R"({"role":"Admin"})"},
      {"editor", "POST", "/api/datasources", R"({"name":"x","type":"prometheus"})"},
      {"editor", "POST", "/api/serviceaccounts", R"({"name":"x","role":"Admin"})"},
      {"editor", "POST", "/api/folders/none/permissions", R"({"items":[]})"},
      {"boss", "PUT", "/api/admin/users/4/permissions", R"({"isGrafanaAdmin":true})"},
      {"boss", "PUT", "/api/admin/users/1/password", R"({"password":"taken"})"},
      {"boss", "DELETE", "/api/admin/users/1", ""},
      {"boss", "PUT", "/api/users/1", R"({"login":"mine"})"},
      {"boss", "GET", "/api/users", ""},
      {"boss", "POST", "/api/orgs", R"({"name":"x"})"},
      {"boss", "GET", "/api/orgs/2/users", ""},
      {"boss", "POST", "/api/admin/provisioning/dashboards/reload", "{}"},
      {"boss", "GET", "/api/admin/settings", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.login + " " + c.method + " " + c.path);
    const int status = As(c.login, c.method, c.path, c.body).status;
    EXPECT_TRUE(status == 403 || status == 404) << status;
  }
  EXPECT_EQ(Get("/api/user").status, 200) << "the administrator's password still holds";
  const json::Value self = Parsed(As("boss", "GET", "/api/user").body);
  EXPECT_EQ(self["isGrafanaAdmin"].AsBool(), false);
}

TEST_F(SecurityTest, ProfilesCarryNoRights) {
  Start();
  MakePeople();
  EXPECT_EQ(As("viewer", "PUT", "/api/user",
               R"({"login":"viewer","isGrafanaAdmin":true,"orgRole":"Admin","id":1})")
                .status,
            200);
  const json::Value self = Parsed(As("viewer", "GET", "/api/user").body);
  EXPECT_EQ(self["isGrafanaAdmin"].AsBool(), false);
  EXPECT_EQ(self["orgRole"].AsString(), "Viewer");
  EXPECT_EQ(self["id"].AsInt64(), 2);
}

TEST_F(SecurityTest, OrganisationsDoNotSeeEachOther) {
  WriteDatasource();
  Start();
  MakePeople();
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"D"}})");
  Post("/api/folders", R"({"uid":"f","title":"F"})");
  Post("/api/annotations", R"({"text":"note"})");
  Post("/api/teams", R"({"name":"Ops"})");
  Post("/api/serviceaccounts", R"({"name":"ci"})");
  Post("/api/playlists", R"({"uid":"p","name":"P","interval":"1m"})");
  Post("/api/library-elements", R"({"uid":"e","name":"E","kind":1,"model":{}})");
  const struct {
    std::string method;
    std::string path;
  } cases[] = {
      {"GET", "/api/dashboards/uid/d"},
      {"DELETE", "/api/dashboards/uid/d"},
      {"GET", "/api/dashboards/uid/d/permissions"},
      {"GET", "/api/folders/f"},
      {"DELETE", "/api/folders/f"},
      {"GET", "/api/annotations/1"},
      {"DELETE", "/api/annotations/1"},
      {"GET", "/api/teams/1"},
      {"GET", "/api/serviceaccounts/6"},
      {"GET", "/api/serviceaccounts/6/tokens"},
      {"GET", "/api/playlists/p"},
      {"DELETE", "/api/playlists/p"},
      {"GET", "/api/library-elements/e"},
      {"GET", "/api/datasources/uid/prom"},
      {"GET", "/api/datasources/proxy/uid/prom/api/v1/labels"},
      {"GET", "/api/datasources/uid/prom/resources/api/v1/labels"},
      {"GET", "/api/datasources/uid/prom/health"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.path);
    EXPECT_EQ(As("stranger", c.method, c.path).status, 404);
    EXPECT_EQ(As("stranger", c.method, c.path + "?orgId=1").status, 403);
  }
  EXPECT_EQ(As("stranger", "GET", "/api/search").body, "[]");
  EXPECT_EQ(As("stranger", "GET", "/api/annotations").body, "[]");
  EXPECT_EQ(As("stranger", "POST", "/api/user/using/1").status, 401);
  EXPECT_EQ(peer_.TakeRequests().size(), 0u);
}

TEST_F(SecurityTest, ManyNamesFromOneAddressAreStopped) {
  options_.is_address_brute_force_protected = true;
  Start();
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(TryPassword(fmt::format("name{}", i), "1234"), 401);
  }
  EXPECT_EQ(TryPassword("admin", "1234"), 401);
  clock_.Advance(std::chrono::minutes(5));
  EXPECT_EQ(TryPassword("admin", "1234"), 200);
}

TEST_F(SecurityTest, TheProxyReachesNothingButItsServer) {
  Start();
  Post("/api/datasources",
       fmt::format(R"({{"name":"p","uid":"p","type":"prometheus","url":"{}/base"}})", peer_.url()));
  for (const char* path :
       {"../secret", "..%2fsecret", "%2e%2e/secret", "a/..%5c..%5csecret", "a/../../secret"}) {
    SCOPED_TRACE(path);
    // The client may have taken out the dots already.
    const int status = Get(fmt::format("/api/datasources/proxy/uid/p/{}", path)).status;
    EXPECT_TRUE(status == 400 || status == 404) << status;
  }
  EXPECT_EQ(peer_.TakeRequests().size(), 0u);
  Get("/api/datasources/proxy/uid/p//evil.example/x");
  for (const auto& request : peer_.TakeRequests()) EXPECT_TRUE(request.path.starts_with("/base/"));
  for (const char* url : {"file:///etc/passwd", "gopher://x", "javascript:alert(1)", "ftp://x"}) {
    SCOPED_TRACE(url);
    EXPECT_EQ(Post("/api/datasources",
                   fmt::format(R"({{"name":"q","type":"prometheus","url":"{}"}})", url))
                  .status,
              400);
  }
}

TEST_F(SecurityTest, FilesStayWhereTheyAre) {
  Start();
  for (const char* path :
       {"/public/build/../../../../etc/passwd", "/public/build/..%2f..%2fetc/passwd",
        "/public/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "/public/build/assets/..%5c..%5cx",
        "/public/build/app.js%00.png"}) {
    SCOPED_TRACE(path);
    const auto response = Send(Request("GET", path));
    EXPECT_TRUE(response.status == 404 || response.status == 400) << response.status;
    EXPECT_EQ(response.body.find("root:"), std::string::npos);
  }
}

TEST_F(SecurityTest, HostileDocumentsAreRefusedAndHarmNothing) {
  Start();
  const std::string deep = std::string(200'000, '[');
  const struct {
    std::string name;
    std::string body;
    int status;
  } cases[] = {
      {"nested", R"({"dashboard":{"title":"x","a":)" + deep, 413},
      {"nested objects",
       [] {
         std::string text = R"({"dashboard":{"title":"x")";
         for (int i = 0; i < 100'000; ++i) text += R"(,"a":{"b":1)";
         return text;
       }(),
       413},
      {"oversized", R"({"dashboard":{"title":")" + std::string(17u << 20, 'x') + "\"}}", 413},
      {"not UTF-8", "{\"dashboard\":{\"title\":\"\xff\xfe\"}}", 0},
      {"two roots", "{}{}", 400},
      {"long title", R"({"dashboard":{"title":")" + std::string(5001, 'x') + "\"}}", 400},
      {"long uid", R"({"dashboard":{"title":"x","uid":")" + std::string(41, 'x') + "\"}}", 400},
      {"uid with markup", R"({"dashboard":{"title":"x","uid":"<b>"}})", 400},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const int status = Post("/api/dashboards/db", c.body).status;
    if (c.status == 0) {
      EXPECT_TRUE(status == 200 || status == 400) << status;
    } else {
      EXPECT_EQ(status, c.status);
    }
  }
  EXPECT_EQ(Get("/api/health").status, 200);
}

// What people write is data to this side: it comes back as JSON, which no browser runs.
TEST_F(SecurityTest, MarkupInDocumentsStaysData) {
  Start();
  const std::string markup = "<script>alert(1)</script>";
  EXPECT_EQ(Post("/api/dashboards/db",
                 fmt::format(R"({{"dashboard":{{"uid":"x","title":"{}","tags":["{}"]}}}})", markup,
                             markup))
                .status,
            200);
  Post("/api/folders", fmt::format(R"({{"uid":"f","title":"{}"}})", markup));
  Post("/api/annotations", fmt::format(R"({{"text":"{}"}})", markup));
  for (const char* path : {"/api/dashboards/uid/x", "/api/search", "/api/folders/f",
                           "/api/annotations", "/api/dashboards/tags"}) {
    SCOPED_TRACE(path);
    const auto response = Get(path);
    EXPECT_TRUE(response.headers.Get("Content-Type").starts_with("application/json"));
    EXPECT_EQ(response.headers.Get("X-Content-Type-Options"), "nosniff");
  }
  EXPECT_EQ(Get("/api/search").body.find("/d/x/<"), std::string::npos);
  EXPECT_EQ(Get("/d/x/" + markup).body.find(markup), std::string::npos);
}

TEST_F(SecurityTest, SecretsAreInNoAnswer) {
  Start();
  const std::string secret = "s3cr3t-value";
  const auto made =
      Post("/api/datasources",
           fmt::format(R"({{"name":"p","uid":"p","type":"prometheus","url":"{}","basicAuth":true,
                      "basicAuthUser":"u","secureJsonData":{{"basicAuthPassword":"{}"}}}})",
                       peer_.url(), secret));
  EXPECT_EQ(made.body.find(secret), std::string::npos);
  peer_.AnswerJson("{}", 500);
  for (const char* path :
       {"/api/datasources", "/api/datasources/uid/p", "/api/datasources/name/p",
        "/api/datasources/1", "/api/frontend/settings", "/api/datasources/uid/p/health",
        "/api/admin/settings", "/api/admin/settings/sources", "/api/users", "/api/users/1",
        "/api/org/users", "/api/user"}) {
    SCOPED_TRACE(path);
    const auto response = Get(path);
    EXPECT_EQ(response.body.find(secret), std::string::npos);
    EXPECT_EQ(response.body.find("argon2"), std::string::npos);
  }
}

TEST_F(SecurityTest, AnInactiveSessionEnds) {
  Start();
  const std::string cookie = SignIn();
  http::ClientRequest request = Request("GET", "/api/user");
  request.headers.Set("Cookie", cookie);
  EXPECT_EQ(Send(request).status, 200);
  clock_.Advance(std::chrono::hours(24 * 7 + 1));
  EXPECT_EQ(Send(request).status, 401);
}

TEST_F(SecurityTest, HeadersFollowTheSettings) {
  options_.security_headers.has_content_security_policy = true;
  options_.security_headers.content_security_policy = "script-src $NONCE; connect-src $ROOT_PATH";
  options_.security_headers.has_strict_transport_security = true;
  options_.security_headers.has_xss_protection = false;
  options_.root_url = "https://host.example/g/";
  Start();
  const auto first = Send(Request("GET", "/login"));
  const std::string policy(first.headers.Get("Content-Security-Policy"));
  EXPECT_TRUE(policy.starts_with("script-src 'nonce-")) << policy;
  EXPECT_TRUE(policy.ends_with("; connect-src host.example/g/")) << policy;
  EXPECT_NE(policy, Send(Request("GET", "/login")).headers.Get("Content-Security-Policy"));
  EXPECT_EQ(first.headers.Get("Strict-Transport-Security"), "max-age=86400");
  EXPECT_FALSE(first.headers.Has("X-XSS-Protection"));
}

TEST_F(SecurityTest, OnlyTrustedProxiesVouch) {
  options_.auth_proxy.is_enabled = true;
  options_.auth_proxy.property_headers = {{"Role", "X-ROLE"}, {"Email", "X-MAIL"}};
  Start();
  const auto ask = [this](std::string_view user) {
    http::ClientRequest request = Request("GET", "/api/user");
    request.headers.Set("X-WEBAUTH-USER", user);
    request.headers.Set("X-ROLE", "Editor");
    request.headers.Set("X-MAIL", "p@x");
    return Send(std::move(request));
  };
  const auto signed_in = ask("proxied");
  EXPECT_EQ(signed_in.status, 200);
  EXPECT_EQ(Parsed(signed_in.body)["orgRole"].AsString(), "Editor");
  EXPECT_EQ(Parsed(signed_in.body)["email"].AsString(), "p@x");
  EXPECT_EQ(TryPassword("proxied", ""), 401);
  http::ClientRequest foreign = Request("POST", "/api/user/using/1", "{}");
  foreign.headers.Set("X-WEBAUTH-USER", "proxied");
  EXPECT_EQ(Send(foreign).status, 200);
  foreign.headers.Set("Origin", "https://evil.example");
  EXPECT_EQ(Send(foreign).status, 403);

  options_.auth_proxy.signs_up = false;
  Start();
  EXPECT_EQ(ask("proxied").status, 200);
  EXPECT_EQ(ask("unknown").status, 401);
  options_.auth_proxy.trusted_addresses = {"10.0.0.1"};
  Start();
  EXPECT_EQ(ask("admin").status, 401);
  options_.auth_proxy.is_enabled = false;
  Start();
  EXPECT_EQ(ask("admin").status, 401);
}

}  // namespace
}  // namespace narthex::dashapi
