#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class DashboardsTest : public ServiceTest {
 protected:
  json::Value Saved(std::string_view dashboard, std::string_view rest = "") {
    const auto response =
        Post("/api/dashboards/db", fmt::format(R"({{"dashboard":{}{}}})", dashboard, rest));
    EXPECT_EQ(response.status, 200) << response.body;
    return Parsed(response.body);
  }
};

TEST_F(DashboardsTest, ComeBackAsTheyWereSaved) {
  Start();
  const json::Value saved =
      Saved(R"({"z":1.0,"id":null,"uid":"u1","title":"CPU load","tags":["a"],"schemaVersion":16})");
  EXPECT_EQ(
      json::Print(saved),
      R"({"folderUid":"","id":1,"slug":"cpu-load","status":"success","title":"CPU load","uid":"u1","url":"/d/u1/cpu-load","version":1})");
  const auto response = Get("/api/dashboards/uid/u1");
  EXPECT_EQ(response.status, 200);
  const json::Value answer = Parsed(response.body);
  EXPECT_EQ(
      json::Print(answer["dashboard"]),
      R"({"z":1.0,"id":1,"uid":"u1","title":"CPU load","tags":["a"],"schemaVersion":16,"version":1})");
  const json::Value& meta = answer["meta"];
  EXPECT_EQ(meta["url"].AsString(), "/d/u1/cpu-load");
  EXPECT_EQ(meta["slug"].AsString(), "cpu-load");
  EXPECT_EQ(meta["version"].AsInt64(), 1);
  EXPECT_EQ(meta["provisioned"].AsBool(), false);
  EXPECT_EQ(meta["folderTitle"].AsString(), "General");
  EXPECT_EQ(meta["createdBy"].AsString(), "admin");
  EXPECT_EQ(meta["created"].AsString(), "2023-11-14T22:13:20Z");
  EXPECT_EQ(Get("/api/dashboards/uid/none").status, 404);
  EXPECT_EQ(Get("/api/dashboards/uid/none").body, R"({"message":"Dashboard not found"})");
}

TEST_F(DashboardsTest, SaveNamesItsConflicts) {
  Start();
  Saved(R"({"uid":"a","title":"A"})");
  const struct {
    std::string body;
    int status;
    std::string message;
    std::string word;
  } cases[] = {
      {R"({"dashboard":{"uid":"a","title":"A","version":7}})", 412,
       "The dashboard has been changed by someone else", "version-mismatch"},
      {R"({"dashboard":{"id":99,"title":"A"}})", 404, "Dashboard not found", "not-found"},
      {R"({"dashboard":{"title":""}})", 400, "Dashboard title cannot be empty", "empty-name"},
      {R"({"dashboard":{"title":"x","uid":"a/b"}})", 400, "uid contains illegal characters", ""},
      {R"({"dashboard":{"title":"x"},"folderUid":"none"})", 400, "folder not found", ""},
      {R"({"dashboard":5})", 400, "bad request data: \"dashboard\" must be an object", ""},
      {R"({})", 400, "bad request data: \"dashboard\" must be an object", ""},
      {R"({"dashboard":)", 400,
       "bad request data: line 1, column 14: the document ends where a value was expected", ""},
      {"{\"dashboard\":{\"title\":\"x\"},\"message\":\"" + std::string(501, 'x') + "\"}", 400,
       "message too long, max 500 characters", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.body.substr(0, 80));
    const auto response = Post("/api/dashboards/db", c.body);
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(Parsed(response.body)["message"].AsString(), c.message);
    EXPECT_EQ(Parsed(response.body)["status"].AsString(), c.word);
  }
  Saved(R"({"uid":"a","title":"A2","version":1})");
  Saved(R"({"uid":"a","title":"A3"})", R"(,"overwrite":true)");
}

TEST_F(DashboardsTest, HostileDocumentsAreRefused) {
  Start();
  EXPECT_EQ(
      Post("/api/dashboards/db", R"({"dashboard":{"title":"x","a":)" + std::string(100'000, '['))
          .status,
      413);
  EXPECT_EQ(Post("/api/dashboards/db", std::string(17u << 20, ' ')).status, 413);
  EXPECT_EQ(Get("/api/health").status, 200);
}

TEST_F(DashboardsTest, VersionsCanBeReadAndRestored) {
  Start();
  Saved(R"({"uid":"a","title":"First"})", R"(,"message":"one")");
  Saved(R"({"uid":"a","title":"Second","version":1})");
  const json::Value versions = Parsed(Get("/api/dashboards/uid/a/versions").body);
  ASSERT_EQ(versions["versions"].size(), 2u);
  EXPECT_EQ(versions["versions"].items()[1]["message"].AsString(), "one");
  EXPECT_EQ(Parsed(Get("/api/dashboards/uid/a/versions/1").body)["data"]["title"].AsString(),
            "First");
  EXPECT_EQ(Get("/api/dashboards/uid/a/versions/9").status, 404);
  EXPECT_EQ(Get("/api/dashboards/uid/a/versions/x").status, 400);
  EXPECT_EQ(Post("/api/dashboards/uid/a/restore", R"({"version":1})").status, 200);
  const json::Value restored = Parsed(Get("/api/dashboards/uid/a").body);
  EXPECT_EQ(restored["dashboard"]["title"].AsString(), "First");
  EXPECT_EQ(restored["dashboard"]["version"].AsInt64(), 3);
  EXPECT_EQ(Post("/api/dashboards/uid/a/restore", R"({"version":77})").status, 404);
}

TEST_F(DashboardsTest, SearchFindsFoldersAndDashboards) {
  Start();
  EXPECT_EQ(Post("/api/folders", R"({"uid":"ops","title":"Ops"})").status, 200);
  Saved(R"({"uid":"a","title":"Alpha","tags":["x"]})");
  Saved(R"({"uid":"b","title":"Beta"})", R"(,"folderUid":"ops")");
  EXPECT_EQ(Post("/api/user/stars/dashboard/uid/a", "{}").status, 200);
  const struct {
    std::string query;
    std::string want;
  } cases[] = {
      {"", "ops a b "},
      {"?query=alp", "a "},
      {"?query=OP", "ops "},
      {"?type=dash-db", "a b "},
      {"?type=dash-folder", "ops "},
      {"?tag=x", "a "},
      {"?tag=x&tag=y", ""},
      {"?folderUIDs=ops", "b "},
      {"?folderUIDs=general", "ops a "},
      {"?folderUIDs=none,ops", "b "},
      {"?folderUIDs=none&folderUIDs=general,ops", "ops a b "},
      {"?dashboardUIDs=b,none,a", "a b "},
      {"?folderIds=1", "b "},
      {"?folderIds=0,1", "ops a b "},
      {"?folderIds=99", ""},
      {"?starred=true", "a "},
      {"?dashboardUIDs=b", "b "},
      {"?type=dash-db&sort=alpha-desc", "b a "},
      {"?type=dash-db&limit=1&page=2", "b "},
      {"?limit=-5", "ops "},
      {"?limit=2", "ops a "},
      {"?limit=2&page=2", "b "},
      {"?dashboardUID=b", "b "},
      {"?deleted=true", ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    std::string uids;
    const json::Value hits = Parsed(Get("/api/search" + c.query).body);
    for (const json::Value& hit : hits.items()) uids += std::string(hit["uid"].AsString()) + " ";
    EXPECT_EQ(uids, c.want);
  }
  const json::Value hit = Parsed(Get("/api/search?query=beta").body).items()[0];
  EXPECT_EQ(hit["url"].AsString(), "/d/b/beta");
  EXPECT_EQ(hit["type"].AsString(), "dash-db");
  EXPECT_EQ(hit["folderUid"].AsString(), "ops");
  EXPECT_EQ(hit["folderTitle"].AsString(), "Ops");
  EXPECT_EQ(Get("/api/dashboards/tags").body, R"([{"term":"x","count":1}])");
  EXPECT_EQ(Get("/api/user/stars").body, R"(["a"])");
  EXPECT_EQ(As("admin", "DELETE", "/api/user/stars/dashboard/uid/a").status, 200);
  EXPECT_EQ(Get("/api/search?starred=true").body, "[]");
  EXPECT_EQ(Get("/api/user/stars").body, "[]");
}

// Grizzly knows folders by their numbers.
TEST_F(DashboardsTest, StandInTheFolderOfANumber) {
  Start();
  const auto made = Post("/api/folders", R"({"uid":"ops","title":"Ops"})");
  const std::int64_t id = Parsed(made.body)["id"].AsInt64().value_or(0);
  ASSERT_GT(id, 0);
  const auto folder_of = [this](std::string_view uid) {
    const json::Value meta = Parsed(Get(fmt::format("/api/dashboards/uid/{}", uid)).body)["meta"];
    return fmt::format("{} {}", meta["folderUid"].AsString(),
                       meta["folderId"].AsInt64().value_or(-1));
  };
  const auto save = [this](std::string_view path, std::string_view uid, std::string_view folder) {
    return Post(path, fmt::format(R"({{"dashboard":{{"uid":"{}","title":"T"}},{}}})", uid, folder))
        .status;
  };
  for (const std::string path : {"/api/dashboards/db", "/api/dashboards/import"}) {
    SCOPED_TRACE(path);
    const std::string uid = path.substr(16);
    EXPECT_EQ(save(path, uid + "1", fmt::format(R"("folderId":{})", id)), 200);
    EXPECT_EQ(folder_of(uid + "1"), fmt::format("ops {}", id));
    EXPECT_EQ(save(path, uid + "2", R"("folderId":0,"folderUid":"ops")"), 200);
    EXPECT_EQ(folder_of(uid + "2"), fmt::format("ops {}", id));
    EXPECT_EQ(save(path, uid + "3", R"("folderId":0)"), 200);
    EXPECT_EQ(folder_of(uid + "3"), " 0");
    EXPECT_EQ(save(path, uid + "4", R"("folderId":99)"), 400);
  }
}

TEST_F(DashboardsTest, CanBeDeleted) {
  Start();
  Saved(R"({"uid":"a","title":"A"})");
  const auto deleted = As("admin", "DELETE", "/api/dashboards/uid/a");
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(Parsed(deleted.body)["message"].AsString(), "Dashboard A deleted");
  EXPECT_EQ(As("admin", "DELETE", "/api/dashboards/uid/a").status, 404);
}

TEST_F(DashboardsTest, ImportFillsInputs) {
  Start();
  const auto response = Post("/api/dashboards/import", R"({"dashboard":{"title":"I","uid":"i",
      "__inputs":[{"name":"DS","type":"datasource","pluginId":"prometheus"}],"panels":[{"datasource":"${DS}"}]},
      "inputs":[{"name":"DS","type":"datasource","pluginId":"prometheus","value":"prom"}],"overwrite":true})");
  EXPECT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(Parsed(response.body)["importedUrl"].AsString(), "/d/i/i");
  EXPECT_EQ(json::Print(Parsed(Get("/api/dashboards/uid/i").body)["dashboard"]["panels"]),
            R"([{"datasource":"prom"}])");
  EXPECT_EQ(Post("/api/dashboards/import",
                 R"({"dashboard":{"title":"I","__inputs":[{"name":"DS","type":"datasource"}]}})")
                .status,
            422);
  EXPECT_EQ(Post("/api/dashboards/import", "{}").status, 422);
}

TEST_F(DashboardsTest, ImportBringsLibraryPanelsAlong) {
  Start();
  const std::string file = R"({"dashboard":{"title":"L","uid":"l",
      "__inputs":[{"name":"DS","type":"datasource"}],
      "__elements":{"one":{"uid":"one","name":"One","kind":1,"model":{"type":"stat","datasource":"${DS}"}}},
      "panels":[{"id":1,"libraryPanel":{"uid":"one","name":"One"}}]},
      "inputs":[{"name":"DS","type":"datasource","value":"prom"}],"overwrite":true})";
  EXPECT_EQ(Post("/api/dashboards/import", file).status, 200);
  EXPECT_FALSE(Parsed(Get("/api/dashboards/uid/l").body)["dashboard"].Find("__elements"));
  const json::Value one = Parsed(Get("/api/library-elements/one").body);
  EXPECT_EQ(json::Print(one["result"]["model"]), R"({"type":"stat","datasource":"prom"})");

  // What is there already stays, and what cannot be made leaves nothing behind.
  EXPECT_EQ(Post("/api/dashboards/import", file).status, 200);
  const auto import = [&](const std::string& elements) {
    return Post(
        "/api/dashboards/import",
        R"({"dashboard":{"title":"M","uid":"m","panels":[],"__elements":)" + elements + "}}");
  };
  EXPECT_EQ(import(R"([{"uid":"two","name":"One","model":{}}])").status, 400);
  EXPECT_EQ(import(R"([{"name":"Three","model":{}}])").status, 400);
  EXPECT_EQ(import(R"([{"uid":"two","name":"Two"}])").status, 400);
  EXPECT_EQ(Get("/api/dashboards/uid/m").status, 404);
  EXPECT_EQ(import(R"([{"uid":"two","name":"Two","model":{"type":"text"}}])").status, 200);
  EXPECT_EQ(Get("/api/library-elements/two").status, 200);
}

TEST_F(DashboardsTest, FoldersAreManaged) {
  Start();
  const json::Value made = Parsed(Post("/api/folders", R"({"uid":"ops","title":"Ops"})").body);
  EXPECT_EQ(made["url"].AsString(), "/dashboards/f/ops/ops");
  EXPECT_EQ(Post("/api/folders", R"({"uid":"ops","title":"Ops"})").status, 409);
  EXPECT_EQ(Post("/api/folders", R"({"title":""})").status, 400);
  EXPECT_EQ(Post("/api/folders", R"({"uid":"in","title":"Inner","parentUid":"ops"})").status, 200);
  EXPECT_EQ(Parsed(Get("/api/folders").body).size(), 1u);
  EXPECT_EQ(Parsed(Get("/api/folders?parentUid=ops").body).size(), 1u);
  EXPECT_EQ(Parsed(Get("/api/folders/in").body)["parents"].items()[0]["uid"].AsString(), "ops");
  EXPECT_EQ(As("admin", "PUT", "/api/folders/ops", R"({"title":"O","version":9})").status, 412);
  EXPECT_EQ(As("admin", "PUT", "/api/folders/ops", R"({"title":"O","version":1})").status, 200);
  EXPECT_EQ(Post("/api/folders/in/move", R"({"parentUid":""})").status, 200);
  EXPECT_EQ(Parsed(Get("/api/folders").body).size(), 2u);
  EXPECT_EQ(As("admin", "DELETE", "/api/folders/ops").status, 200);
  EXPECT_EQ(Get("/api/folders/ops").status, 404);
  EXPECT_EQ(Get("/api/folders/general").status, 200);
}

TEST_F(DashboardsTest, EveryRouteNeedsSomebody) {
  Start();
  const struct {
    std::string method;
    std::string path;
  } routes[] = {
      {"GET", "/api/search"},
      {"GET", "/api/dashboards/uid/a"},
      {"POST", "/api/dashboards/db"},
      {"GET", "/api/folders"},
      {"DELETE", "/api/folders/a"},
      {"GET", "/api/datasources"},
      {"GET", "/api/frontend/settings"},
      {"POST", "/api/ds/query"},
      {"GET", "/api/datasources/proxy/uid/a/x"},
      {"GET", "/api/datasources/uid/a/resources/x"},
      {"GET", "/api/datasources/uid/a/health"},
      {"POST", "/api/admin/provisioning/dashboards/reload"},
      {"GET", "/api/admin/provisioning/status"},
      {"GET", "/api/user"},
      {"GET", "/api/org"},
      {"GET", "/api/user/preferences"},
      {"POST", "/api/dashboards/import"},
      {"POST", "/api/user/auth-tokens/rotate"},
      {"GET", "/api/login/ping"},
  };
  for (const auto& route : routes) {
    const auto response = Send(Request(route.method, route.path));
    EXPECT_EQ(response.status, 401) << route.method << " " << route.path;
    EXPECT_EQ(response.body, R"({"message":"Unauthorized"})");
  }
}

}  // namespace
}  // namespace narthex::dashapi
