#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

using PagesTest = ServiceTest;

TEST_F(PagesTest, ShowTheFrontEndToSignedInPeopleOnly) {
  Start();
  const std::string cookie = SignIn();
  const struct {
    std::string path;
    std::string location;  // without a session
  } cases[] = {
      {"/", "/login"},
      {"/d/abc/test-dashboard?orgId=1&refresh=2s",
       "/login?redirectTo=%2Fd%2Fabc%2Ftest-dashboard%3ForgId%3D1%26refresh%3D2s"},
      {"/dashboards", "/login?redirectTo=%2Fdashboards"},
      {"/dashboards/f/x/y", "/login?redirectTo=%2Fdashboards%2Ff%2Fx%2Fy"},
      {"/explore", "/login?redirectTo=%2Fexplore"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path);
    const auto refused = Send(Request("GET", c.path));
    EXPECT_EQ(refused.status, 302);
    EXPECT_EQ(refused.headers.Get("Location"), c.location);
    http::ClientRequest request = Request("GET", c.path);
    request.headers.Set("Cookie", cookie);
    const auto page = Send(std::move(request));
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body, "<html>front end</html>");
  }
}

TEST_F(PagesTest, TheSignInPageLeadsOnWhenSignedIn) {
  Start();
  EXPECT_EQ(Send(Request("GET", "/login")).body, "<html>front end</html>");
  http::ClientRequest request = Request("GET", "/login");
  request.headers.Set("Cookie", SignIn());
  const auto response = Send(std::move(request));
  EXPECT_EQ(response.status, 302);
  EXPECT_EQ(response.headers.Get("Location"), "/");
}

TEST_F(PagesTest, StaticFilesMayBeKept) {
  Start();
  const auto file = Send(Request("GET", "/public/build/assets/app-12345678.js"));
  EXPECT_EQ(file.status, 200);
  EXPECT_EQ(file.body, "alert(1)");
  EXPECT_NE(file.headers.Get("Cache-Control").find("immutable"), std::string_view::npos);
  EXPECT_EQ(Send(Request("GET", "/public/build/assets/none.js")).status, 404);
  EXPECT_EQ(Send(Request("GET", "/public/build/../../etc/passwd")).status, 404);
  EXPECT_EQ(Send(Request("GET", "/index.html")).status, 404);
}

TEST_F(PagesTest, UnknownAddressesOfTheApiAreJson) {
  Start();
  for (const std::string path :
       {"/api/none", "/api", "/apis", "/apis/dashboard.grafana.app/v1beta1"}) {
    const auto response = Get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_EQ(response.body, R"({"message":"Not found"})") << path;
  }
  EXPECT_EQ(As("admin", "DELETE", "/api/health").status, 404);
  EXPECT_EQ(Get("/nowhere").body, "Not found");
}

TEST_F(PagesTest, HealthNeedsNoSignIn) {
  Start();
  const auto health = Send(Request("GET", "/api/health"));
  EXPECT_EQ(health.status, 200);
  EXPECT_EQ(health.headers.Get("Content-Type"), "application/json; charset=UTF-8");
  EXPECT_EQ(health.body,
            "{\n  \"database\": \"ok\",\n  \"version\": \"12.3.0\",\n  \"commit\": \"unknown\"\n}");
  EXPECT_EQ(Send(Request("GET", "/healthz")).body, "Ok");
}

TEST_F(PagesTest, MetricsHaveTheKnownNames) {
  Start();
  Get("/api/search");
  const auto metrics = Send(Request("GET", "/metrics"));
  EXPECT_EQ(metrics.status, 200);
  for (const std::string part :
       {"grafana_build_info{", "grafana_stat_totals_dashboard 0", "process_resident_memory_bytes ",
        "grafana_http_request_duration_seconds_count{handler=\"/api/"
        "search\",method=\"GET\",status_code=\"200\"} 1"}) {
    EXPECT_NE(metrics.body.find(part), std::string::npos) << part;
  }
  options_.is_metrics_enabled = false;
  Start();
  EXPECT_EQ(Send(Request("GET", "/metrics")).status, 404);
}

TEST_F(PagesTest, FrontendSettingsNameDataSourcesWithoutTheirAddresses) {
  WriteDatasource();
  Start();
  const auto response = Get("/api/frontend/settings");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.find(peer_.url()), std::string::npos);
  const json::Value settings = Parsed(response.body);
  EXPECT_EQ(settings["defaultDatasource"].AsString(), "Prometheus");
  EXPECT_EQ(settings["datasources"]["Prometheus"]["uid"].AsString(), "prom");
  EXPECT_EQ(settings["datasources"]["Prometheus"]["url"].AsString(),
            "/api/datasources/proxy/uid/prom");
  EXPECT_EQ(settings["buildInfo"]["version"].AsString(), "12.3.0");
  EXPECT_EQ(settings["minRefreshInterval"].AsString(), "5s");
}

TEST_F(PagesTest, ADatabaseThatIsGoneIsTroubleAndNotAMissingSession) {
  Start();
  const std::string cookie = SignIn();
  // The file is overwritten under the running service: what it reads next is damage.
  for (const char* name : {"dashboards.db", "dashboards.db-wal"}) {
    std::fstream file(folder_ / "data" / name, std::ios::in | std::ios::out | std::ios::binary);
    file << std::string(200'000, '\x55');
  }
  http::ClientRequest request = Request("GET", "/api/user");
  request.headers.Set("Cookie", cookie);
  const auto response = Send(std::move(request));
  EXPECT_NE(response.status, 401) << response.body;
}

}  // namespace
}  // namespace narthex::dashapi
