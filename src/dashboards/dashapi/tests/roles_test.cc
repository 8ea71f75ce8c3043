#include "dashstore/store.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class RolesTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    WriteDatasource();
    Start();
    EXPECT_EQ(Post("/api/dashboards/db", R"({"dashboard":{"uid":"a","title":"A"}})").status, 200);
    EXPECT_EQ(Post("/api/folders", R"({"uid":"f","title":"F"})").status, 200);
    service_.reset();
    auto store = dashstore::Store::Open({.folder = options_.data_folder}, clock_);
    ASSERT_TRUE(store.ok());
    for (const dashstore::Role role :
         {dashstore::Role::kViewer, dashstore::Role::kEditor, dashstore::Role::kAdmin}) {
      ASSERT_TRUE((*store)
                      ->users()
                      .Create({.login = "org-" + std::string(dashstore::RoleName(role)),
                               .email = {},
                               .name = {},
                               .password = "1234",
                               .role = role})
                      .ok());
    }
    store->reset();
    Start();
  }
};

TEST_F(RolesTest, EachRoleMayDoItsPart) {
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  const struct {
    std::string method;
    std::string path;
    std::string body;
    int viewer;
    int editor;
    int org_admin;
    int server_admin;
  } cases[] = {
      {"GET", "/api/search", "", 200, 200, 200, 200},
      {"GET", "/api/dashboards/uid/a", "", 200, 200, 200, 200},
      {"POST", "/api/ds/query", R"({"queries":[{"expr":"up"}]})", 200, 200, 200, 200},
      {"GET", "/api/datasources/proxy/uid/prom/api/v1/labels", "", 200, 200, 200, 200},
      {"GET", "/api/frontend/settings", "", 200, 200, 200, 200},
      {"GET", "/api/user", "", 200, 200, 200, 200},
      {"POST", "/api/dashboards/db", R"({"dashboard":{"title":"n"}})", 403, 200, 200, 200},
      {"GET", "/api/dashboards/uid/a/versions", "", 403, 200, 200, 200},
      {"DELETE", "/api/dashboards/uid/none", "", 403, 404, 404, 404},
      {"POST", "/api/folders", R"({"title":"n"})", 403, 200, 200, 200},
      {"DELETE", "/api/folders/none", "", 403, 404, 404, 404},
      {"GET", "/api/datasources", "", 403, 403, 200, 200},
      {"GET", "/api/datasources/uid/prom", "", 403, 403, 200, 200},
      {"POST", "/api/datasources", "{}", 403, 403, 400, 400},
      {"DELETE", "/api/datasources/uid/prom", "", 403, 403, 403, 403},
      {"GET", "/api/org/preferences", "", 403, 403, 200, 200},
      {"GET", "/api/admin/provisioning/status", "", 403, 403, 403, 200},
      {"POST", "/api/admin/provisioning/datasources/reload", "{}", 403, 403, 403, 200},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.path);
    EXPECT_EQ(As("org-Viewer", c.method, c.path, c.body).status, c.viewer);
    EXPECT_EQ(As("org-Editor", c.method, c.path, c.body).status, c.editor);
    EXPECT_EQ(As("org-Admin", c.method, c.path, c.body).status, c.org_admin);
    EXPECT_EQ(As("admin", c.method, c.path, c.body).status, c.server_admin);
  }
}

TEST_F(RolesTest, OtherOrganisationsAreClosed) {
  EXPECT_EQ(As("org-Viewer", "GET", "/api/search?orgId=1").status, 200);
  EXPECT_EQ(As("org-Viewer", "GET", "/api/search?orgId=2").status, 403);
  http::ClientRequest request = Request("GET", "/api/search");
  request.basic_auth.emplace("admin", "1234");
  request.headers.Set("X-Grafana-Org-Id", "7");
  EXPECT_EQ(Send(std::move(request)).status, 403);
}

}  // namespace
}  // namespace narthex::dashapi
