#include "server/server.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>

#include "base/mutex.h"
#include "base/number.h"
#include "fake_clock.h"
#include "http/client.h"
#include "http/server.h"
#include "json/reader.h"

namespace narthex::server {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr http::Asset kAssets[] = {
    {"/assets/app.js", "text/javascript", "\"1\"", true, "js", "", ""},
    {"/index.html", "text/html; charset=utf-8", "\"2\"", false, "<html>page</html>", "", ""},
};

// A program that serves metrics; what it says can be changed.
class Target {
 public:
  Target() {
    http::Router router;
    router.Get("/metrics", [this](const http::Request&) {
      http::Response response;
      MutexLock lock(mutex_);
      response.body = text_;
      response.headers.Set("Content-Type", content_type_);
      return response;
    });
    Result<std::unique_ptr<http::Server>> server = http::Server::Start({}, std::move(router));
    EXPECT_TRUE(server.ok());
    server_ = *std::move(server);
  }
  std::string address() const { return fmt::format("127.0.0.1:{}", server_->port()); }
  void Say(std::string text, std::string content_type = "text/plain; version=0.0.4") {
    MutexLock lock(mutex_);
    text_ = std::move(text);
    content_type_ = std::move(content_type);
  }

 private:
  Mutex mutex_;
  std::string text_ GUARDED_BY(mutex_);
  std::string content_type_ GUARDED_BY(mutex_) = "text/plain; version=0.0.4";
  std::unique_ptr<http::Server> server_;
};

struct ServerTest : testing::Test {
  ServerTest() {
    dir = fs::temp_directory_path() /
          fmt::format("server_test_{}_{}", ::getpid(),
                      testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(dir);
    fs::create_directories(dir);
    Result<std::unique_ptr<http::Client>> made = http::Client::Make({});
    EXPECT_TRUE(made.ok());
    client = *std::move(made);
    options.config_file = (dir / "prometheus.yml").string();
    options.storage_path = (dir / "data").string();
    options.listen_addresses = {"127.0.0.1:0"};
    options.assets = kAssets;
    options.build.version = "3.0.0-test";
    options.flag_values = {{"web.page-title", "x"}};
  }
  ~ServerTest() override {
    server.reset();
    fs::remove_all(dir);
  }

  void Configure(std::string_view text) {
    std::ofstream(options.config_file, std::ios::trunc) << text;
  }
  std::string JobFor(const std::string& address, std::string_view more = "") {
    return fmt::format(
        "global: {{scrape_interval: 2s}}\nscrape_configs:\n- job_name: j\n  static_configs: "
        "[{{targets: ['{}']}}]\n{}",
        address, more);
  }
  Status Start() {
    Result<std::unique_ptr<Server>> started = Server::Start(options, clock);
    if (!started.ok()) return std::move(started).error();
    server = *std::move(started);
    return server->AwaitReady();
  }
  http::ClientResponse Ask(std::string_view path, std::string method = "GET",
                           std::string body = "") {
    http::ClientRequest request;
    request.url = fmt::format("http://127.0.0.1:{}{}", server->port(), path);
    request.follows_redirects = false;
    request.method = std::move(method);
    request.body = std::move(body);
    if (!request.body.empty())
      request.headers.Set("Content-Type", "application/x-www-form-urlencoded");
    Result<http::ClientResponse> response = client->FetchAndWait(std::move(request));
    EXPECT_TRUE(response.ok()) << (response.ok() ? "" : response.error().message());
    return response.ok() ? *std::move(response) : http::ClientResponse();
  }
  // Moves the clock until the answer to `path` has `want` in it.
  void AwaitAnswer(std::string_view path, std::string_view want) {
    std::string body;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < deadline) {
      clock.Advance(std::chrono::milliseconds(100));
      body = Ask(path).body;
      if (body.find(want) != std::string::npos) return;
    }
    FAIL() << "never answered " << want << ": " << body;
  }

  fs::path dir;
  FakeClock clock;
  Target target;
  ServerOptions options;
  std::unique_ptr<http::Client> client;
  std::unique_ptr<Server> server;
};

TEST_F(ServerTest, ScrapesStoresAndAnswers) {
  target.Say("# HELP a counts\n# TYPE a counter\na{l=\"v\"} 5\n");
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=up", "\"1\"]");
  EXPECT_THAT(Ask("/api/v1/query?query=a").body, HasSubstr("\"5\"]"));
  EXPECT_THAT(Ask("/api/v1/query", "POST", "query=sum(a)").body,
              HasSubstr("{\"metric\":{},\"value\":["));
  EXPECT_THAT(Ask("/api/v1/labels").body, HasSubstr("[\"__name__\",\"instance\",\"job\",\"l\"]"));
  EXPECT_THAT(Ask("/api/v1/label/l/values").body, HasSubstr("[\"v\"]"));
  EXPECT_THAT(Ask("/api/v1/series?match[]=a").body, HasSubstr("\"l\":\"v\""));
  EXPECT_THAT(Ask("/api/v1/metadata").body,
              HasSubstr("\"a\":[{\"type\":\"counter\",\"help\":\"counts\",\"unit\":\"\"}]"));
  EXPECT_THAT(Ask("/api/v1/targets").body, HasSubstr("\"health\":\"up\""));
  EXPECT_THAT(Ask("/api/v1/scrape_pools").body, HasSubstr("[\"j\"]"));
  EXPECT_THAT(Ask("/api/v1/status/tsdb").body, HasSubstr("seriesCountByMetricName"));
  const std::string range =
      fmt::format("/api/v1/query_range?query=a&start={0}&end={0}&step=1", clock.Now() / 1000 + 1);
  EXPECT_THAT(Ask(range).body, HasSubstr("\"resultType\":\"matrix\",\"result\":[{"));
}

// FF-011, FF-012, FF-014.
TEST_F(ServerTest, StartTimestampsOfScrapesAreStoredAndAsked) {
  const model::TimestampMs created = clock.Now() - 10'000;
  const auto say = [&](int value) {
    target.Say(fmt::format("# TYPE c counter\nc_total {}\nc_created {}\n# EOF\n", value,
                           FormatDouble(static_cast<double>(created) / 1000, FloatFormat::kPlain)),
               "application/openmetrics-text; version=1.0.0");
  };
  say(5);
  Configure(JobFor(target.address()));
  options.scrape_features = {.injects_zero_samples = true, .stores_start_timestamps = true};
  options.query_features = {.has_experimental_functions = true, .uses_start_timestamps = true};
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=c_total", "\"5\"]");
  say(6);
  AwaitAnswer("/api/v1/query?query=c_total", "\"6\"]");
  EXPECT_THAT(Ask("/api/v1/query?query=start_timestamp(c_total)").body,
              HasSubstr(fmt::format("\"{}\"]", FormatDouble(static_cast<double>(created) / 1000,
                                                            FloatFormat::kPlain))));
  EXPECT_THAT(Ask("/api/v1/query?query=c_total[1m]").body,
              HasSubstr(fmt::format(
                  "\"values\":[[{},\"0\"],[",
                  FormatDouble(static_cast<double>(created) / 1000, FloatFormat::kPlain))));
  EXPECT_THAT(Ask("/api/v1/features").body, HasSubstr("\"start_timestamp_zero_ingestion\":true"));
  EXPECT_THAT(Ask("/api/v1/status/config").body,
              HasSubstr("scrape_protocols:\\n  - PrometheusProto"));
}

// FF-020.
TEST_F(ServerTest, TypeAndUnitAreLabelsOfSeriesAndNotOfResults) {
  target.Say("# TYPE a counter\na 5\n");
  Configure(JobFor(target.address()));
  options.scrape_features = {.adds_type_and_unit = true};
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=a", "\"__type__\":\"counter\"");
  EXPECT_THAT(Ask("/api/v1/query?query=a%2B0").body, testing::Not(HasSubstr("__type__")));
  EXPECT_THAT(Ask("/api/v1/features").body, HasSubstr("\"type_and_unit_labels\":true"));
}

TEST_F(ServerTest, ServesStatusAndManagement) {
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Ask("/-/healthy").body, "Prometheus Server is Healthy.\n");
  EXPECT_EQ(Ask("/-/ready").body, "Prometheus Server is Ready.\n");
  EXPECT_THAT(Ask("/api/v1/status/buildinfo").body, HasSubstr("3.0.0-test"));
  EXPECT_THAT(Ask("/api/v1/status/runtimeinfo").body, HasSubstr("\"storageRetention\":\"15d\""));
  EXPECT_THAT(Ask("/api/v1/status/flags").body, HasSubstr("\"web.page-title\":\"x\""));
  EXPECT_THAT(Ask("/api/v1/status/config").body, HasSubstr("job_name: j"));
  EXPECT_EQ(Ask("/api/v1/rules").body, R"({"status":"success","data":{"groups":[]}})");
  const http::ClientResponse unknown = Ask("/api/v1/nope");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("\"errorType\":\"not_found\""));
  EXPECT_EQ(Ask("/-/reload", "POST").status, 403);
  EXPECT_EQ(Ask("/-/quit").status, 405);
  const std::string metrics = Ask("/metrics").body;
  for (const char* name :
       {"prometheus_build_info{", "prometheus_config_last_reload_successful 1",
        "prometheus_http_requests_total{", "process_resident_memory_bytes",
        "prometheus_target_scrape_pools 1", "prometheus_tsdb_head_series",
        "prometheus_engine_queries ", "prometheus_ready 1",
        "prometheus_engine_queries_concurrent_max 20", "prometheus_engine_query_log_enabled 0",
        "prometheus_engine_query_log_failures_total 0", "prometheus_engine_query_samples_total ",
        "prometheus_engine_query_duration_seconds_count{slice=\"queue_time\"}",
        "prometheus_engine_query_duration_seconds{slice=\"inner_eval\",quantile=\"0.99\"}",
        "prometheus_engine_query_duration_histogram_seconds_bucket{",
        "prometheus_sd_discovered_targets{config=\"j\",name=\"scrape\"} 1",
        "prometheus_sd_updates_total{name=\"scrape\"} 1"}) {
    EXPECT_THAT(metrics, HasSubstr(name));
  }
}

TEST_F(ServerTest, ServesThePages) {
  options.route_prefix = "/prom";
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Ask("/prom/").headers.Get("Location"), "/prom/query");
  EXPECT_EQ(Ask("/prom/graph?g0.expr=up").headers.Get("Location"), "/prom/query?g0.expr=up");
  EXPECT_EQ(Ask("/prom/query").body, "<html>page</html>");
  EXPECT_EQ(Ask("/prom/targets").body, "<html>page</html>");
  EXPECT_EQ(Ask("/prom/assets/app.js").body, "js");
  EXPECT_EQ(Ask("/prom/api/v1/status/buildinfo").status, 200);
  EXPECT_EQ(Ask("/query").status, 404);
}

TEST_F(ServerTest, ReloadsAndKeepsTheOldConfigurationIfTheNewIsWrong) {
  options.has_lifecycle = true;
  target.Say("a 1\n");
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=a", "\"1\"]");

  Configure("scrape_configs: [{job_name: broken, nope: 1}]\n");
  const http::ClientResponse refused = Ask("/-/reload", "POST");
  EXPECT_EQ(refused.status, 500);
  EXPECT_THAT(refused.body, HasSubstr("field nope not found"));
  EXPECT_THAT(Ask("/metrics").body, HasSubstr("prometheus_config_last_reload_successful 0"));
  EXPECT_THAT(Ask("/api/v1/targets").body, HasSubstr("\"health\":\"up\""));
  EXPECT_THAT(Ask("/api/v1/status/config").body, HasSubstr("job_name: j"));

  Target other;
  other.Say("b 2\n");
  Configure(
      fmt::format("global: {{scrape_interval: 2s}}\nscrape_configs: [{{job_name: k, "
                  "static_configs: [{{targets: ['{}']}}]}}]\n",
                  other.address()));
  EXPECT_EQ(Ask("/-/reload", "PUT").status, 200);
  AwaitAnswer("/api/v1/query?query=b", "\"2\"]");
  EXPECT_THAT(Ask("/api/v1/scrape_pools").body, HasSubstr("[\"k\"]"));
  const std::string metrics = Ask("/metrics").body;
  EXPECT_THAT(metrics, HasSubstr("prometheus_config_last_reload_successful 1"));
  EXPECT_THAT(metrics,
              HasSubstr("prometheus_sd_discovered_targets{config=\"k\",name=\"scrape\"} 1"));
  EXPECT_THAT(metrics, Not(HasSubstr("config=\"j\"")));
  AwaitAnswer("/api/v1/query?query=a", "\"result\":[]");
}

TEST_F(ServerTest, KeepsItsSamplesOverARestart) {
  target.Say("a 42\n");
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=a", "\"42\"]");
  server->Stop();
  server.reset();
  target.Say("");
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Ask("/api/v1/query?query=a").body, HasSubstr("\"42\"]"));
}

TEST_F(ServerTest, OnlyOneHasTheFolder) {
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  Result<std::unique_ptr<Server>> second = Server::Start(options, clock);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ((*second)->AwaitReady().code(), ErrorCode::kFailedPrecondition);
}

TEST_F(ServerTest, DeletesSamplesAndTakesSnapshotsWhereAllowed) {
  options.has_admin = true;
  target.Say("a 1\nb 2\n");
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=b", "\"2\"]");
  const http::ClientResponse taken = Ask("/api/v1/admin/tsdb/snapshot", "POST");
  EXPECT_EQ(taken.status, 200);
  const std::size_t at = taken.body.find("\"name\":\"");
  ASSERT_NE(at, std::string::npos) << taken.body;
  const std::string name = taken.body.substr(at + 8, 33);

  target.Say("b 2\n");
  AwaitAnswer("/api/v1/query?query=a", "\"result\":[]");
  EXPECT_EQ(Ask("/api/v1/admin/tsdb/delete_series?match[]=a", "PUT").status, 204);
  EXPECT_EQ(Ask("/api/v1/admin/tsdb/clean_tombstones", "POST").status, 204);
  EXPECT_EQ(Ask("/api/v1/series?match[]=a").body, R"({"status":"success","data":[]})");
  EXPECT_THAT(Ask("/api/v1/series?match[]=b").body, HasSubstr("\"b\""));

  // The snapshot is a folder to start from.
  server.reset();
  options.storage_path = (dir / "data" / "snapshots" / name).string();
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Ask("/api/v1/series?match[]=a").body, HasSubstr("\"a\""));
}

TEST_F(ServerTest, TellsItsRetention) {
  options.retention_filters = {R"({job="j"}:3d)"};
  Configure(JobFor(target.address(), "storage: {tsdb: {retention: {percentage: 12.5}}}\n"));
  ASSERT_TRUE(Start().ok());
  EXPECT_THAT(Ask("/api/v1/status/runtimeinfo").body, HasSubstr("\"storageRetention\":\"12.5%\""));
}

// The lines of `file`, as JSON.
std::vector<json::Value> LinesOf(const fs::path& file) {
  std::vector<json::Value> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    Result<json::Value> value = json::Parse(line);
    EXPECT_TRUE(value.ok()) << line;
    if (value.ok()) lines.push_back(*std::move(value));
  }
  return lines;
}

TEST_F(ServerTest, LogsEveryQueryOnceThatIsConfigured) {
  options.has_lifecycle = true;
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  Ask("/api/v1/query?query=not_logged");
  Configure("global: {query_log_file: queries.log}\n");
  ASSERT_EQ(Ask("/-/reload", "POST").status, 200);
  Ask("/api/v1/query?query=up&time=1435781430.5");
  Ask("/api/v1/query_range", "POST", "query=1%2B2&start=1435781430&end=1435781460&step=2.5");
  Ask("/api/v1/query?query=label_replace(vector(1),'a','','b','(')");
  Ask("/api/v1/query?query=malformed(");
  EXPECT_THAT(Ask("/metrics").body, HasSubstr("prometheus_engine_query_log_enabled 1"));

  std::vector<json::Value> lines = LinesOf(dir / "queries.log");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(
      json::Print(lines[0]["params"]),
      R"({"end":"2015-07-01T20:10:30.500Z","query":"up","start":"2015-07-01T20:10:30.500Z","step":0})");
  EXPECT_EQ(json::Print(lines[0]["httpRequest"]),
            R"({"clientIP":"127.0.0.1","method":"GET","path":"/api/v1/query"})");
  EXPECT_EQ(lines[0]["msg"].AsString(), "promql query logged");
  EXPECT_NE(lines[0]["stats"]["timings"].Find("execTotalTime"), nullptr);
  EXPECT_EQ(
      json::Print(lines[1]["params"]),
      R"({"end":"2015-07-01T20:11:00.000Z","query":"1+2","start":"2015-07-01T20:10:30.000Z","step":2})");
  EXPECT_EQ(lines[1]["httpRequest"]["method"].AsString(), "POST");
  EXPECT_EQ(lines[2]["error"].AsString(), "invalid regular expression in label_replace(): (");

  // A file that was moved away is let go on reload, and a log that is gone from the configuration
  // ends.
  fs::rename(dir / "queries.log", dir / "old.log");
  ASSERT_EQ(Ask("/-/reload", "POST").status, 200);
  Ask("/api/v1/query?query=up");
  EXPECT_EQ(LinesOf(dir / "queries.log").size(), 1u);
  EXPECT_EQ(LinesOf(dir / "old.log").size(), 3u);
  Configure("global: {query_log_file: /nonexistent/q.log}\n");
  EXPECT_THAT(Ask("/-/reload", "POST").body, HasSubstr("can't create json log file"));
  Ask("/api/v1/query?query=up");
  EXPECT_EQ(LinesOf(dir / "queries.log").size(), 2u);
  Configure("");
  ASSERT_EQ(Ask("/-/reload", "POST").status, 200);
  Ask("/api/v1/query?query=up");
  EXPECT_EQ(LinesOf(dir / "queries.log").size(), 2u);
}

TEST_F(ServerTest, KeepsTheFileOfActiveQueries) {
  Configure(JobFor(target.address()));
  options.query_concurrency_max = 3;
  ASSERT_TRUE(Start().ok());
  Ask("/api/v1/query?query=up");
  std::ifstream file(dir / "data" / "queries.active", std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(bytes, "[" + std::string(3000, '\0'));
}

TEST_F(ServerTest, TellsItsFeaturesAndBlocks) {
  options.has_exemplar_storage = true;
  options.query_features.has_fill_modifiers = true;
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  const std::string features = Ask("/api/v1/features").body;
  EXPECT_THAT(features, HasSubstr("\"exemplar_storage\":true"));
  EXPECT_THAT(features, HasSubstr("\"fill\":true"));
  EXPECT_THAT(features, HasSubstr("\"anchored\":false"));
  EXPECT_EQ(Ask("/api/v1/status/tsdb/blocks").body, R"({"status":"success","data":{"blocks":[]}})");
  EXPECT_EQ(Ask("/api/v1/query_exemplars?query=up").body, R"({"status":"success","data":[]})");
}

TEST_F(ServerTest, QuitAsksForTheEnd) {
  options.has_lifecycle = true;
  bool has_quit = false;
  options.on_quit = [&has_quit] { has_quit = true; };
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  EXPECT_EQ(Ask("/-/quit", "POST").body, "Requesting termination... Goodbye!");
  EXPECT_TRUE(has_quit);
}

TEST_F(ServerTest, StopsWithinFiveSeconds) {
  target.Say("a 1\n");
  Configure(JobFor(target.address()));
  ASSERT_TRUE(Start().ok());
  AwaitAnswer("/api/v1/query?query=a", "\"1\"]");
  const auto started = std::chrono::steady_clock::now();
  server->Stop();
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(5));
}

TEST_F(ServerTest, RefusesToStartWithFaultyOptions) {
  const struct {
    const char* name;
    std::function<void(ServerTest&)> change;
    const char* want;
  } cases[] = {
      {"no file", [](ServerTest& t) { t.options.config_file = "/nonexistent.yml"; },
       "/nonexistent.yml"},
      {"broken file", [](ServerTest& t) { t.Configure("a: [\n"); }, "parsing YAML file"},
      {"retention filter", [](ServerTest& t) { t.options.retention_filters = {R"({job="j"})"}; },
       "not of the form {selector}:duration"},
      {"selector of a retention filter",
       [](ServerTest& t) { t.options.retention_filters = {"{job=}:3d"}; },
       "--storage.tsdb.retention.filter"},
      {"selector that takes everything",
       [](ServerTest& t) { t.options.retention_filters = {"{}:3d"}; },
       "at least one non-empty matcher"},
      {"time of a retention filter",
       [](ServerTest& t) { t.options.retention_filters = {R"({job="j"}:0s)"}; }, "must be above 0"},
      {"external url", [](ServerTest& t) { t.options.external_url = "ftp://x"; }, "external URL"},
      {"query log",
       [](ServerTest& t) { t.Configure("global: {query_log_file: /nonexistent/q.log}\n"); },
       "/nonexistent/q.log"},
      {"cors", [](ServerTest& t) { t.options.cors_origin = "("; }, "invalid CORS origin"},
      {"address", [](ServerTest& t) { t.options.listen_addresses = {"nonsense"}; }, "nonsense"},
  };
  const ServerOptions good = options;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    options = good;
    Configure(JobFor(target.address()));
    c.change(*this);
    Result<std::unique_ptr<Server>> started = Server::Start(options, clock);
    ASSERT_FALSE(started.ok());
    EXPECT_THAT(started.error().message(), HasSubstr(c.want));
  }
}

}  // namespace
}  // namespace narthex::server
