#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class DocumentsApiTest : public ServiceTest {
 protected:
  void MakeViewer() { Post("/api/admin/users", R"({"login":"ann","password":"1234"})"); }
};

TEST_F(DocumentsApiTest, AnnotationsAreNotedAndFound) {
  Start();
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"D"}})");
  const Step steps[] = {
      {"POST", "/api/annotations",
       R"({"dashboardUID":"d","panelId":2,"time":1000,"timeEnd":2000,"tags":["x","x"],"text":"t"})",
       200, R"({"message":"Annotation added","id":1})"},
      {"POST", "/api/annotations", R"({"dashboardUID":"none","text":"t"})", 404, "not found"},
      {"POST", "/api/annotations", R"({"text":""})", 400, "text field should not be empty"},
      {"POST", "/api/annotations", R"({"text":"x","time":2,"timeEnd":1})", 400, "end time"},
      {"POST", "/api/annotations/graphite", R"({"what":"deploy","tags":"a b","when":5})", 200,
       R"({"message":"Graphite annotation added","id":2})"},
      {"POST", "/api/annotations/graphite", R"({})", 400, "what field should not be empty"},
      {"GET", "/api/annotations/1", "", 200,
       R"("time":1000,"timeEnd":2000,"text":"t","tags":["x"])"},
      {"GET", "/api/annotations/9", "", 404, "Annotation not found"},
      {"GET", "/api/annotations?dashboardUID=d", "", 200, R"([{"id":1,)"},
      {"GET", "/api/annotations?from=1500&to=3000&tags=x", "", 200, R"([{"id":1,)"},
      {"GET", "/api/annotations?tags=a&tags=x&matchAny=true", "", 200, R"("id":2,)"},
      {"GET", "/api/annotations?tags=a&tags=x", "", 200, "[]"},
      {"GET", "/api/annotations?type=alert", "", 200, "[]"},
      {"GET", "/api/annotations?dashboardUID=none", "", 200, "[]"},
      {"GET", "/api/annotations/tags?tag=A", "", 200,
       R"({"result":{"tags":[{"tag":"a","count":1}]}})"},
      {"PATCH", "/api/annotations/1", R"({"text":"u"})", 200, "Annotation patched"},
      {"GET", "/api/annotations/1", "", 200, R"("text":"u","tags":["x"])"},
      {"PUT", "/api/annotations/1", R"({"text":"v","time":7})", 200, "Annotation updated"},
      {"GET", "/api/annotations/1", "", 200, R"("time":7,"timeEnd":7,"text":"v","tags":[])"},
      {"POST", "/api/annotations/mass-delete", R"({"dashboardUID":"d"})", 400, "panelId"},
      {"POST", "/api/annotations/mass-delete", R"({"dashboardUID":"d","panelId":2})", 200,
       "deleted"},
      {"DELETE", "/api/annotations/1", "", 404, "Annotation not found"},
      {"DELETE", "/api/annotations/2", "", 200, "Annotation deleted"},
  };
  Run(steps);
}

TEST_F(DocumentsApiTest, AnnotationsHaveTheRightsOfTheirDashboard) {
  Start();
  MakeViewer();
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"D"}})");
  Post("/api/annotations", R"({"dashboardUID":"d","text":"secret"})");
  EXPECT_EQ(As("ann", "GET", "/api/annotations").body.find("secret") != std::string::npos, true);
  EXPECT_EQ(As("ann", "POST", "/api/annotations", R"({"dashboardUID":"d","text":"t"})").status,
            403);
  EXPECT_EQ(As("ann", "POST", "/api/annotations", R"({"text":"t"})").status, 403);
  EXPECT_EQ(As("ann", "DELETE", "/api/annotations/1").status, 403);
  Post("/api/dashboards/uid/d/permissions", R"({"items":[]})");
  EXPECT_EQ(As("ann", "GET", "/api/annotations").body, "[]");
  EXPECT_EQ(As("ann", "GET", "/api/annotations/1").status, 403);
  Post("/api/dashboards/uid/d/permissions", R"({"items":[{"userId":2,"permission":2}]})");
  EXPECT_EQ(As("ann", "POST", "/api/annotations", R"({"dashboardUID":"d","text":"t"})").status,
            200);
}

TEST_F(DocumentsApiTest, PlaylistsAreKept) {
  Start();
  const Step steps[] = {
      {"POST", "/api/playlists",
       R"({"name":"P","interval":"5m","items":[{"type":"dashboard_by_uid","value":"d","title":"D"}]})",
       200, R"("name":"P","interval":"5m"})"},
      {"POST", "/api/playlists", R"({"name":"P"})", 400, "interval"},
      {"POST", "/api/playlists", R"({"uid":"p2","name":"Q","interval":"1m"})", 200,
       R"("uid":"p2")"},
      {"POST", "/api/playlists", R"({"uid":"p2","name":"Q","interval":"1m"})", 409, "taken"},
      {"GET", "/api/playlists?query=q", "", 200, R"("uid":"p2")"},
      {"PUT", "/api/playlists/p2",
       R"({"name":"R","interval":"1m","items":[{"type":"t","value":"v"}]})", 200,
       R"("items":[{"type":"t","value":"v","title":""}])"},
      {"GET", "/api/playlists/p2/items", "", 200, R"([{"type":"t",)"},
      {"GET", "/api/playlists/none", "", 404, "Playlist not found"},
      {"DELETE", "/api/playlists/p2", "", 200, "{}"},
      {"DELETE", "/api/playlists/p2", "", 404, "Playlist not found"},
  };
  Run(steps);
  MakeViewer();
  EXPECT_EQ(As("ann", "GET", "/api/playlists").status, 200);
  EXPECT_EQ(As("ann", "POST", "/api/playlists", R"({"name":"P","interval":"5m"})").status, 403);
}

TEST_F(DocumentsApiTest, SnapshotsOpenWithTheirKeyUntilTheyExpire) {
  Start();
  MakeViewer();
  const auto made = Parsed(As("ann", "POST", "/api/snapshots",
                              R"({"name":"S","expires":60,"dashboard":{"title":"T","x":1.50}})")
                               .body);
  const std::string key(made["key"].AsString());
  const std::string delete_key(made["deleteKey"].AsString());
  ASSERT_EQ(key.size(), 32u);
  EXPECT_EQ(made["deleteUrl"].AsString(), "/api/snapshots-delete/" + delete_key);
  const auto seen = Send(Request("GET", "/api/snapshots/" + key));
  EXPECT_EQ(seen.status, 200);
  EXPECT_EQ(json::Print(Parsed(seen.body)["dashboard"]), R"({"title":"T","x":1.50})");
  EXPECT_EQ(seen.body.find(delete_key), std::string::npos);
  EXPECT_EQ(Send(Request("GET", "/api/snapshots/" + delete_key)).status, 404);
  EXPECT_NE(Get("/api/dashboard/snapshots").body.find(key), std::string::npos);
  EXPECT_EQ(Send(Request("GET", "/api/dashboard/snapshots")).status, 401);
  EXPECT_EQ(Send(Request("POST", "/api/snapshots", R"({"dashboard":{}})")).status, 401);
  EXPECT_EQ(Post("/api/snapshots", R"({"dashboard":{},"external":true})").status, 403);
  EXPECT_EQ(Post("/api/snapshots", R"({"name":"x"})").status, 400);
  clock_.Advance(std::chrono::seconds(61));
  EXPECT_EQ(Send(Request("GET", "/api/snapshots/" + key)).status, 404);

  const auto other = Parsed(Post("/api/snapshots", R"({"dashboard":{"title":"T"}})").body);
  const std::string path = "/api/snapshots/" + std::string(other["key"].AsString());
  EXPECT_EQ(As("ann", "DELETE", path).status, 403) << "another's";
  EXPECT_EQ(Send(Request("GET", "/api/snapshots-delete/none")).status, 404);
  EXPECT_EQ(Send(Request("GET", std::string(other["deleteUrl"].AsString()))).status, 200);
  EXPECT_EQ(As("admin", "DELETE", path).status, 404);
}

TEST_F(DocumentsApiTest, LibraryPanelsKnowWhoShowsThem) {
  Start();
  Post("/api/folders", R"({"uid":"f","title":"F"})");
  const Step steps[] = {
      {"POST", "/api/library-elements",
       R"({"uid":"e","name":"E","kind":1,"folderUid":"f","model":{"type":"text","description":"why"}})",
       200, R"("uid":"e","name":"E","kind":1,"type":"text","description":"why")"},
      {"POST", "/api/library-elements", R"({"name":"E","kind":1,"folderUid":"f","model":{}})", 400,
       "library element with that name already exists"},
      {"POST", "/api/library-elements", R"({"uid":"e","name":"Z","kind":1,"model":{}})", 400,
       "library element with that UID already exists"},
      {"POST", "/api/library-elements", R"({"name":"Z","kind":3,"model":{}})", 400, "kind"},
      {"POST", "/api/library-elements", R"({"name":"Z","kind":1,"folderUid":"no","model":{}})", 400,
       "folder not found"},
      {"POST", "/api/library-elements", R"({"uid":"v","name":"V","kind":2,"model":{}})", 200,
       R"("folderName":"General")"},
      {"GET", "/api/library-elements?kind=2", "", 200, R"({"result":{"totalCount":1,)"},
      {"GET", "/api/library-elements?typeFilter=text,stat", "", 200, R"("totalCount":1)"},
      {"GET", "/api/library-elements?searchString=WHY", "", 200, R"("totalCount":1)"},
      {"GET", "/api/library-elements?folderFilterUIDs=general", "", 200, R"("uid":"v")"},
      {"GET", "/api/library-elements?perPage=1&page=2", "", 200, R"("uid":"v")"},
      {"GET", "/api/library-elements/name/E", "", 200, R"({"result":[{)"},
      {"GET", "/api/library-elements/name/none", "", 404, "could not be found"},
      {"GET", "/api/library-elements/none", "", 404, "library element could not be found"},
      {"PATCH", "/api/library-elements/e", R"({"name":"E2","version":7})", 412, "someone else"},
      {"PATCH", "/api/library-elements/e", R"({"name":"E2","version":1})", 200, R"("version":2)"},
      {"GET", "/api/folders/f/counts", "", 200, R"("librarypanel":1)"},
      {"POST", "/api/dashboards/db",
       R"({"dashboard":{"uid":"d","title":"D","panels":[{"libraryPanel":{"uid":"e"}}]}})", 200, ""},
      {"GET", "/api/library-elements/e/connections/", "", 200, R"("connectionUid":"d")"},
      {"GET", "/api/library-elements/e", "", 200, R"("connectedDashboards":1)"},
      {"DELETE", "/api/library-elements/e", "", 403, "the library element has connections"},
      {"DELETE", "/api/dashboards/uid/d", "", 200, ""},
      {"DELETE", "/api/library-elements/e", "", 200, "Library element deleted"},
      {"DELETE", "/api/library-elements/e", "", 404, "could not be found"},
  };
  Run(steps);
}

TEST_F(DocumentsApiTest, ShortAddressesLeadToOwnPagesOnly) {
  Start();
  const auto made = Parsed(Post("/api/short-urls", R"({"path":"d/x/y?from=now-1h&var-a=b"})").body);
  EXPECT_EQ(made["url"].AsString(), fmt::format("/goto/{}?orgId=1", made["uid"].AsString()));
  const auto went = Get(made["url"].AsString());
  EXPECT_EQ(went.status, 302);
  EXPECT_EQ(went.headers.Get("Location"), "/d/x/y?from=now-1h&var-a=b");
  for (const char* path : {"", "/evil.example", "//evil.example", "https://evil.example",
                           "\\\\evil.example", "\\tx", "../x", "d/../../x"}) {
    SCOPED_TRACE(path);
    EXPECT_EQ(Post("/api/short-urls", fmt::format(R"({{"path":"{}"}})", path)).status, 400);
  }
}

TEST_F(DocumentsApiTest, AlertingIsEmptyAndSaysSo) {
  Start();
  const Step steps[] = {
      {"GET", "/api/v1/provisioning/alert-rules", "", 200, "[]"},
      {"GET", "/api/v1/provisioning/contact-points", "", 200, "[]"},
      {"POST", "/api/v1/provisioning/alert-rules", "{}", 501, "not supported"},
      {"PUT", "/api/v1/provisioning/policies", "{}", 501, "not supported"},
      {"GET", "/api/prometheus/grafana/api/v1/rules", "", 200, R"("groups":[])"},
      {"POST", "/api/ruler/grafana/api/v1/rules/f", "{}", 501, "not supported"},
      {"POST", "/api/convert/prometheus/config/v1/rules", "{}", 501, "not supported"},
      {"GET", "/apis", "", 404, "Not found"},
      {"GET", "/api/query-history", "", 404, "Not found"},
  };
  Run(steps);
}

TEST_F(DocumentsApiTest, VersionsAreComparedAndTheHomeIsChosen) {
  Start();
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"<b>A","x":1,"p":[1]}})");
  Post("/api/dashboards/db",
       R"({"dashboard":{"uid":"d","title":"B","p":[1,{"a/b":2}],"y":0},"overwrite":true})");
  const std::string sides =
      R"("base":{"dashboardId":1,"version":1},"new":{"dashboardId":1,"version":2})";
  EXPECT_EQ(
      Post("/api/dashboards/calculate-diff", "{" + sides + R"(,"diffType":"json"})").body,
      R"([{"op":"replace","path":"/title","old":"<b>A","value":"B"},{"op":"remove","path":"/x","old":1},{"op":"add","path":"/p/1","value":{"a/b":2}},{"op":"replace","path":"/version","old":1,"value":2},{"op":"add","path":"/y","value":0}])");
  const auto html = Post("/api/dashboards/calculate-diff", "{" + sides + R"(,"diffType":"basic"})");
  EXPECT_NE(html.body.find("&lt;b&gt;A"), std::string::npos);
  EXPECT_EQ(html.body.find("<b>A"), std::string::npos);
  EXPECT_EQ(Post("/api/dashboards/calculate-diff", R"({"base":{"dashboardId":9}})").status, 404);

  EXPECT_EQ(Parsed(Get("/api/dashboards/home").body)["meta"]["isHome"].AsBool(), true);
  As("admin", "PUT", "/api/org/preferences", R"({"homeDashboardUID":"d"})");
  EXPECT_EQ(Get("/api/dashboards/home").body, R"({"redirectUri":"/d/d/b"})");
}

}  // namespace
}  // namespace narthex::dashapi
