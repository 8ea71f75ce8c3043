#include <future>
#include <stop_token>

#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class DatasourcesTest : public ServiceTest {
 protected:
  void MakeDatasource(std::string_view extra = "") {
    const auto response =
        Post("/api/datasources",
             fmt::format(R"({{"name":"P","type":"prometheus","uid":"prom","url":"{}"{}}})",
                         peer_.url(), extra));
    ASSERT_EQ(response.status, 200) << response.body;
  }
};

TEST_F(DatasourcesTest, AreMadeChangedAndDeleted) {
  Start();
  MakeDatasource(
      R"(,"jsonData":{"httpHeaderName1":"X-Key"},"secureJsonData":{"httpHeaderValue1":"hunter2"},"isDefault":true)");
  for (const std::string path :
       {"/api/datasources/uid/prom", "/api/datasources/name/P", "/api/datasources/1"}) {
    const auto response = Get(path);
    EXPECT_EQ(response.status, 200) << path;
    EXPECT_EQ(response.body.find("hunter2"), std::string::npos);
    const json::Value datasource = Parsed(response.body);
    EXPECT_EQ(datasource["name"].AsString(), "P");
    EXPECT_EQ(json::Print(datasource["secureJsonFields"]), R"({"httpHeaderValue1":true})");
    EXPECT_EQ(datasource["isDefault"].AsBool(), true);
  }
  EXPECT_EQ(Get("/api/datasources/id/P").body, R"({"id":1})");
  EXPECT_EQ(Parsed(Get("/api/datasources").body).size(), 1u);
  EXPECT_EQ(Post("/api/datasources", R"({"name":"P","type":"prometheus"})").status, 409);
  EXPECT_EQ(Post("/api/datasources", R"({"name":"Q"})").status, 400);
  EXPECT_EQ(
      Post("/api/datasources", R"({"name":"Q","type":"prometheus","url":"file:///etc/passwd"})")
          .status,
      400);

  const auto updated = As("admin", "PUT", "/api/datasources/uid/prom",
                          R"({"name":"P2","type":"prometheus","url":"http://x"})");
  EXPECT_EQ(updated.status, 200) << updated.body;
  EXPECT_EQ(Parsed(updated.body)["datasource"]["version"].AsInt64(), 2);
  EXPECT_EQ(json::Print(Parsed(updated.body)["datasource"]["secureJsonFields"]),
            R"({"httpHeaderValue1":true})");
  EXPECT_EQ(As("admin", "DELETE", "/api/datasources/uid/prom").status, 200);
  EXPECT_EQ(Get("/api/datasources/uid/prom").status, 404);
  EXPECT_EQ(Get("/api/datasources/uid/prom").body, R"({"message":"Data source not found"})");
  EXPECT_EQ(Get("/api/datasources/abc").status, 400);
}

TEST_F(DatasourcesTest, ProvisionedOnesRefuseChanges) {
  WriteDatasource();
  Start();
  EXPECT_EQ(Parsed(Get("/api/datasources/uid/prom").body)["readOnly"].AsBool(), true);
  EXPECT_EQ(As("admin", "DELETE", "/api/datasources/uid/prom").status, 403);
  EXPECT_EQ(
      As("admin", "PUT", "/api/datasources/uid/prom", R"({"name":"x","type":"prometheus"})").status,
      403);
}

TEST_F(DatasourcesTest, HealthAsksTheServer) {
  Start();
  MakeDatasource();
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"scalar","result":[1,"2"]}})");
  EXPECT_EQ(Get("/api/datasources/uid/prom/health").body,
            R"({"status":"OK","message":"Successfully queried the Prometheus API.","details":{}})");
  EXPECT_EQ(peer_.TakeRequests().at(0).query.Get("query"), "1+1");
  peer_.AnswerJson("<html>", 200);
  EXPECT_EQ(Get("/api/datasources/uid/prom/health").status, 400);
  peer_.AnswerJson("{}", 500);
  EXPECT_EQ(Parsed(Get("/api/datasources/uid/prom/health").body)["status"].AsString(), "ERROR");
}

TEST_F(DatasourcesTest, TheProxyPassesRequestsOn) {
  Start();
  MakeDatasource(
      R"(,"basicAuth":true,"basicAuthUser":"me","jsonData":{"httpHeaderName1":"X-Key","customQueryParameters":"team=a"},
      "secureJsonData":{"httpHeaderValue1":"k","basicAuthPassword":"p"})");
  peer_.SetAnswer([](const http::Request&) {
    http::Response response = http::Response::Json(418, R"({"a":1})");
    response.headers.Set("Set-Cookie", "stolen=1");
    return response;
  });
  const auto response =
      Get("/api/datasources/proxy/uid/prom/api/v1/labels?match%5B%5D=up%7Ba%3D%22b%22%7D");
  EXPECT_EQ(response.status, 418);
  EXPECT_EQ(response.body, R"({"a":1})");
  EXPECT_FALSE(response.headers.Has("Set-Cookie"));
  EXPECT_EQ(response.headers.Get("Content-Security-Policy"), "sandbox");
  const auto requests = peer_.TakeRequests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].target, "/api/v1/labels?match%5B%5D=up%7Ba%3D%22b%22%7D&team=a");
  EXPECT_EQ(requests[0].headers.Get("X-Key"), "k");
  EXPECT_EQ(http::BasicCredentials(requests[0]), std::pair(std::string("me"), std::string("p")));
  EXPECT_TRUE(requests[0].headers.Get("Cookie").empty());

  EXPECT_EQ(Get("/api/datasources/proxy/1/api/v1/query?query=up").status, 418);
  EXPECT_EQ(Get("/api/datasources/uid/prom/resources/api/v1/label/job/values").status, 418);
  EXPECT_EQ(peer_.TakeRequests().back().path, "/api/v1/label/job/values");
  EXPECT_EQ(Get("/api/datasources/proxy/uid/none/x").status, 404);
}

TEST_F(DatasourcesTest, TheProxyPassesQuestionsOnlyToPrometheus) {
  Start();
  MakeDatasource();
  const struct {
    std::string method;
    std::string path;
    int status;
  } cases[] = {
      {"GET", "/api/datasources/proxy/uid/prom/-/ready", 200},
      {"POST", "/api/datasources/proxy/uid/prom/api/v1/query_range", 200},
      {"POST", "/api/datasources/proxy/uid/prom/-/reload", 403},
      {"POST", "/api/datasources/proxy/uid/prom/api/v1/admin/tsdb/delete_series", 403},
      {"PUT", "/api/datasources/proxy/uid/prom/api/v1/admin/tsdb/snapshot", 403},
      {"DELETE", "/api/datasources/proxy/uid/prom/api/v1/series", 403},
      {"POST", "/api/datasources/proxy/uid/prom/api/v1/query/%2e%2e/admin/x", 400},
      {"GET", "/api/datasources/proxy/uid/prom/%2e%2e/secret", 400},
      {"GET", "/api/datasources/uid/prom/resources/-/reload", 404},
      {"POST", "/api/datasources/uid/prom/resources/api/v1/admin/tsdb/delete_series", 403},
      {"POST", "/api/datasources/uid/prom/resources/api/v1/series", 200},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.method + " " + c.path);
    http::ClientRequest request = Request(c.method, c.path);
    request.basic_auth.emplace("admin", "1234");
    EXPECT_EQ(Send(std::move(request)).status, c.status);
  }
}

TEST_F(DatasourcesTest, AServerThatIsGoneIsABadGateway) {
  Start();
  ASSERT_EQ(Post("/api/datasources",
                 R"({"name":"P","type":"prometheus","uid":"prom","url":"http://127.0.0.1:1"})")
                .status,
            200);
  EXPECT_EQ(Get("/api/datasources/proxy/uid/prom/x").status, 502);
  EXPECT_EQ(Get("/api/datasources/uid/prom/health").status, 400);
}

TEST_F(DatasourcesTest, BigAnswersStreamThrough) {
  Start();
  MakeDatasource();
  peer_.SetAnswer([](const http::Request&) {
    http::Response response;
    response.headers.Set("Content-Type", "text/plain");
    response.stream = [](http::BodyWriter& writer) -> Status {
      for (int i = 0; i < 200; ++i) NARTHEX_TRY(writer.Write(std::string(10'000, 'x')));
      return Ok();
    };
    return response;
  });
  const auto response = Get("/api/datasources/proxy/uid/prom/x");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body.size(), 2'000'000u);
}

TEST_F(DatasourcesTest, ABigAnswerWaitsForItsReaderAtTheOtherServer) {
  constexpr std::uint64_t kSizeBytes = 64u << 20;
  Start();
  PrometheusPeer peer(std::chrono::milliseconds(200));
  std::atomic<std::uint64_t> sent = 0;
  std::atomic<bool> has_ended = false;
  peer.SetAnswer([&](const http::Request&) {
    http::Response response;
    // Text would be compressed, and a small thing to send.
    response.headers.Set("Content-Type", "application/octet-stream");
    response.stream = [&](http::BodyWriter& writer) -> Status {
      Status written = Ok();
      const std::string piece(64u << 10, 'x');
      while (written.ok() && sent < kSizeBytes) {
        written = writer.Write(piece);
        if (written.ok()) sent += piece.size();
      }
      has_ended = true;
      has_ended.notify_all();
      return written;
    };
    return response;
  });
  Post("/api/datasources",
       fmt::format(R"({{"name":"q","uid":"q","type":"prometheus","url":"{}"}})", peer.url()));
  http::ClientRequest request = Request("GET", "/api/datasources/proxy/uid/q/api/v1/series");
  request.basic_auth.emplace("admin", "1234");
  request.is_compressed_accepted = false;
  const auto reader = client_->Open(std::move(request));
  ASSERT_TRUE(reader.ok()) << reader.error().message();
  // Nobody reads, so the other server gets stuck and loses patience.
  has_ended.wait(false);
  EXPECT_LT(sent, kSizeBytes / 2) << "held by sockets, but not by the service";
}

TEST_F(DatasourcesTest, TheTransferEndsWhenTheReaderLeaves) {
  Start();
  MakeDatasource();
  std::promise<Status> ended;
  peer_.SetAnswer([&](const http::Request&) {
    http::Response response;
    response.stream = [&](http::BodyWriter& writer) -> Status {
      const std::string piece(1000, 'x');
      Status status;
      while (status.ok()) status = writer.Write(piece);
      ended.set_value(status);
      return status;
    };
    return response;
  });
  std::stop_source stop;
  http::ClientRequest request = Request("GET", "/api/datasources/proxy/uid/prom/endless");
  request.basic_auth.emplace("admin", "1234");
  request.canceled = stop.get_token();
  request.on_headers = [](int, const http::Headers&) { return Ok(); };
  request.on_body = [&](std::string_view) -> Status {
    stop.request_stop();
    return Error(ErrorCode::kCanceled, "seen enough");
  };
  EXPECT_EQ(client_->FetchAndWait(std::move(request)).code(), ErrorCode::kCanceled);
  std::future<Status> future = ended.get_future();
  ASSERT_EQ(future.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_FALSE(future.get().ok());
}

TEST_F(DatasourcesTest, OnlyTheCookiesThatItKeepsArePassedOn) {
  Start();
  MakeDatasource(R"(,"jsonData":{"keepCookies":["tenant","grafana_session"]})");
  http::ClientRequest request = Request("GET", "/api/datasources/proxy/uid/prom/api/v1/query");
  request.headers.Set("Cookie", SignIn() + "; other=1; tenant=7");
  EXPECT_EQ(Send(std::move(request)).status, 200);
  EXPECT_EQ(peer_.TakeRequests().at(0).headers.Get("Cookie"), "tenant=7");

  http::ClientRequest query =
      Request("POST", "/api/ds/query",
              R"({"queries":[{"refId":"A","expr":"up","datasource":{"uid":"prom"}}]})");
  query.headers.Set("Cookie", SignIn() + "; tenant=8");
  Send(std::move(query));
  EXPECT_EQ(peer_.TakeRequests().at(0).headers.Get("Cookie"), "tenant=8");
}

TEST_F(DatasourcesTest, TheViewersNameIsToldIfAskedFor) {
  options_.sends_user_header = true;
  Start();
  MakeDatasource();
  Get("/api/datasources/proxy/uid/prom/api/v1/query");
  EXPECT_EQ(peer_.TakeRequests().at(0).headers.Get("X-Grafana-User"), "admin");
  // Two who ask the same are not one.
  Post("/api/admin/users", R"({"login":"ann","password":"1234"})");
  for (const std::string_view login : {"admin", "ann"}) {
    As(login, "POST", "/api/ds/query",
       R"({"from":"1699999000000","to":"1700000000000","queries":[{"refId":"A","expr":"up","datasource":{"uid":"prom"}}]})");
    EXPECT_EQ(peer_.TakeRequests().at(0).headers.Get("X-Grafana-User"), login);
    Get("/api/datasources/uid/prom/resources/api/v1/labels");
    EXPECT_EQ(peer_.TakeRequests().size(), 1u);
  }
  service_.reset();
  options_.sends_user_header = false;
  Start();
  Get("/api/datasources/proxy/uid/prom/api/v1/query");
  EXPECT_FALSE(peer_.TakeRequests().at(0).headers.Has("X-Grafana-User"));
}

TEST_F(DatasourcesTest, NamesAreAskedForOnceInAWhile) {
  Start();
  MakeDatasource();
  const std::string labels = "/api/datasources/uid/prom/resources/api/v1/labels";
  peer_.AnswerJson(R"({"status":"success","data":["a"]})");
  for (const std::string_view range :
       {"?start=1699999980&end=1700000000", "?start=1699999990.5&end=1700000010"}) {
    const auto response = Get(labels + std::string(range));
    EXPECT_EQ(response.body, R"({"status":"success","data":["a"]})");
    EXPECT_EQ(response.headers.Get("Content-Type"), "application/json");
    EXPECT_EQ(response.headers.Get("Content-Security-Policy"), "sandbox");
  }
  EXPECT_EQ(peer_.TakeRequests().size(), 1u);

  // Another question, another minute, who insists, samples, a refusal: all are asked for.
  Get(labels + "?start=1699999980&end=1700000000&match[]=up");
  Get(labels + "?start=1699990000&end=1700000000");
  http::ClientRequest insisting = Request("GET", labels + "?start=1699999980&end=1700000000");
  insisting.headers.Set("Cache-Control", "no-cache");
  insisting.basic_auth.emplace("admin", "1234");
  Send(std::move(insisting));
  EXPECT_EQ(peer_.TakeRequests().size(), 3u);
  const std::string query = "/api/datasources/uid/prom/resources/api/v1/query?query=up&time=1";
  Get(query);
  Get(query);
  EXPECT_EQ(peer_.TakeRequests().size(), 2u);
  clock_.Advance(std::chrono::minutes(1));
  peer_.AnswerJson("{}", 500);
  Get(labels);
  Get(labels);
  EXPECT_EQ(peer_.TakeRequests().size(), 2u);
}

TEST_F(DatasourcesTest, TheCacheLevelSaysHowLongNamesAreKept) {
  Start();
  const struct {
    std::string level;
    std::chrono::minutes kept;  // and a second later no more
  } cases[] = {{"Low", std::chrono::minutes(1)},
               {"Medium", std::chrono::minutes(10)},
               {"High", std::chrono::minutes(60)},
               {"None", std::chrono::minutes(0)}};
  for (const auto& c : cases) {
    SCOPED_TRACE(c.level);
    Post(
        "/api/datasources",
        fmt::format(
            R"({{"name":"{0}","uid":"{0}","type":"prometheus","url":"{1}","jsonData":{{"cacheLevel":"{0}"}}}})",
            c.level, peer_.url()));
    const std::string path =
        fmt::format("/api/datasources/uid/{}/resources/api/v1/label/job/values", c.level);
    Get(path);
    peer_.TakeRequests();
    if (c.kept.count() > 0) {
      clock_.Advance(c.kept - std::chrono::seconds(1));
      Get(path);
      EXPECT_TRUE(peer_.TakeRequests().empty());
    }
    clock_.Advance(std::chrono::seconds(1));
    Get(path);
    EXPECT_EQ(peer_.TakeRequests().size(), 1u);
  }
}

TEST_F(DatasourcesTest, AnswersThatAreTooLargeOrBrokenAreNotKept) {
  Start();
  MakeDatasource();
  const std::string path = "/api/datasources/uid/prom/resources/api/v1/series";
  peer_.AnswerJson('"' + std::string((1u << 20) + 1, 'x') + '"');
  for (int i = 0; i < 2; ++i) EXPECT_EQ(Get(path).body.size(), (1u << 20) + 3);
  EXPECT_EQ(peer_.TakeRequests().size(), 2u);
  peer_.SetAnswer([](const http::Request&) {
    http::Response response;
    response.stream = [](http::BodyWriter& writer) -> Status {
      NARTHEX_TRY(writer.Write(std::string(100'000, 'x')));
      return Error(ErrorCode::kInternal, "cut off");
    };
    return response;
  });
  for (int i = 0; i < 2; ++i) {
    http::ClientRequest request = Request("GET", path);
    request.basic_auth.emplace("admin", "1234");
    EXPECT_FALSE(client_->FetchAndWait(std::move(request)).ok());
  }
  EXPECT_EQ(peer_.TakeRequests().size(), 2u);
}

TEST_F(DatasourcesTest, RulesAndAlertsAreReadWhereTheyAreKept) {
  Start();
  MakeDatasource();
  Post("/api/datasources",
       fmt::format(R"({{"name":"am","uid":"am","type":"alertmanager","url":"{}"}})", peer_.url()));
  peer_.AnswerJson(R"({"cluster":{}})");
  EXPECT_EQ(Get("/api/prometheus/prom/api/v1/rules?type=alert").status, 200);
  EXPECT_EQ(Get("/api/alertmanager/am/api/v2/alerts?active=true").status, 200);
  EXPECT_EQ(Get("/api/datasources/uid/am/health").status, 200);
  const auto asked = peer_.TakeRequests();
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked[0].target, "/api/v1/rules?type=alert");
  EXPECT_EQ(asked[1].target, "/api/v2/alerts?active=true");
  EXPECT_EQ(asked[2].target, "/api/v2/status");
  EXPECT_EQ(Get("/api/prometheus/am/api/v1/rules").status, 400);
  EXPECT_EQ(Get("/api/alertmanager/none/api/v2/alerts").status, 404);
  EXPECT_EQ(As("admin", "POST", "/api/alertmanager/am/api/v2/silences", "{}").status, 404);
  peer_.AnswerJson("{}");
  EXPECT_EQ(Get("/api/datasources/uid/am/health").status, 400);
}

}  // namespace
}  // namespace narthex::dashapi
