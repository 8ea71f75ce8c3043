#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

class QueryTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    WriteDatasource();
    Start();
  }
  http::ClientResponse Query(
      std::string_view queries,
      std::string_view range = R"("from":"1699999000000","to":"1700000000000")") {
    return Post("/api/ds/query", fmt::format(R"({{"queries":[{}],{}}})", queries, range));
  }
};

constexpr std::string_view kMatrix =
    R"({"status":"success","data":{"resultType":"matrix","result":[
      {"metric":{"__name__":"up","job":"a"},"values":[[1700000000,"1"],[1700000015.5,"NaN"],[1700000030,"+Inf"],[1700000045,"-Inf"]]},
      {"metric":{"__name__":"up","job":"b"},"values":[[1700000000,"0.5"]]}]},
      "warnings":["careful"],"infos":["by the way"]})";

TEST_F(QueryTest, MatrixBecomesAFrameForEachSeries) {
  peer_.AnswerJson(std::string(kMatrix));
  const auto response = Query(
      R"({"refId":"A","expr":"up","range":true,"datasource":{"uid":"prom","type":"prometheus"},"legendFormat":"{{job}}!","intervalMs":15000,"maxDataPoints":100})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(
      response.body,
      R"({"results":{"A":{"status":200,"frames":[)"
      R"({"schema":{"name":"a!","refId":"A","meta":{"type":"timeseries-multi","typeVersion":[0,1],"custom":{"resultType":"matrix"},)"
      R"("executedQueryString":"Expr: up\nStep: 15s","notices":[{"severity":"warning","text":"careful"},{"severity":"info","text":"by the way"}]},)"
      R"("fields":[{"name":"Time","type":"time","typeInfo":{"frame":"time.Time"},"config":{"interval":15000}},)"
      R"({"name":"Value","type":"number","typeInfo":{"frame":"float64"},"labels":{"__name__":"up","job":"a"},"config":{"displayNameFromDS":"a!"}}]},)"
      R"("data":{"values":[[1700000000000,1700000015500,1700000030000,1700000045000],[1,null,null,null]],"entities":[null,{"NaN":[1],"Inf":[2],"NegInf":[3]}]}},)"
      R"({"schema":{"name":"b!","refId":"A","meta":{"type":"timeseries-multi","typeVersion":[0,1],"custom":{"resultType":"matrix"}},)"
      R"("fields":[{"name":"Time","type":"time","typeInfo":{"frame":"time.Time"},"config":{"interval":15000}},)"
      R"({"name":"Value","type":"number","typeInfo":{"frame":"float64"},"labels":{"__name__":"up","job":"b"},"config":{"displayNameFromDS":"b!"}}]},)"
      R"("data":{"values":[[1700000000000],[0.5]]}}]}}})");
  const auto requests = peer_.TakeRequests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].path, "/api/v1/query_range");
  EXPECT_EQ(requests[0].method, http::Method::kPost);
  const auto form = requests[0].AllParameters();
  EXPECT_EQ(form.Get("query"), "up");
  EXPECT_EQ(form.Get("start"), "1699998990");
  EXPECT_EQ(form.Get("end"), "1699999995");
  EXPECT_EQ(form.Get("step"), "15");
}

TEST_F(QueryTest, VariablesOfTheStepAreReplaced) {
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  Query(
      R"({"refId":"A","expr":"rate(x[$__rate_interval]) $__interval ${__interval_ms} $__range","intervalMs":5000,"maxDataPoints":200,"datasource":{"uid":"prom"}})");
  EXPECT_EQ(peer_.TakeRequests().at(0).AllParameters().Get("query"), "rate(x[20s]) 5s 5000 1000s");
}

TEST_F(QueryTest, InstantBecomesAFrameForEachSample) {
  peer_.AnswerJson(
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"a"},"value":[1700000000,"3"]}]}})");
  const json::Value answer =
      Parsed(Query(R"({"refId":"A","expr":"up","instant":true,"datasource":{"uid":"prom"}})").body);
  const json::Value& frame = answer["results"]["A"]["frames"].items().at(0);
  EXPECT_EQ(frame["schema"]["meta"]["type"].AsString(), "numeric-multi");
  EXPECT_EQ(frame["schema"]["meta"]["custom"]["resultType"].AsString(), "vector");
  EXPECT_EQ(frame["schema"]["meta"]["executedQueryString"].AsString(), "Expr: up");
  EXPECT_EQ(json::Print(frame["data"]["values"]), "[[1700000000000],[3]]");
  const auto requests = peer_.TakeRequests();
  EXPECT_EQ(requests.at(0).path, "/api/v1/query");
  EXPECT_EQ(requests.at(0).AllParameters().Get("time"), "1700000000");
}

TEST_F(QueryTest, BothKindsGiveBothAnswers) {
  peer_.SetAnswer([](const http::Request& request) {
    return http::Response::Json(
        200,
        request.path == "/api/v1/query"
            ? R"({"status":"success","data":{"resultType":"scalar","result":[1700000000,"2"]}})"
            : std::string(kMatrix));
  });
  const json::Value answer =
      Parsed(Query(R"({"refId":"A","expr":"up","instant":true,"range":true})").body);
  EXPECT_EQ(answer["results"]["A"]["frames"].size(), 3u);
}

TEST_F(QueryTest, AnEmptyAnswerIsOneFrameWithoutFields) {
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  const json::Value answer = Parsed(Query(R"({"refId":"A","expr":"up"})").body);
  ASSERT_EQ(answer["results"]["A"]["frames"].size(), 1u);
  EXPECT_EQ(answer["results"]["A"]["frames"].items()[0]["schema"]["fields"].size(), 0u);
}

TEST_F(QueryTest, NativeHistogramsBecomeCells) {
  peer_.AnswerJson(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"a":"b"},
      "histograms":[[1700000000,{"count":"3","sum":"4","buckets":[[0,"0.5","1","2"],[0,"1","+Inf","1"]]}]]}]}})");
  const json::Value answer = Parsed(Query(R"({"refId":"A","expr":"h"})").body);
  const json::Value& frame = answer["results"]["A"]["frames"].items().at(0);
  EXPECT_EQ(frame["schema"]["meta"]["type"].AsString(), "heatmap-cells");
  EXPECT_EQ(
      json::Print(frame["data"]),
      R"({"values":[[1700000000000,1700000000000],[0.5,1],[1,null],[2,1],[0,0]],"entities":[null,null,{"Inf":[1]},null,null]})");
}

TEST_F(QueryTest, ErrorsAreToldForEachQuery) {
  peer_.SetAnswer([](const http::Request& request) {
    if (request.AllParameters().Get("query") == "bad(") {
      return http::Response::Json(
          400, R"({"status":"error","errorType":"bad_data","error":"parse error"})");
    }
    if (request.AllParameters().Get("query") == "html") return http::Response::Html(200, "<html>");
    if (request.AllParameters().Get("query") == "gone") return http::Response::Html(503, "gone");
    return http::Response::Json(
        200, R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  });
  const auto mixed = Query(
      R"({"refId":"A","expr":"up"},{"refId":"B","expr":"bad("},{"refId":"C","expr":"x","datasource":{"uid":"none"}},
      {"refId":"D","expr":"html"},{"refId":"E","expr":"gone"},{"refId":"F","expr":""},{"refId":"G","expr":"bad(","hide":true})");
  EXPECT_EQ(mixed.status, 207);
  const json::Value body = Parsed(mixed.body);
  const json::Value& results = body["results"];
  EXPECT_EQ(results["A"]["status"].AsInt64(), 200);
  EXPECT_EQ(
      json::Print(results["B"]),
      R"({"error":"bad_data: parse error","errorSource":"downstream","status":400,"frames":[]})");
  EXPECT_EQ(json::Print(results["C"]),
            R"({"error":"Data source not found","errorSource":"plugin","status":404,"frames":[]})");
  EXPECT_EQ(results["D"]["error"].AsString(),
            "the data source's answer is not one of the Prometheus API");
  EXPECT_EQ(results["E"]["error"].AsString(), "the data source answered with status 503");
  EXPECT_EQ(results["E"]["status"].AsInt64(), 502);
  EXPECT_EQ(results["F"]["error"].AsString(), "query expression is required");
  EXPECT_TRUE(results["G"].is_null());
  EXPECT_EQ(Query(R"({"refId":"B","expr":"bad("})").status, 400);
}

TEST_F(QueryTest, MalformedRequestsAreRefused) {
  const struct {
    std::string body;
    std::string message;
  } cases[] = {
      {R"({"queries":[]})", "no queries found"},
      {R"({"queries":[{"refId":"A","expr":"x"},{"refId":"A","expr":"y"}]})",
       "two queries have the refId 'A'"},
      {R"({"queries":[{"expr":"x"}],"from":"yesterday"})", "'yesterday' is no time"},
  };
  for (const auto& c : cases) {
    const auto response = Post("/api/ds/query", c.body);
    EXPECT_EQ(response.status, 400);
    EXPECT_EQ(Parsed(response.body)["message"].AsString(), c.message);
  }
}

TEST_F(QueryTest, LargeAnswersAreSentWhileTheyAreWritten) {
  std::string values;
  for (int i = 0; i < 50'000; ++i) {
    values += fmt::format(R"({}[{},"{}"])", i == 0 ? "" : ",", 1'700'000'000 + i, i);
  }
  peer_.AnswerJson(
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[)" +
      values + "]}]}}");
  const auto response = Query(R"({"refId":"A","expr":"up"})");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.Get("Transfer-Encoding"), "chunked");
  const json::Value answer = Parsed(response.body);
  const json::Value& columns = answer["results"]["A"]["frames"].items().at(0)["data"]["values"];
  ASSERT_EQ(columns.items().at(1).size(), 50'000u);
  EXPECT_EQ(columns.items()[1].items()[49'999].AsInt64(), 49'999);
}

TEST_F(QueryTest, RelativeRangesCountFromTheServersClock) {
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  Query(R"({"refId":"A","expr":"up","intervalMs":1000})", R"("from":"now-5m","to":"now")");
  const auto form = peer_.TakeRequests().at(0).AllParameters();
  EXPECT_EQ(form.Get("start"), "1699999700");
  EXPECT_EQ(form.Get("end"), "1700000000");
}

TEST_F(QueryTest, TheMethodAndTheTimeoutAreTheDataSources) {
  ASSERT_EQ(
      Post(
          "/api/datasources",
          fmt::format(
              R"({{"name":"G","type":"prometheus","uid":"g","url":"{}/base/","jsonData":{{"httpMethod":"GET","queryTimeout":"7s"}}}})",
              peer_.url()))
          .status,
      200);
  peer_.AnswerJson(R"({"status":"success","data":{"resultType":"matrix","result":[]}})");
  Query(R"({"refId":"A","expr":"a+b","datasource":{"uid":"g"}})");
  const auto request = peer_.TakeRequests().at(0);
  EXPECT_EQ(request.method, http::Method::kGet);
  EXPECT_EQ(request.path, "/base/api/v1/query_range");
  EXPECT_EQ(request.query.Get("query"), "a+b");
  EXPECT_EQ(request.query.Get("timeout"), "7s");
}

}  // namespace
}  // namespace narthex::dashapi
