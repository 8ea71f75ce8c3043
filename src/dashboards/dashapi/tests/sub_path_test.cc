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

}  // namespace
}  // namespace narthex::dashapi
