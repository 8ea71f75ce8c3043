#include "event_stream.h"
#include "live_hub.h"
#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr std::string_view kUp = R"({"refId":"A","expr":"up","range":true,"intervalMs":5000})";

// A dashboard "d" that ann, a viewer, looks at with admin.
class LiveTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    WriteDatasource();
    peer_.AnswerJson(
        R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"job":"a"},"values":[[1700000005,"1"]]}]}})");
  }
  void Begin() {
    Start();
    Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
    EXPECT_EQ(Save("first").status, 200);
  }
  http::ClientResponse Save(std::string_view title) {
    return Post("/api/dashboards/db", SaveBody(title));
  }
  static std::string SaveBody(std::string_view title) {
    return fmt::format(R"({{"dashboard":{{"uid":"d","title":"{}"}},"overwrite":true}})", title);
  }

  EventStream Open(http::ClientRequest request) {
    request.is_compressed_accepted = false;
    // It ends when the test lets go of it, however slow the machine is.
    request.timeout = milliseconds(0);
    auto reader = client_->Open(std::move(request));
    EXPECT_TRUE(reader.ok()) << reader.error().message();
    return EventStream(std::move(reader).value());
  }
  EventStream OpenAs(std::string_view login) {
    http::ClientRequest request = Request("GET", kEvents);
    if (!login.empty()) request.basic_auth.emplace(std::string(login), "1234");
    return Open(std::move(request));
  }
  EventStream OpenWith(std::string_view cookie) {
    http::ClientRequest request = Request("GET", kEvents);
    request.headers.Set("Cookie", cookie);
    return Open(std::move(request));
  }

  http::ClientResponse Subscribe(std::string_view login, const std::string& client,
                                 std::string_view queries, std::string_view to = "now") {
    return As(
        login, "POST", "/api/live/dashboards/d/subscriptions",
        fmt::format(
            R"({{"client":"{}","from":"now-5m","to":"{}","panels":[{{"panelId":2,"queries":[{}]}}]}})",
            client, to, queries));
  }
  // Opens, subscribes and passes over what comes before points.
  EventStream Watch(std::string_view login, std::string_view queries = kUp) {
    EventStream stream = OpenAs(login);
    const auto answer = Subscribe(login, ClientOf(stream), queries);
    EXPECT_EQ(answer.status, 200) << answer.body;
    return stream;
  }
  static std::string ClientOf(EventStream& stream) {
    return std::string(stream.Next("hello")["client"].AsString());
  }

  // Waits until `signed_in` people and `anonymous` others look. What is told in between may be left
  // out.
  static void AwaitPresence(EventStream& stream, std::size_t signed_in,
                            std::int64_t anonymous = 0) {
    while (true) {
      const json::Value presence = stream.Next("presence");
      ASSERT_TRUE(presence.is_object());
      if (presence["viewers"].size() == signed_in &&
          presence["anonymousCount"].AsInt64() == anonymous) {
        return;
      }
    }
  }

  static constexpr std::string_view kEvents = "/api/live/dashboards/d/events";
};

TEST_F(LiveTest, PointsReachAllViewersFromOneQuestion) {
  Begin();
  EventStream first = OpenAs("admin");
  EXPECT_EQ(first.status(), 200);
  EXPECT_EQ(first.headers().Get("Content-Type"), "text/event-stream");
  const auto answer = Subscribe("admin", ClientOf(first), kUp);
  EXPECT_EQ(
      answer.body,
      R"({"channels":[{"panelId":2,"refId":"A","kind":"range","channel":"c1","stepMs":5000}],"refused":[]})");
  EventStream second = Watch("ann");
  peer_.TakeRequests();

  clock_.Advance(seconds(6));
  for (EventStream* stream : {&first, &second}) {
    const json::Value points = stream->Next("points");
    EXPECT_EQ(points["channel"].AsString(), "c1");
    EXPECT_EQ(points["kind"].AsString(), "range");
    // That of the moment of subscribing could be loaded before its last scrape had come.
    EXPECT_EQ(points["from"].AsInt64(), 1'699'999'995'000);
    EXPECT_EQ(points["to"].AsInt64(), 1'700'000'005'000);
    EXPECT_EQ(points["hasGap"].AsBool(), false);
    EXPECT_EQ(json::Print(points["frames"].items().at(0)["data"]["values"]),
              "[[1700000005000],[1]]");
  }
  auto requests = peer_.TakeRequests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].AllParameters().Get("start"), "1699999995");
  EXPECT_EQ(requests[0].AllParameters().Get("end"), "1700000005");
  EXPECT_EQ(requests[0].AllParameters().Get("step"), "5");

  clock_.Advance(seconds(5));
  EXPECT_EQ(first.Next("points")["from"].AsInt64(), 1'700'000'005'000);
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);
}

TEST_F(LiveTest, QueriesThatOnlyLookAlikeAreAskedApart) {
  Begin();
  EventStream stream = OpenAs("admin");
  const auto answer = Subscribe("admin", ClientOf(stream),
                                R"({"refId":"A","expr":"up\n+ 1","range":true},)"
                                R"({"refId":"A","expr":"+ 1","legendFormat":"\nup","range":true},)"
                                R"({"refId":"A\n","expr":"up\n+ 1","range":true})");
  std::set<std::string> names;
  const json::Value channels = Parsed(answer.body)["channels"];
  for (const json::Value& channel : channels.items()) names.emplace(channel["channel"].AsString());
  EXPECT_EQ(names.size(), 3u) << answer.body;
}

TEST_F(LiveTest, InstantQueriesAreAskedForNow) {
  Begin();
  peer_.AnswerJson(
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1700000005.5,"3"]}]}})");
  EventStream stream =
      Watch("admin", R"({"refId":"B","expr":"up","instant":true,"range":false,"intervalMs":5000})");
  peer_.TakeRequests();
  clock_.Advance(milliseconds(5500));
  const json::Value points = stream.Next("points");
  EXPECT_EQ(points["kind"].AsString(), "instant");
  EXPECT_EQ(points["frames"].items().at(0)["schema"]["refId"].AsString(), "B");
  EXPECT_EQ(peer_.TakeRequests().at(0).AllParameters().Get("time"), "1700000005.5");
}

TEST_F(LiveTest, ANewListOfSubscriptionsTakesThePlaceOfTheOld) {
  Begin();
  EventStream stream = OpenAs("admin");
  const std::string client = ClientOf(stream);
  Subscribe("admin", client, kUp);
  EXPECT_NE(Subscribe("admin", client, R"({"refId":"A","expr":"other","intervalMs":5000})")
                .body.find("\"c2\""),
            std::string::npos);
  peer_.TakeRequests();
  clock_.Advance(seconds(6));
  EXPECT_EQ(stream.Next("points")["channel"].AsString(), "c2");
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);
}

TEST_F(LiveTest, WhatCannotBeLiveIsRefusedWithAReason) {
  Begin();
  EventStream stream = OpenAs("admin");
  const std::string client = ClientOf(stream);
  EXPECT_EQ(
      Subscribe("admin", client, R"({"refId":"A","expr":"up","datasource":{"uid":"none"}})").body,
      R"({"channels":[],"refused":[{"panelId":2,"refId":"A","kind":"range","message":"Data source not found"}]})");
  EXPECT_EQ(Subscribe("admin", client, R"({"refId":"A","expr":"up"})", "1700000000000").status,
            400);
  EXPECT_EQ(Subscribe("admin", "0123", kUp).status, 404);
  EXPECT_EQ(Subscribe("ann", client, kUp).status, 404);  // it is another's
  EXPECT_EQ(As("", "POST", "/api/live/dashboards/d/subscriptions", "{}").status, 401);
  EXPECT_EQ(As("admin", "GET", "/api/live/dashboards/none/events").status, 404);

  std::string many;
  for (int i = 0; i <= 200; ++i) {
    many += fmt::format(R"({}{{"refId":"R{}","expr":"up"}})", i == 0 ? "" : ",", i);
  }
  const json::Value answer = Parsed(Subscribe("admin", client, many).body);
  EXPECT_EQ(answer["channels"].size(), 200u);
  ASSERT_EQ(answer["refused"].size(), 1u);
  EXPECT_EQ(answer["refused"].items()[0]["message"].AsString(), "the client has too many channels");
}

TEST_F(LiveTest, AClientBelongsToTheSessionThatOpenedIt) {
  Begin();
  const std::string cookie = SignIn("1234", "ann");
  EventStream stream = OpenWith(cookie);
  const std::string client = ClientOf(stream);
  const auto subscribe = [&](std::string_view with) {
    http::ClientRequest request =
        Request("POST", "/api/live/dashboards/d/subscriptions",
                fmt::format(R"({{"client":"{}","from":"now-5m","to":"now","panels":[]}})", client));
    request.headers.Set("Cookie", with);
    return Send(std::move(request)).status;
  };
  EXPECT_EQ(subscribe(SignIn("1234", "ann")), 404) << "another session of the same user";
  EXPECT_EQ(subscribe(cookie), 200);
}

TEST_F(LiveTest, ErrorsAreToldOnceAndMakeNoGap) {
  Begin();
  EventStream stream = Watch("admin");
  peer_.AnswerJson(R"({"status":"error","errorType":"bad_data","error":"no"})", 400);
  clock_.Advance(seconds(6));
  EXPECT_EQ(json::Print(stream.Next("error")), R"({"channel":"c1","message":"bad_data: no"})");
  peer_.TakeRequests();
  clock_.Advance(seconds(5));
  while (peer_.TakeRequests().empty()) std::this_thread::yield();
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  // The failed answer may still be on its way; the next question comes after it. A beat comes each
  // time, so that there is always an event to wait for.
  EventStream::Event event;
  for (int i = 0; i < 10 && event.name != "points"; ++i) {
    clock_.Advance(LiveHub::kHeartbeatPeriod);
    event = stream.Next();
    EXPECT_NE(event.name, "error");
  }
  EXPECT_EQ(event.data["from"].AsInt64(), 1'699'999'995'000);
}

TEST_F(LiveTest, AChangedDataSourceEndsItsChannels) {
  Begin();
  EXPECT_EQ(Post("/api/datasources",
                 fmt::format(R"({{"name":"other","type":"prometheus","uid":"o","url":"{}"}})",
                             peer_.url()))
                .status,
            200);
  EventStream stream =
      Watch("admin", R"({"refId":"A","expr":"up","datasource":{"uid":"o"},"intervalMs":15000})");
  EXPECT_EQ(As("admin", "DELETE", "/api/datasources/uid/o").status, 200);
  clock_.Advance(seconds(20));
  EXPECT_EQ(json::Print(stream.Next("closed")),
            R"({"channel":"c1","reason":"the data source has changed"})");
}

TEST_F(LiveTest, PresenceTellsWhoElseLooks) {
  options_.anonymous.is_enabled = true;
  Begin();
  EventStream admin = OpenAs("admin");
  EXPECT_EQ(
      json::Print(admin.Next("presence")),
      R"({"viewers":[{"login":"admin","name":"","connections":1}],"signedInCount":1,"anonymousCount":0})");
  {
    const EventStream ann = OpenAs("ann");
    AwaitPresence(admin, 2);
    EventStream nobody = OpenAs("");
    EXPECT_EQ(json::Print(nobody.Next("presence")),
              R"({"viewers":[],"signedInCount":2,"anonymousCount":1})");
    AwaitPresence(admin, 2, 1);
  }
  AwaitPresence(admin, 1);
}

TEST_F(LiveTest, ASavedDashboardIsToldToAllButItsEditor) {
  Begin();
  const std::string editor = SignIn();
  EventStream own = OpenWith(editor);
  EventStream other = OpenWith(SignIn());
  http::ClientRequest save = Request("POST", "/api/dashboards/db", SaveBody("second"));
  save.headers.Set("Cookie", editor);
  EXPECT_EQ(Send(save).status, 200);
  EXPECT_EQ(json::Print(other.Next("dashboard")),
            R"({"action":"saved","uid":"d","title":"second","version":2,"by":"admin"})");
  EXPECT_EQ(Post("/api/dashboards/uid/d/restore", R"({"version":1})").status, 200);
  EXPECT_EQ(other.Next("dashboard")["version"].AsInt64(), 3);
  // The first that the editor's own session hears of.
  EXPECT_EQ(own.Next("dashboard")["version"].AsInt64(), 3);
}

TEST_F(LiveTest, AChangedFileIsToldToo) {
  WriteProvider();
  WriteFile("dashboards/p.json", R"({"uid":"d","title":"from a file"})");
  Start();
  EventStream stream = OpenAs("admin");
  ClientOf(stream);
  WriteFile("dashboards/p.json", R"({"uid":"d","title":"from a changed file"})");
  ASSERT_TRUE(service_->ReloadProvisioning().ok());
  EXPECT_EQ(stream.Next("dashboard")["title"].AsString(), "from a changed file");
}

TEST_F(LiveTest, TheChannelEndsWithTheRightToIt) {
  const struct {
    std::string name;
    std::function<void(const std::string& cookie)> act;
    std::string reason;
  } cases[] = {
      {"sign out",
       [this](const std::string& cookie) {
         http::ClientRequest request = Request("GET", "/logout");
         request.headers.Set("Cookie", cookie);
         Send(request);
       },
       "session"},
      {"the session is too old",
       [this](const std::string&) { clock_.Advance(std::chrono::days(31)); }, "session"},
      {"the user is disabled",
       [this](const std::string&) {
         EXPECT_EQ(Post("/api/admin/users/2/disable", "{}").status, 200);
       },
       "session"},
      {"the user leaves the organisation",
       [this](const std::string&) {
         EXPECT_EQ(As("admin", "DELETE", "/api/org/users/2").status, 200);
       },
       "permission"},
      {"a list of permissions",
       [this](const std::string&) {
         EXPECT_EQ(
             Post("/api/dashboards/uid/d/permissions", R"({"items":[{"userId":1,"permission":1}]})")
                 .status,
             200);
       },
       "permission"},
      {"the dashboard is deleted",
       [this](const std::string&) {
         EXPECT_EQ(As("admin", "DELETE", "/api/dashboards/uid/d").status, 200);
       },
       "dashboard"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    std::filesystem::remove_all(folder_ / "data");
    Begin();
    const std::string cookie = SignIn("1234", "ann");
    EventStream stream = OpenWith(cookie);
    ClientOf(stream);
    c.act(cookie);
    EXPECT_EQ(stream.Next("end")["reason"].AsString(), c.reason);
    EXPECT_EQ(stream.Next().name, "");
  }
}

TEST_F(LiveTest, ATokenThatIsRemovedEndsIt) {
  Begin();
  EXPECT_EQ(Post("/api/serviceaccounts", R"({"name":"robot","role":"Viewer"})").status, 201);
  const json::Value token = Parsed(Post("/api/serviceaccounts/3/tokens", R"({"name":"t"})").body);
  http::ClientRequest request = Request("GET", kEvents);
  request.bearer_token = token["key"].AsString();
  EventStream stream = Open(std::move(request));
  ClientOf(stream);
  EXPECT_EQ(As("admin", "DELETE",
               fmt::format("/api/serviceaccounts/3/tokens/{}", token["id"].number_text()))
                .status,
            200);
  EXPECT_EQ(stream.Next("end")["reason"].AsString(), "session");
}

TEST_F(LiveTest, ASessionGoesOnWithItsNextToken) {
  Begin();
  EventStream stream = OpenWith(SignIn());
  ClientOf(stream);
  // The token is due for rotation, its session lives on.
  clock_.Advance(std::chrono::hours(1));
  EXPECT_FALSE(stream.Next("ping").is_null());
}

TEST_F(LiveTest, ASlowReaderIsToldAndDropped) {
  Begin();
  // Some 400 kB an answer: within the limit of an event, and soon more than a reader's backlog.
  std::string series;
  for (int i = 0; i < 4; ++i) {
    series += fmt::format(R"({}{{"metric":{{"l":"{}{}"}},"values":[[1700000005,"1"]]}})",
                          i == 0 ? "" : ",", i, std::string(100'000, 'x'));
  }
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[)" + series +
                   "]}}");
  EventStream quick = Watch("admin", R"({"refId":"A","expr":"up","legendFormat":"-"})");
  EventStream slow = Watch("ann", R"({"refId":"A","expr":"up","legendFormat":"-"})");
  AwaitPresence(quick, 2);
  bool is_dropped = false;
  for (int i = 0; i < 200 && !is_dropped; ++i) {
    clock_.Advance(seconds(15));
    EventStream::Event event;
    while (!is_dropped && event.name != "points") {
      event = quick.Next();
      ASSERT_NE(event.name, "");
      is_dropped = event.name == "presence" && event.data["viewers"].size() == 1;
    }
  }
  EXPECT_TRUE(is_dropped);
  EXPECT_EQ(slow.Next("end")["reason"].AsString(), "slow");
  EXPECT_NE(Get("/metrics").body.find("narthex_live_slow_clients_total 1\n"), std::string::npos);
}

TEST_F(LiveTest, ALeavingViewerTakesItsChannelsAlong) {
  Begin();
  EventStream stays = OpenAs("admin");
  ClientOf(stays);
  {
    const EventStream leaves = Watch("ann");
    AwaitPresence(stays, 2);
  }
  AwaitPresence(stays, 1);
  const std::string metrics = Get("/metrics").body;
  EXPECT_NE(metrics.find("grafana_live_node_num_clients 1\n"), std::string::npos);
  EXPECT_NE(metrics.find("grafana_live_node_num_channels 0\n"), std::string::npos);
  peer_.TakeRequests();
  clock_.Advance(seconds(15));
  stays.Next("ping");
  EXPECT_TRUE(peer_.TakeRequests().empty());
}

TEST_F(LiveTest, ConnectionsHaveALimit) {
  options_.live_connection_count_max = 1;
  Begin();
  EventStream first = OpenAs("admin");
  const auto refused = As("ann", "GET", kEvents);
  EXPECT_EQ(refused.status, 503);
  EXPECT_NE(refused.body.find("max_connections"), std::string::npos);
}

TEST_F(LiveTest, StopTellsEverybodyAndWaitsForNobody) {
  Begin();
  EventStream stream = Watch("admin");
  service_->Stop(std::chrono::seconds(20));
  EXPECT_EQ(stream.Next("end")["reason"].AsString(), "stopping");
  EXPECT_EQ(stream.Next().name, "");
}

TEST_F(LiveTest, StopDuringAQuestion) {
  Begin();
  EventStream stream = Watch("admin");
  peer_.TakeRequests();
  peer_.SetAnswer([](const http::Request& request) {
    while (!request.canceled.stop_requested()) std::this_thread::yield();
    return http::Response::Json(200, "{}");
  });
  clock_.Advance(seconds(6));
  while (peer_.TakeRequests().empty()) std::this_thread::yield();
  service_.reset();
  EXPECT_EQ(stream.Next("end")["reason"].AsString(), "stopping");
}

}  // namespace
}  // namespace narthex::dashapi
