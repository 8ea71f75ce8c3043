#include "demo_exposer/run_exposer.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "fake_clock.h"
#include "http/client.h"
#include "live_service.h"

namespace narthex::demo_exposer {
namespace {

TEST(RunExposer, NamesAMalformedAddress) {
  FakeClock clock;
  ExposerOptions options;
  options.listen_addresses = {"nonsense"};
  EXPECT_EQ(RunExposer(options, clock, {}).code(), ErrorCode::kInvalidArgument);
}

// The exposer on a thread of its own, with a clock that stands still.
class RunningExposer {
 public:
  RunningExposer() {
    options_.listen_addresses = {"127.0.0.1:0"};
    options_.version = "1.2.3";
    options_.on_started = [this](std::uint16_t port) { port_.set_value(port); };
    thread_ = std::jthread([this](std::stop_token stop) {
      EXPECT_TRUE(RunExposer(options_, clock_, std::move(stop)).ok());
    });
    base_url_ = "http://127.0.0.1:" + std::to_string(port_.get_future().get());
  }

  FakeClock& clock() { return clock_; }

  http::ClientResponse Ask(const std::string& path, const std::string& method = "GET") {
    http::ClientRequest request;
    request.method = method;
    request.url = base_url_ + path;
    auto response = client_->FetchAndWait(std::move(request));
    EXPECT_TRUE(response.ok()) << (response.ok() ? "" : response.error().message());
    return response.ok() ? *response : http::ClientResponse();
  }

 private:
  FakeClock clock_;
  ExposerOptions options_;
  std::promise<std::uint16_t> port_;
  std::unique_ptr<http::Client> client_ = std::move(*http::Client::Make({}));
  std::string base_url_;
  std::jthread thread_;
};

TEST(RunExposer, EveryPathAnswersWithTheMetrics) {
  RunningExposer exposer;
  for (const std::string path : {"/", "/metrics", "/any/path"}) {
    SCOPED_TRACE(path);
    const auto response = exposer.Ask(path);
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(response.headers.Get("Content-Type").starts_with("text/plain; version=0.0.4"));
    for (const std::string_view metric :
         {"demo_http_requests_total{", "demo_http_request_duration_seconds_bucket{",
          "demo_http_requests_in_progress ", "demo_temperature_celsius{room=\"kitchen\"}",
          "demo_queue_length{", "demo_jobs_processed_total{", "demo_payload_bytes_sum ",
          "demo_build_info{version=\"1.2.3\"", "process_resident_memory_bytes "}) {
      EXPECT_NE(response.body.find(metric), std::string::npos) << metric;
    }
  }
  EXPECT_EQ(exposer.Ask("/-/healthy").status, 200);
  EXPECT_EQ(exposer.Ask("/", "POST").status, 405);
}

TEST(RunExposer, MovesWithTheClock) {
  RunningExposer exposer;
  const std::string query = "/?name[]=demo_http_requests_total";
  const std::string before = exposer.Ask(query).body;
  exposer.clock().AwaitWaiters(1);
  exposer.clock().Advance(50 * LiveService::kStep);
  // The steps are made on another thread; without them this would go on until the test's time is
  // up.
  while (exposer.Ask(query).body == before) continue;
}

}  // namespace
}  // namespace narthex::demo_exposer
