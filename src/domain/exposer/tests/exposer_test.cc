#include "exposer/exposer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "client/testing.h"
#include "http/client.h"
#include "raw_peer.h"

namespace narthex::exposer {
namespace {

using std::chrono::milliseconds;

class ExposerTest : public testing::Test {
 protected:
  ExposerTest() : client_(std::move(http::Client::Make({})).value()) {
    registry_.NewGauge({.name = "depth", .help = "Depth."}).With().Set(7);
    other_.NewGauge({.name = "height", .help = "Height."}).With().Set(3);
  }

  void Serve(ExposerOptions options = {}) {
    auto exposer =
        Exposer::Start(std::move(options), {{"/metrics", &registry_}, {"/other/metrics", &other_}});
    ASSERT_TRUE(exposer.ok()) << exposer.error().message();
    exposer_ = std::move(exposer).value();
  }

  http::ClientResponse Ask(std::string_view path, std::string method = "GET") {
    http::ClientRequest request;
    request.method = std::move(method);
    request.url = fmt::format("http://127.0.0.1:{}{}", exposer_->port(), path);
    request.timeout = std::chrono::seconds(20);
    auto answer = client_->FetchAndWait(std::move(request));
    EXPECT_TRUE(answer.ok()) << answer.error().message();
    return answer.ok() ? std::move(answer).value() : http::ClientResponse();
  }

  // Registers a collector that does `collect`.
  void Collect(std::function<void()> collect) {
    struct Calling : client::Collector {
      explicit Calling(std::function<void()> call) : call_(std::move(call)) {}
      void Collect(client::FamilySink& sink) override {
        sink.AddGauge({.name = "lost", .help = "Lost with its collector."}, 1);
        call_();
      }
      std::function<void()> call_;
    };
    registration_ = registry_.Register(std::make_shared<Calling>(std::move(collect)));
  }

  client::Registry registry_;
  client::Registry other_;
  client::Registration registration_;
  std::unique_ptr<http::Client> client_;
  std::unique_ptr<Exposer> exposer_;
};

TEST_F(ExposerTest, ShowsEachRegistryOnItsPath) {
  Serve();
  const auto metrics = Ask("/metrics").body;
  EXPECT_NE(metrics.find("\ndepth 7\n"), std::string::npos);
  EXPECT_EQ(metrics.find("height"), std::string::npos);
  EXPECT_NE(Ask("/other/metrics").body.find("\nheight 3\n"), std::string::npos);
  EXPECT_EQ(Ask("/metrics/more").status, 404);
  EXPECT_EQ(Ask("/-/healthy").body, "Healthy.\n");
  EXPECT_EQ(Ask("/favicon.ico").status, 200);
}

TEST_F(ExposerTest, TellsItsMethodsOverHttp) {
  Serve();
  for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "PROPFIND"}) {
    SCOPED_TRACE(method);
    const auto refused = Ask("/metrics", method);
    EXPECT_EQ(refused.status, 405);
    EXPECT_EQ(refused.headers.Get("Allow"), "OPTIONS,GET");
    EXPECT_EQ(refused.body, "# HTTP 405 Method Not Allowed; use OPTIONS or GET\n");
  }
  const auto options = Ask("/metrics", "OPTIONS");
  EXPECT_EQ(options.status, 200);
  EXPECT_EQ(options.headers.Get("Allow"), "OPTIONS,GET");
}

TEST_F(ExposerTest, LinksToItsRegistries) {
  ExposerOptions options;
  options.title = "A <b> & co";
  Serve(std::move(options));
  const auto page = Ask("/");
  EXPECT_EQ(page.headers.Get("Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(page.body.find("<h1>A &lt;b&gt; &amp; co</h1>"), std::string::npos) << page.body;
  EXPECT_NE(page.body.find("<a href=\"/other/metrics\">"), std::string::npos);
}

TEST_F(ExposerTest, ARegistryMayTakeThePlaceOfThePage) {
  auto exposer = Exposer::Start({}, {{"/", &registry_}});
  ASSERT_TRUE(exposer.ok());
  exposer_ = std::move(exposer).value();
  EXPECT_NE(Ask("/").body.find("\ndepth 7\n"), std::string::npos);
}

TEST_F(ExposerTest, PathsThatAreWrongAreErrors) {
  const std::vector<std::string> cases[] = {
      {"metrics"}, {"/metrics", "/metrics"}, {"/-/healthy"}, {"/favicon.ico"}, {"/a/:b"}, {"/*"}};
  for (const auto& paths : cases) {
    SCOPED_TRACE(paths.back());
    std::vector<ExposedRegistry> registries;
    for (const std::string& path : paths) registries.push_back({path, &registry_});
    EXPECT_EQ(Exposer::Start({}, registries).code(), ErrorCode::kInvalidArgument);
  }
  ExposerOptions options;
  options.web_config_file = "/nonexistent/web.yml";
  EXPECT_EQ(Exposer::Start(options, {}).code(), ErrorCode::kNotFound);
}

TEST_F(ExposerTest, PeersThatDoNotReadHurtNobody) {
  auto& family = registry_.NewGauge(
      {.name = "wide", .help = "Wide.", .label_names = {"n"}, .child_count_max = 100'000});
  for (int i = 0; i < 50'000; ++i) family.With({std::to_string(i)}).Set(i);
  ExposerOptions options;
  options.metrics.scrape_count_max = 2;
  Serve(std::move(options));
  std::vector<std::unique_ptr<http::RawPeer>> slow;
  for (int i = 0; i < 20; ++i) {
    slow.push_back(std::make_unique<http::RawPeer>(exposer_->port(), 4096));
    ASSERT_TRUE(slow.back()->Send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
    // Its answer is under way, and too long for what lies between it and the server.
    ASSERT_NE(slow.back()->ReadUntil("\r\n").find(" 200 "), std::string::npos);
    // The page is made, however little of it is read.
    while (client::SampleValue(registry_, "promhttp_metric_handler_requests_in_flight") != 0.0) {
      std::this_thread::yield();
    }
  }
  const auto whole = Ask("/metrics");
  EXPECT_EQ(whole.status, 200);
  EXPECT_NE(whole.body.find("\nwide{n=\"49999\"} 49999\n"), std::string::npos);
}

TEST_F(ExposerTest, PeersThatNeverAskAreCutOff) {
  ExposerOptions options;
  options.connection_count_max = 5;
  options.read_timeout = milliseconds(200);
  Serve(std::move(options));
  std::vector<std::unique_ptr<http::RawPeer>> halves;
  for (int i = 0; i < 4; ++i) {
    halves.push_back(std::make_unique<http::RawPeer>(exposer_->port()));
    ASSERT_TRUE(halves.back()->Send("GET /metrics HTTP/1.1\r\nHost:"));
  }
  for (const auto& half : halves) EXPECT_NE(half->ReadAll().find(" 408 "), std::string::npos);
  EXPECT_EQ(Ask("/metrics").status, 200);
}

TEST_F(ExposerTest, RefusesBodiesAndHeadsThatAreTooLarge) {
  Serve();
  const struct {
    std::string request;
    std::string want;
  } cases[] = {
      {"POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", " 413 "},
      {"GET /metrics HTTP/1.1\r\nHost: a\r\nX: " + std::string(70'000, 'x') + "\r\n\r\n", " 431 "},
  };
  for (const auto& c : cases) {
    http::RawPeer peer(exposer_->port());
    ASSERT_TRUE(peer.Send(c.request));
    EXPECT_NE(peer.ReadAll().find(c.want), std::string::npos) << c.want;
  }
}

TEST_F(ExposerTest, ACollectorThatThrowsLosesItsOwnMetricsOnly) {
  Collect([] { throw std::runtime_error("no such disk"); });
  Serve();
  const auto metrics = Ask("/metrics");
  EXPECT_EQ(metrics.status, 200);
  EXPECT_NE(metrics.body.find("\ndepth 7\n"), std::string::npos);
  EXPECT_EQ(metrics.body.find("\nlost "), std::string::npos);
  EXPECT_NE(metrics.body.find("metrics_client_collector_errors_total"), std::string::npos);
}

TEST_F(ExposerTest, ACollectorThatHangsHoldsItsScrapesOnly) {
  std::promise<void> release;
  const std::shared_future<void> is_released = release.get_future().share();
  Collect([&] { is_released.wait_for(std::chrono::seconds(20)); });
  ExposerOptions options;
  options.metrics.timeout = milliseconds(100);
  options.metrics.scrape_count_max = 2;
  Serve(std::move(options));
  for (int i = 0; i < 2; ++i) {
    const auto late = Ask("/metrics");
    EXPECT_EQ(late.status, 503);
    EXPECT_EQ(late.body, "Exceeded configured timeout of 100 ms.\n");
  }
  EXPECT_EQ(Ask("/metrics").body, "Limit of concurrent scrapes reached, try again later.\n");
  EXPECT_EQ(Ask("/other/metrics").status, 200);
  EXPECT_EQ(Ask("/-/healthy").status, 200);
  release.set_value();
  while (Ask("/metrics").status == 503) {
    // Until the scrapes that hung have ended.
  }
  EXPECT_EQ(Ask("/metrics").status, 200);
}

}  // namespace
}  // namespace narthex::exposer
