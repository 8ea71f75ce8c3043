#include "base/number.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kManaged = "/api/dashboards/uid/d/public-dashboards";

class PublicDashboardTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    WriteDatasource();
    Start();
    peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  }

  void Save(std::string_view members) {
    const auto saved = Post(
        "/api/dashboards/db",
        fmt::format(R"({{"dashboard":{{"uid":"d","title":"D",{}}},"overwrite":true}})", members));
    ASSERT_EQ(saved.status, 200) << saved.body;
  }

  // Makes the dashboard public. The token.
  std::string Publish(std::string_view switches = R"("isEnabled":true)") {
    const auto made = Post(kManaged, fmt::format("{{{}}}", switches));
    EXPECT_EQ(made.status, 200) << made.body;
    return std::string(Parsed(made.body)["accessToken"].AsString());
  }

  // As somebody without an account.
  http::ClientResponse See(std::string_view token, std::string_view rest = "") {
    return Send(Request("GET", fmt::format("/api/public/dashboards/{}{}", token, rest)));
  }
  http::ClientResponse Ask(std::string_view token, int panel, std::string body = "{}") {
    return Send(Request("POST",
                        fmt::format("/api/public/dashboards/{}/panels/{}/query", token, panel),
                        std::move(body)));
  }
};

std::string_view MessageId(const json::Value& answer) { return answer["messageId"].AsString(); }

constexpr std::string_view kOnePanel =
    R"("time":{"from":"now-2h","to":"now"},"panels":[
      {"id":1,"type":"row","panels":[{"id":4,"datasource":{"uid":"prom"},
       "targets":[{"refId":"A","expr":"secret_metric","exemplar":true}]}]}])";

TEST_F(PublicDashboardTest, RunsItsOwnQueriesOnly) {
  Save(kOnePanel);
  const std::string token = Publish();
  ASSERT_EQ(token.size(), 32u);
  const auto answered = Ask(
      token, 4,
      R"({"intervalMs":60000,"queries":[{"refId":"A","expr":"other"}],"timeRange":{"from":"0","to":"9"}})");
  EXPECT_EQ(answered.status, 200) << answered.body;
  const auto asked = peer_.TakeRequests();
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].AllParameters().Get("query"), "secret_metric");
  EXPECT_EQ(asked[0].AllParameters().Get("end"), "1699999980") << "the dashboard's time, aligned";
}

TEST_F(PublicDashboardTest, RefusesWhatIsNoQuestion) {
  Save(R"("panels":[{"id":1,"type":"text"},{"id":2,"targets":[{"refId":"A","expr":"up"}]}])");
  const std::string token = Publish(R"("isEnabled":true,"timeSelectionEnabled":true)");
  const struct {
    std::string panel;
    std::string body;
    int status;
    std::string_view id;
  } cases[] = {
      {"9", "{}", 404, "publicdashboards.panelNotFound"},
      {"x", "{}", 400, "publicdashboards.invalidPanelId"},
      {"1", "{}", 400, "publicdashboards.panelQueriesNotFound"},
      {"2", "nonsense", 400, "publicdashboards.badRequest"},
      {"2", R"({"intervalMs":-1})", 400, "publicdashboards.invalidInterval"},
      {"2", R"({"maxDataPoints":-1})", 400, "publicdashboards.maxDataPoints"},
      {"2", R"({"timeRange":{"from":"soon","to":"now"}})", 400,
       "publicdashboards.invalidTimeRange"},
      {"2", "{\"x\":\"" + std::string(70'000, 'x') + "\"}", 413, ""},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.panel + " " + c.body.substr(0, 60));
    const auto answer = Send(Request(
        "POST", fmt::format("/api/public/dashboards/{}/panels/{}/query", token, c.panel), c.body));
    EXPECT_EQ(answer.status, c.status) << answer.body;
    EXPECT_EQ(MessageId(Parsed(answer.body)), c.id);
  }
  EXPECT_TRUE(peer_.TakeRequests().empty());
}

TEST_F(PublicDashboardTest, OpensToItsTokenWhileItIsEnabled) {
  Save(kOnePanel);
  const std::string token = Publish();
  const auto all_answer = [&](int status, std::string_view id) {
    for (const auto& answer : {See(token), See(token, "/annotations"), Ask(token, 4)}) {
      EXPECT_EQ(answer.status, status) << answer.body;
      EXPECT_EQ(MessageId(Parsed(answer.body)), id) << answer.body;
    }
  };
  EXPECT_EQ(See(token).status, 200);
  // The token opens nothing else.
  for (const std::string_view path : {"/api/dashboards/uid/d", "/api/search", "/api/user"}) {
    http::ClientRequest request = Request("GET", path);
    request.bearer_token = token;
    EXPECT_EQ(Send(std::move(request)).status, 401) << path;
  }
  const std::string one =
      fmt::format("{}/{}", kManaged, std::string(Parsed(Get(kManaged).body)["uid"].AsString()));
  EXPECT_EQ(As("admin", "PATCH", one, R"({"isEnabled":false})").status, 200);
  peer_.TakeRequests();
  all_answer(403, "publicdashboards.notEnabled");
  EXPECT_TRUE(peer_.TakeRequests().empty());
  EXPECT_EQ(As("admin", "PATCH", one, R"({"isEnabled":true})").status, 200);
  EXPECT_EQ(See(token).status, 200);

  // It ends with its dashboard, also if another takes the uid.
  EXPECT_EQ(As("admin", "DELETE", "/api/dashboards/uid/d").status, 200);
  all_answer(404, "publicdashboards.notFound");
  Save(kOnePanel);
  all_answer(404, "publicdashboards.notFound");
  EXPECT_EQ(MessageId(Parsed(See("short").body)), "publicdashboards.invalidAccessToken");
  EXPECT_EQ(See("00000000-0000-0000-0000-000000000000").status, 404);
}

// Whatever stands open, its page does, too; what may be seen is decided by the API.
TEST_F(PublicDashboardTest, HasAPageForVisitors) {
  EXPECT_EQ(Send(Request("GET", "/public-dashboards/any")).body, "<html>front end</html>");
  EXPECT_EQ(Send(Request("GET", "/d/any")).status, 302);
}

TEST_F(PublicDashboardTest, TellsNoQueries) {
  Save(R"("panels":[{"id":1,"type":"row","panels":[
        {"id":4,"datasource":{"uid":"prom"},"alert":{"conditions":["secret"]},
         "libraryPanel":{"uid":"l","name":"L","model":{"targets":[{"expr":"secret"}]}},
         "targets":[{"refId":"A","expr":"secret","legendFormat":"shown","editorMode":"secret"},
          {"refId":"B","datasource":{"type":"__expr__","uid":"__expr__"},"type":"math",
           "expression":"$A + secret"},
          {"refId":"C","datasource":{"uid":"-- Dashboard --"},"panelId":3}]}]}],
      "templating":{"list":[{"name":"v","query":"secret"}]},
      "annotations":{"list":[{"name":"a","expr":"secret"}]},
      "__inputs":[{"value":"secret"}],"__elements":{"e":{"model":"secret"}},
      "elements":{"p":"secret"},"variables":["secret"])");
  const std::string token = Publish();
  const auto shown = See(token);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.body.find("secret"), std::string::npos) << shown.body;
  const json::Value targets =
      Parsed(shown.body)["dashboard"]["panels"].items()[0]["panels"].items()[0]["targets"];
  EXPECT_EQ(targets.items()[0]["legendFormat"].AsString(), "shown");
  // Whose answer a panel shares is no query.
  EXPECT_EQ(targets.items()[2]["panelId"].AsInt64(), 3);
}

// Names, notices and errors are made of the query's text.
TEST_F(PublicDashboardTest, AnswersTellNoQueries) {
  Save(R"("panels":[{"id":4,"targets":[{"refId":"A","expr":"secret"}]}])");
  const std::string token = Publish();
  peer_.AnswerJson(
      R"({"status":"success","warnings":["secret, 1:1"],"infos":["secret, 1:1"],"data":{
       "resultType":"matrix","result":[{"metric":{},"values":[[1700000000,"1"]]}]}})");
  const auto answered = Ask(token, 4);
  EXPECT_EQ(answered.status, 200) << answered.body;
  EXPECT_EQ(answered.body.find("secret"), std::string::npos) << answered.body;
  EXPECT_NE(answered.body.find("[1700000000000],[1]"), std::string::npos) << answered.body;

  clock_.Advance(std::chrono::minutes(1));
  peer_.AnswerJson(R"({"status":"error","errorType":"bad_data","error":"secret"})", 400);
  const auto failed = Ask(token, 4);
  EXPECT_EQ(failed.status, 400);
  EXPECT_EQ(failed.body.find("secret"), std::string::npos) << failed.body;
  EXPECT_NE(failed.body.find("the query failed"), std::string::npos) << failed.body;
}

TEST_F(PublicDashboardTest, TimesAreTheVisitorsOnlyIfAllowed) {
  Save(R"("time":{"from":"now-2h","to":"now"},"panels":[
        {"id":1,"targets":[{"refId":"A","expr":"a"}]},
        {"id":3,"targets":[{"refId":"A","expr":"c"}]},
        {"id":2,"timeFrom":"5m","targets":[{"refId":"A","expr":"b"}]},
        {"id":4,"timeShift":"1d","targets":[{"refId":"A","expr":"d"}]},
        {"id":5,"timeFrom":"$x","timeShift":"1h/h;","targets":[{"refId":"A","expr":"e"}]}])");
  const std::string token = Publish();
  const std::string one =
      fmt::format("{}/{}", kManaged, std::string(Parsed(Get(kManaged).body)["uid"].AsString()));
  const std::string chosen =
      R"({"intervalMs":1000,"timeRange":{"from":"1600000000000","to":"1600000600000"}})";
  const struct {
    bool is_allowed;
    int panel;
    std::string body;
    std::string end;
    std::int64_t length_s;
  } cases[] = {
      {false, 1, chosen, "1700000000", 7200},
      {false, 2, chosen, "1700000000", 300},
      {false, 4, chosen, "1699913600", 7200},
      {false, 5, chosen, "1700000000", 7200},
      {true, 1, chosen, "1600000600", 600},
      {true, 2, chosen, "1600000600", 600},
      {true, 3, R"({"intervalMs":1000})", "1700000000", 7200},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(fmt::format("{} {}", c.is_allowed, c.panel));
    As("admin", "PATCH", one, fmt::format(R"({{"timeSelectionEnabled":{}}})", c.is_allowed));
    EXPECT_EQ(Parsed(See(token).body)["dashboard"]["timepicker"]["hidden"].AsBool(), !c.is_allowed);
    peer_.TakeRequests();
    EXPECT_EQ(Ask(token, c.panel, c.body).status, 200);
    const auto asked = peer_.TakeRequests();
    ASSERT_EQ(asked.size(), 1u);
    const auto form = asked[0].AllParameters();
    EXPECT_EQ(form.Get("end"), c.end);
    EXPECT_EQ(ParseInt64(form.Get("end")).value_or(0) - ParseInt64(form.Get("start")).value_or(0),
              c.length_s);
  }
}

TEST_F(PublicDashboardTest, RefusesQueriesWithVariables) {
  Save(R"JS("templating":{"list":[{"name":"job"}]},"panels":[
        {"id":1,"targets":[{"expr":"up{job=\"$job\"}"}]},
        {"id":2,"targets":[{"expr":"up{job=~\"${job:regex}\"}"}]},
        {"id":3,"targets":[{"expr":"up{job=\"[[job]]\"}"}]},
        {"id":4,"targets":[{"expr":"up","datasource":{"uid":"$job"}}]},
        {"id":5,"targets":[{"expr":"rate(jobs{job=\"$jobs\"}[$__rate_interval])"}]}])JS");
  const std::string token = Publish();
  for (const int panel : {1, 2, 3, 4}) {
    const auto refused = Ask(token, panel);
    EXPECT_EQ(refused.status, 400) << refused.body;
    EXPECT_EQ(MessageId(Parsed(refused.body)), "publicdashboards.hasTemplateVariables");
  }
  EXPECT_TRUE(peer_.TakeRequests().empty());
  EXPECT_EQ(Ask(token, 5).status, 200);
}

TEST_F(PublicDashboardTest, ShowsTheAnnotationsThatItIsSetTo) {
  Save(R"("time":{"from":"now-1h","to":"now"},"annotations":{"list":[
      {"enable":true,"type":"dashboard","iconColor":"red","datasource":{"type":"grafana","uid":"-- Grafana --"}},
      {"enable":true,"iconColor":"blue","datasource":{"uid":"grafana"},"target":{"type":"tags","tags":["all"],"limit":5}},
      {"enable":true,"datasource":{"uid":"grafana"},"target":{"type":"tags","tags":[]}},
      {"enable":false,"datasource":{"uid":"grafana"},"target":{"type":"tags","tags":["off"]}},
      {"enable":true,"datasource":{"uid":"prom"},"expr":"ALERTS"}]})");
  Post("/api/folders", R"({"uid":"f","title":"F"})");
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"hidden","title":"H"},"folderUid":"f"})");
  Post("/api/folders/f/permissions", R"({"items":[]})");
  const auto note = [this](std::string_view members) {
    const auto made = Post("/api/annotations", fmt::format("{{{}}}", members));
    ASSERT_EQ(made.status, 200) << made.body;
  };
  note(
      R"("dashboardUID":"d","panelId":3,"text":"own","time":1699999000000,"timeEnd":1699999001000)");
  note(R"("text":"everywhere","tags":["all"],"time":1699999100000)");
  note(R"("text":"off","tags":["off"],"time":1699999100000)");
  note(R"("dashboardUID":"hidden","text":"hidden","tags":["all"],"time":1699999100000)");
  note(R"("dashboardUID":"d","text":"old","time":1600000000000)");

  const std::string token = Publish();
  EXPECT_EQ(See(token, "/annotations").body, "[]");
  const std::string one =
      fmt::format("{}/{}", kManaged, std::string(Parsed(Get(kManaged).body)["uid"].AsString()));
  As("admin", "PATCH", one, R"({"annotationsEnabled":true})");
  const json::Value shown = Parsed(See(token, "/annotations?from=1&to=1700000000000").body);
  ASSERT_EQ(shown.size(), 2u) << json::Print(shown);
  EXPECT_EQ(shown.items()[0]["text"].AsString(), "own");
  EXPECT_EQ(shown.items()[0]["panelId"].AsInt64(), 3);
  EXPECT_EQ(shown.items()[0]["isRegion"].AsBool(), true);
  EXPECT_EQ(shown.items()[0]["color"].AsString(), "red");
  EXPECT_EQ(shown.items()[0].Find("login"), nullptr);
  EXPECT_EQ(shown.items()[1]["text"].AsString(), "everywhere");
  EXPECT_EQ(shown.items()[1]["color"].AsString(), "blue");
  As("admin", "PATCH", one, R"({"timeSelectionEnabled":true})");
  EXPECT_EQ(
      Parsed(See(token, "/annotations?from=1&to=1650000000000").body).items()[0]["text"].AsString(),
      "old");
  EXPECT_TRUE(peer_.TakeRequests().empty());
}

TEST_F(PublicDashboardTest, IsManagedByEditorsInUpstreamsWords) {
  Save(R"("panels":[])");
  Post("/api/dashboards/db", R"({"dashboard":{"uid":"e","title":"E"}})");
  const std::string other = "/api/dashboards/uid/e/public-dashboards";
  const std::string managed(kManaged);
  const std::string token(32, 'a');
  const Step steps[] = {
      {"GET", managed, "", 404, "publicdashboards.notFound"},
      {"POST", managed, R"({"uid":"a/b"})", 400, "publicdashboards.invalidUid"},
      {"POST", managed, R"({"accessToken":"guess"})", 400, "publicdashboards.invalidAccessToken"},
      {"POST", managed, R"({"share":"email"})", 400, "publicdashboards.invalidShareType"},
      {"POST", managed, R"({"uid":"p","accessToken":")" + token + R"(","share":"public"})", 200,
       R"("accessToken":")" + token},
      {"POST", managed, "{}", 400, "publicdashboards.dashboardIsPublic"},
      {"POST", other, R"({"uid":"p"})", 400, "publicdashboards.uidExists"},
      {"POST", other, R"({"accessToken":")" + token + R"("})", 400,
       "publicdashboards.accessTokenExists"},
      {"PATCH", managed + "/none", "{}", 404, "publicdashboards.notFound"},
      {"PATCH", managed + "/p", R"({"share":"email"})", 400, "publicdashboards.invalidShareType"},
      {"PATCH", managed + "/p", R"({"isEnabled":true})", 200, R"("isEnabled":true)"},
      {"POST", other, "{}", 200, R"("isEnabled":false)"},
      {"GET", "/api/dashboards/public-dashboards?perpage=1&page=2", "", 200,
       R"("totalCount":2,"page":2,"perPage":1)"},
      {"DELETE", managed + "/p", "", 200, "{}"},
      {"DELETE", managed + "/p", "", 404, "publicdashboards.notFound"},
  };
  Run(steps);
  EXPECT_EQ(
      Parsed(Get("/api/dashboards/public-dashboards?perpage=5&page=2").body)["publicDashboards"]
          .size(),
      0u);
}

}  // namespace
}  // namespace narthex::dashapi
