// What a program pushes by remote write is what the receiving side stores.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "client/registry.h"
#include "exposer/remote_writer.h"
#include "exposition/metric_family.h"
#include "fake_appender.h"
#include "fake_clock.h"
#include "http/server.h"
#include "remote/write_receiver.h"

namespace narthex::exposer {
namespace {

// Exemplars have the machine's time, and must not be of the receiver's future.
const TimestampMs kNow = SystemClock().Now();

class RemoteWritePush : public testing::TestWithParam<RemoteWriteVersion> {
 protected:
  // `accepted`: the messages that the receiver takes.
  void Push(std::size_t samples_per_request_max = 5000, bool accepts_v2 = true) {
    remote::WriteReceiver receiver({appender_, clock_, receiver_registry_},
                                   {.accepts_v2 = accepts_v2, .keeps_exemplars = true});
    http::Router router;
    router.Post("/write", [&](const http::Request& request) {
      ++request_count_;
      return receiver.Answer(request);
    });
    const auto server = std::move(http::Server::Start({}, std::move(router))).value();
    const auto client = std::move(http::Client::Make({})).value();
    auto writer =
        RemoteWriter::Start({registry_, *client, clock_},
                            {.url = fmt::format("http://127.0.0.1:{}/write", server->port()),
                             .version = GetParam(),
                             .external_labels = {{"job", "batch"}, {"zone", "z"}, {"empty", ""}},
                             .samples_per_request_max = samples_per_request_max});
    ASSERT_TRUE(writer.ok()) << writer.error().message();
    const Status pushed = (*writer)->Push();
    EXPECT_TRUE(pushed.ok()) << pushed.error().message();
    stored_ = appender_.samples;
    // The last push of the writer's end must not meet samples of the same time.
    clock_.Advance(std::chrono::seconds(1));
  }

  double Value(const std::string& series) const {
    const auto found = stored_.find(series);
    if (found == stored_.end()) return -1;
    EXPECT_EQ(found->second.size(), 1U) << series;
    EXPECT_EQ(found->second.front().timestamp, kNow) << series;
    return found->second.front().value;
  }

  FakeClock clock_{kNow};
  client::Registry registry_{clock_};
  client::Registry receiver_registry_;
  remote::FakeAppender appender_;
  std::atomic<int> request_count_{0};
  decltype(remote::FakeAppender::samples) stored_;
};

TEST_P(RemoteWritePush, StoresEveryKindOfMetric) {
  registry_.NewCounter({.name = "jobs_total", .help = "Jobs.", .label_names = {"kind"}})
      .With({"a\nb"})
      .Increment(3);
  registry_.NewGauge({.name = "own_zone", .help = "Zone.", .label_names = {"zone"}})
      .With({"mine"})
      .Set(-1.5);
  auto& histogram =
      registry_.NewHistogram({.name = "wait_seconds", .help = "Wait."}, {0.5, 1}).With();
  for (const double value : {0.1, 0.7, 5.0}) histogram.Observe(value);
  registry_.NewSummary({.name = "size_bytes", .help = "Size."}, {.quantiles = {0.5}})
      .With()
      .Observe(8);
  registry_.NewStateSet({.name = "mode", .help = "Mode."}, {"on", "off"}).With().Set("off", true);
  Push();
  const std::string common = "job=\"batch\", zone=\"z\"";
  const struct {
    std::string series;
    double want;
  } cases[] = {
      {"jobs_total{job=\"batch\", kind=\"a\\nb\", zone=\"z\"}", 3},
      {"own_zone{job=\"batch\", zone=\"mine\"}", -1.5},
      {"wait_seconds_bucket{job=\"batch\", le=\"0.5\", zone=\"z\"}", 1},
      {"wait_seconds_bucket{job=\"batch\", le=\"1.0\", zone=\"z\"}", 2},
      {"wait_seconds_bucket{job=\"batch\", le=\"+Inf\", zone=\"z\"}", 3},
      {"wait_seconds_sum{" + common + "}", 5.8},
      {"wait_seconds_count{" + common + "}", 3},
      {"size_bytes_sum{" + common + "}", 8},
      {"size_bytes_count{" + common + "}", 1},
      {"mode{job=\"batch\", mode=\"off\", zone=\"z\"}", 1},
      {"mode{job=\"batch\", mode=\"on\", zone=\"z\"}", 0},
  };
  for (const auto& c : cases) EXPECT_EQ(Value(c.series), c.want) << c.series;
  EXPECT_TRUE(stored_.contains("size_bytes{job=\"batch\", quantile=\"0.5\", zone=\"z\"}"));
  const auto& counter = stored_["jobs_total{job=\"batch\", kind=\"a\\nb\", zone=\"z\"}"];
  ASSERT_EQ(counter.size(), 1U);
  EXPECT_EQ(counter[0].start_timestamp, GetParam() == RemoteWriteVersion::k2 ? kNow : 0)
      << "only the second version has starts";
}

TEST_P(RemoteWritePush, StoresNativeHistogramsAndExemplars) {
  client::HistogramOptions options;
  options.native = client::NativeOptions{};
  options.bounds = {};
  auto& histogram = registry_.NewHistogram({.name = "size_bytes", .help = "Size."}, options).With();
  for (const double value : {1.0, 2.0, 2.0, 0.0, -4.0}) histogram.Observe(value);
  registry_.NewCounter({.name = "jobs_total", .help = "Jobs."})
      .With()
      .Increment(1, client::Labels{{"trace_id", "abc"}});
  Push();
  const auto& native = stored_["size_bytes{job=\"batch\", zone=\"z\"}"];
  ASSERT_EQ(native.size(), 1U);
  ASSERT_TRUE(native[0].histogram.has_value());
  const model::FloatHistogram& stored = *native[0].histogram;
  EXPECT_EQ(stored.count, 5);
  EXPECT_EQ(stored.sum, 1);
  EXPECT_EQ(stored.zero_count, 1);
  EXPECT_EQ(stored.positive_buckets, (std::vector<double>{1, 2}));
  EXPECT_EQ(stored.negative_buckets, std::vector<double>{1});
  EXPECT_TRUE(model::Validate(stored).ok());
  const auto& exemplars = appender_.exemplars["jobs_total{job=\"batch\", zone=\"z\"}"];
  ASSERT_FALSE(exemplars.empty());
  EXPECT_EQ(exemplars[0].value, 1);
  EXPECT_EQ(exemplars[0].labels.ToString(), "{trace_id=\"abc\"}");
}

TEST_P(RemoteWritePush, CutsALargeRegistryIntoRequests) {
  auto& family = registry_.NewGauge({.name = "depth", .help = "Depth.", .label_names = {"queue"}});
  for (int i = 0; i < 1000; ++i) family.With({std::to_string(i)}).Set(i);
  Push(100);
  EXPECT_GE(request_count_, 10);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(Value(fmt::format("depth{{job=\"batch\", queue=\"{}\", zone=\"z\"}}", i)), i);
  }
}

TEST_P(RemoteWritePush, AReceiverOfVersionOneGetsIt) {
  registry_.NewGauge({.name = "depth", .help = "Depth."}).With().Set(7);
  Push(5000, false);
  EXPECT_EQ(Value("depth{job=\"batch\", zone=\"z\"}"), 7);
}

INSTANTIATE_TEST_SUITE_P(Versions, RemoteWritePush,
                         testing::Values(RemoteWriteVersion::k1, RemoteWriteVersion::k2));

}  // namespace
}  // namespace narthex::exposer
