// What scrapes do when features are on: start timestamps, labels of type and unit.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exposition/writer.h"
#include "fake_clock.h"
#include "fake_store.h"
#include "target_writer.h"

namespace narthex::scrape {
namespace {

using model::LabelSet;
using testing::ElementsAre;

constexpr exposition::Format kOpenMetrics = exposition::Format::kOpenMetrics;

struct FeaturesTest : testing::Test {
  FeaturesTest() { config.histograms.scrape_native_histograms = true; }

  void Use(Features features) {
    auto target = std::make_shared<Target>();
    target->labels = LabelSet{{"job", "j"}};
    target->histograms = config.histograms;
    writer.Configure(std::make_shared<JobRules>(config, features), std::move(target));
  }
  void Scrape(std::string_view body, exposition::Format format = kOpenMetrics) {
    time += 1000;
    const ScrapeOutcome outcome = writer.WriteScrape(
        {.status = Ok(), .body = body, .format = format, .started = clock.Monotonic()}, time);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error().message();
    scraped_count = outcome.scraped_count;
  }
  static LabelSet Series(std::string_view name, std::string_view label = "x",
                         std::string_view value = "") {
    return model::LabelSetBuilder().Set("__name__", name).Set("job", "j").Set(label, value).Build();
  }
  std::string Show(std::string_view name) { return store.Show(Series(name)); }

  config::ScrapeConfig config;
  FakeClock clock;
  FakeStore store;
  MetadataCache metadata;
  TargetWriter writer{store, clock, metadata};
  model::TimestampMs time = 0;
  std::size_t scraped_count = 0;
};

struct StartTimestamps : FeaturesTest {};

// Two counters that count since `a` and `b`, and a gauge whose name ends like theirs.
std::string Counters(std::string_view value, std::string_view a, std::string_view b) {
  return fmt::format(
      "# HELP c Counts.\n# TYPE c counter\n"
      "c_total{{x=\"a\"}} {0}\nc_created{{x=\"a\"}} {1}\n"
      "c_total{{x=\"b\"}} {0}\nc_created{{x=\"b\"}} {2}\n"
      "# TYPE g_created gauge\ng_created {0}\n# EOF\n",
      value, a, b);
}

// PRS-011, FF-012.
TEST_F(StartTimestamps, CreatedLinesAreSeriesWithoutTheFeatures) {
  Use({});
  Scrape(Counters("1", "0.5", "0.7"));
  EXPECT_EQ(scraped_count, 5u);
  EXPECT_EQ(store.Show(Series("c_created", "x", "a")), "0.5@1000");
  EXPECT_THAT(store.Starts(Series("c_total", "x", "a")), ElementsAre(0));
}

TEST_F(StartTimestamps, AreStoredWithEachSample) {
  Use({.stores_start_timestamps = true});
  for (const char* value : {"1", "2", "3"}) Scrape(Counters(value, "0.5", "0.7"));
  EXPECT_EQ(scraped_count, 3u);
  EXPECT_EQ(store.Show(Series("c_created", "x", "a")), "none");
  EXPECT_EQ(store.Show(Series("c_total", "x", "a")), "1@1000 2@2000 3@3000");
  EXPECT_THAT(store.Starts(Series("c_total", "x", "a")), ElementsAre(500, 500, 500));
  EXPECT_THAT(store.Starts(Series("c_total", "x", "b")), ElementsAre(700, 700, 700));
  EXPECT_EQ(Show("g_created"), "1@1000 2@2000 3@3000");
  EXPECT_THAT(store.Starts(Series("g_created")), ElementsAre(0, 0, 0));
  EXPECT_THAT(store.Starts(Series("up")), ElementsAre(0, 0, 0));
}

// Lines that are as they were last time must not hide that others are not.
TEST_F(StartTimestamps, FollowCreatedLinesThatChangeComeAndGo) {
  const std::string counter = "# TYPE c counter\nc_total 1\n";
  const std::string end = "# TYPE d counter\nd_total 1\nd_created 0.25\n# EOF\n";
  const struct {
    std::string name;
    std::string body;
    model::TimestampMs c;
    model::TimestampMs d;
  } steps[] = {
      {"said", counter + "c_created 0.5\n" + end, 500, 250},
      {"unchanged", counter + "c_created 0.5\n" + end, 500, 250},
      {"changed", counter + "c_created 3.5\n" + end, 3500, 250},
      {"unchanged since", counter + "c_created 3.5\n" + end, 3500, 250},
      {"gone", counter + end, 0, 250},
      {"unchanged without", counter + end, 0, 250},
      {"back", counter + "c_created 0.5\n" + end, 500, 250},
      {"the last one gone", counter + "c_created 0.5\n# TYPE d counter\nd_total 1\n# EOF\n", 500,
       0},
      {"all back", counter + "c_created 0.5\n" + end, 500, 250},
      {"another series before", "# TYPE a gauge\na 1\n" + counter + "c_created 0.5\n" + end, 500,
       250},
      {"swapped", end.substr(0, end.size() - 6) + counter + "c_created 0.5\n# EOF\n", 500, 250},
  };
  Use({.stores_start_timestamps = true});
  for (const auto& step : steps) {
    SCOPED_TRACE(step.name);
    Scrape(step.body);
    EXPECT_EQ(store.Starts(Series("c_total")).back(), step.c);
    EXPECT_EQ(store.Starts(Series("d_total")).back(), step.d);
    EXPECT_EQ(store.Latest(Series("c_total")), 1);
  }
}

TEST_F(StartTimestamps, OfABrokenBodyAreForgotten) {
  Use({.stores_start_timestamps = true});
  Scrape("# TYPE c counter\nc_total 1\nc_created 0.5\n# EOF\n");
  time += 1000;
  const ScrapeOutcome outcome =
      writer.WriteScrape({.status = Ok(),
                          .body = "# TYPE c counter\nc_total 2\nc_created 1.5\nx {{{\n# EOF\n",
                          .format = kOpenMetrics,
                          .started = clock.Monotonic()},
                         time);
  EXPECT_FALSE(outcome.status.ok());
  Scrape("# TYPE c counter\nc_total 3\nc_created 0.5\n# EOF\n");
  EXPECT_EQ(store.Starts(Series("c_total")).back(), 500);
}

// FF-011.
TEST_F(StartTimestamps, AreInjectedAsZerosOnce) {
  Use({.injects_zero_samples = true});
  Scrape(Counters("1", "0.5", "1.5"));
  Scrape(Counters("2", "0.5", "1.5"));
  EXPECT_EQ(store.Show(Series("c_total", "x", "a")), "0@500 1@1000 2@2000")
      << "the second time 0.5 is older than what is there";
  EXPECT_EQ(store.Show(Series("c_total", "x", "b")), "1@1000 0@1500 2@2000")
      << "the first time 1.5 was ahead of the sample";
  Scrape(Counters("1", "2.5", "1.5"));
  EXPECT_EQ(store.Show(Series("c_total", "x", "a")), "0@500 1@1000 2@2000 0@2500 1@3000");
  EXPECT_THAT(store.Starts(Series("c_total", "x", "a")), testing::Each(0));
  EXPECT_EQ(Show("scrape_samples_post_metric_relabeling"), "3@1000 3@2000 3@3000");
  EXPECT_EQ(Show("g_created"), "1@1000 2@2000 1@3000");
}

TEST_F(StartTimestamps, OfMessagesReachSamplesAndHistograms) {
  exposition::Histogram histogram;
  histogram.count = 5;
  histogram.sum = 2.5;
  exposition::NativeBuckets native;
  native.histogram.schema = 1;
  native.histogram.zero_threshold = 0.25;
  native.histogram.positive_spans = {{0, 2}};
  native.histogram.positive_buckets = {4, 1};
  histogram.native = std::make_shared<exposition::NativeBuckets>(std::move(native));
  exposition::Metric one;
  one.value = std::move(histogram);
  one.created = std::chrono::milliseconds(500);
  exposition::Metric other;
  other.value = 7.0;
  other.created = std::chrono::milliseconds(600);
  std::string body;
  const exposition::WriteOptions options{.format = exposition::Format::kProtobuf};
  exposition::WriteFamily(body, {"h", "", "", model::MetricType::kHistogram, {one}}, options);
  exposition::WriteFamily(body, {"c", "", "", model::MetricType::kCounter, {other}}, options);

  Use({.injects_zero_samples = true, .stores_start_timestamps = true});
  Scrape(body, exposition::Format::kProtobuf);
  EXPECT_EQ(Show("c"), "0@600 7@1000");
  EXPECT_THAT(store.Starts(Series("c")), ElementsAre(0, 600));
  EXPECT_EQ(Show("h"), "0@500 2.5@1000");
  EXPECT_THAT(store.Starts(Series("h")), ElementsAre(0, 500));
  model::FloatHistogram first;
  first.reset_hint = model::CounterResetHint::kReset;
  first.schema = 1;
  first.zero_threshold = 0.25;
  EXPECT_THAT(store.Histograms(Series("h")),
              ElementsAre(first, testing::Field(&model::FloatHistogram::count, 5)));
}

// PRS-013, FF-020.
TEST_F(FeaturesTest, TypeAndUnitBecomeLabels) {
  const auto body = [](std::string_view rest) {
    return "# HELP c_seconds Counts.\n# TYPE c_seconds counter\n# UNIT c_seconds seconds\n"
           "c_seconds_total{__type__=\"mine\"} 1\n" +
           std::string(rest) + "# EOF\n";
  };
  const LabelSet known{{"__name__", "c_seconds_total"},
                       {"__type__", "counter"},
                       {"__unit__", "seconds"},
                       {"job", "j"}};
  const LabelSet added = model::LabelSetBuilder(known).Set("x", "y").Build();
  Use({.adds_type_and_unit = true});
  Scrape(body(""));
  // A line that is new among lines of metadata that are not.
  Scrape(body("c_seconds_total{x=\"y\"} 2\n"));
  EXPECT_EQ(store.Show(known), "1@1000 1@2000");
  EXPECT_EQ(store.Show(added), "2@2000");
  EXPECT_EQ(Show("up"), "1@1000 1@2000");
  Scrape("# TYPE t gauge\nt 5\n", exposition::Format::kText);
  EXPECT_EQ(store.Show(Series("t", "__type__", "gauge")), "5@3000");
}

}  // namespace
}  // namespace narthex::scrape
