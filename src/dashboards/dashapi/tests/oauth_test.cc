#include "dashstore/digest.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class OAuthTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    options_.oauth.is_enabled = true;
    options_.oauth.client_id = "narthex";
    options_.oauth.client_secret = "client-secret";
    options_.oauth.auth_url = "https://idp.example/auth?tenant=a";
    options_.oauth.token_url = peer_.url() + "/token";
    options_.oauth.api_url = peer_.url() + "/userinfo";
    options_.oauth.role_attribute_path =
        "contains(not_null(groups, `[]`), 'ops') && 'Admin' || grafana_role";
    options_.root_url = "https://grafana.example/";
    Identity(
        R"({"sub":"42","preferred_username":"ann","email":"ann@x","name":"Ann","grafana_role":"Editor"})");
    Start();
  }

  void Identity(std::string person) {
    peer_.SetAnswer([person](const http::Request& request) {
      return http::Response::Json(200, request.path == "/token"
                                           ? R"({"access_token":"at","token_type":"Bearer"})"
                                           : person);
    });
  }

  struct Begun {
    std::string cookie;
    http::Parameters query;
  };
  Begun Begin() {
    const auto response = Send(Request("GET", "/login/generic_oauth"));
    EXPECT_EQ(response.status, 302);
    const std::string_view location = response.headers.Get("Location");
    EXPECT_TRUE(location.starts_with("https://idp.example/auth?tenant=a&")) << location;
    const std::string_view cookie = response.headers.Get("Set-Cookie");
    EXPECT_NE(cookie.find("HttpOnly; SameSite=Lax"), std::string_view::npos);
    return {std::string(cookie.substr(0, cookie.find(';'))),
            http::Parameters::Parse(location.substr(location.find('?') + 1))};
  }
  http::ClientResponse Return(const Begun& begun, std::string_view code = "c") {
    http::ClientRequest request = Request(
        "GET",
        fmt::format("/login/generic_oauth?code={}&state={}", code, begun.query.Get("state")));
    request.headers.Set("Cookie", begun.cookie);
    return Send(std::move(request));
  }
  static std::string SessionOf(const http::ClientResponse& response) {
    const std::string_view cookie = response.headers.Get("Set-Cookie");
    return std::string(cookie.substr(0, cookie.find(';')));
  }
};

TEST_F(OAuthTest, ThePersonSignsInAndStaysTheSame) {
  const Begun begun = Begin();
  EXPECT_EQ(begun.query.Get("redirect_uri"), "https://grafana.example/login/generic_oauth");
  EXPECT_EQ(begun.query.Get("code_challenge_method"), "S256");
  const auto returned = Return(begun);
  EXPECT_EQ(returned.status, 302) << returned.body;
  EXPECT_EQ(returned.headers.Get("Location"), "/");
  const auto asked = peer_.TakeRequests();
  ASSERT_EQ(asked.size(), 2u);
  const auto form = asked[0].AllParameters();
  EXPECT_EQ(form.Get("code"), "c");
  EXPECT_EQ(form.Get("client_secret"), "client-secret");
  EXPECT_EQ(dashstore::Sha256Base64Url(form.Get("code_verifier")),
            begun.query.Get("code_challenge"));
  EXPECT_EQ(asked[1].headers.Get("Authorization"), "Bearer at");

  http::ClientRequest request = Request("GET", "/api/user");
  request.headers.Set("Cookie", SessionOf(returned));
  const json::Value first = Parsed(Send(request).body);
  EXPECT_EQ(first["login"].AsString(), "ann");
  EXPECT_EQ(first["orgRole"].AsString(), "Editor");
  // The other service's name for a person counts, not what may change.
  Identity(R"({"sub":"42","preferred_username":"renamed","email":"new@x"})");
  request.headers.Set("Cookie", SessionOf(Return(Begin())));
  EXPECT_EQ(Parsed(Send(request).body)["id"].AsInt64(), first["id"].AsInt64());
}

TEST_F(OAuthTest, WhatWasNotBegunHereIsRefused) {
  Begun other = Begin();
  Begun begun = Begin();
  std::swap(other.cookie, begun.cookie);
  EXPECT_EQ(Return(begun).status, 401) << "another browser's";
  EXPECT_EQ(Return(begun).status, 401) << "used up";
  Begun old = Begin();
  clock_.Advance(std::chrono::minutes(10));
  EXPECT_EQ(Return(old).status, 401);
  Begun without_cookie = Begin();
  without_cookie.cookie = "a=b";
  EXPECT_EQ(Return(without_cookie).status, 401);
  EXPECT_EQ(peer_.TakeRequests().size(), 0u);
  EXPECT_EQ(Return(Begin(), "").status, 401) << "the other service said no";
}

TEST_F(OAuthTest, AnAccountIsNotTakenByItsAddress) {
  Identity(R"({"sub":"666","preferred_username":"x","email":"admin@localhost"})");
  EXPECT_EQ(Return(Begin()).status, 401);
  Identity(R"({"sub":"666","preferred_username":"admin","email":"x@x"})");
  EXPECT_EQ(Return(Begin()).status, 401);
  EXPECT_EQ(Parsed(Get("/api/users").body).size(), 1u);
}

TEST_F(OAuthTest, TroubleAtTheOtherServiceIsToldWithoutSecrets) {
  const struct {
    int status;
    std::string body;
    int want;
  } cases[] = {{400, R"({"error":"invalid_grant","hint":"client-secret"})", 401},
               {500, "client-secret", 503},
               {200, "<html>", 503},
               {200, "{}", 401}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body);
    peer_.AnswerJson(c.body, c.status);
    const auto response = Return(Begin());
    EXPECT_EQ(response.status, c.want);
    EXPECT_EQ(response.body.find("client-secret"), std::string::npos);
    EXPECT_TRUE(response.headers.Get("Set-Cookie").empty());
  }
}

TEST_F(OAuthTest, TheSignInPageMayLeadThere) {
  EXPECT_EQ(Send(Request("GET", "/login")).status, 200);
  options_.oauth.is_automatic = true;
  Start();
  EXPECT_EQ(Send(Request("GET", "/login")).headers.Get("Location"), "/login/generic_oauth");
  EXPECT_EQ(Send(Request("GET", "/login?disableAutoLogin")).status, 200);
  options_.oauth.is_enabled = false;
  Start();
  EXPECT_EQ(Send(Request("GET", "/login/generic_oauth")).status, 404);
}

TEST_F(OAuthTest, TheRoleIsReadOutOfTheAnswer) {
  const struct {
    std::string more;
    std::string want;
  } cases[] = {{R"(,"groups":["ops"])", "Admin"},
               {R"(,"groups":["dev"],"grafana_role":"Editor")", "Editor"},
               {R"(,"grafana_role":"King")", "Viewer"},
               {R"(,"groups":7)", "Viewer"}};
  int subject = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.more);
    Identity(fmt::format(R"({{"sub":"{0}","login":"p{0}"{1}}})", ++subject, c.more));
    http::ClientRequest request = Request("GET", "/api/user");
    request.headers.Set("Cookie", SessionOf(Return(Begin())));
    EXPECT_EQ(Parsed(Send(request).body)["orgRole"].AsString(), c.want);
  }
}

TEST_F(OAuthTest, WithoutSignUpOnlyKnownPeopleEnter) {
  options_.oauth.signs_up = false;
  Start();
  EXPECT_EQ(Return(Begin()).status, 401);
}

}  // namespace
}  // namespace narthex::dashapi
