#include "service_fixture.h"

namespace narthex::dashapi {
namespace {

// DSAPI-5: queries of `__expr__` beside queries of a Prometheus that answers by the expression.
class ExpressionQueryTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    WriteDatasource();
    Start();
    peer_.SetAnswer([](const http::Request& request) {
      const std::string expr(request.AllParameters().Get("query"));
      if (expr == "broken") {
        return http::Response::Json(
            400, R"({"status":"error","errorType":"bad_data","error":"no such thing"})");
      }
      return http::Response::Json(200, expr == "nothing"                 ? kNothing
                                       : request.path == "/api/v1/query" ? kVector
                                                                         : kMatrix);
    });
  }

  json::Value Results(std::string_view queries, int status = 200) {
    const auto response = Post(
        "/api/ds/query",
        fmt::format(R"({{"queries":[{}],"from":"1699999000000","to":"1700000000000"}})", queries));
    EXPECT_EQ(response.status, status) << response.body;
    return Parsed(response.body)["results"];
  }

  static constexpr const char* kNothing =
      R"({"status":"success","data":{"resultType":"matrix","result":[]}})";
  static constexpr const char* kMatrix =
      R"({"status":"success","data":{"resultType":"matrix","result":[
        {"metric":{"job":"a"},"values":[[1700000000,"1"],[1700000015,"NaN"],[1700000030,"3"]]}]}})";
  static constexpr const char* kVector =
      R"({"status":"success","data":{"resultType":"vector","result":[
        {"metric":{"job":"a"},"value":[1700000000,"10"]},{"metric":{"job":"b"},"value":[1700000000,"20"]}]}})";
};

constexpr std::string_view kRange =
    R"({"refId":"A","expr":"up","range":true,"datasource":{"uid":"prom"}},)";
constexpr std::string_view kInstant =
    R"({"refId":"N","expr":"up","instant":true,"hide":true,"datasource":{"uid":"prom"}},)";

std::string Expression(std::string_view rest) {
  return fmt::format(R"({{"datasource":{{"type":"__expr__","uid":"__expr__"}},{}}})", rest);
}

TEST_F(ExpressionQueryTest, MathGivesAFrameForEachSeries) {
  const json::Value results = Results(
      std::string(kRange) + Expression(R"("refId":"B","type":"math","expression":"$A * 2")"));
  EXPECT_EQ(results["A"]["frames"].size(), 1u);
  EXPECT_EQ(
      json::Print(results["B"]),
      R"({"status":200,"frames":[{"schema":{"refId":"B","meta":{"type":"timeseries-multi","typeVersion":[0,1]},)"
      R"("fields":[{"name":"Time","type":"time","typeInfo":{"frame":"time.Time"}},)"
      R"({"name":"B","type":"number","typeInfo":{"frame":"float64"},"labels":{"job":"a"}}]},)"
      R"("data":{"values":[[1700000000000,1700000015000,1700000030000],[2,null,6]],"entities":[null,{"NaN":[1]}]}}]})");
}

TEST_F(ExpressionQueryTest, HiddenQueriesAreAskedButNotShown) {
  const json::Value results =
      Results(std::string(kInstant) +
              Expression(R"("refId":"B","type":"math","expression":"$N / 10","hide":true)") + "," +
              Expression(R"("refId":"C","type":"threshold","expression":"B",)"
                         R"("conditions":[{"evaluator":{"type":"gt","params":[1]}}])"));
  EXPECT_EQ(results.size(), 1u);
  const json::Value::Array& frames = results["C"]["frames"].items();
  ASSERT_EQ(frames.size(), 2u);
  EXPECT_EQ(frames[0]["schema"]["meta"]["type"].AsString(), "numeric-multi");
  EXPECT_EQ(json::Print(frames[0]["data"]["values"]), "[[0]]");
  EXPECT_EQ(json::Print(frames[1]["data"]["values"]), "[[1]]");
  EXPECT_EQ(json::Print(frames[1]["schema"]["fields"].items()[0]["labels"]), R"({"job":"b"})");
}

TEST_F(ExpressionQueryTest, WhatNoExpressionNeedsIsNotAsked) {
  Results(std::string(kInstant) + std::string(kRange) +
          Expression(R"("refId":"B","type":"reduce","reducer":"last","expression":"A")"));
  const auto requests = peer_.TakeRequests();
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].path, "/api/v1/query_range");
}

TEST_F(ExpressionQueryTest, ResampleReadsItsWindow) {
  const json::Value results = Results(
      std::string(kRange) +
      Expression(
          R"("refId":"B","type":"resample","expression":"A","window":"8m","downsampler":"last","upsampler":"pad")"));
  EXPECT_EQ(json::Print(results["B"]["frames"].items().at(0)["data"]["values"]),
            "[[1699999000000,1699999480000,1699999960000],[null,null,null]]");
}

TEST_F(ExpressionQueryTest, NothingStaysNothing) {
  const json::Value results =
      Results(R"({"refId":"A","expr":"nothing","datasource":{"uid":"prom"}},)" +
              Expression(R"("refId":"B","type":"math","expression":"$A + 1")"));
  EXPECT_EQ(json::Print(results["B"]["frames"].items().at(0)["schema"]["fields"]), "[]");
}

TEST_F(ExpressionQueryTest, WarningsAreNotices) {
  const json::Value results =
      Results(std::string(kInstant) +
              Expression(R"("refId":"B","type":"reduce","reducer":"sum","expression":"N")"));
  const json::Value& meta = results["B"]["frames"].items().at(0)["schema"]["meta"];
  EXPECT_EQ(meta["notices"].items().at(0)["severity"].AsString(), "warning");
}

TEST_F(ExpressionQueryTest, FaultsAreToldWhereTheyAre) {
  const struct {
    std::string name;
    std::string queries;
    std::string_view want;
  } cases[] = {
      {"formula",
       std::string(kRange) + Expression(R"("refId":"B","type":"math","expression":"$A +")"),
       "[sse.parseError] failed to parse expression [B]: unexpected end at 5"},
      {"missing input",
       std::string(kRange) + Expression(R"("refId":"B","type":"math","expression":"$Z")"),
       "[sse.parseError] failed to parse expression [B]: unable to find dependent node 'Z'"},
      {"input failed",
       R"({"refId":"A","expr":"broken","datasource":{"uid":"prom"}},)" +
           Expression(R"("refId":"B","type":"math","expression":"$A")"),
       "[sse.dependencyError] did not execute expression [B] due to a failure of the dependent "
       "expression or query [A]"},
      {"circle", Expression(R"("refId":"B","type":"math","expression":"$B")"),
       "expressions wait for each other: B, B"},
      {"wrong kind",
       std::string(kInstant) +
           Expression(
               R"("refId":"B","type":"resample","expression":"N","window":"1m","downsampler":"last","upsampler":"pad")"),
       "expression [B]: can only resample series, got number"},
      {"SQL", Expression(R"("refId":"B","type":"sql","expression":"select 1")"),
       "[sse.parseError] failed to parse expression [B]: expressions in SQL are not supported"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const bool is_other_fine = c.queries.starts_with(kRange);
    const json::Value results = Results(c.queries, is_other_fine ? 207 : 400);
    EXPECT_EQ(results["B"]["error"].AsString(), c.want);
  }
}

TEST_F(ExpressionQueryTest, OldDashboardsNameTheSourceOtherwise) {
  for (const std::string_view named :
       {R"("datasource":"__expr__")", R"("datasource":{"uid":"-100"})", R"("datasourceId":-100)",
        R"("datasource":{"uid":"${DS_EXPRESSION}","type":"__expr__"})"}) {
    SCOPED_TRACE(named);
    const json::Value results =
        Results(std::string(kRange) +
                fmt::format(R"({{{},"refId":"B","type":"math","expression":"$A"}})", named));
    EXPECT_EQ(results["B"]["frames"].size(), 1u);
  }
}

}  // namespace
}  // namespace narthex::dashapi
