#include "api/api.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/query_stats.h"
#include "api/time_parameter.h"
#include "fake_backend.h"
#include "json/reader.h"

namespace narthex::api {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

constexpr http::Asset kAssets[] = {{"/index.html", "text/html", "\"1\"", false, "page", "", ""}};

struct ApiTest : testing::Test {
  http::Response Ask(std::string_view target, std::string_view method = "GET",
                     http::Headers headers = {}) {
    http::Router router;
    options.assets = kAssets;
    options.metrics = [](const http::Request&) { return http::Response::Text(200, "a 1\n"); };
    AddRoutes(router, backend, backend.clock, options);
    http::Request request;
    request.method_name = method;
    request.method = http::ParseMethod(method);
    request.target = target;
    request.path = target.substr(0, target.find('?'));
    if (const std::size_t mark = target.find('?'); mark != std::string_view::npos) {
      request.query = http::Parameters::Parse(target.substr(mark + 1));
    }
    request.headers = std::move(headers);
    request.canceled = canceled;
    return router.Answer(std::move(request));
  }

  FakeBackend backend;
  ApiOptions options;
  std::stop_token canceled;
};

// Each with more values than are looked at between two questions.
TEST_F(ApiTest, ListsEndWhenNobodyWaits) {
  std::string lines;
  for (int i = 0; i < 3000; ++i) lines += fmt::format("m{{pod=\"{}\"}} 1\n", i);
  ASSERT_NO_FATAL_FAILURE(backend.Load(lines));
  options.has_search = true;
  std::stop_source stop;
  canceled = stop.get_token();
  const char* const targets[] = {
      "/api/v1/series?match[]=m",
      "/api/v1/labels?match[]=m",
      "/api/v1/label/pod/values",
      "/api/v1/label/pod/values?match[]=m&match[]={pod=~\".*1.*\"}",
      "/api/v1/search/label_values?label=pod&start=0&end=60",
      "/api/v1/query?query=count(m{pod=~\".*1.*\"})&time=0",
  };
  for (const char* target : targets) {
    SCOPED_TRACE(target);
    const http::Response response = Ask(target);
    EXPECT_EQ(response.status, 200) << response.body;
  }
  stop.request_stop();
  for (const char* target : targets) {
    SCOPED_TRACE(target);
    const http::Response response = Ask(target);
    EXPECT_EQ(response.status, 499);
    EXPECT_THAT(response.body, HasSubstr(R"("errorType":"canceled")"));
  }
}

TEST_F(ApiTest, SaysWhenItIsNotReady) {
  backend.ready = false;
  for (const char* path : {"/-/ready", "/api/v1/query?query=1", "/api/v1/targets", "/api/v1/labels",
                           "/api/v1/status/tsdb"}) {
    SCOPED_TRACE(path);
    const http::Response response = Ask(path);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(response.body, "Service Unavailable\n");
    EXPECT_EQ(response.headers.Get("X-Prometheus-Stopping"), "false");
  }
  for (const char* path :
       {"/-/healthy", "/metrics", "/query", "/api/v1/status/buildinfo", "/api/v1/status/flags"}) {
    EXPECT_EQ(Ask(path).status, 200) << path;
  }
  backend.stopping = true;
  EXPECT_EQ(Ask("/-/ready").headers.Get("X-Prometheus-Stopping"), "true");
}

TEST_F(ApiTest, LeadsToThePrefix) {
  options.route_prefix = "/monitoring/prom";
  EXPECT_EQ(Ask("/").headers.Get("Location"), "/monitoring/prom/");
  EXPECT_EQ(Ask("/monitoring/prom/").headers.Get("Location"), "/monitoring/prom/query");
  EXPECT_EQ(Ask("/query").status, 404);
  EXPECT_EQ(Ask("/monitoring/prom/query").status, 200);
}

// NH-007: through a real head, from appending to the answer.
TEST_F(ApiTest, AnswersWithNativeHistograms) {
  backend.Load(
      "h{i=\"a\"} {{schema:0 sum:5 count:4 z_bucket:1 z_bucket_w:0.5 buckets:[1 0 2]}}"
      "+{{sum:10 count:3 buckets:[3]}}x1\n"
      "up 1 2\n");
  const struct {
    const char* target;
    const char* want;
  } cases[] = {
      {"/api/v1/query?query=h&time=30",
       R"({"metric":{"__name__":"h","i":"a"},"histogram":[30,{"count":"4","sum":"5","buckets":)"
       R"([[3,"-0.5","0.5","1"],[0,"0.5","1","1"],[0,"2","4","2"]]}]})"},
      {"/api/v1/query_range?query=h%20or%20up&start=0&end=60&step=60",
       R"("histograms":[[0,{"count":"4","sum":"5","buckets":[[3,"-0.5","0.5","1"],)"
       R"([0,"0.5","1","1"],[0,"2","4","2"]]}],[60,{"count":"7","sum":"15",)"},
      {"/api/v1/query_range?query=h%20or%20up&start=0&end=60&step=60",
       R"({"metric":{"__name__":"up"},"values":[[0,"1"],[60,"2"]]})"},
      {"/api/v1/query?query=histogram_count(increase(h[61s]))&time=60", R"("value":[60,"3.05"])"},
      {"/api/v1/query?query=h-h&time=30", R"("histogram":[30,{"count":"0","sum":"0"}])"},
      {"/api/v1/query?query=min(h)&time=30",
       R"x("infos":["PromQL info: ignored histogram in min aggregation (1:5)"])x"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target);
    EXPECT_THAT(BodyOf(Ask(c.target)), HasSubstr(c.want));
  }
}

TEST_F(ApiTest, WordsItsErrors) {
  const struct {
    const char* target;
    int status;
    const char* want;
  } cases[] = {
      {"/api/v1/query?query=up{", 400,
       R"("errorType":"bad_data","error":"invalid parameter \"query\": 1:)"},
      {"/api/v1/query?query=1&time=x", 400,
       R"(invalid parameter \"time\": invalid time value for 'time': cannot parse \"x\" to a valid timestamp)"},
      {"/api/v1/query?query=1&timeout=x", 400,
       R"(invalid parameter \"timeout\": cannot parse \"x\" to a valid duration)"},
      {"/api/v1/query?query=1&limit=-1", 400,
       R"(invalid parameter \"limit\": limit must be non-negative)"},
      {"/api/v1/query?query=1&limit=x", 400,
       R"(invalid parameter \"limit\": strconv.Atoi: parsing \"x\": invalid syntax)"},
      {"/api/v1/query?query=1&limit=99999999999999999999", 400,
       R"(strconv.Atoi: parsing \"99999999999999999999\": value out of range)"},
      {"/api/v1/query?query=1&lookback_delta=x", 400,
       R"("error":"error parsing lookback delta duration: cannot parse \"x\" to a valid duration")"},
      {"/api/v1/query_exemplars?query=up{", 400, R"("error":"1:4: parse error: )"},
      {"/api/v1/query_exemplars?query=up&start=2&end=1", 400,
       "end timestamp must not be before start timestamp"},
      {"/api/v1/query_exemplars?query=1", 204, ""},
      {"/api/v1/targets/relabel_steps", 400, "no scrapePool parameter provided"},
      {"/api/v1/targets/relabel_steps?scrapePool=a", 400, "no labels parameter provided"},
      {"/api/v1/targets/relabel_steps?scrapePool=a&labels={", 400, "error parsing labels: "},
      {"/api/v1/targets/relabel_steps?scrapePool=a&labels={\"a\":1}", 400,
       "error parsing labels: "},
      {"/api/v1/targets/relabel_steps?scrapePool=gone&labels={}", 400,
       R"(error retrieving scrape config: scrape pool \"gone\" not found)"},
      {"/api/v1/parse_query?query=up{", 400, R"(invalid parameter \"query\": 1:)"},
      {"/api/v1/metadata?limit=x", 400, R"("error":"limit must be a number")"},
      {"/api/v1/metadata?limit_per_metric=x", 400, R"("limit_per_metric must be a number")"},
      {"/api/v1/labels?match[]={a=~\".*\"}", 400,
       R"("error":"match[] must contain at least one non-empty matcher")"},
      {"/api/v1/series?match[]={a=~\".*\"}", 400,
       R"(invalid parameter \"match[]\": match[] must contain at least one non-empty matcher)"},
      {"/api/v1/query_range?query=1&start=0&end=11001&step=1", 400,
       "exceeded maximum resolution of 11,000 points per timeseries"},
      {"/api/v1/query_range?query=1&start=0&end=1&step=0", 400,
       "zero or negative query resolution step widths are not accepted"},
      {"/api/v1/query_range?query=1&start=2&end=1&step=1", 400,
       "end timestamp must not be before start time"},
      {"/api/v1/series", 400, "no match[] parameter provided"},
      {"/api/v1/series?match[]={a=~\".*\"}", 400, "must contain at least one non-empty matcher"},
      {"/api/v1/status/tsdb?limit=0", 400, "limit must be a positive number"},
      {"/api/v1/status/tsdb?limit=10001", 400, "limit must not exceed 10000"},
      {"/api/v1/nope", 404, R"("errorType":"not_found")"},
      {"/nope", 404, "404 page not found"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.target);
    const http::Response response = Ask(c.target);
    EXPECT_EQ(response.status, c.status);
    EXPECT_THAT(response.body, HasSubstr(c.want));
  }
}

TEST_F(ApiTest, TakesTheLongestRangeThatIsAllowed) {
  EXPECT_EQ(Ask("/api/v1/query_range?query=1&start=0&end=11000&step=1").status, 200);
}

TEST_F(ApiTest, StreamsLargeResults) {
  backend.Load("a 0+1x100\n");
  const http::Response response = Ask("/api/v1/query_range?query=a&start=0&end=5999&step=1");
  ASSERT_TRUE(response.stream);
  const std::string body = BodyOf(response);
  EXPECT_THAT(
      body,
      StartsWith(
          R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"a"},"values":[[0,"0"],[1,"0"])"));
  EXPECT_THAT(body, testing::EndsWith(R"([5999,"99"]]}]}})"));
}

// Those of one set of matchers are written as they are found, those of several united first: so
// many that they are written in several pieces.
TEST_F(ApiTest, ListsSeriesAlikeInBothWays) {
  std::string lines;
  for (int i = 0; i < 3000; ++i)
    lines += fmt::format("m{{pod=\"a pod with a name {:04}\"}} 1\n", i);
  ASSERT_NO_FATAL_FAILURE(backend.Load(lines));
  const auto list = [this](std::string_view parameters) {
    return BodyOf(Ask(fmt::format("/api/v1/series?{}", parameters)));
  };
  const auto parsed = [](const std::string& body) {
    Result<json::Value> value = json::Parse(body);
    return value.ok() ? *std::move(value) : json::Value();
  };
  const std::string all = list("match[]=m");
  EXPECT_GT(all.size(), std::size_t{128} << 10);
  EXPECT_EQ(all, list("match[]=m&match[]=m"));
  const json::Value answer = parsed(all);
  ASSERT_EQ(answer["data"].size(), 3000u);
  EXPECT_EQ(json::Print(answer["data"].items()[2999]),
            R"({"__name__":"m","pod":"a pod with a name 2999"})");
  for (const int limit : {1, 1999, 2999, 3000, 3001}) {
    const std::string cut = list(fmt::format("match[]=m&limit={}", limit));
    EXPECT_EQ(cut, list(fmt::format("match[]=m&match[]=m&limit={}", limit))) << limit;
    EXPECT_EQ(parsed(cut)["data"].size(), static_cast<std::size_t>(std::min(limit, 3000))) << limit;
    EXPECT_EQ(parsed(cut)["warnings"].size(), limit < 3000 ? 1u : 0u) << limit;
  }
  EXPECT_EQ(list("match[]=none"), list("match[]=none&match[]=none"));
}

TEST_F(ApiTest, ReportsStatistics) {
  backend.Load("a 0+1x10\n");
  const std::string body = BodyOf(Ask("/api/v1/query?query=a&time=0&stats=all"));
  EXPECT_THAT(body, HasSubstr("\"stats\":{\"timings\":{\"evalTotalTime\":"));
  EXPECT_THAT(body, HasSubstr("\"totalQueryableSamples\":1"));
  EXPECT_THAT(BodyOf(Ask("/api/v1/query?query=a&time=0")), testing::Not(HasSubstr("stats")));
}

TEST_F(ApiTest, WarnsOfOtherWordsForStatistics) {
  const std::string body = BodyOf(Ask("/api/v1/query?query=1&stats=yes"));
  EXPECT_THAT(body, HasSubstr("\"stats\":{"));
  EXPECT_THAT(body,
              HasSubstr(R"(["value \"yes\" for parameter \"stats\" is deprecated and will be )"
                        R"(rejected in the next major release, use \"true\" or \"all\""])"));
}

TEST_F(ApiTest, ShowsTenNotesOfAKind) {
  std::string query = "vector(1)";
  for (int i = 2; i < 14; ++i) query += fmt::format("+quantile({},vector(1))", i);
  const std::string body = BodyOf(Ask("/api/v1/query?query=" + http::UrlEncode(query)));
  const Result<json::Value> answer = json::Parse(body);
  ASSERT_TRUE(answer.ok());
  const json::Value& warnings = (*answer)["warnings"];
  ASSERT_EQ(warnings.size(), 11u) << body;
  EXPECT_EQ(warnings.items().back().AsString(), "2 more warning annotations omitted");
}

TEST_F(ApiTest, PrintsTheTreeOfAQuery) {
  const struct {
    const char* query;
    const char* want;
  } cases[] = {
      {"-1", R"({"type":"numberLiteral","val":"-1"})"},
      {"%27a%27", R"({"type":"stringLiteral","val":"a"})"},
      {"a%3E=bool%20on(x)%20group_left(y)%20b",
       R"({"bool":true,"lhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a",)"
       R"("offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},)"
       R"("matching":{"card":"many-to-one","fillValues":{"lhs":null,"rhs":null},"include":["y"],"labels":["x"],"on":true},)"
       R"("op":"\u003e=","rhs":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"b"}],"name":"b",)"
       R"("offset":0,"offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"type":"binaryExpr"})"},
      {"sum%20without(a)(-(vector(1)))",
       R"({"expr":{"expr":{"expr":{"args":[{"type":"numberLiteral","val":"1"}],"func":{"argTypes":["scalar"],)"
       R"("name":"vector","returnType":"vector","variadic":0},"type":"call"},"type":"parenExpr"},"op":"-",)"
       R"("type":"unaryExpr"},"grouping":["a"],"op":"sum","param":null,"type":"aggregation","without":true})"},
      {"a[5m]%20@%20end()%20offset%201m",
       R"({"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a","offset":60000,)"
       R"("offsetExpr":null,"range":300000,"rangeExpr":null,"smoothed":false,"startOrEnd":"end","timestamp":null,)"
       R"("type":"matrixSelector"})"},
      {"a[5m:]%20@%201.5",
       R"({"expr":{"anchored":false,"matchers":[{"name":"__name__","type":"=","value":"a"}],"name":"a","offset":0,)"
       R"("offsetExpr":null,"smoothed":false,"startOrEnd":null,"timestamp":null,"type":"vectorSelector"},"offset":0,)"
       R"("offsetExpr":null,"range":300000,"rangeExpr":null,"startOrEnd":null,"step":0,"stepExpr":null,"timestamp":1500,)"
       R"("type":"subquery"})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.query);
    const Result<json::Value> want = json::Parse(c.want);
    ASSERT_TRUE(want.ok());
    const Result<json::Value> got =
        json::Parse(BodyOf(Ask(std::string("/api/v1/parse_query?query=") + c.query)));
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(json::Print((*got)["data"]), json::Print(*want));
  }
}

TEST_F(ApiTest, ListsBlocks) {
  backend.block_facts = {{"01A", 1000, 2000, 30, 4, 5, 6, 2, {"01B", "01C"}}, {"01D", 0, 1}};
  EXPECT_EQ(
      Ask("/api/v1/status/tsdb/blocks").body,
      R"({"status":"success","data":{"blocks":[{"ulid":"01A","minTime":1000,"maxTime":2000,)"
      R"("stats":{"numSamples":30,"numSeries":4,"numChunks":5,"numTombstones":6},)"
      R"("compaction":{"level":2,"sources":["01B","01C"]},"version":1},)"
      R"({"ulid":"01D","minTime":0,"maxTime":1,"stats":{},"compaction":{"level":1},"version":1}]}})");
}

TEST_F(ApiTest, DescribesTargets) {
  auto target = std::make_shared<scrape::Target>();
  target->labels = model::LabelSet{{"job", "j"}};
  target->discovered = model::LabelSet{{"__address__", "localhost:8080"}};
  target->url = "http://localhost:8080/metrics";
  target->interval_text = "90s";
  target->timeout_text = "10s";
  backend.manager.states = {{"j", target, scrape::Health::kDown, "refused", std::nullopt,
                             std::chrono::milliseconds(250)}};
  backend.manager.dropped_targets = {{"j", {model::LabelSet{{"__address__", "x"}}}, 7}};
  options.listen_address = "0.0.0.0:9090";
  options.external_host = "prom.example.com:9090";
  EXPECT_EQ(
      Ask("/api/v1/targets").body,
      R"({"status":"success","data":{"activeTargets":[{"discoveredLabels":{"__address__":"localhost:8080"},"labels":{"job":"j"},)"
      R"("scrapePool":"j","scrapeUrl":"http://localhost:8080/metrics","globalUrl":"http://prom.example.com:8080/metrics",)"
      R"("lastError":"refused","lastScrape":"0001-01-01T00:00:00Z","lastScrapeDuration":0.25,"health":"down",)"
      R"("scrapeInterval":"90s","scrapeTimeout":"10s"}],"droppedTargets":[{"discoveredLabels":{"__address__":"x"},"scrapePool":"j"}],)"
      R"("droppedTargetCounts":{"j":7}}})");
  EXPECT_EQ(
      Ask("/api/v1/targets?state=dropped&scrapePool=none").body,
      R"({"status":"success","data":{"activeTargets":[],"droppedTargets":[],"droppedTargetCounts":{}}})");
  EXPECT_THAT(Ask("/api/v1/targets?state=active").body,
              HasSubstr(R"("droppedTargets":[],"droppedTargetCounts":null)"));
}

TEST_F(ApiTest, SaysWhyATargetHasNoGlobalUrl) {
  const struct {
    const char* url;
    const char* listen_address;
    const char* want;
  } cases[] = {
      {"http://localhost:8080/", "", "refused: missing port in address"},
      {"http://localhost:8080/", "h", "refused: address h: missing port in address"},
      {"http://[::1]:8080/", "[::1]", "refused: address [::1]: missing port in address"},
      {"http://a:1:2/", "h:1", "refused: address a:1:2: too many colons in address"},
      {"http://[::1/", "h:1", "refused: address [::1: missing ']' in address"},
      {"http://h]:1/", "h:1", "refused: address h]:1: unexpected ']' in address"},
      {"http://h[:1/", "h:1", "refused: address h[:1: unexpected '[' in address"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    auto target = std::make_shared<scrape::Target>();
    target->url = c.url;
    backend.manager.states = {
        {"j", target, scrape::Health::kDown, "refused", std::nullopt, std::chrono::seconds(1)}};
    options.listen_address = c.listen_address;
    const std::string body = Ask("/api/v1/targets").body;
    EXPECT_THAT(body,
                HasSubstr(fmt::format(R"("globalUrl":"{}","lastError":"{}")", c.url, c.want)));
  }
}

TEST_F(ApiTest, SaysNothingOfRulesOnlyIfThereAreNone) {
  EXPECT_EQ(Ask("/api/v1/alerts").body, R"({"status":"success","data":{"alerts":[]}})");
  backend.rules_configured = true;
  EXPECT_EQ(Ask("/api/v1/alerts").status, 422);
  EXPECT_EQ(Ask("/api/v1/rules").status, 422);
}

TEST_F(ApiTest, AllowsOrigins) {
  const http::Headers from{{"Origin", "http://a.example"}};
  EXPECT_EQ(Ask("/api/v1/labels", "GET", from).headers.Get("Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(Ask("/api/v1/labels").headers.Get("Vary"), "Origin");
  EXPECT_EQ(Ask("/api/v1/labels", "OPTIONS", from).status, 204);
  options.cors_origin = "http://b.*";
  EXPECT_FALSE(Ask("/api/v1/labels", "GET", from).headers.Has("Access-Control-Allow-Origin"));
  options.cors_origin = "http://a[.]example|x";
  EXPECT_EQ(Ask("/api/v1/labels", "GET", from).headers.Get("Access-Control-Allow-Origin"),
            "http://a.example");
  options.cors_origin = "(";
  EXPECT_EQ(CheckOptions(options).code(), ErrorCode::kInvalidArgument);
}

TEST_F(ApiTest, SteersTheProcessOnlyIfAllowed) {
  EXPECT_EQ(Ask("/-/reload", "POST").status, 403);
  EXPECT_EQ(Ask("/-/quit", "PUT").body, "Lifecycle API is not enabled.\n");
  options.has_lifecycle = true;
  EXPECT_EQ(Ask("/-/reload", "POST").status, 200);
  EXPECT_EQ(Ask("/-/reload").body, "Only POST or PUT requests allowed\n");
  backend.reload_status = Error{ErrorCode::kInvalidArgument, "line 3: wrong"};
  const http::Response refused = Ask("/-/reload", "PUT");
  EXPECT_EQ(refused.status, 500);
  EXPECT_EQ(refused.body, "failed to reload config: line 3: wrong\n");
  Ask("/-/quit", "POST");
  EXPECT_EQ(backend.stop_request_count, 1);
}

TEST_F(ApiTest, TakesRemoteWriteOnlyIfEnabled) {
  const http::Response off = Ask("/api/v1/write", "POST");
  EXPECT_EQ(off.status, 404);
  EXPECT_EQ(off.body,
            "remote write receiver needs to be enabled with --web.enable-remote-write-receiver\n");
  options.remote_write = [](const http::Request&) { return http::Response::Text(204, ""); };
  EXPECT_EQ(Ask("/api/v1/write", "POST").status, 204);
  EXPECT_EQ(Ask("/api/v1/write").status, 405);
  backend.ready = false;
  EXPECT_EQ(Ask("/api/v1/write", "POST").status, 503);
}

TEST_F(ApiTest, RefusesAdministrationUnlessAllowed) {
  for (const char* path : {"delete_series?match[]=up", "clean_tombstones", "snapshot"}) {
    const http::Response response = Ask(std::string("/api/v1/admin/tsdb/") + path, "POST");
    EXPECT_EQ(response.status, 500) << path;
    EXPECT_EQ(response.body,
              R"({"status":"error","errorType":"unavailable","error":"admin APIs disabled"})");
  }
  EXPECT_TRUE(backend.deletions.empty());
  options.has_admin = true;
  EXPECT_EQ(Ask("/api/v1/admin/tsdb/snapshot").status, 405);
  backend.ready = false;
  EXPECT_EQ(Ask("/api/v1/admin/tsdb/snapshot", "POST").status, 503);
}

TEST_F(ApiTest, AdministersTheStore) {
  options.has_admin = true;
  const struct {
    const char* target;
    int status;
    const char* want;
  } cases[] = {
      {"delete_series?match[]=up&match[]={a=~\"b.*\"}&start=1&end=2.5", 204, ""},
      {"delete_series?match[]={}", 400, R"(invalid parameter \"match[]\")"},
      {"delete_series", 400, "no match[] parameter provided"},
      {"delete_series?match[]=up{", 400, R"(invalid parameter \"match[]\": 1:)"},
      {"delete_series?match[]=up&start=x", 400,
       R"(invalid parameter \"start\": invalid time value for 'start': cannot parse \"x\" to a valid timestamp)"},
      {"delete_series?match[]=up&end=x", 400,
       R"(invalid parameter \"end\": invalid time value for 'end': cannot parse)"},
      {"clean_tombstones", 204, ""},
      {"snapshot", 200, R"({"status":"success","data":{"name":"all"}})"},
      {"snapshot?skip_head=false", 200, R"({"name":"all"})"},
      {"snapshot?skip_head=1", 200, R"({"name":"blocks"})"},
      {"snapshot?skip_head=maybe", 400,
       R"(invalid parameter \"skip_head\": unable to parse boolean: )"
       R"(strconv.ParseBool: parsing \"maybe\": invalid syntax)"},
  };
  for (const char* method : {"POST", "PUT"}) {
    for (const auto& c : cases) {
      SCOPED_TRACE(c.target);
      const http::Response response = Ask(std::string("/api/v1/admin/tsdb/") + c.target, method);
      EXPECT_EQ(response.status, c.status);
      EXPECT_THAT(response.body, HasSubstr(c.want));
    }
  }
  ASSERT_EQ(backend.deletions.size(), 4u);
  EXPECT_EQ(backend.deletions[0], "1000 2500 __name__=\"up\"");
  EXPECT_EQ(backend.deletions[1], "1000 2500 a=~\"b.*\"");
  EXPECT_EQ(backend.clean_count, 2);
}

TEST_F(ApiTest, TellsWhyTheStoreCouldNotBeAdministered) {
  options.has_admin = true;
  backend.admin_status = Error{ErrorCode::kNoSpace, "disk full"};
  EXPECT_THAT(Ask("/api/v1/admin/tsdb/delete_series?match[]=up", "POST").body,
              HasSubstr(R"("errorType":"internal","error":"disk full")"));
  EXPECT_THAT(Ask("/api/v1/admin/tsdb/clean_tombstones", "POST").body, HasSubstr("disk full"));
  const http::Response response = Ask("/api/v1/admin/tsdb/snapshot", "POST");
  EXPECT_EQ(response.status, 500);
  EXPECT_THAT(response.body, HasSubstr("create snapshot: disk full"));
}

TEST_F(ApiTest, LeadsToThePages) {
  EXPECT_EQ(Ask("/").status, 302);
  EXPECT_EQ(Ask("/").headers.Get("Location"), "/query");
  EXPECT_EQ(Ask("/graph?g0.expr=a%2Bb").headers.Get("Location"), "/query?g0.expr=a%2Bb");
  for (const char* path :
       {"/query", "/targets", "/status", "/tsdb-status", "/flags", "/config", "/index.html"}) {
    EXPECT_EQ(Ask(path).body, "page") << path;
  }
}

// API-049
TEST(QueryStats, TellTheCountsOfStepsBesideTheirSums) {
  engine::QueryStats stats;
  stats.samples_queryable = 8;
  stats.samples_read = 6;
  stats.samples_peak = 5;
  stats.steps = {{1500, 2, 3}, {61'000, 4, 5}};
  std::string text;
  json::Writer writer(text);
  WriteQueryStats(writer, stats);
  EXPECT_THAT(text, HasSubstr(R"("samples":{"totalQueryableSamplesPerStep":[[1.5,3],[61,5]],)"
                              R"("totalQueryableSamples":8,)"
                              R"("samplesReadPerStep":[[1.5,2],[61,4]],)"
                              R"("samplesRead":6,"peakSamples":5})"));
}

// API-010
TEST(Parameters, NumbersThatNoDoubleHoldsAreMalformed) {
  EXPECT_FALSE(ParseTime("1e400").ok());
  EXPECT_TRUE(ParseTime("Inf").ok());
  EXPECT_EQ(ParseDurationParameter("9223372036").value(), std::chrono::seconds(9223372036));
  EXPECT_EQ(ParseDurationParameter("9223372037").error().message(),
            "cannot parse \"9223372037\" to a valid duration. It overflows int64");
  EXPECT_EQ(ParseDurationParameter("1e400").error().message(),
            "cannot parse \"1e400\" to a valid duration");
}

}  // namespace
}  // namespace narthex::api
