// Sign-in by JSON web tokens over the whole service. What a token is, the layer jwt tests.
#include "jwt_sign_in.h"

#include "event_stream.h"
#include "service_fixture.h"
#include "signer.h"

namespace narthex::dashapi {
namespace {

const jwt::Signer& Key() {
  static const jwt::Signer kKey = jwt::Signer::Curve("P-256");
  return kKey;
}

class JwtSignInTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    options_.jwt.is_enabled = true;
    options_.jwt.header_name = "X-JWT-Assertion";
    options_.jwt.username_claim = "login";
    options_.jwt.email_claim = "email";
    options_.jwt.signs_up = true;
    options_.jwt.jwk_set_file = WriteKeys(Key().JwkSet());
  }

  std::string WriteKeys(std::string_view text, std::string_view name = "keys") {
    const auto path = folder_ / name;
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  // Of ann, with `more` behind what is always told.
  static std::string Token(std::string_view more = "") {
    return Key().Sign("ES256",
                      fmt::format(R"({{"sub":"42","login":"ann","email":"ann@x"{}}})", more));
  }
  http::ClientResponse With(std::string_view token, std::string_view path = "/api/user",
                            std::string_view method = "GET") {
    http::ClientRequest request = Request(method, path);
    request.headers.Set(options_.jwt.header_name, token);
    return Send(std::move(request));
  }
  // "Editor" in the organisation that counts, or what the answer says instead.
  std::string RoleOf(std::string_view token) {
    const auto response = With(token, "/api/frontend/settings");
    const json::Value answer = Parsed(response.body);
    const json::Value& user = answer["bootUser"];
    if (response.status != 200) {
      return fmt::format("{} {}", response.status, answer["message"].AsString());
    }
    return fmt::format("{}{}", user["orgRole"].AsString(),
                       *user["isGrafanaAdmin"].AsBool() ? " of the server" : "");
  }
};

TEST_F(JwtSignInTest, ThePersonOfEachRequestIsKnownAndBroughtInLine) {
  Start();
  const auto first = With(Token(R"(,"name":"Ann")"));
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_TRUE(first.headers.Get("Set-Cookie").empty());
  const json::Value ann = Parsed(first.body);
  EXPECT_EQ(ann["login"].AsString(), "ann");
  EXPECT_EQ(ann["email"].AsString(), "ann@x");
  EXPECT_EQ(ann["name"].AsString(), "Ann");
  // The subject counts, not what may change.
  const std::string renamed =
      Key().Sign("ES256", R"({"sub":"42","login":"anna","email":"new@x","name":"Anna"})");
  const json::Value again = Parsed(With("Bearer " + renamed).body);
  EXPECT_EQ(again["id"].AsInt64(), ann["id"].AsInt64());
  EXPECT_EQ(again["login"].AsString(), "anna");
  EXPECT_EQ(again["email"].AsString(), "new@x");
  EXPECT_EQ(again["name"].AsString(), "Anna");
  EXPECT_EQ(Parsed(Get("/api/users").body).size(), 2u);
}

TEST_F(JwtSignInTest, WhatIsNotToBeBelievedIsRefused) {
  options_.jwt.expected_claims = R"({"iss":"idp","aud":["narthex"]})";
  const auto claims = [](std::string_view more) {
    return fmt::format(R"({{"sub":"42","login":"ann","iss":"idp","aud":"narthex"{}}})", more);
  };
  Start();
  const std::string good = Key().Sign("ES256", claims(""));
  const std::string public_key = Key().PublicPem();
  const std::string forged = good.substr(0, good.find('.')) + '.' +
                             jwt::EncodeBase64Url(claims(R"(,"login":"admin")")) +
                             good.substr(good.rfind('.'));
  constexpr std::string_view kNot = "Failed to verify JWT";
  const struct {
    std::string name;
    std::string token;
    std::string_view want;
  } cases[] = {
      {"over", Key().Sign("ES256", claims(R"(,"exp":1699999939)")), kNot},
      {"not yet", Key().Sign("ES256", claims(R"(,"nbf":1700000061)")), kNot},
      {"from the future", Key().Sign("ES256", claims(R"(,"iat":1700000061)")), kNot},
      {"time as text", Key().Sign("ES256", claims(R"(,"exp":"9999999999")")), kNot},
      {"another's key", jwt::Signer::Curve("P-256").Sign("ES256", claims("")), kNot},
      {"public key as secret", jwt::Signer::Secret(public_key).Sign("HS256", claims("")), kNot},
      {"key inside", jwt::Signer::Curve("P-256").Sign("ES256", claims(""), R"(,"jwk":{})"), kNot},
      {"a key that is not known", Key().Sign("ES256", claims(""), R"(,"kid":"../keys")"), kNot},
      {"changed claims", forged, kNot},
      {"no signature", good.substr(0, good.rfind('.') + 1), kNot},
      {"another issuer", Key().Sign("ES256", R"({"sub":"42","login":"ann","iss":"eve"})"), kNot},
      {"another audience",
       Key().Sign("ES256", R"({"sub":"42","login":"ann","iss":"idp","aud":["a"]})"), kNot},
      {"without login and address",
       Key().Sign("ES256", R"({"sub":"42","iss":"idp","aud":["narthex"]})"),
       "Missing mandatory claim in JWT"},
      {"a login of 191 bytes",
       Key().Sign("ES256", claims(R"(,"login":")" + std::string(191, 'a') + '"')),
       "Missing mandatory claim in JWT"},
      // What is no token of a person, nobody looks at.
      {"none", Key().Sign("none", claims("")), "Unauthorized"},
      {"no subject", Key().Sign("ES256", R"({"login":"ann","iss":"idp","aud":"narthex"})"),
       "Unauthorized"},
      {"a subject that is no text", Key().Sign("ES256", R"({"sub":1,"login":"ann"})"),
       "Unauthorized"},
      {"extensions", Key().Sign("ES256", claims(""), R"(,"crit":["b64"],"b64":false)"),
       "Unauthorized"},
      {"nonsense", "nonsense", "Unauthorized"},
      {"oversized", std::string(jwt::kTokenSizeBytesMax + 1, 'a'), "Unauthorized"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto response = With(c.token);
    EXPECT_EQ(response.status, 401);
    EXPECT_EQ(Parsed(response.body)["message"].AsString(), c.want);
  }
  EXPECT_EQ(Parsed(Get("/api/users").body).size(), 1u) << "nobody was made";
  EXPECT_EQ(With(good).status, 200);
  EXPECT_EQ(With(Key().Sign("ES256", claims(R"(,"exp":1699999941)"))).status, 200);
}

TEST_F(JwtSignInTest, OtherWaysToSignInGoOn) {
  options_.jwt.header_name = "Authorization";
  Start();
  EXPECT_EQ(Parsed(With("Bearer " + Token()).body)["login"].AsString(), "ann");
  EXPECT_EQ(Get("/api/user").status, 200) << "password";
  EXPECT_EQ(Post("/api/serviceaccounts", R"({"name":"robot","role":"Viewer"})").status, 201);
  const json::Value token = Parsed(Post("/api/serviceaccounts/3/tokens", R"({"name":"t"})").body);
  EXPECT_EQ(With(fmt::format("Bearer {}", token["key"].AsString()), "/api/org").status, 200);
  // A token that is over, and what stands beside it.
  const std::string over = Token(R"(,"exp":1)");
  EXPECT_EQ(With("Bearer " + over).status, 401);
  EXPECT_EQ(Parsed(With("Bearer " + over).body)["message"].AsString(), "Failed to verify JWT");
}

TEST_F(JwtSignInTest, AGoodSessionCountsBesideABadToken) {
  Start();
  http::ClientRequest request = Request("GET", "/api/user");
  request.headers.Set("Cookie", SignIn());
  request.headers.Set("X-JWT-Assertion", Token(R"(,"exp":1)"));
  EXPECT_EQ(Parsed(Send(request).body)["login"].AsString(), "admin");
  options_.anonymous.is_enabled = true;
  Start();
  EXPECT_EQ(With(Token(R"(,"exp":1)"), "/api/search").status, 200) << "like any visitor";
}

TEST_F(JwtSignInTest, NobodyIsMadeUnlessThatIsAllowed) {
  options_.jwt.signs_up = false;
  Start();
  EXPECT_EQ(RoleOf(Token()), "401 Sign up is disabled");
  // Who issues tokens may name any account, as the set-up wants it.
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  Post("/api/admin/users", R"({"login":"eve","email":"eve@x","password":"1234"})");
  EXPECT_EQ(Parsed(With(Token()).body)["id"].AsInt64(), 2);
  const std::string by_address = Key().Sign("ES256", R"({"sub":"7","email":"EVE@x"})");
  EXPECT_EQ(Parsed(With(by_address).body)["id"].AsInt64(), 3);
  EXPECT_EQ(Post("/api/admin/users/2/disable", "{}").status, 200);
  EXPECT_EQ(RoleOf(Token()), "401 User is disabled");
}

TEST_F(JwtSignInTest, AnAddressIsNobodysLogin) {
  Start();
  Post("/api/admin/users", R"({"login":"boss@x","password":"1234"})");
  const std::string boss = Key().Sign("ES256", R"({"sub":"1","login":"boss","email":"boss@x"})");
  EXPECT_EQ(Parsed(With(boss).body)["login"].AsString(), "boss");
  EXPECT_EQ(Parsed(Get("/api/users").body).size(), 3u);
}

TEST_F(JwtSignInTest, ALoginOfSomebodyElseIsNotTaken) {
  Start();
  EXPECT_EQ(With(Token()).status, 200);
  const auto response = With(Key().Sign("ES256", R"({"sub":"42","login":"admin"})"));
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(Parsed(response.body)["message"].AsString(), "User sync failed");
  EXPECT_EQ(Parsed(Get("/api/users/lookup?loginOrEmail=ann").body)["login"].AsString(), "ann");
}

TEST_F(JwtSignInTest, RolesFollowTheToken) {
  constexpr std::string_view kPath =
      "contains(groups[*], 'root') && 'GrafanaAdmin' || contains(groups[*], 'ops') && 'Editor' || "
      "role";
  const struct {
    std::string name;
    std::string path;
    std::string claims;
    std::string want;
    bool is_strict = false;
    bool allows_server_admin = false;
  } cases[] = {
      {"no path", "", R"(,"role":"Admin")", "Viewer"},
      {"a claim", "role", R"(,"role":"Editor")", "Editor"},
      {"None", "role", R"(,"role":"None")", "None"},
      {"by group", std::string(kPath), R"(,"groups":["dev","ops"])", "Editor"},
      {"neither", std::string(kPath), R"(,"groups":[],"role":"Admin")", "Admin"},
      // contains() takes no null: the expression has no answer.
      {"without groups", std::string(kPath), R"(,"role":"Admin")", "Viewer"},
      {"no role's name", "role", R"(,"role":"admin")", "Viewer"},
      {"a list", "role", R"(,"role":["Admin"])", "Viewer"},
      {"strict", "role", R"(,"role":"admin")", "403 Invalid Role in claim", true},
      {"strict, none told", "role", "", "403 Invalid Role in claim", true},
      {"strict and valid", "role", R"(,"role":"Viewer")", "Viewer", true},
      {"server admin is not given", std::string(kPath), R"(,"groups":["root"])", "Admin"},
      {"server admin is given", std::string(kPath), R"(,"groups":["root"])", "Admin of the server",
       false, true},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::filesystem::remove_all(folder_ / "data");
    options_.jwt.role_attribute_path = c.path;
    options_.jwt.is_role_strict = c.is_strict;
    options_.jwt.allows_server_admin = c.allows_server_admin;
    Start();
    EXPECT_EQ(RoleOf(Token(c.claims)), c.want);
  }
}

TEST_F(JwtSignInTest, ARoleThatIsTakenAwayIsGone) {
  options_.jwt.role_attribute_path = "role";
  options_.jwt.allows_server_admin = true;
  Start();
  EXPECT_EQ(RoleOf(Token(R"(,"role":"GrafanaAdmin")")), "Admin of the server");
  EXPECT_EQ(RoleOf(Token(R"(,"role":"Editor")")), "Editor");
  EXPECT_EQ(RoleOf(Token()), "Viewer");
  // The last one who may do everything stays, and does not get in with less.
  const std::string admin = R"({"sub":"1","login":"admin"})";
  EXPECT_EQ(RoleOf(Key().Sign("ES256", admin)), "500 User sync failed");
  EXPECT_EQ(Get("/api/admin/settings/sources").status, 200);
}

TEST_F(JwtSignInTest, RolesCanBeLeftAlone) {
  options_.jwt.role_attribute_path = "role";
  options_.jwt.keeps_roles = true;
  options_.jwt.allows_server_admin = true;
  options_.jwt.role = dashstore::Role::kEditor;
  Start();
  EXPECT_EQ(RoleOf(Token(R"(,"role":"GrafanaAdmin")")), "Editor");
  EXPECT_EQ(As("admin", "PATCH", "/api/org/users/2", R"({"role":"Viewer"})").status, 200);
  EXPECT_EQ(RoleOf(Token(R"(,"role":"Admin")")), "Viewer");
}

TEST_F(JwtSignInTest, OrganisationsFollowTheToken) {
  options_.jwt.role_attribute_path = "role";
  options_.jwt.org_attribute_path = "orgs[*].name";
  options_.jwt.org_mapping = {"ops:Second:Editor", "ops:Third", "a\\:b:3:Admin", "*:1:None",
                              "gone:No such org:Admin"};
  Start();
  for (const std::string_view name : {"Second", "Third"}) {
    EXPECT_EQ(Post("/api/orgs", fmt::format(R"({{"name":"{}"}})", name)).status, 200);
  }
  const auto orgs_of = [this](std::string_view claims) {
    const json::Value list = Parsed(With(Token(claims), "/api/user/orgs").body);
    std::string text;
    for (const json::Value& org : list.items()) {
      text += fmt::format("{} {};", org["name"].AsString(), org["role"].AsString());
    }
    return text;
  };
  EXPECT_EQ(orgs_of(R"(,"orgs":[{"name":"ops"}])"), "Main Org. None;Second Editor;Third Viewer;");
  EXPECT_EQ(orgs_of(R"(,"orgs":[{"name":"a:b"},{"name":"gone"}])"), "Main Org. None;Third Admin;");
  EXPECT_EQ(orgs_of(R"(,"orgs":[{"name":"ops"}],"role":"Viewer")"),
            "Main Org. Viewer;Second Editor;Third Viewer;");
  EXPECT_EQ(orgs_of(""), "Main Org. None;");
  options_.jwt.org_mapping = {"ops:*:Editor"};
  Start();
  EXPECT_EQ(orgs_of(R"(,"orgs":[{"name":"ops"}])"), "Main Org. Editor;Second Editor;Third Editor;");
  EXPECT_EQ(orgs_of(""), "Main Org. Viewer;");
  // Strictly, one line without a role voids them all.
  options_.jwt.org_mapping = {"ops:2:Editor", "ops:3"};
  options_.jwt.is_role_strict = true;
  Start();
  EXPECT_EQ(RoleOf(Token(R"(,"orgs":[{"name":"ops"}])")), "403 Invalid Role in claim");
  EXPECT_EQ(orgs_of(R"(,"orgs":[{"name":"ops"}],"role":"Editor")"), "Main Org. Editor;");
}

TEST_F(JwtSignInTest, NamesMayStandDeepInTheToken) {
  options_.jwt.username_claim = "";
  options_.jwt.email_claim = "";
  options_.jwt.username_attribute_path = "person.names[0]";
  options_.jwt.email_attribute_path = "join('@', [person.names[0], 'x'])";
  Start();
  const std::string token = Key().Sign("ES256", R"({"sub":"1","person":{"names":["bob"]}})");
  EXPECT_EQ(Parsed(With(token).body)["email"].AsString(), "bob@x");
  EXPECT_EQ(RoleOf(Key().Sign("ES256", R"({"sub":"1"})")), "401 Missing mandatory claim in JWT");
}

TEST_F(JwtSignInTest, AnAddressMayHoldTheTokenIfThatIsWanted) {
  WriteDatasource();
  const std::string query = "?auth_token=" + Token();
  Start();
  EXPECT_EQ(Send(Request("GET", "/api/user" + query)).status, 401);
  options_.jwt.takes_url_token = true;
  Start();
  EXPECT_EQ(Send(Request("GET", "/api/user" + query)).status, 200);
  EXPECT_EQ(Send(Request("GET", "/d/x" + query)).status, 200);
  const json::Value settings = Parsed(Send(Request("GET", "/api/frontend/settings" + query)).body);
  EXPECT_EQ(settings["jwtUrlLogin"].AsBool(), true);
  EXPECT_EQ(settings["jwtHeaderName"].AsString(), "X-JWT-Assertion");
  // It is nobody else's to see.
  peer_.TakeRequests();
  for (const std::string_view path :
       {"/api/datasources/proxy/uid/prom/api/v1/query",
        "/api/datasources/uid/prom/resources/api/v1/labels", "/api/prometheus/prom/api/v1/rules"}) {
    EXPECT_EQ(Send(Request("GET", fmt::format("{}{}&query=up", path, query))).status, 200) << path;
  }
  const auto asked = peer_.TakeRequests();
  ASSERT_EQ(asked.size(), 3u);
  for (const http::Request& request : asked) {
    EXPECT_TRUE(request.target.ends_with("?query=up")) << request.target;
    EXPECT_FALSE(request.headers.Has("X-JWT-Assertion"));
  }
  const auto over = Send(Request("GET", "/d/x?a=1&auth_token=" + Token(R"(,"exp":1)") + "&b"));
  EXPECT_EQ(over.headers.Get("Location"), "/login?redirectTo=%2Fd%2Fx%3Fa%3D1%26b");
}

TEST_F(JwtSignInTest, ALiveChannelEndsWithItsToken) {
  Start();
  EXPECT_EQ(Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"d"}})").status, 200);
  http::ClientRequest request = Request("GET", "/api/live/dashboards/d/events");
  request.headers.Set("X-JWT-Assertion", Token(R"(,"exp":1700000000)"));
  request.is_compressed_accepted = false;
  request.timeout = std::chrono::milliseconds(0);
  auto reader = client_->Open(std::move(request));
  ASSERT_TRUE(reader.ok());
  EventStream stream(*std::move(reader));
  EXPECT_FALSE(stream.Next("hello").is_null());
  clock_.Advance(std::chrono::seconds(61));
  EXPECT_EQ(stream.Next("end")["reason"].AsString(), "session");
}

TEST_F(JwtSignInTest, WhatCannotBeFollowedStopsTheStart) {
  const struct {
    std::string want;
    std::function<void(JwtOptions&)> set;
  } cases[] = {
      {"one of key_file, jwk_set_file and jwk_set_url must be set",
       [](JwtOptions& jwt) { jwt.jwk_set_file.clear(); }},
      {"one of key_file, jwk_set_file and jwk_set_url must be set",
       [](JwtOptions& jwt) { jwt.jwk_set_url = "https://x"; }},
      {"jwk_set_url must begin with https://",
       [](JwtOptions& jwt) {
         jwt.jwk_set_file.clear();
         jwt.jwk_set_url = "http://x";
       }},
      {"jwk_set_url must begin with https://",
       [](JwtOptions& jwt) {
         jwt.jwk_set_file.clear();
         jwt.takes_http_url = true;
         jwt.jwk_set_url = "file:///x";
       }},
      {"header_name must be set", [](JwtOptions& jwt) { jwt.header_name.clear(); }},
      {"expect_claims: no JSON object", [](JwtOptions& jwt) { jwt.expected_claims = "[]"; }},
      {"role_attribute_path: unexpected end at 3",
       [](JwtOptions& jwt) { jwt.role_attribute_path = "a."; }},
      {"email_attribute_path: unexpected '=' at 1",
       [](JwtOptions& jwt) { jwt.email_attribute_path = "="; }},
      {"org_mapping: 'a' is not theirs:ours:role",
       [](JwtOptions& jwt) { jwt.org_mapping = {"a"}; }},
      {"/none/at/all", [](JwtOptions& jwt) { jwt.jwk_set_file = "/none/at/all"; }},
      {"/none/at/all",
       [](JwtOptions& jwt) {
         jwt.jwk_set_file.clear();
         jwt.jwk_set_url = "https://x";
         jwt.jwk_set_bearer_token_file = "/none/at/all";
       }},
      {"this is no JWK set",
       [this](JwtOptions& jwt) { jwt.jwk_set_file = WriteKeys("{}", "no_keys"); }},
      {"there is no block in PEM",
       [this](JwtOptions& jwt) {
         jwt.jwk_set_file.clear();
         jwt.key_file = WriteKeys("a secret", "no_pem");
       }},
  };
  const DashboardsOptions good = options_;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    DashboardsOptions options = good;
    c.set(options.jwt);
    const auto service = Service::Start(std::move(options));
    ASSERT_FALSE(service.ok());
    EXPECT_TRUE(service.error().message().starts_with("[auth.jwt]: "));
    EXPECT_NE(service.error().message().find(c.want), std::string::npos)
        << service.error().message();
  }
}

TEST_F(JwtSignInTest, APemKeyMayHaveAName) {
  options_.jwt.jwk_set_file.clear();
  options_.jwt.key_file = WriteKeys(Key().PublicPem());
  options_.jwt.key_id = "k1";
  Start();
  EXPECT_EQ(With(Token()).status, 401);
  EXPECT_EQ(With(Key().Sign("ES256", R"({"sub":"1","login":"ann"})", R"(,"kid":"k1")")).status,
            200);
}

}  // namespace
}  // namespace narthex::dashapi
