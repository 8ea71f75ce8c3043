#include "exposer/push_gateway.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "http/server.h"

namespace narthex::exposer {
namespace {

// A gateway that notes what it is sent and answers as it is told.
class PushGatewayTest : public testing::Test {
 protected:
  PushGatewayTest() {
    http::Router router;
    router.Fallback([this](const http::Request& request) {
      MutexLock lock(mutex_);
      seen_.push_back(request);
      return answer_;
    });
    server_ = std::move(http::Server::Start({}, std::move(router))).value();
    client_ = std::move(http::Client::Make({})).value();
    registry_.NewCounter({.name = "jobs_total", .help = "Jobs."}).With().Increment(3);
  }

  std::string Url() const { return fmt::format("127.0.0.1:{}", server_->port()); }

  PushGateway Gateway(PushGatewayOptions options) {
    if (options.url.empty()) options.url = Url();
    auto gateway = PushGateway::Make(std::move(options), *client_);
    EXPECT_TRUE(gateway.ok()) << gateway.error().message();
    return std::move(gateway).value();
  }

  http::Request Last() {
    MutexLock lock(mutex_);
    return seen_.empty() ? http::Request() : seen_.back();
  }
  std::size_t seen_count() {
    MutexLock lock(mutex_);
    return seen_.size();
  }
  void AnswerWith(int status, std::string_view text) {
    MutexLock lock(mutex_);
    answer_ = http::Response::Text(status, text);
  }

  client::Registry registry_;
  std::unique_ptr<http::Client> client_;
  Mutex mutex_;
  std::vector<http::Request> seen_ GUARDED_BY(mutex_);
  http::Response answer_ GUARDED_BY(mutex_) = http::Response::Text(200, "");
  std::unique_ptr<http::Server> server_;
};

TEST_F(PushGatewayTest, PutReplacesPostAddsDeleteDeletes) {
  const PushGateway gateway = Gateway({.job = "backup"});
  const struct {
    std::string method;
    Status status;
    http::Request seen;
  } calls[] = {{"PUT", gateway.Push(registry_), Last()},
               {"POST", gateway.PushAdd(registry_), Last()},
               {"DELETE", gateway.Delete(), Last()}};
  for (const auto& call : calls) {
    SCOPED_TRACE(call.method);
    EXPECT_TRUE(call.status.ok());
    EXPECT_EQ(call.seen.method_name, call.method);
    EXPECT_EQ(call.seen.target, "/metrics/job/backup");
    const bool has_body = call.method != "DELETE";
    EXPECT_EQ(call.seen.body.find("\njobs_total 3\n") != std::string::npos, has_body);
    EXPECT_EQ(call.seen.headers.Get("Content-Type"),
              has_body ? "text/plain; version=0.0.4; charset=utf-8" : "");
  }
}

TEST_F(PushGatewayTest, PathHoldsTheGroupingKey) {
  const struct {
    std::string url;
    std::string job;
    client::Labels grouping;
    std::string want;
  } cases[] = {
      {"", "a", {{"instance", "b"}, {"zone", "c d"}}, "/metrics/job/a/instance/b/zone/c%20d"},
      {"", "some/thing", {}, "/metrics/job@base64/c29tZS90aGluZw=="},
      {"", "a", {{"path", "/var/tmp"}}, "/metrics/job/a/path@base64/L3Zhci90bXA="},
      {"", "a", {{"path", "/\xC3\xBF\xC3\xBE?"}}, "/metrics/job/a/path@base64/L8O_w74_"},
      {"", "a", {{"empty", ""}}, "/metrics/job/a/empty@base64/="},
      {"", "\xC3\xA4?#", {}, "/metrics/job/%C3%A4%3F%23"},
      {"http://" + Url() + "/push/", "a", {}, "/push/metrics/job/a"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    const Status status =
        Gateway({.url = c.url, .job = c.job, .grouping = c.grouping}).Push(registry_);
    ASSERT_TRUE(status.ok()) << status.error().message();
    EXPECT_EQ(Last().target, c.want);
  }
}

TEST_F(PushGatewayTest, RefusesWhatNoGatewayCouldTake) {
  const struct {
    PushGatewayOptions options;
    std::string want;
  } cases[] = {
      {{.url = "a", .job = ""}, "job name is empty"},
      {{.url = "", .job = "a"}, "the Pushgateway's URL is empty"},
      {{.url = "a", .job = "a", .grouping = {{"1x", "b"}}}, "grouping label \"1x\" is malformed"},
      {{.url = "a", .job = "a", .grouping = {{"__x", "b"}}}, "grouping label \"__x\" is malformed"},
      {{.url = "a", .job = "a", .grouping = {{"job", "b"}}},
       "grouping label \"job\" is given twice"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.want);
    const auto made = PushGateway::Make(c.options, *client_);
    ASSERT_EQ(made.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(made.error().message(), c.want);
  }
}

TEST_F(PushGatewayTest, SendsNothingThatClashesWithTheGroupingKey) {
  for (const char* label : {"job", "zone"}) {
    client::Registry registry;
    registry.NewGauge({.name = "up", .help = "Up.", .label_names = {label}}).With({"x"}).Set(1);
    const Status status = Gateway({.job = "a", .grouping = {{"zone", "b"}}}).Push(registry);
    ASSERT_EQ(status.code(), ErrorCode::kInvalidArgument);
    EXPECT_EQ(status.error().message(),
              fmt::format("pushed metric up already has the grouping label \"{}\"", label));
  }
  EXPECT_EQ(seen_count(), 0U);
}

TEST_F(PushGatewayTest, ProvesWhoItIs) {
  ASSERT_TRUE(Gateway({.job = "a", .basic_auth = std::pair("ada", "secret")}).Delete().ok());
  EXPECT_EQ(http::BasicCredentials(Last()), std::pair(std::string("ada"), std::string("secret")));
  ASSERT_TRUE(Gateway({.job = "a", .headers = {{"X-Scope", "t"}}, .bearer_token = "abc"})
                  .Push(registry_)
                  .ok());
  EXPECT_EQ(Last().headers.Get("Authorization"), "Bearer abc");
  EXPECT_EQ(Last().headers.Get("X-Scope"), "t");
}

TEST_F(PushGatewayTest, TellsWhatTheGatewaySays) {
  const struct {
    int status;
    std::string text;
    std::optional<ErrorCode> want;
  } cases[] = {
      {200, "", std::nullopt},
      {202, "", std::nullopt},
      {400, "pushed metrics are invalid\n", ErrorCode::kUnavailable},
      {401, "Unauthorized", ErrorCode::kUnauthenticated},
      {403, "no", ErrorCode::kPermissionDenied},
      {302, "Found", ErrorCode::kUnavailable},
      {503, std::string(2000, 'x'), ErrorCode::kUnavailable},
  };
  const PushGateway gateway = Gateway({.url = "http://ada:secret@" + Url(), .job = "a"});
  for (const auto& c : cases) {
    SCOPED_TRACE(c.status);
    AnswerWith(c.status, c.text);
    for (const bool is_deletion : {false, true}) {
      const Status status = is_deletion ? gateway.Delete() : gateway.Push(registry_);
      ASSERT_EQ(status.code(), c.want);
      if (status.ok()) continue;
      const std::string& message = status.error().message();
      EXPECT_TRUE(message.starts_with(
          fmt::format("unexpected status code {} while {} http://{}/metrics/job/a: ", c.status,
                      is_deletion ? "deleting" : "pushing to", Url())))
          << message;
      EXPECT_NE(message.find(c.text.substr(0, 2)), std::string::npos);
      EXPECT_LT(message.size(), 700U);
    }
  }
}

TEST_F(PushGatewayTest, NobodyThereIsAnError) {
  const PushGateway gateway = Gateway({.job = "a"});
  server_->Shutdown(std::chrono::milliseconds(0));
  EXPECT_EQ(gateway.Push(registry_).code(), ErrorCode::kUnavailable);
}

}  // namespace
}  // namespace narthex::exposer
