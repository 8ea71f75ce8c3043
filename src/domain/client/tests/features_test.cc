// Exemplars, expiry, parts of a registry, collectors, facts and states, lint, files.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "base/clock.h"
#include "client/count_exceptions.h"
#include "client/lint.h"
#include "client/process_collector.h"
#include "client/registry.h"
#include "client/serve.h"
#include "client/testing.h"
#include "exposition/metric_family.h"
#include "fake_clock.h"

namespace narthex::client {
namespace {

constexpr std::string_view kOpenMetrics = "application/openmetrics-text;version=1.0.0";
constexpr std::string_view kProtobuf =
    "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited";

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

// The sanitizers' share: everything that threads may do to families at once. client-libraries.md
// section 8.
TEST(Family, IsWrittenScrapedRemovedAndExpiredAtOnce) {
  constexpr int kWriterCount = 16;
  constexpr int kWriteCount = 300;
  FakeClock clock;
  Registry registry(clock);
  HistogramOptions histogram;
  histogram.native.emplace();
  histogram.native->bucket_count_max = 20;
  const FamilyOptions options = {
      .name = "a_total", .help = "h", .label_names = {"x"}, .child_ttl = std::chrono::minutes(1)};
  const auto named = [&options](std::string name) {
    FamilyOptions other = options;
    other.name = std::move(name);
    return other;
  };
  auto& counters = registry.NewCounter(options);
  auto& histograms = registry.NewHistogram(named("b"), histogram);
  auto& summaries = registry.NewSummary(named("c"), {.quantiles = {0.5}});
  auto& kept = registry.NewCounter({.name = "kept_total", .help = "h"}).With();
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kWriterCount; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = 0; i < kWriteCount; ++i) {
          const std::string value = std::to_string((i + thread) % 10);
          counters.Share({value})->Increment(1, {{"trace_id", value}});
          histograms.Share({value})->Observe(0.001 * i, {{"trace_id", value}});
          summaries.Share({value})->Observe(i);
          kept.Increment();
        }
      });
    }
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        counters.Remove({std::to_string(i % 10)});
        histograms.RemoveMatching({{"x", std::to_string(i % 10)}});
        if (i % 10 == 0) summaries.Clear();
        clock.Advance(std::chrono::seconds(40));
      }
    });
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) EXPECT_FALSE(Expose(registry, kOpenMetrics).body.empty());
    });
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(Expose(registry, kProtobuf).body.empty());
  }
  EXPECT_LE(counters.child_count(), 10u);
  EXPECT_EQ(kept.value(), kWriterCount * kWriteCount);
}

TEST(Family, ChildrenRemovedWhileTheyAreReadAreStillThere) {
  Registry registry;
  auto& family = registry.NewCounter({.name = "a_total", .help = "h", .label_names = {"x"}});
  for (int i = 0; i < 5; ++i) family.With({std::to_string(i)}).Increment(i);
  FamilyReading reading(family);
  std::vector<exposition::Metric> metrics;
  reading.Next(2, metrics);
  ASSERT_EQ(metrics.size(), 2u);
  family.Clear();
  family.With({"new"});
  reading.Next(10, metrics);
  ASSERT_EQ(metrics.size(), 3u);
  EXPECT_EQ(metrics[2].labels, (exposition::MetricLabels{{"x", "4"}}));
  EXPECT_EQ(std::get<double>(metrics[2].value), 4);
  EXPECT_TRUE(reading.at_end());
  // What comes now begins at 0, whatever memory it has from those before.
  EXPECT_EQ(family.With({"4"}).value(), 0);
}

TEST(StreamedAnswer, IsTheSamePageInSmallPieces) {
  Registry registry;
  auto& gauges = registry.NewGauge(
      {.name = "a_bytes", .help = "h", .label_names = {"x"}, .child_count_max = 40'000});
  for (int i = 0; i < 40'000; ++i) gauges.With({std::to_string(i)}).Set(i);
  registry.NewStateSet({.name = "state", .help = "h"}, {"on", "off"}).With();
  registry.NewInfo({.name = "target", .help = "h"}).With().Set({{"version", "1"}});
  for (const std::string_view accept : {std::string_view(), kOpenMetrics}) {
    SCOPED_TRACE(accept);
    std::string whole;
    std::size_t size_max = 0;
    const StreamedAnswer answer(registry, accept);
    answer.Write([&](std::string_view piece) {
      whole += piece;
      size_max = std::max(size_max, piece.size());
      return true;
    });
    const Answer at_once = Expose(registry, accept);
    EXPECT_EQ(answer.content_type(), at_once.content_type);
    EXPECT_EQ(whole, at_once.body);
    EXPECT_LE(size_max, 64u << 10);
    // OpenMetrics 1.0, "Target metadata": target_info is the first family.
    EXPECT_LT(whole.find("target"), whole.find("a_bytes"));
  }
}

TEST(StreamedAnswer, EndsWhenItsReaderDoes) {
  Registry registry;
  auto& gauges = registry.NewGauge({.name = "a_bytes", .help = "h", .label_names = {"x"}});
  for (int i = 0; i < 10'000; ++i) gauges.With({std::to_string(i)}).Set(i);
  int piece_count = 0;
  StreamedAnswer(registry, "").Write([&piece_count](std::string_view) {
    ++piece_count;
    return false;
  });
  EXPECT_EQ(piece_count, 1);
}

TEST(Collector, WithANameTellsHowItWent) {
  FakeClock clock;
  Registry registry(clock);
  const auto good = registry.Register(MakeAllocatorCollector(), "allocator");
  const auto bad = registry.Register(std::make_shared<Throwing>(), "bad");
  EXPECT_EQ(SampleValue(registry, "scrape_collector_success", {{"collector", "allocator"}}), 1);
  EXPECT_EQ(SampleValue(registry, "scrape_collector_success", {{"collector", "bad"}}), 0);
  EXPECT_EQ(SampleValue(registry, "scrape_collector_duration_seconds", {{"collector", "bad"}}), 0);
  EXPECT_GE(SampleValue(registry, "malloc_used_bytes").value_or(-1), 0);
}

}  // namespace
}  // namespace narthex::client
