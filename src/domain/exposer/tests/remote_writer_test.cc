#include "exposer/remote_writer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>
#include <future>

#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "fake_clock.h"
#include "http/server.h"

namespace narthex::exposer {
namespace {

using std::chrono::milliseconds;

// A receiver that answers from a list, and with 204 when that is used up.
class RemoteWriterTest : public testing::Test {
 protected:
  RemoteWriterTest() {
    http::Router router;
    router.Post("/write", [this](const http::Request& request) {
      MutexLock lock(mutex_);
      seen_.push_back(request);
      came_.NotifyAll();
      if (answers_.empty()) return http::Response{.status = 204};
      http::Response answer = answers_.front();
      answers_.pop_front();
      return answer;
    });
    server_ = std::move(http::Server::Start({}, std::move(router))).value();
    client_ = std::move(http::Client::Make({})).value();
    registry_.NewGauge({.name = "depth", .help = "Depth."}).With().Set(7);
  }

  std::unique_ptr<RemoteWriter> Start(RemoteWriterOptions options = {}) {
    if (options.url.empty()) options.url = Url();
    auto writer = RemoteWriter::Start({registry_, *client_, clock_}, std::move(options));
    EXPECT_TRUE(writer.ok()) << writer.error().message();
    return std::move(writer).value();
  }

  std::string Url() const { return fmt::format("http://127.0.0.1:{}/write", server_->port()); }

  void AnswerWith(std::vector<int> statuses) {
    MutexLock lock(mutex_);
    for (const int status : statuses) {
      answers_.push_back(http::Response::Text(status, "busy with it\n"));
    }
  }

  // Blocks until so many requests have come; the last of them.
  http::Request Await(std::size_t count) {
    MutexLock lock(mutex_);
    while (seen_.size() < count) came_.Wait(mutex_);
    return seen_[count - 1];
  }
  std::size_t seen_count() {
    MutexLock lock(mutex_);
    return seen_.size();
  }

  double Counter(std::string_view name) const {
    for (const auto& family : registry_.Gather()) {
      if (family.name == name) return std::get<double>(family.metrics.front().value);
    }
    return -1;
  }

  FakeClock clock_;
  client::Registry registry_;
  std::unique_ptr<http::Client> client_;
  Mutex mutex_;
  CondVar came_;
  std::vector<http::Request> seen_ GUARDED_BY(mutex_);
  std::deque<http::Response> answers_ GUARDED_BY(mutex_);
  std::unique_ptr<http::Server> server_;
};

TEST_F(RemoteWriterTest, NamesItsMessage) {
  const struct {
    RemoteWriteVersion version;
    std::string type;
    std::string number;
  } cases[] = {
      {RemoteWriteVersion::k1, "application/x-protobuf", "0.1.0"},
      {RemoteWriteVersion::k2, "application/x-protobuf;proto=io.prometheus.write.v2.Request",
       "2.0.0"},
  };
  for (const auto& c : cases) {
    const std::size_t before = seen_count();
    const auto writer = Start({.version = c.version,
                               .headers = {{"X-Scope-OrgID", "t"}},
                               .basic_auth = std::pair("ada", "secret")});
    ASSERT_TRUE(writer->Push().ok());
    const http::Request request = Await(before + 1);
    EXPECT_EQ(request.headers.Get("Content-Type"), c.type);
    EXPECT_EQ(request.headers.Get("X-Prometheus-Remote-Write-Version"), c.number);
    EXPECT_EQ(request.headers.Get("Content-Encoding"), "snappy");
    EXPECT_EQ(request.headers.Get("X-Scope-OrgID"), "t");
    EXPECT_TRUE(http::BasicCredentials(request).has_value());
  }
}

TEST_F(RemoteWriterTest, PushesEveryIntervalAndAtItsEnd) {
  auto writer = Start({.interval = std::chrono::seconds(15)});
  for (std::size_t i = 1; i <= 3; ++i) {
    clock_.AwaitWaiters(1);
    EXPECT_EQ(seen_count(), i - 1);
    clock_.Advance(std::chrono::seconds(15));
    Await(i);
  }
  writer.reset();
  EXPECT_EQ(seen_count(), 4U);
}

TEST_F(RemoteWriterTest, AsksAgainWhatMaySucceedLater) {
  AnswerWith({503, 429, 500});
  const auto writer = Start({.backoff_min = milliseconds(100)});
  std::future<Status> pushed = std::async(std::launch::async, [&] { return writer->Push(); });
  // The pauses: 100, 200 and 400 ms.
  for (std::size_t i = 1; i <= 3; ++i) {
    Await(i);
    clock_.AwaitWaiters(2);
    clock_.Advance(milliseconds(50) * (1 << i) - milliseconds(1));
    EXPECT_EQ(seen_count(), i);
    clock_.Advance(milliseconds(1));
  }
  EXPECT_TRUE(pushed.get().ok());
  EXPECT_EQ(seen_count(), 4U);
  EXPECT_EQ(Counter("metrics_push_retries_total"), 3);
  EXPECT_EQ(Counter("metrics_push_failed_samples_total"), 0);
  EXPECT_GT(Counter("metrics_push_samples_total"), 0);
}

TEST_F(RemoteWriterTest, WaitsAsLongAsItIsAsked) {
  {
    MutexLock lock(mutex_);
    answers_.push_back(http::Response::Text(429, "later"));
    answers_.back().headers.Set("Retry-After", "3");
  }
  const auto writer = Start();
  std::future<Status> pushed = std::async(std::launch::async, [&] { return writer->Push(); });
  Await(1);
  clock_.AwaitWaiters(2);
  clock_.Advance(milliseconds(2999));
  EXPECT_EQ(seen_count(), 1U);
  clock_.Advance(milliseconds(1));
  EXPECT_TRUE(pushed.get().ok());
}

TEST_F(RemoteWriterTest, GivesUpWhatIsRefusedOrTakesTooLong) {
  const auto writer = Start({.interval = milliseconds(20), .backoff_min = milliseconds(30)});
  const struct {
    int status;
    ErrorCode want;
  } cases[] = {{400, ErrorCode::kInvalidArgument},
               {401, ErrorCode::kInvalidArgument},
               {307, ErrorCode::kInvalidArgument},
               {503, ErrorCode::kUnavailable}};
  double failed_before = 0;
  for (const auto& c : cases) {
    SCOPED_TRACE(c.status);
    AnswerWith({c.status});
    const Status status = writer->Push();
    ASSERT_EQ(status.code(), c.want);
    EXPECT_EQ(status.error().message(),
              fmt::format("remote write: status {}: busy with it", c.status));
    const double failed = Counter("metrics_push_failed_samples_total");
    EXPECT_GT(failed, failed_before);
    failed_before = failed;
  }
  EXPECT_EQ(seen_count(), std::size(cases)) << "none was sent again";
}

TEST_F(RemoteWriterTest, ItsEndEndsAttempts) {
  AnswerWith({503});
  auto writer = Start({.interval = std::chrono::hours(1), .backoff_min = std::chrono::seconds(5)});
  clock_.AwaitWaiters(1);
  clock_.Advance(std::chrono::hours(1));
  Await(1);
  // It waits for the next attempt, which the clock does not let come.
  clock_.AwaitWaiters(1);
  writer.reset();
  EXPECT_EQ(seen_count(), 2U) << "the last push is made in any case";
}

TEST_F(RemoteWriterTest, AReceiverThatIsAwayIsAnError) {
  server_->Shutdown(milliseconds(0));
  const auto writer = Start({.interval = milliseconds(20), .backoff_min = milliseconds(30)});
  EXPECT_EQ(writer->Push().code(), ErrorCode::kUnavailable);
}

TEST_F(RemoteWriterTest, OptionsThatAreWrongAreErrors) {
  const RemoteWriterOptions cases[] = {
      {.url = ""},
      {.url = "http://a", .external_labels = {{"__x", "b"}}},
      {.url = "http://a", .external_labels = {{"", "b"}}},
      {.url = "http://a", .interval = milliseconds(0)},
      {.url = "http://a", .timeout = milliseconds(0)},
      {.url = "http://a", .backoff_min = milliseconds(0)},
      {.url = "http://a", .backoff_min = milliseconds(2), .backoff_max = milliseconds(1)},
      {.url = "http://a", .samples_per_request_max = 0},
  };
  for (const auto& options : cases) {
    EXPECT_EQ(RemoteWriter::Start({registry_, *client_, clock_}, options).code(),
              ErrorCode::kInvalidArgument);
  }
}

}  // namespace
}  // namespace narthex::exposer
