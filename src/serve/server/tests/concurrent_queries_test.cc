// Many clients ask while samples arrive: for the thread sanitizer above all.
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/mutex.h"
#include "base/number.h"
#include "fake_clock.h"
#include "http/client.h"
#include "http/server.h"
#include "json/reader.h"
#include "server/server.h"

namespace narthex::server {
namespace {

constexpr std::size_t kClientCount = 16;

// How long the clients go on; NARTHEX_CONCURRENT_SECONDS, else a second.
std::chrono::seconds TestTime() {
  const char* text = std::getenv("NARTHEX_CONCURRENT_SECONDS");
  const auto seconds = text == nullptr ? std::nullopt : ParseInt64(text);
  return std::chrono::seconds(seconds.value_or(1));
}

// Serves series whose values go up with each scrape; some come and go.
http::Response Metrics(std::uint64_t scrape) {
  http::Response response;
  response.headers.Set("Content-Type", "text/plain; version=0.0.4");
  for (std::uint64_t i = 0; i < 40; ++i)
    response.body += fmt::format("requests_total{{path=\"/{}\"}} {}\n", i, scrape * (i + 1));
  for (const char* le : {"0.1", "1", "+Inf"})
    response.body += fmt::format("latency_bucket{{le=\"{}\"}} {}\n", le, scrape);
  response.body += fmt::format("generation{{number=\"{}\"}} 1\n", scrape / 20);
  return response;
}

const char* const kQueries[] = {
    "/api/v1/query?query=sum(rate(requests_total[30s]))",
    "/api/v1/query?query=topk(3,requests_total)",
    "/api/v1/query?query=histogram_quantile(0.9,latency_bucket)",
    "/api/v1/query?query=requests_total/on(instance)group_left()up",
    "/api/v1/query?query=max_over_time((requests_total)[1m:5s])",
    "/api/v1/query?query=count_values(%22v%22,requests_total)",
    "/api/v1/query_range?query=rate(requests_total[20s])&start=1700000000&end=1700000600&step=5",
    "/api/v1/query_range?query=sum(requests_total)&start=1700000000&end=1700000600&step=7",
    "/api/v1/series?match[]=generation",
    "/api/v1/labels",
    "/api/v1/label/path/values",
    "/api/v1/status/tsdb",
    "/api/v1/targets",
    "/metrics",
};

struct ConcurrentQueries : testing::Test {
  ConcurrentQueries()
      : dir(std::filesystem::temp_directory_path() /
            fmt::format("concurrent_queries_test_{}", ::getpid())) {
    std::filesystem::create_directories(dir);
    http::Router router;
    router.Get("/metrics",
               [this](const http::Request&) { return Metrics(scrape_count.fetch_add(1)); });
    auto started = http::Server::Start({}, std::move(router));
    EXPECT_TRUE(started.ok());
    target = *std::move(started);
  }
  ~ConcurrentQueries() override {
    server.reset();
    std::filesystem::remove_all(dir);
  }

  void StartServer() {
    ServerOptions options;
    options.config_file = (dir / "prometheus.yml").string();
    options.storage_path = (dir / "data").string();
    options.listen_addresses = {"127.0.0.1:0"};
    // The clock runs much faster than the queries.
    options.query_timeout = std::chrono::hours(24);
    std::ofstream(options.config_file) << fmt::format(
        "global: {{scrape_interval: 1s, query_log_file: queries.log}}\n"
        "scrape_configs: [{{job_name: j, static_configs: [{{targets: ['127.0.0.1:{}']}}]}}]\n",
        target->port());
    auto started = Server::Start(options, clock);
    ASSERT_TRUE(started.ok()) << started.error().message();
    server = *std::move(started);
    ASSERT_TRUE(server->AwaitReady().ok());
  }

  // Asks one thing after the other; gives the faults.
  void AskUntil(std::stop_token stop, std::size_t number) {
    const auto client = http::Client::Make({});
    ASSERT_TRUE(client.ok());
    for (std::size_t i = number; !stop.stop_requested(); ++i) {
      http::ClientRequest request;
      request.url =
          fmt::format("http://127.0.0.1:{}{}", server->port(), kQueries[i % std::size(kQueries)]);
      const auto answer = (*client)->FetchAndWait(std::move(request));
      ASSERT_TRUE(answer.ok()) << answer.error().message();
      ASSERT_EQ(answer->status, 200) << kQueries[i % std::size(kQueries)] << answer->body;
      answer_count.fetch_add(1);
    }
  }

  const std::filesystem::path dir;
  FakeClock clock;
  std::atomic<std::uint64_t> scrape_count = 1;
  std::atomic<std::uint64_t> answer_count = 0;
  std::unique_ptr<http::Server> target;
  std::unique_ptr<Server> server;
};

TEST_F(ConcurrentQueries, AreAnsweredWhileSamplesArrive) {
  StartServer();
  {
    std::vector<std::jthread> clients;
    for (std::size_t i = 0; i < kClientCount; ++i)
      clients.emplace_back([this, i](std::stop_token stop) { AskUntil(std::move(stop), i); });
    const auto until = std::chrono::steady_clock::now() + TestTime();
    // Each client has had its turn with each query, and samples have come.
    const std::uint64_t answers_wanted = kClientCount * std::size(kQueries);
    while (std::chrono::steady_clock::now() < until || answer_count < answers_wanted ||
           scrape_count < 5) {
      ASSERT_FALSE(HasFailure());
      clock.Advance(std::chrono::milliseconds(100));
      const std::uint64_t answers = answer_count;
      while (answer_count == answers && !HasFailure()) std::this_thread::yield();
    }
  }
  EXPECT_GE(answer_count.load(), kClientCount * std::size(kQueries));
  fmt::print("{} answers, {} scrapes\n", answer_count.load(), scrape_count.load());
}

}  // namespace
}  // namespace narthex::server
