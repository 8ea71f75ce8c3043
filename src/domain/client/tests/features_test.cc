// Exemplars, expiry, parts of a registry, collectors, facts and states, lint, files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "base/clock.h"
#include "client/count_exceptions.h"
#include "client/lint.h"
#include "client/registry.h"
#include "client/serve.h"
#include "client/testing.h"
#include "exposition/metric_family.h"
#include "fake_clock.h"

namespace narthex::client {
namespace {

constexpr std::string_view kOpenMetrics = "application/openmetrics-text;version=1.0.0";

TEST(Exemplars, AreShownAtCounterAndBucket) {
  Registry registry;
  registry.NewCounter({.name = "a_total", .help = "h"}).With().Increment(2, {{"trace_id", "t1"}});
  registry.NewHistogram({.name = "b", .help = "h"}, {1}).With().Observe(0.5, {{"trace_id", "t2"}});
  const std::string body = Expose(registry, kOpenMetrics).body;
  EXPECT_NE(body.find("\na_total 2.0 # {trace_id=\"t1\"} 2.0 "), std::string::npos) << body;
  EXPECT_NE(body.find("\nb_bucket{le=\"1.0\"} 1 # {trace_id=\"t2\"} 0.5 "), std::string::npos);
}

TEST(Exemplars, ThatNoReaderTakesAreLeftOut) {
  Registry registry;
  auto& counter = registry.NewCounter({.name = "a_total", .help = "h"}).With();
  for (const Labels& labels :
       {Labels{{"trace_id", std::string(121, 'x')}}, Labels{{"", "x"}}, Labels{{"a", "\xff"}}}) {
    counter.Increment(1, labels);
  }
  EXPECT_EQ(counter.value(), 3);
  EXPECT_NE(Expose(registry, kOpenMetrics).body.find("\na_total 3.0\n"), std::string::npos);
}

TEST(Exemplars, HookIsAskedOnceBetweenScrapes) {
  static int ask_count = 0;
  SetTraceContextHook([] {
    ++ask_count;
    return Labels{{"trace_id", std::to_string(ask_count)}};
  });
  Registry registry;
  auto& asking =
      registry.NewCounter({.name = "a_total", .help = "h", .asks_for_exemplars = true}).With();
  auto& silent = registry.NewCounter({.name = "b_total", .help = "h"}).With();
  for (int i = 0; i < 5; ++i) {
    asking.Increment();
    silent.Increment();
  }
  EXPECT_EQ(ask_count, 1);
  EXPECT_NE(Expose(registry, kOpenMetrics).body.find("a_total 5.0 # {trace_id=\"1\"}"),
            std::string::npos);
  asking.Increment();
  EXPECT_EQ(ask_count, 2);
  SetTraceContextHook({});
}

TEST(Family, ChildrenThatNobodyAsksForExpire) {
  FakeClock clock;
  Registry registry(clock);
  auto& family = registry.NewCounter(
      {.name = "a_total", .help = "h", .label_names = {"x"}, .child_ttl = std::chrono::minutes(5)});
  family.With({"used"}).Increment();
  family.With({"forgotten"}).Increment();
  const auto held = family.Share({"held"});
  clock.Advance(std::chrono::minutes(4));
  family.With({"used"}).Increment();
  EXPECT_EQ(SampleValue(registry, "a_total", {{"x", "forgotten"}}), 1);
  clock.Advance(std::chrono::minutes(3));
  EXPECT_EQ(SampleValue(registry, "a_total", {{"x", "forgotten"}}), std::nullopt);
  EXPECT_EQ(SampleValue(registry, "a_total", {{"x", "used"}}), 2);
  held->Increment();
  EXPECT_EQ(SampleValue(registry, "a_total", {{"x", "held"}}), 1);
}

TEST(Family, RemovesWhatHasTheLabels) {
  Registry registry;
  auto& family = registry.NewGauge({.name = "a", .help = "h", .label_names = {"x", "y"}});
  for (const char* const y : {"1", "2"}) {
    family.With({"a", y}).Set(1);
    family.With({"b", y}).Set(1);
  }
  EXPECT_EQ(family.RemoveMatching({{"x", "a"}}), 2u);
  EXPECT_EQ(family.child_count(), 2u);
}

TEST(Registry, PartsHavePrefixAndLabels) {
  Registry registry;
  for (const char* const pool : {"read", "write"}) {
    Registry part = registry.Sub("db_", {{"pool", pool}});
    part.NewGauge({.name = "connections", .help = "h", .label_names = {"state"}})
        .With({"idle"})
        .Set(3);
  }
  EXPECT_EQ(ExposedText(registry, "db_"),
            "# HELP db_connections h\n"
            "# TYPE db_connections gauge\n"
            "db_connections{pool=\"read\",state=\"idle\"} 3\n"
            "db_connections{pool=\"write\",state=\"idle\"} 3\n");
}

TEST(Registry, InfoAndStates) {
  Registry registry;
  registry.NewInfo({.name = "target", .help = "h"}).With().Set({{"version", "1"}});
  auto& state = registry.NewStateSet({.name = "door", .help = "h"}, {"open", "shut"}).With();
  EXPECT_TRUE(state.SetOnly("shut"));
  EXPECT_FALSE(state.Set("ajar", true));
  const std::string body = Expose(registry, kOpenMetrics).body;
  EXPECT_NE(body.find("# TYPE target info\ntarget_info{version=\"1\"} 1.0\n"), std::string::npos)
      << body;
  EXPECT_NE(body.find("# TYPE door stateset\ndoor{door=\"open\"} 0.0\ndoor{door=\"shut\"} 1.0\n"),
            std::string::npos)
      << body;
}

TEST(GaugeHistogram, ShowsWhatThereIsNow) {
  Registry registry;
  auto& sizes = registry.NewGaugeHistogram({.name = "queue_sizes", .help = "h"}, {1, 10}).With();
  sizes.Replace(std::vector<double>{1, 5, 50});
  sizes.Replace(std::vector<double>{0.5, 5});
  EXPECT_EQ(SampleValue(registry, "queue_sizes_bucket", {{"le", "1"}}), std::nullopt);
  EXPECT_EQ(SampleValue(registry, "queue_sizes_bucket", {{"le", "1.0"}}), 1);
  EXPECT_EQ(SampleValue(registry, "queue_sizes_count"), 2);
  EXPECT_EQ(SampleValue(registry, "queue_sizes_sum"), 5.5);
}

TEST(Histogram, TakesObservationsInBulk) {
  Histogram histogram(std::vector<double>{1, 2});
  const std::vector<std::uint64_t> counts = {5, 3, 1};
  EXPECT_TRUE(histogram.ObserveMultiple(counts, 12.5));
  EXPECT_FALSE(histogram.ObserveMultiple(std::span(counts).first(2), 1));
  EXPECT_EQ(histogram.count(), 9u);
  EXPECT_EQ(histogram.sum(), 12.5);
}

class Throwing : public Collector {
 public:
  void Collect(FamilySink& sink) override {
    sink.AddGauge({"lost", "h"}, 1);
    throw std::runtime_error("broken");
  }
};
class Malformed : public Collector {
 public:
  void Collect(FamilySink& sink) override {
    sink.AddGauge({"", "h"}, 1);
    sink.AddGauge({"good", "h"}, 1, {{"x", "\xff"}});
    sink.AddGauge({"good", "h"}, 2);
  }
};

TEST(Collector, FaultsOfOneHurtNoOther) {
  Registry registry;
  const auto throwing = registry.Register(std::make_shared<Throwing>());
  const auto malformed = registry.Register(std::make_shared<Malformed>());
  const auto before = SampleValue(registry, "metrics_client_collector_errors_total");
  EXPECT_EQ(SampleValue(registry, "good"), 2);
  EXPECT_EQ(SampleValue(registry, "lost"), std::nullopt);
  EXPECT_GT(SampleValue(registry, "metrics_client_collector_errors_total"), before);
}

TEST(Lint, NamesWhatReadersTripOver) {
  const struct {
    FamilyOptions options;
    FamilyType type;
    std::string problem;
  } cases[] = {
      {{.name = "requests"}, FamilyType::kCounter, "_total"},
      {{.name = "requests_total"}, FamilyType::kGauge, "only a counter"},
      {{.name = "latency_milliseconds"}, FamilyType::kHistogram, "base unit seconds"},
      {{.name = "requestCount"}, FamilyType::kGauge, "snake_case"},
      {{.name = "a:b"}, FamilyType::kGauge, "colons"},
      {{.name = "size_gauge"}, FamilyType::kGauge, "type"},
      {{.name = "x_count"}, FamilyType::kGauge, "_count"},
      {{.name = "a", .label_names = {"userId"}}, FamilyType::kGauge, "userId"},
      {{.name = "a", .unit = "bytes"}, FamilyType::kGauge, "unit bytes"},
  };
  for (const auto& c : cases) {
    const auto problems = Lint(c.options, c.type);
    ASSERT_EQ(problems.size(), 1u) << c.options.name;
    EXPECT_NE(problems[0].find(c.problem), std::string::npos) << problems[0];
  }
  EXPECT_TRUE(Lint({.name = "a_bytes_total", .unit = "bytes"}, FamilyType::kCounter).empty());
}

TEST(Expose, AnswersInTheFormatAskedFor) {
  Registry registry;
  const struct {
    std::string accept;
    std::string content_type;
  } cases[] = {
      {"", "text/plain; version=0.0.4"},
      {"text/plain;version=1.0.0;escaping=allow-utf-8", "text/plain; version=1.0.0"},
      {"application/openmetrics-text;version=2.0.0", "application/openmetrics-text; version=2.0.0"},
      {"application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited",
       "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; "
       "encoding=delimited"},
  };
  for (const auto& c : cases) {
    EXPECT_TRUE(Expose(registry, c.accept).content_type.starts_with(c.content_type));
  }
}

TEST(WriteTextfile, ReplacesTheFileAsAWhole) {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("narthex_textfile_" + std::to_string(SystemClock().Now()));
  std::filesystem::create_directory(folder);
  Registry registry;
  registry.NewGauge({.name = "a", .help = "h"}).With().Set(7);
  const std::string path = folder / "a.prom";
  EXPECT_FALSE(WriteTextfile(registry, path));
  EXPECT_FALSE(WriteTextfile(registry, path));
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  EXPECT_NE(text.find("\na 7\n"), std::string::npos);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
  EXPECT_TRUE(WriteTextfile(registry, folder / "missing" / "a.prom"));
  std::filesystem::remove_all(folder);
}

TEST(CountExceptions, CountsWhatLeavesTheScope) {
  Counter counter;
  { const CountExceptions scope(counter); }
  EXPECT_EQ(counter.value(), 0);
  try {
    const CountExceptions scope(counter);
    throw std::runtime_error("x");
  } catch (const std::runtime_error&) {
  }
  EXPECT_EQ(counter.value(), 1);
}

// The sanitizers' share: everything that threads may do to one family at once.
TEST(Family, IsWrittenScrapedRemovedAndExpiredAtOnce) {
  FakeClock clock;
  Registry registry(clock);
  HistogramOptions histogram;
  histogram.native.emplace();
  histogram.native->bucket_count_max = 20;
  auto& counters = registry.NewCounter(
      {.name = "a_total", .help = "h", .label_names = {"x"}, .child_ttl = std::chrono::minutes(1)});
  auto& histograms = registry.NewHistogram(
      {.name = "b", .help = "h", .label_names = {"x"}, .child_ttl = std::chrono::minutes(1)},
      histogram);
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 16; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < 300; ++i) {
          const std::string value = std::to_string((i + thread) % 10);
          counters.Share({value})->Increment(1, {{"trace_id", value}});
          histograms.Share({value})->Observe(0.001 * i, {{"trace_id", value}});
        }
      });
    }
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        counters.Remove({std::to_string(i % 10)});
        histograms.Remove({std::to_string(i % 10)});
        clock.Advance(std::chrono::seconds(40));
      }
    });
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(Expose(registry, kOpenMetrics).body.empty());
  }
  EXPECT_LE(counters.child_count(), 10u);
}

}  // namespace
}  // namespace narthex::client
