#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class PeopleApiTest : public ServiceTest {
 protected:
  // A request of somebody, and how it is answered.
  struct Attempt {
    std::string login;
    std::string method;
    std::string path;
    std::string body;
    int want;
  };
  void Try(std::span<const Attempt> attempts) {
    for (const Attempt& attempt : attempts) {
      const auto& [login, method, path, body, want] = attempt;
      SCOPED_TRACE(login + " " + method + " " + path + " " + body);
      EXPECT_EQ(As(login, method, path, body).status, want);
    }
  }
};

TEST_F(PeopleApiTest, AccountsAreManagedByTheServersAdministrator) {
  Start();
  const Step steps[] = {
      {"POST", "/api/admin/users", R"({"login":"ann","email":"a@x","password":"1234"})", 200,
       R"("message":"User created")"},
      {"POST", "/api/admin/users", R"({"login":"ann","email":"b@x","password":"1234"})", 412,
       "User with email 'b@x' or username 'ann' already exists"},
      {"POST", "/api/admin/users", R"({"password":"1234"})", 400,
       "need specify either username or email"},
      {"POST", "/api/admin/users", R"({"login":"x","password":"1"})", 400,
       "Password is missing or too short"},
      {"POST", "/api/admin/users", R"({"login":"x","password":"1234","OrgId":9})", 400,
       "organization not found"},
      {"GET", "/api/users", "", 200, R"("login":"ann")"},
      {"GET", "/api/users/search?query=an&perpage=1", "", 200, R"("totalCount":1)"},
      {"GET", "/api/users/lookup?loginOrEmail=a@x", "", 200, R"("id":2)"},
      {"GET", "/api/users/lookup?loginOrEmail=nobody", "", 404, "user not found"},
      {"GET", "/api/users/2", "", 200, R"("isGrafanaAdmin":false)"},
      {"GET", "/api/users/x", "", 400, "id is invalid"},
      {"PUT", "/api/users/2", R"({"name":"Ann","login":"ann","email":"a@x"})", 200, "User updated"},
      {"PUT", "/api/users/2", R"({"login":"admin"})", 409, "already exists"},
      {"GET", "/api/users/2/orgs", "", 200, R"("role":"Viewer")"},
      {"GET", "/api/users/2/teams", "", 200, "[]"},
      {"PUT", "/api/admin/users/2/permissions", R"({"isGrafanaAdmin":true})", 200, "updated"},
      {"PUT", "/api/admin/users/2/permissions", R"({"isGrafanaAdmin":false})", 200, "updated"},
      {"PUT", "/api/admin/users/1/permissions", R"({"isGrafanaAdmin":false})", 400, "last grafana"},
      {"PUT", "/api/admin/users/2/password", R"({"password":"abcd"})", 200, "password updated"},
      {"PUT", "/api/admin/users/2/password", R"({"password":"a"})", 400, "too short"},
      {"POST", "/api/admin/users/2/disable", "", 200, "User disabled"},
      {"POST", "/api/admin/users/2/enable", "", 200, "User enabled"},
      {"POST", "/api/admin/users/1/logout", "", 400, "cannot logout yourself"},
      {"POST", "/api/admin/users/2/logout", "", 200, "User logged out"},
      {"GET", "/api/admin/users/2/auth-tokens", "", 200, "[]"},
      {"POST", "/api/admin/users/2/revoke-auth-token", R"({"authTokenId":5})", 404, "not found"},
      {"DELETE", "/api/admin/users/1", "", 400, "cannot remove last grafana admin"},
      {"DELETE", "/api/admin/users/2", "", 200, "User deleted"},
      {"DELETE", "/api/admin/users/2", "", 404, "user not found"},
  };
  Run(steps);
}

TEST_F(PeopleApiTest, ANewPasswordEndsOldSessions) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  const auto signed_in = Send(Request("POST", "/login", R"({"user":"ann","password":"1234"})"));
  const std::string_view cookie = signed_in.headers.Get("Set-Cookie");
  http::ClientRequest request = Request("GET", "/api/user");
  request.headers.Set("Cookie", cookie.substr(0, cookie.find(';')));
  EXPECT_EQ(Send(request).status, 200);
  As("admin", "PUT", "/api/admin/users/2/password", R"({"password":"abcd"})");
  EXPECT_EQ(Send(request).status, 401);
}

TEST_F(PeopleApiTest, OrganisationsAreMadeAndFilled) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","email":"a@x","password":"1234"})");
  const Step steps[] = {
      {"POST", "/api/orgs", R"({"name":"Two"})", 200, R"("message":"Organization created")"},
      {"POST", "/api/orgs", R"({"name":"Two"})", 409, "Organization name taken"},
      {"GET", "/api/orgs", "", 200, R"([{"id":1,"name":"Main Org."},{"id":2,"name":"Two"}])"},
      {"GET", "/api/orgs?name=Two", "", 200, R"([{"id":2,"name":"Two"}])"},
      {"GET", "/api/orgs/2", "", 200, R"("name":"Two","address":{)"},
      {"GET", "/api/orgs/name/Two", "", 200, R"("id":2)"},
      {"GET", "/api/orgs/name/Nine", "", 404, "Organization not found"},
      {"GET", "/api/orgs/9", "", 404, "Organization not found"},
      {"POST", "/api/orgs/2/users", R"({"loginOrEmail":"a@x","role":"Editor"})", 200,
       R"("message":"User added to organization","userId":2)"},
      {"POST", "/api/orgs/2/users", R"({"loginOrEmail":"ann","role":"Editor"})", 409,
       "User is already member of this organization"},
      {"POST", "/api/orgs/2/users", R"({"loginOrEmail":"no","role":"Editor"})", 404, "not found"},
      {"POST", "/api/orgs/2/users", R"({"loginOrEmail":"ann","role":"Boss"})", 400, "Invalid role"},
      {"GET", "/api/orgs/2/users", "", 200, R"("login":"ann")"},
      {"GET", "/api/orgs/2/users/search?perpage=1", "", 200, R"("totalCount":2)"},
      {"PATCH", "/api/orgs/2/users/2", R"({"role":"Viewer"})", 200, "Organization user updated"},
      {"PATCH", "/api/orgs/2/users/1", R"({"role":"Viewer"})", 400, "no organization admin left"},
      {"DELETE", "/api/orgs/2/users/1", "", 400, "Cannot remove last organization admin"},
      {"DELETE", "/api/orgs/2/users/2", "", 200, "User removed from organization"},
      {"DELETE", "/api/orgs/2/users/2", "", 404, "user not found"},
      {"PUT", "/api/orgs/2", R"({"name":"Deux"})", 200, "Organization updated"},
      {"PUT", "/api/org", R"({"name":"Deux"})", 400, "Organization name taken"},
      {"GET", "/api/org/users", "", 200, R"("role":"Admin")"},
      {"GET", "/api/org/users/lookup?query=AN", "", 200, R"("login":"ann")"},
      {"POST", "/api/user/using/2", "", 200, "Active organization changed"},
      {"GET", "/api/org", "", 200, R"("name":"Deux")"},
      {"POST", "/api/user/using/7", "", 401, "Not a valid organization"},
      {"DELETE", "/api/orgs/2", "", 400, "Can not delete org for current user"},
      {"POST", "/api/user/using/1", "", 200, "changed"},
      {"DELETE", "/api/orgs/2", "", 200, "Organization deleted"},
  };
  Run(steps);
}

TEST_F(PeopleApiTest, TeamsAreMadeAndFilled) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","email":"a@x","password":"1234"})");
  const Step steps[] = {
      {"POST", "/api/teams", R"({"name":"Ops","email":"o@x"})", 200, R"({"teamId":1,"uid":")"},
      {"POST", "/api/teams", R"({"name":"ops"})", 409, "Team name taken"},
      {"GET", "/api/teams/search?query=op", "", 200, R"({"totalCount":1,"teams":[{"id":1,)"},
      {"GET", "/api/teams/search?name=Op", "", 200, R"("totalCount":0)"},
      {"GET", "/api/teams/1", "", 200, R"("memberCount":0)"},
      {"GET", "/api/teams/7", "", 404, "Team not found"},
      {"POST", "/api/teams/1/members", R"({"userId":2})", 200, "Member added to Team"},
      {"POST", "/api/teams/1/members", R"({"userId":2})", 400, "already added to this team"},
      {"POST", "/api/teams/1/members", R"({"userId":9})", 404, "user not found"},
      {"PUT", "/api/teams/1/members/2", R"({"permission":4})", 200, "Team member updated"},
      {"GET", "/api/teams/1/members", "", 200, R"("permission":4)"},
      {"DELETE", "/api/teams/1/members/2", "", 200, "Team Member removed"},
      {"DELETE", "/api/teams/1/members/2", "", 404, "Team member not found"},
      {"PUT", "/api/teams/1/members", R"({"members":["a@x"],"admins":["admin@localhost"]})", 200,
       "Team memberships have been updated"},
      {"PUT", "/api/teams/1/members", R"({"members":["no@x"]})", 400, "unknown"},
      {"GET", "/api/teams/1", "", 200, R"("memberCount":2)"},
      {"GET", "/api/user/teams", "", 200, R"("name":"Ops")"},
      {"PUT", "/api/teams/1/preferences", R"({"theme":"light"})", 200, "Preferences updated"},
      {"GET", "/api/teams/1/preferences", "", 200, R"({"theme":"light"})"},
      {"PUT", "/api/teams/1", R"({"name":"Ops 2"})", 200, "Team updated"},
      {"DELETE", "/api/teams/1", "", 200, "Team deleted"},
      {"DELETE", "/api/teams/1", "", 404, "Team not found"},
  };
  Run(steps);
}

TEST_F(PeopleApiTest, WhatIsPreferredComesFromTheNearest) {
  Start();
  const auto theme = [this] {
    const auto settings = json::Parse(Get("/api/frontend/settings").body);
    return settings.ok() ? std::string((*settings)["bootUser"]["theme"].AsString()) : "none";
  };
  EXPECT_EQ(theme(), "");
  const Step steps[] = {
      {"PUT", "/api/org/preferences", R"({"theme":"light","timezone":"utc"})", 200, "updated"},
      {"POST", "/api/teams", R"({"name":"Ops"})", 200, "Team created"},
      {"PUT", "/api/teams/1/preferences", R"({"theme":"system"})", 200, "updated"},
  };
  Run(steps);
  EXPECT_EQ(theme(), "light") << "the team is not the user's";
  const Step joined[] = {{"POST", "/api/teams/1/members", R"({"userId":1})", 200, "added"}};
  Run(joined);
  EXPECT_EQ(theme(), "system");
  const Step own[] = {{"PATCH", "/api/user/preferences", R"({"theme":"dark"})", 200, "updated"}};
  Run(own);
  EXPECT_EQ(theme(), "dark");
  EXPECT_NE(Get("/api/frontend/settings").body.find(R"("timezone":"utc","weekStart":"")"),
            std::string::npos);
}

TEST_F(PeopleApiTest, ProgramsSignInWithTokens) {
  Start();
  const Step steps[] = {
      {"POST", "/api/serviceaccounts", R"({"name":"ci","role":"Editor"})", 201,
       R"("name":"ci","login":"sa-1-ci","orgId":1)"},
      {"POST", "/api/serviceaccounts", R"({"name":"ci","role":"Editor"})", 400, "already exists"},
      {"POST", "/api/serviceaccounts", R"({"name":"x","role":"Boss"})", 400, "invalid role"},
      {"GET", "/api/serviceaccounts/search?query=CI", "", 200, R"({"totalCount":1,)"},
      {"GET", "/api/serviceaccounts/2", "", 200, R"("role":"Editor")"},
      {"GET", "/api/serviceaccounts/1", "", 404, "service account not found"},
      {"PATCH", "/api/serviceaccounts/2", R"({"name":"robot"})", 200, "Service account updated"},
      {"GET", "/api/serviceaccounts/2/tokens", "", 200, "[]"},
      {"POST", "/api/serviceaccounts/2/tokens", R"({"name":""})", 400, "name"},
      {"POST", "/api/serviceaccounts/2/tokens", R"({"name":"t","secondsToLive":-1})", 400,
       "seconds"},
  };
  Run(steps);
  const auto made =
      Parsed(Post("/api/serviceaccounts/2/tokens", R"({"name":"t","secondsToLive":60})").body);
  const std::string key(made["key"].AsString());
  ASSERT_TRUE(key.starts_with("glsa_"));
  EXPECT_EQ(Post("/api/serviceaccounts/2/tokens", R"({"name":"t"})").status, 409);
  const auto listed = Get("/api/serviceaccounts/2/tokens").body;
  EXPECT_EQ(listed.find(key), std::string::npos);
  EXPECT_NE(listed.find(R"("hasExpired":false)"), std::string::npos);

  const auto with_key = [&](std::string_view method, std::string_view path, std::string body = "") {
    http::ClientRequest request = Request(method, path, std::move(body));
    request.headers.Set("Authorization", "Bearer " + key);
    return Send(std::move(request)).status;
  };
  EXPECT_EQ(with_key("GET", "/api/user"), 200);
  EXPECT_EQ(with_key("POST", "/api/dashboards/db", R"({"dashboard":{"title":"x"}})"), 200);
  EXPECT_EQ(with_key("GET", "/api/datasources"), 403);
  EXPECT_EQ(with_key("GET", "/api/users"), 403);
  EXPECT_EQ(with_key("GET", "/api/search?orgId=2"), 403);
  http::ClientRequest basic = Request("GET", "/api/user");
  basic.basic_auth.emplace("api_key", key);
  EXPECT_EQ(Send(basic).status, 200);
  http::ClientRequest wrong = Request("GET", "/api/user");
  wrong.headers.Set("Authorization", "Bearer glsa_x");
  EXPECT_EQ(Send(wrong).status, 401);
  EXPECT_EQ(Send(wrong).body, R"({"message":"Invalid API key"})");

  clock_.Advance(std::chrono::seconds(61));
  EXPECT_EQ(with_key("GET", "/api/user"), 401);
  EXPECT_EQ(As("admin", "DELETE", "/api/serviceaccounts/2/tokens/1").status, 200);
  EXPECT_EQ(As("admin", "DELETE", "/api/serviceaccounts/2/tokens/1").status, 404);
  EXPECT_EQ(As("admin", "DELETE", "/api/serviceaccounts/2").status, 200);
}

TEST_F(PeopleApiTest, PeopleSeeAndEndTheirSessions) {
  Start();
  const std::string cookie = SignIn();
  const std::string other = SignIn();
  const auto with = [&](const std::string& token, std::string_view method, std::string_view path,
                        std::string body = "") {
    http::ClientRequest request = Request(method, path, std::move(body));
    request.headers.Set("Cookie", token);
    return Send(std::move(request));
  };
  const json::Value sessions = Parsed(with(cookie, "GET", "/api/user/auth-tokens").body);
  ASSERT_EQ(sessions.size(), 2u);
  const json::Value& own = sessions.items()[1];
  EXPECT_EQ(own["isActive"].AsBool(), true);
  EXPECT_EQ(with(cookie, "POST", "/api/user/revoke-auth-token",
                 fmt::format(R"({{"authTokenId":{}}})", *own["id"].AsInt64()))
                .status,
            400);
  EXPECT_EQ(with(cookie, "POST", "/api/user/revoke-auth-token",
                 fmt::format(R"({{"authTokenId":{}}})", *sessions.items()[0]["id"].AsInt64()))
                .status,
            200);
  EXPECT_EQ(with(other, "GET", "/api/user").status, 401);
  EXPECT_EQ(with(cookie, "PUT", "/api/user", R"({"name":"Me"})").status, 200);
  EXPECT_EQ(Parsed(with(cookie, "GET", "/api/user").body)["name"].AsString(), "Me");
}

TEST_F(PeopleApiTest, StatsCountAllOrganisations) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  Post("/api/admin/users", R"({"login":"ed","password":"1234"})");
  As("admin", "PATCH", "/api/org/users/3", R"({"role":"Editor"})");
  Post("/api/serviceaccounts", R"({"name":"ci"})");
  Post("/api/orgs", R"({"name":"Two"})");
  Post("/api/orgs/2/users", R"({"loginOrEmail":"ann","role":"Viewer"})");
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"d","title":"D","tags":["x","y"]}})");
  As("admin", "POST", "/api/dashboards/db?orgId=2", R"({"dashboard":{"title":"E","tags":["x"]}})");
  Post("/api/user/stars/dashboard/uid/d", "{}");
  Post("/api/snapshots", R"({"dashboard":{"title":"S"},"expires":60})");
  SignIn("1234", "ann");
  EXPECT_EQ(
      Get("/api/admin/stats").body,
      R"({"orgs":2,"dashboards":2,"snapshots":1,"tags":2,"datasources":0,"playlists":0,"stars":1,"alerts":0,)"
      R"("users":3,"admins":1,"editors":1,"viewers":1,)"
      R"("activeUsers":1,"activeAdmins":1,"activeEditors":0,"activeViewers":0,"activeSessions":1,)"
      R"("dailyActiveUsers":1,"dailyActiveAdmins":1,"dailyActiveEditors":0,"dailyActiveViewers":0,)"
      R"("dailyActiveSessions":1,"monthlyActiveUsers":1})");
  As("ed", "GET", "/api/user");
  clock_.Advance(std::chrono::hours(48));
  const json::Value later = Parsed(Get("/api/admin/stats").body);
  EXPECT_EQ(later["activeEditors"].AsInt64(), 1);
  EXPECT_EQ(later["dailyActiveEditors"].AsInt64(), 0);
  EXPECT_EQ(later["dailyActiveUsers"].AsInt64(), 1) << "the one who asks";
  EXPECT_EQ(later["dailyActiveSessions"].AsInt64(), 0);
  EXPECT_EQ(later["snapshots"].AsInt64(), 0) << "it has expired";
}

// Numbers are given again: who comes next begins without what was preferred before.
TEST_F(PeopleApiTest, PreferencesGoWithWhoHadThem) {
  Start();
  const auto make = [this](std::string_view path, std::string body, std::string_view id) {
    return Parsed(Post(path, std::move(body)).body)[id].AsInt64().value_or(0);
  };
  const std::string preferred = R"({"theme":"light"})";
  const auto ann = make("/api/admin/users", R"({"login":"ann","password":"1234"})", "id");
  const auto org = make("/api/orgs", R"({"name":"Second"})", "orgId");
  const auto team = make("/api/teams", R"({"name":"Ops"})", "teamId");
  EXPECT_EQ(As("ann", "PUT", "/api/user/preferences", preferred).status, 200);
  EXPECT_EQ(As("admin", "PUT", fmt::format("/api/teams/{}/preferences", team), preferred).status,
            200);
  EXPECT_EQ(As("admin", "PUT", fmt::format("/api/org/preferences?orgId={}", org), preferred).status,
            200);
  EXPECT_EQ(
      As("admin", "PUT", fmt::format("/api/user/preferences?orgId={}", org), preferred).status,
      200);
  EXPECT_EQ(As("admin", "DELETE", fmt::format("/api/admin/users/{}", ann)).status, 200);
  EXPECT_EQ(As("admin", "DELETE", fmt::format("/api/teams/{}", team)).status, 200);
  EXPECT_EQ(As("admin", "DELETE", fmt::format("/api/orgs/{}", org)).status, 200);
  EXPECT_EQ(make("/api/admin/users", R"({"login":"eve","password":"1234"})", "id"), ann);
  EXPECT_EQ(make("/api/orgs", R"({"name":"Third"})", "orgId"), org);
  EXPECT_EQ(make("/api/teams", R"({"name":"Dev"})", "teamId"), team);
  EXPECT_EQ(As("eve", "GET", "/api/user/preferences").body, "{}");
  EXPECT_EQ(Get(fmt::format("/api/teams/{}/preferences", team)).body, "{}");
  EXPECT_EQ(Get(fmt::format("/api/org/preferences?orgId={}", org)).body, "{}");
  EXPECT_EQ(Get(fmt::format("/api/user/preferences?orgId={}", org)).body, "{}");
}

// The newer form of the members of a team.
TEST_F(PeopleApiTest, MembersOfTeamsAreSetAsPermissions) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  Post("/api/admin/users", R"({"login":"bob","password":"1234"})");
  Post("/api/teams", R"({"name":"Ops"})");
  const std::string teams = "/api/access-control/teams/";
  const Step steps[] = {
      {"GET", teams + "description", "", 200,
       R"("users":true,"serviceAccounts":false,"teams":false,"builtInRoles":false},"permissions":["Member","Admin"])"},
      {"GET", teams + "1", "", 200, "[]"},
      {"GET", teams + "9", "", 404, "Team not found"},
      {"POST", teams + "1/users/2", R"({"permission":"Member"})", 200, "Permission updated"},
      {"POST", teams + "1/users/2", R"({"permission":"Admin"})", 200, "Permission updated"},
      {"POST", teams + "1/users/2", R"({"permission":"Edit"})", 400, "Member, Admin or empty"},
      {"POST", teams + "1/users/99", R"({"permission":"Member"})", 404, "user not found"},
      {"GET", "/api/teams/1/members", "", 200, R"("permission":4)"},
      {"GET", teams + "1", "", 200, R"("permission":"Admin")"},
      {"POST", teams + "1",
       R"({"permissions":[{"userId":2,"permission":""},{"userId":3,"permission":"Member"}]})", 200,
       "Permissions updated"},
      {"GET", teams + "1", "", 200, R"([{"id":3,)"},
      {"POST", teams + "1", R"({"permissions":[{"teamId":2,"permission":"Member"}]})", 400,
       "name a userId each"},
      {"POST", teams + "1/users/3", R"({"permission":""})", 200, "Permission removed"},
      {"POST", teams + "1/users/3", R"({"permission":""})", 200, "Permission removed"},
      {"GET", teams + "1", "", 200, "[]"},
      {"POST", teams + "1/teams/1", R"({"permission":"Member"})", 404, "Not found"},
      // As in Grafana without a licence.
      {"GET", "/api/access-control/datasources/description", "", 404, "Not found"},
      {"GET", "/api/access-control/datasources/prom", "", 404, "Not found"},
  };
  Run(steps);
  EXPECT_EQ(As("ann", "GET", teams + "1").status, 403);
  EXPECT_EQ(As("ann", "POST", teams + "1/users/2", R"({"permission":"Admin"})").status, 403);
}

TEST_F(PeopleApiTest, PermissionsOfServiceAccountsAreGiven) {
  Start();
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  Post("/api/teams", R"({"name":"Ops"})");
  const std::string accounts = "/api/access-control/serviceaccounts/";
  Post("/api/serviceaccounts", R"({"name":"robot","role":"Viewer"})");
  const Step steps[] = {
      {"GET", accounts + "description", "", 200,
       R"("users":true,"serviceAccounts":false,"teams":true,"builtInRoles":false},"permissions":["Edit","Admin"])"},
      {"GET", accounts + "3", "", 200, "[]"},
      {"GET", accounts + "2", "", 404, "service account not found"},
      {"POST", accounts + "3",
       R"({"permissions":[{"userId":2,"permission":"Edit"},{"teamId":1,"permission":"Admin"}]})",
       200, "Permissions updated"},
      {"GET", accounts + "3", "", 200,
       R"("actions":["serviceaccounts:read","serviceaccounts:write"],"permission":"Edit")"},
      {"GET", accounts + "3", "", 200, R"("team":"Ops")"},
      {"POST", accounts + "3/users/2", R"({"permission":"Admin"})", 200, "Permission updated"},
      {"POST", accounts + "3/teams/1", R"({"permission":""})", 200, "Permission removed"},
      {"GET", accounts + "3", "", 200,
       R"("serviceaccounts.permissions:read","serviceaccounts.permissions:write"],"permission":"Admin"}])"},
      {"POST", accounts + "3/users/2", R"({"permission":"View"})", 400, "is Edit or Admin"},
      {"POST", accounts + "3/builtInRoles/Viewer", R"({"permission":"Edit"})", 400,
       "of a user or a team"},
      {"POST", accounts + "3/users/99", R"({"permission":"Edit"})", 400, "user not found"},
  };
  Run(steps);
}

TEST_F(PeopleApiTest, WhoHasAServiceAccountManagesItWithinHisRole) {
  Start();
  for (const std::string_view login : {"ann", "bob"}) {
    Post("/api/admin/users", fmt::format(R"({{"login":"{}","password":"1234"}})", login));
  }
  Post("/api/serviceaccounts", R"({"name":"robot","role":"Viewer"})");   // 4
  Post("/api/serviceaccounts", R"({"name":"other","role":"Viewer"})");   // 5
  Post("/api/serviceaccounts", R"({"name":"editor","role":"Editor"})");  // 6
  Post("/api/teams", R"({"name":"Ops"})");
  Post("/api/teams/1/members", R"({"userId":3})");
  const std::string accounts = "/api/access-control/serviceaccounts/";
  EXPECT_EQ(As("ann", "GET", "/api/serviceaccounts/search").status, 403);
  EXPECT_EQ(As("ann", "GET", "/api/serviceaccounts/4").status, 403);
  EXPECT_EQ(Post(accounts + "4/users/2", R"({"permission":"Edit"})").status, 200);
  EXPECT_EQ(Post(accounts + "6/users/2", R"({"permission":"Edit"})").status, 200);
  EXPECT_EQ(Post(accounts + "4/teams/1", R"({"permission":"Admin"})").status, 200);
  const Attempt attempts[] = {
      {"ann", "GET", "/api/serviceaccounts/4", "", 200},
      {"ann", "GET", "/api/serviceaccounts/5", "", 403},
      {"ann", "GET", "/api/serviceaccounts/99", "", 403},
      {"ann", "PATCH", "/api/serviceaccounts/4", R"({"name":"robot 2"})", 200},
      {"ann", "PATCH", "/api/serviceaccounts/4", R"({"role":"Editor"})", 403},
      {"ann", "POST", "/api/serviceaccounts/4/tokens", R"({"name":"t"})", 200},
      {"ann", "GET", "/api/serviceaccounts/4/tokens", "", 200},
      // Nobody makes a token above himself.
      {"ann", "POST", "/api/serviceaccounts/6/tokens", R"({"name":"t"})", 403},
      {"ann", "POST", "/api/serviceaccounts", R"({"name":"x","role":"Viewer"})", 403},
      {"ann", "GET", accounts + "4", "", 403},
      {"ann", "POST", accounts + "4/users/2", R"({"permission":"Admin"})", 403},
      {"ann", "DELETE", "/api/serviceaccounts/4", "", 403},
      {"bob", "GET", accounts + "4", "", 200},
      {"bob", "GET", accounts + "5", "", 403},
      {"bob", "POST", accounts + "4/users/2", R"({"permission":""})", 200},
      {"ann", "GET", "/api/serviceaccounts/4", "", 403},
      {"bob", "DELETE", "/api/serviceaccounts/4", "", 200},
  };
  EXPECT_EQ(Parsed(As("ann", "GET", "/api/serviceaccounts/search").body)["totalCount"].AsInt64(),
            2);
  EXPECT_EQ(Parsed(As("ann", "GET", "/api/serviceaccounts/search?query=edi").body)["totalCount"]
                .AsInt64(),
            1);
  const std::string own = As("bob", "GET", "/api/access-control/user/permissions").body;
  EXPECT_NE(own.find(R"("serviceaccounts:delete":["serviceaccounts:id:4"])"), std::string::npos);
  EXPECT_NE(own.find(R"("teams:read":["teams:id:1"])"), std::string::npos);
  EXPECT_EQ(own.find("teams:write"), std::string::npos);
  Try(attempts);
}

TEST_F(PeopleApiTest, MembersSeeTheirTeamsAndItsAdministratorsManageIt) {
  Start();
  for (const std::string_view login : {"ann", "bob", "eve"}) {
    Post("/api/admin/users", fmt::format(R"({{"login":"{}","password":"1234"}})", login));
  }
  Post("/api/teams", R"({"name":"Ops"})");
  Post("/api/teams", R"({"name":"Dev"})");
  Post("/api/teams/1/members", R"({"userId":2})");
  Post("/api/access-control/teams/1/users/3", R"({"permission":"Admin"})");
  const Attempt attempts[] = {
      {"eve", "GET", "/api/teams/search", "", 403},
      {"eve", "GET", "/api/teams/1", "", 403},
      {"ann", "GET", "/api/teams/1", "", 200},
      {"ann", "GET", "/api/teams/2", "", 403},
      {"ann", "GET", "/api/teams/9", "", 403},
      {"ann", "GET", "/api/teams/1/members", "", 403},
      {"ann", "PUT", "/api/teams/1", R"({"name":"Mine"})", 403},
      {"ann", "POST", "/api/teams/1/members", R"({"userId":4})", 403},
      {"ann", "POST", "/api/teams", R"({"name":"New"})", 403},
      {"ann", "DELETE", "/api/teams/1", "", 403},
      {"bob", "GET", "/api/teams/1/members", "", 200},
      {"bob", "POST", "/api/teams/1/members", R"({"userId":4})", 200},
      {"bob", "GET", "/api/access-control/teams/1", "", 200},
      {"bob", "GET", "/api/access-control/teams/2", "", 403},
      {"bob", "PUT", "/api/teams/2", R"({"name":"Mine"})", 403},
      {"bob", "PUT", "/api/teams/1", R"({"name":"Operations"})", 200},
  };
  Try(attempts);
  const json::Value seen = Parsed(As("ann", "GET", "/api/teams/search?perpage=10").body);
  EXPECT_EQ(seen["totalCount"].AsInt64(), 1);
  EXPECT_EQ(seen["teams"].items()[0]["name"].AsString(), "Operations");
  EXPECT_EQ(Parsed(As("ann", "GET", "/api/teams/search?query=dev").body)["totalCount"].AsInt64(),
            0);
  EXPECT_EQ(As("bob", "DELETE", "/api/teams/1").status, 200);
}

}  // namespace
}  // namespace narthex::dashapi
