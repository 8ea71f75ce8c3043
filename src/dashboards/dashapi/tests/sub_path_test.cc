#include "sub_path.h"

#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class SubPathTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    options_.root_url = "https://host.example/grafana/";
    options_.is_served_from_sub_path = true;
    WriteDatasource();
    Start();
  }
};

TEST_F(SubPathTest, EverythingStandsBelowThePath) {
  const struct {
    std::string path;
    int status;
    std::string location;
  } cases[] = {
      {"/grafana/api/health", 200, ""},
      {"/grafana/healthz", 200, ""},
      {"/grafana/api/user", 200, ""},
      {"/grafana/", 200, ""},
      {"/grafana", 200, ""},
      {"/grafana/api/none", 404, ""},
      {"/grafana/public/build/assets/app-12345678.js", 200, ""},
      {"/grafana/login", 302, "/grafana/"},
      {"/api/health", 302, "/grafana/api/health"},
      {"/d/x?a=b", 302, "/grafana/d/x?a=b"},
      {"/grafanas", 302, "/grafana/grafanas"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto response = Get(c.path);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(response.headers.Get("Location"), c.location);
  }
  EXPECT_EQ(Get("/grafana/api/datasources/proxy/uid/prom/api/v1/labels?a=b").status, 200);
  EXPECT_EQ(peer_.TakeRequests().at(0).target, "/api/v1/labels?a=b");
}

TEST_F(SubPathTest, CookiesAreSentBelowItOnly) {
  const auto response =
      Send(Request("POST", "/grafana/login", R"({"user":"admin","password":"1234"})"));
  EXPECT_EQ(response.status, 200);
  for (const std::string_view cookie : response.headers.GetAll("Set-Cookie")) {
    EXPECT_NE(cookie.find("; Path=/grafana;"), std::string_view::npos) << cookie;
  }
  const auto out = Send(Request("GET", "/grafana/logout"));
  EXPECT_EQ(out.headers.Get("Location"), "/grafana/login");
}

// Where sign-out leads is written in full: the page may be one of the proxy's own.
TEST_F(SubPathTest, SignOutLeadsWhereTheSettingSays) {
  for (const std::string target :
       {"/grafana/login", "/goodbye", "/login", "https://id.example/logout?a=b"}) {
    options_.signout_redirect_url = target;
    Start();
    EXPECT_EQ(Send(Request("GET", "/grafana/logout")).headers.Get("Location"), target);
    EXPECT_EQ(Send(Request("GET", "/logout")).headers.Get("Location"), "/grafana/logout");
    EXPECT_EQ(Send(Request("GET", "/grafana/d/x")).headers.Get("Location"),
              "/grafana/login?redirectTo=%2Fd%2Fx");
  }
}

TEST_F(SubPathTest, LinksOfAnswersLeadBelowIt) {
  const auto login =
      Send(Request("POST", "/grafana/login", R"({"user":"admin","password":"1234"})"));
  EXPECT_NE(login.body.find(R"("redirectUrl":"/grafana/")"), std::string::npos) << login.body;
  const auto folder =
      As("admin", "POST", "/grafana/api/folders", R"({"uid":"f1","title":"Some folder"})");
  EXPECT_NE(folder.body.find(R"("url":"/grafana/dashboards/f/f1/some-folder")"), std::string::npos);
  const auto saved = As("admin", "POST", "/grafana/api/dashboards/db",
                        R"({"dashboard":{"uid":"d1","title":"One"},"folderUid":"f1"})");
  EXPECT_NE(saved.body.find(R"("url":"/grafana/d/d1/one")"), std::string::npos) << saved.body;
  const std::string found = Get("/grafana/api/search").body;
  for (const std::string_view url :
       {R"("url":"/grafana/d/d1/one")", R"("url":"/grafana/dashboards/f/f1/some-folder")",
        R"("folderUrl":"/grafana/dashboards/f/f1/some-folder")"}) {
    EXPECT_NE(found.find(url), std::string::npos) << found;
  }
  EXPECT_NE(Get("/grafana/api/frontend/settings").body.find(R"("appSubUrl":"/grafana")"),
            std::string::npos);
}

TEST_F(SubPathTest, ThePageIsToldThePath) {
  const auto page = Get("/grafana/");
  EXPECT_EQ(page.body, "<html data-base=\"/grafana\">front end</html>");
  EXPECT_NE(page.headers.Get("ETag"), "");
}

// A proxy that takes the path off in front of the service.
TEST_F(ServiceTest, ASubPathThatAProxyTakesOffIsPutBeforeLinksOnly) {
  options_.root_url = "https://host.example/grafana/";
  Start();
  EXPECT_EQ(Get("/api/health").status, 200);
  EXPECT_EQ(Get("/grafana/api/health").status, 404);
  EXPECT_EQ(Send(Request("GET", "/")).headers.Get("Location"), "/grafana/login");
  EXPECT_EQ(Send(Request("GET", "/d/x?a=b")).headers.Get("Location"),
            "/grafana/login?redirectTo=%2Fd%2Fx%3Fa%3Db");
  EXPECT_EQ(Send(Request("GET", "/login")).body, "<html data-base=\"/grafana\">front end</html>");
  const auto login = Send(Request("POST", "/login", R"({"user":"admin","password":"1234"})"));
  for (const std::string_view cookie : login.headers.GetAll("Set-Cookie")) {
    EXPECT_NE(cookie.find("; Path=/grafana;"), std::string_view::npos) << cookie;
  }
}

TEST(StartPage, NamesItsFilesBelowThePath) {
  const http::Asset index = {.path = "/index.html",
                             .mime = "text/html",
                             .etag = "\"1\"",
                             .is_immutable = false,
                             .identity =
                                 "<html lang=\"en\"><script src=\"/public/a.js\"></script><link "
                                 "href=\"/public/b.css\"></html>",
                             .gzip = {},
                             .brotli = {}};
  DashboardsOptions options;
  EXPECT_EQ(StartPage(&index, options).Answer({}).headers.Get("ETag"), "\"1\"");
  options.root_url = "https://host.example/a\"b/";
  const StartPage page(&index, options);
  EXPECT_EQ(page.Answer({}).body,
            "<html data-base=\"/a%22b\" lang=\"en\"><script "
            "src=\"/a%22b/public/a.js\"></script><link href=\"/a%22b/public/b.css\"></html>");
  http::Request again;
  again.headers.Set("If-None-Match", page.Answer({}).headers.Get("ETag"));
  EXPECT_EQ(page.Answer(again).status, 304);
  EXPECT_FALSE(StartPage(nullptr, options).exists());
}

}  // namespace
}  // namespace narthex::dashapi
