#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

// A folder "f" with the folder "g" in it and a dashboard in each and at the root; ann sees, ed
// edits.
class PermissionsTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    Start();
    Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
    Post("/api/admin/users", R"({"login":"ed","password":"1234"})");
    EXPECT_EQ(As("admin", "PATCH", "/api/org/users/3", R"({"role":"Editor"})").status, 200);
    EXPECT_EQ(Post("/api/folders", R"({"uid":"f","title":"F"})").status, 200);
    EXPECT_EQ(Post("/api/folders", R"({"uid":"g","title":"G","parentUid":"f"})").status, 200);
    for (const auto& [uid, folder] :
         {std::pair{"root", ""}, std::pair{"in-f", "f"}, std::pair{"in-g", "g"}}) {
      EXPECT_EQ(
          Post("/api/dashboards/db",
               fmt::format(R"({{"dashboard":{{"uid":"{0}","title":"{0}"}},"folderUid":"{1}"}})",
                           uid, folder))
              .status,
          200);
    }
  }

  int Save(std::string_view login, std::string_view uid, std::string_view folder) {
    return As(login, "POST", "/api/dashboards/db",
              fmt::format(
                  R"({{"dashboard":{{"uid":"{0}","title":"{0}"}},"folderUid":"{1}","overwrite":true}})",
                  uid, folder))
        .status;
  }
  int Read(std::string_view login, std::string_view uid) {
    return As(login, "GET", fmt::format("/api/dashboards/uid/{}", uid)).status;
  }
  std::vector<std::string> Found(std::string_view login) {
    std::vector<std::string> uids;
    const json::Value found = Parsed(As(login, "GET", "/api/search").body);
    for (const json::Value& hit : found.items()) uids.emplace_back(hit["uid"].AsString());
    return uids;
  }
};

TEST_F(PermissionsTest, WithoutListsTheRoleDecides) {
  EXPECT_EQ(Save("ann", "root", ""), 403);
  EXPECT_EQ(Save("ed", "root", ""), 200);
  EXPECT_EQ(Found("ann"), (std::vector<std::string>{"f", "g", "in-f", "in-g", "root"}));
  const json::Value rights = Parsed(Get("/api/folders/f/permissions").body);
  ASSERT_EQ(rights.size(), 2u);
  EXPECT_EQ(rights.items()[0]["role"].AsString(), "Editor");
  EXPECT_EQ(rights.items()[0]["permissionName"].AsString(), "Edit");
}

TEST_F(PermissionsTest, TagsCountWhatTheCallerMaySee) {
  for (const auto& [uid, folder] : {std::pair{"root", ""}, std::pair{"in-f", "f"}}) {
    EXPECT_EQ(
        Post(
            "/api/dashboards/db",
            fmt::format(
                R"({{"dashboard":{{"uid":"{0}","title":"{0}","tags":["all","{0}"]}},"folderUid":"{1}","overwrite":true}})",
                uid, folder))
            .status,
        200);
  }
  const std::string all =
      R"([{"term":"all","count":2},{"term":"in-f","count":1},{"term":"root","count":1}])";
  EXPECT_EQ(As("ann", "GET", "/api/dashboards/tags").body, all);
  Post("/api/folders/f/permissions", R"({"items":[{"userId":3,"permission":1}]})");
  EXPECT_EQ(As("ann", "GET", "/api/dashboards/tags").body,
            R"([{"term":"all","count":1},{"term":"root","count":1}])");
  EXPECT_EQ(As("ed", "GET", "/api/dashboards/tags").body, all);
  EXPECT_EQ(Get("/api/dashboards/tags").body, all);
}

// Numbers are given again: who comes next must not have the rights of who has gone.
TEST_F(PermissionsTest, RightsGoWithWhoHadThem) {
  Start();
  Post("/api/folders", R"({"uid":"f","title":"F"})");
  const auto make_user = [this](std::string_view login) {
    const auto made =
        Post("/api/admin/users", fmt::format(R"({{"login":"{}","password":"1234"}})", login));
    return *Parsed(made.body)["id"].AsInt64();
  };
  const auto make_team = [this](std::string_view name) {
    return *Parsed(Post("/api/teams", fmt::format(R"({{"name":"{}"}})", name)).body)["teamId"]
                .AsInt64();
  };
  const std::int64_t last = make_user("last");
  const std::int64_t team = make_team("Last");
  EXPECT_EQ(
      Post("/api/folders/f/permissions",
           fmt::format(
               R"({{"items":[{{"userId":{},"permission":4}},{{"teamId":{},"permission":2}}]}})",
               last, team))
          .status,
      200);
  EXPECT_EQ(As("last", "GET", "/api/folders/f").status, 200);
  EXPECT_EQ(As("admin", "DELETE", fmt::format("/api/admin/users/{}", last)).status, 200);
  EXPECT_EQ(As("admin", "DELETE", fmt::format("/api/teams/{}", team)).status, 200);
  const std::int64_t next = make_user("next");
  EXPECT_EQ(next, last);
  EXPECT_EQ(make_team("Next"), team);
  Post(fmt::format("/api/teams/{}/members", team), fmt::format(R"({{"userId":{}}})", next));
  EXPECT_EQ(As("next", "GET", "/api/folders/f").status, 403);
  EXPECT_EQ(Get("/api/folders/f/permissions").body, "[]");
}

TEST_F(PermissionsTest, WhoLeavesTheOrganisationLosesHisRights) {
  Start();
  Post("/api/folders", R"({"uid":"f","title":"F"})");
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  Post("/api/folders/f/permissions", R"({"items":[{"userId":2,"permission":4}]})");
  EXPECT_EQ(As("admin", "DELETE", "/api/org/users/2").status, 200);
  EXPECT_EQ(Post("/api/org/users", R"({"loginOrEmail":"ann","role":"Viewer"})").status, 200);
  EXPECT_EQ(As("ann", "GET", "/api/folders/f").status, 403);
}

TEST_F(PermissionsTest, AListHoldsForAllBelow) {
  EXPECT_EQ(Post("/api/folders/f/permissions", R"({"items":[{"userId":2,"permission":2}]})").body,
            R"({"message":"Folder permissions updated","id":1,"title":"F"})");
  EXPECT_EQ(Read("ed", "in-f"), 403);
  EXPECT_EQ(Read("ed", "in-g"), 403);
  EXPECT_EQ(Read("ed", "root"), 200);
  EXPECT_EQ(Save("ed", "in-g", "g"), 403);
  EXPECT_EQ(As("ed", "GET", "/api/folders/f").status, 403);
  EXPECT_EQ(As("ed", "DELETE", "/api/dashboards/uid/in-g").status, 403);
  EXPECT_EQ(As("ed", "GET", "/api/folders").body, "[]");
  EXPECT_EQ(Found("ed"), std::vector<std::string>{"root"});
  // The viewer was made an editor of this folder, and of nothing else.
  EXPECT_EQ(Save("ann", "in-g", "g"), 200);
  EXPECT_EQ(Save("ann", "root", ""), 403);
  EXPECT_EQ(Save("ann", "in-g", ""), 403) << "moved out to where she may not write";
  EXPECT_EQ(As("ann", "POST", "/api/folders", R"({"title":"H","parentUid":"f"})").status, 200);
  EXPECT_EQ(As("ann", "POST", "/api/folders", R"({"title":"H"})").status, 403);
  // Administrators are never shut out.
  EXPECT_EQ(Read("admin", "in-g"), 200);
  EXPECT_EQ(Found("admin").size(), 6u);
}

TEST_F(PermissionsTest, ListsAddUpOnTheWayDown) {
  Post("/api/folders/f/permissions", R"({"items":[]})");
  EXPECT_EQ(Read("ed", "in-g"), 403);
  Post("/api/dashboards/uid/in-g/permissions", R"({"items":[{"role":"Editor","permission":1}]})");
  EXPECT_EQ(Read("ed", "in-g"), 200);
  EXPECT_EQ(Read("ann", "in-g"), 403);
  EXPECT_EQ(Save("ed", "in-g", "g"), 403);
  EXPECT_EQ(Read("ed", "in-f"), 403);
  const json::Value meta = Parsed(As("ed", "GET", "/api/dashboards/uid/in-g").body)["meta"];
  EXPECT_EQ(meta["canSave"].AsBool(), false);
}

TEST_F(PermissionsTest, TeamsGiveRightsToTheirMembers) {
  Post("/api/teams", R"({"name":"Ops"})");
  Post("/api/folders/f/permissions", R"({"items":[{"teamId":1,"permission":4}]})");
  EXPECT_EQ(Read("ann", "in-f"), 403);
  Post("/api/teams/1/members", R"({"userId":2})");
  EXPECT_EQ(Read("ann", "in-f"), 200);
  // A folder's administrator gives rights on it.
  EXPECT_EQ(As("ann", "GET", "/api/folders/f/permissions").status, 200);
  EXPECT_EQ(As("ann", "POST", "/api/folders/f/permissions",
               R"({"items":[{"userId":3,"permission":1},{"userId":2,"permission":4}]})")
                .status,
            200);
  EXPECT_EQ(Read("ed", "in-g"), 200);
  EXPECT_EQ(As("ed", "POST", "/api/folders/f/permissions", R"({"items":[]})").status, 403);
}

TEST_F(PermissionsTest, TheNewerFormSetsOneHolderAtATime) {
  const struct {
    std::string path;
    std::string body;
    int status;
    std::string answer;
  } cases[] = {
      {"folders/f/users/2", R"({"permission":"Edit"})", 200, "Permission updated"},
      {"folders/f/builtInRoles/Editor", R"({"permission":""})", 200, "Permission removed"},
      {"folders/f/teams/9", R"({"permission":"Edit"})", 400, "team not found"},
      {"folders/f/users/9", R"({"permission":"Edit"})", 400, "user not found"},
      {"folders/f/users/2", R"({"permission":"Own"})", 400, "View, Edit, Admin"},
      {"folders/f/builtInRoles/Boss", R"({"permission":"Edit"})", 400, "built-in role"},
      {"folders/none/users/2", R"({"permission":"Edit"})", 404, "folder not found"},
      {"datasources/x/users/2", R"({"permission":"Edit"})", 404, "Not found"},
      {"dashboards/root", R"({"permissions":[{"builtInRole":"Viewer","permission":"Edit"}]})", 200,
       "Permissions updated"},
      {"dashboards/root", R"({"permissions":[{"permission":"Edit"}]})", 400, "names one of"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.path + c.body);
    const auto response = Post("/api/access-control/" + c.path, c.body);
    EXPECT_EQ(response.status, c.status);
    EXPECT_NE(response.body.find(c.answer), std::string::npos) << response.body;
  }
  EXPECT_EQ(Save("ann", "root", ""), 200) << "it stays where it is";
  EXPECT_EQ(Save("ann", "in-f", "f"), 200);
  EXPECT_EQ(Read("ed", "in-f"), 200) << "what viewers see, editors see";
  EXPECT_EQ(Save("ed", "in-f", "f"), 403);
  const json::Value given = Parsed(Get("/api/access-control/folders/f").body);
  ASSERT_EQ(given.size(), 2u);
  EXPECT_EQ(given.items()[0]["builtInRole"].AsString(), "Viewer");
  EXPECT_EQ(given.items()[1]["userLogin"].AsString(), "ann");
  EXPECT_EQ(given.items()[1]["permission"].AsString(), "Edit");
  EXPECT_EQ(Parsed(Get("/api/access-control/folders/description").body)["permissions"].size(), 3u);
}

TEST_F(PermissionsTest, WrongEntriesChangeNothing) {
  for (const char* item :
       {R"({"permission":1})", R"({"userId":2,"permission":3})",
        R"({"role":"Boss","permission":1})", R"({"userId":2,"teamId":1,"permission":1})",
        R"({"userId":99,"permission":1})"}) {
    SCOPED_TRACE(item);
    EXPECT_EQ(Post("/api/folders/f/permissions", fmt::format(R"({{"items":[{}]}})", item)).status,
              400);
  }
  EXPECT_EQ(Read("ed", "in-f"), 200);
  EXPECT_EQ(As("ann", "GET", "/api/folders/f/permissions").status, 403);
}

TEST_F(PermissionsTest, FoldersCountWhatTheyHold) {
  EXPECT_EQ(Get("/api/folders/f/counts").body,
            R"({"folder":1,"dashboard":2,"librarypanel":0,"alertrule":0})");
  Post("/api/library-elements", R"({"uid":"e","name":"E","kind":1,"model":{},"folderUid":"g"})");
  // Ann sees the folder by her role, and in it neither the folder nor the dashboard that are ed's.
  Post("/api/folders/g/permissions", R"({"items":[{"userId":3,"permission":1}]})");
  EXPECT_EQ(As("ann", "GET", "/api/folders/f/counts").body,
            R"({"folder":0,"dashboard":1,"librarypanel":0,"alertrule":0})");
  EXPECT_EQ(As("ed", "GET", "/api/folders/f/counts").body,
            R"({"folder":1,"dashboard":2,"librarypanel":1,"alertrule":0})");
  Post("/api/dashboards/uid/in-f/permissions", R"({"items":[]})");
  EXPECT_EQ(As("ann", "GET", "/api/folders/f/counts").body,
            R"({"folder":0,"dashboard":0,"librarypanel":0,"alertrule":0})");
}

TEST_F(PermissionsTest, AnnotationsOfHiddenDashboardsAreNeitherListedNorCounted) {
  for (const char* uid : {"root", "in-f", "in-g"}) {
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(
          Post("/api/annotations",
               fmt::format(R"({{"dashboardUID":"{0}","text":"{0}","tags":["all","{0}"]}})", uid))
              .status,
          200);
    }
  }
  EXPECT_EQ(Post("/api/annotations", R"({"text":"everywhere","tags":["all"]})").status, 200);
  const auto texts = [this](std::string_view login, std::string_view query) {
    std::multiset<std::string> found;
    const json::Value list =
        Parsed(As(login, "GET", fmt::format("/api/annotations{}", query)).body);
    for (const json::Value& note : list.items()) found.emplace(note["text"].AsString());
    return found;
  };
  EXPECT_EQ(texts("ann", "").size(), 10u);
  Post("/api/folders/f/permissions", R"({"items":[{"userId":3,"permission":1}]})");
  const std::multiset<std::string> seen = {"everywhere", "root", "root", "root"};
  EXPECT_EQ(texts("ann", ""), seen);
  EXPECT_EQ(texts("ann", "?limit=4"), seen) << "what is hidden takes no place";
  EXPECT_EQ(texts("ed", "").size(), 10u);
  EXPECT_EQ(As("ann", "GET", "/api/annotations/tags").body,
            R"({"result":{"tags":[{"tag":"all","count":4},{"tag":"root","count":3}]}})");
  EXPECT_EQ(Parsed(Get("/api/annotations/tags").body)["result"]["tags"].size(), 4u);
}

TEST_F(PermissionsTest, PagesOfASearchHoldWhatMayBeSeen) {
  const auto page = [this](std::string_view login, int number) {
    std::string uids;
    const json::Value hits =
        Parsed(As(login, "GET", fmt::format("/api/search?limit=2&page={}", number)).body);
    for (const json::Value& hit : hits.items()) uids += std::string(hit["uid"].AsString()) + " ";
    return uids;
  };
  // Folders come first, and the pages are those of one list.
  EXPECT_EQ(page("ann", 1) + "| " + page("ann", 2) + "| " + page("ann", 3) + "| " + page("ann", 4),
            "f g | in-f in-g | root | ");
  Post("/api/folders/g/permissions", R"({"items":[{"userId":2,"permission":1}]})");
  EXPECT_EQ(page("ed", 1) + "| " + page("ed", 2) + "| " + page("ed", 3), "f in-f | root | ");
}

TEST_F(PermissionsTest, StarsOfWhatIsHiddenAreNotListed) {
  for (const std::string_view uid : {"root", "in-f"}) {
    EXPECT_EQ(As("ann", "POST", fmt::format("/api/user/stars/dashboard/uid/{}", uid)).status, 200);
  }
  EXPECT_EQ(As("ann", "GET", "/api/user/stars").body, R"(["in-f","root"])");
  Post("/api/folders/f/permissions", R"({"items":[{"userId":3,"permission":1}]})");
  EXPECT_EQ(As("ann", "GET", "/api/user/stars").body, R"(["root"])");
}

TEST_F(PermissionsTest, ACallerIsToldWhatItMayDo) {
  const auto scopes = [this](std::string_view login, std::string_view action) {
    const auto answer = As(login, "GET", "/api/access-control/user/permissions");
    EXPECT_EQ(answer.status, 200) << answer.body;
    const json::Value all = Parsed(answer.body);
    const json::Value* found = all.Find(action);
    return found == nullptr ? std::string() : json::Print(*found);
  };
  const struct {
    std::string action;
    std::string viewer;
    std::string editor;
    std::string admin;
  } cases[] = {
      {"dashboards:read", R"(["dashboards:*"])", R"(["dashboards:*"])", R"(["dashboards:*"])"},
      {"dashboards:write", "", R"(["dashboards:*"])", R"(["dashboards:*"])"},
      {"folders:create", "", R"(["folders:*"])", R"(["folders:*"])"},
      {"dashboards.permissions:write", "", "", R"(["dashboards:*"])"},
      {"datasources:query", R"(["datasources:*"])", R"(["datasources:*"])", R"(["datasources:*"])"},
      {"datasources:write", "", "", R"(["datasources:*"])"},
      {"orgs:create", "", "", R"([""])"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.action);
    EXPECT_EQ(scopes("ann", c.action), c.viewer);
    EXPECT_EQ(scopes("ed", c.action), c.editor);
    EXPECT_EQ(scopes("admin", c.action), c.admin);
  }
  const json::Value actions = Parsed(As("ann", "GET", "/api/access-control/user/actions").body);
  EXPECT_EQ(actions["dashboards:read"].AsBool(), true);
  EXPECT_EQ(actions.Find("dashboards:write"), nullptr);

  // Ann edits what is in "g" and no longer sees the rest of "f".
  Post("/api/folders/g/permissions", R"({"items":[{"userId":2,"permission":2}]})");
  Post("/api/folders/f/permissions", R"({"items":[{"userId":3,"permission":1}]})");
  EXPECT_EQ(scopes("ann", "dashboards:read"), R"(["dashboards:uid:in-g","dashboards:uid:root"])");
  EXPECT_EQ(scopes("ann", "dashboards:write"), R"(["dashboards:uid:in-g"])");
  EXPECT_EQ(scopes("ann", "folders:read"), R"(["folders:uid:general","folders:uid:g"])");
}

}  // namespace
}  // namespace narthex::dashapi
