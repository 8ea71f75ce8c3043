#include "target_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "exposition/writer.h"
#include "fake_clock.h"
#include "fake_store.h"
#include "model/histogram_buckets.h"

namespace narthex::scrape {
namespace {

using model::LabelSet;

struct TargetWriterTest : testing::Test {
  TargetWriterTest() { Configure(config); }

  void Configure(const config::ScrapeConfig& scrape) { ConfigureWriter(writer, scrape); }
  static void ConfigureWriter(TargetWriter& one, const config::ScrapeConfig& scrape) {
    auto target = std::make_shared<Target>();
    target->labels = LabelSet{{"job", "j"}, {"instance", "i"}};
    target->histograms = scrape.histograms;
    one.Configure(std::make_shared<JobRules>(scrape, Features{.keeps_exemplars = true}),
                  std::move(target));
  }
  ScrapeOutcome Scrape(std::string_view body,
                       exposition::Format format = exposition::Format::kText) {
    time += 1000;
    clock.Advance(std::chrono::seconds(1));
    return writer.WriteScrape(
        {.status = Ok(), .body = body, .format = format, .started = clock.Monotonic()}, time);
  }
  ScrapeOutcome Fail(std::string_view reason) {
    time += 1000;
    return writer.WriteScrape({.status = Error{ErrorCode::kUnavailable, std::string(reason)},
                               .body = {},
                               .started = clock.Monotonic()},
                              time);
  }
  static LabelSet Series(std::string_view name, std::string_view label = {},
                         std::string_view value = {}) {
    return model::LabelSetBuilder()
        .Set("__name__", name)
        .Set("job", "j")
        .Set("instance", "i")
        .Set(label.empty() ? "x" : label, value)
        .Build();
  }
  std::string Show(std::string_view name) { return store.Show(Series(name)); }

  config::ScrapeConfig config;
  FakeClock clock;
  FakeStore store;
  MetadataCache metadata;
  TargetWriter writer{store, clock, metadata};
  model::TimestampMs time = 0;
};

TEST_F(TargetWriterTest, WritesSamplesAndReportsInOneBatch) {
  const ScrapeOutcome outcome = Scrape("# TYPE a counter\na 1\nb{l=\"v\"} 2\n");
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_EQ(store.batch_count(), 1u);
  EXPECT_EQ(Show("a"), "1@1000");
  EXPECT_EQ(store.Show(Series("b", "l", "v")), "2@1000");
  EXPECT_EQ(Show("up"), "1@1000");
  EXPECT_EQ(Show("scrape_samples_scraped"), "2@1000");
  EXPECT_EQ(Show("scrape_samples_post_metric_relabeling"), "2@1000");
  EXPECT_EQ(Show("scrape_series_added"), "2@1000");
  EXPECT_EQ(Show("scrape_duration_seconds"), "0@1000");
  EXPECT_EQ(Show("scrape_timeout_seconds"), "none");
}

TEST_F(TargetWriterTest, KnownMetadataLinesKeepTheirMeaning) {
  constexpr std::string_view kHead = "# HELP h Help.\n# a comment\n# TYPE h histogram\n";
  const auto body = [&](std::string_view rest) { return std::string(kHead) + std::string(rest); };
  Scrape(body("h_bucket{le=\"1\"} 1\n"));
  // The bucket is new, the TYPE line is not.
  Scrape(body("h_bucket{le=\"1\"} 2\nh_bucket{le=\"2\"} 3\n"));
  EXPECT_EQ(store.Show(Series("h_bucket", "le", "2.0")), "3@2000");
  // Longer than unseen families are kept.
  for (int i = 0; i < 20; ++i) Scrape(body("h_bucket{le=\"1\"} 2\n"));
  ASSERT_EQ(metadata.snapshot()->size(), 1u);
  EXPECT_EQ(metadata.snapshot()->at("h").help, "Help.");
  Scrape("# HELP h Other.\n# TYPE h gauge\nh 1\n");
  EXPECT_EQ(metadata.snapshot()->at("h").help, "Other.");
  EXPECT_EQ(metadata.snapshot()->at("h").type, model::MetricType::kGauge);
  // Gone with the lines, also if nothing can be fetched.
  for (int i = 0; i < 10; ++i) Fail("no answer");
  EXPECT_TRUE(metadata.snapshot()->empty());
  Scrape(body("h 1\n"));
  EXPECT_EQ(metadata.snapshot()->at("h").help, "Help.");
}

TEST_F(TargetWriterTest, ExemplarsComeWithTheirSamples) {
  const std::string longer(129, 'x');
  const auto body = [&](std::string_view trace) {
    return "# TYPE c counter\nc_total 1 # {trace_id=\"" + std::string(trace) +
           "\"} 0.5 0.25\nd_total 2 # {} 1\ne_total 3 # {t=\"" + longer + "\"} 1\n# EOF\n";
  };
  for (const char* trace : {"a", "b"}) {
    EXPECT_TRUE(Scrape(body(trace), exposition::Format::kOpenMetrics).status.ok());
  }
  using model::Exemplar;
  EXPECT_THAT(store.exemplars(Series("c_total")),
              testing::ElementsAre(Exemplar{LabelSet{{"trace_id", "a"}}, 0.5, 250},
                                   Exemplar{LabelSet{{"trace_id", "b"}}, 0.5, 250}));
  EXPECT_THAT(store.exemplars(Series("d_total")),
              testing::ElementsAre(Exemplar{LabelSet(), 1, 1000}, Exemplar{LabelSet(), 1, 2000}));
  EXPECT_TRUE(store.exemplars(Series("e_total")).empty());
}

TEST_F(TargetWriterTest, ResolvesAKnownSeriesOnce) {
  Scrape("a 1\nb 2\n");
  const std::size_t before = store.resolved_count();
  Scrape("a 3\nb 4\n");
  EXPECT_EQ(store.resolved_count(), before);
  EXPECT_EQ(Show("a"), "1@1000 3@2000");
  EXPECT_EQ(Show("scrape_series_added"), "2@1000 0@2000");
}

TEST_F(TargetWriterTest, FollowsLinesThatMoveComeAndGo) {
  Scrape("a 1\nb 2\nc 3\n");
  const std::size_t before = store.resolved_count();
  Scrape("c 4\n# HELP x y\nb 5\na 6\n");
  EXPECT_EQ(store.resolved_count(), before);
  Scrape("n 1\na 7\nc 9\n");
  EXPECT_EQ(store.resolved_count(), before + 1);
  EXPECT_EQ(Show("a"), "1@1000 6@2000 7@3000");
  EXPECT_EQ(Show("b"), "2@1000 5@2000 stale@3000");
  EXPECT_EQ(Show("c"), "3@1000 4@2000 9@3000");
  EXPECT_EQ(Show("n"), "1@3000");
  Scrape("b 8\nn 2\n");
  EXPECT_EQ(Show("b"), "2@1000 5@2000 stale@3000 8@4000");
  EXPECT_EQ(Show("a"), "1@1000 6@2000 7@3000 stale@4000");
  EXPECT_EQ(Show("scrape_series_added"), "3@1000 0@2000 1@3000 1@4000");
}

TEST_F(TargetWriterTest, TellsApartNamesThatBeginAlike) {
  Scrape("a 1\nab 2\n");
  Scrape("ab 3\na 4\n");
  EXPECT_EQ(Show("a"), "1@1000 4@2000");
  EXPECT_EQ(Show("ab"), "2@1000 3@2000");
}

TEST_F(TargetWriterTest, StoresNothingOfABrokenBody) {
  Scrape("a 1\nb 2\n");
  const ScrapeOutcome outcome = Scrape("a 3\nc 4\nb {{{\n");
  EXPECT_FALSE(outcome.status.ok());
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("b"), "2@1000 stale@2000");
  EXPECT_EQ(Show("c"), "none");
  EXPECT_EQ(Show("up"), "1@1000 0@2000");
  Scrape("a 5\nc 6\n");
  EXPECT_EQ(Show("a"), "1@1000 stale@2000 5@3000");
  EXPECT_EQ(Show("c"), "6@3000");
  EXPECT_EQ(Show("b"), "2@1000 stale@2000");
}

TEST_F(TargetWriterTest, MarksOnceWhileATargetIsDown) {
  Scrape("a 1\n");
  Fail("no route");
  Fail("no route");
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("up"), "1@1000 0@2000 0@3000");
}

TEST_F(TargetWriterTest, AnEmptyBodyIsAnEmptyScrape) {
  Scrape("a 1\n");
  EXPECT_TRUE(Scrape("").status.ok());
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("up"), "1@1000 1@2000");
}

TEST_F(TargetWriterTest, KeepsTimestampsOfTheTarget) {
  Scrape("a 1 400\nb 2\n");
  EXPECT_EQ(Show("a"), "1@400");
  Scrape("b 3\n");
  EXPECT_EQ(Show("a"), "1@400") << "samples with times of their own get no marker";
  EXPECT_EQ(Show("b"), "2@1000 3@2000");
}

TEST_F(TargetWriterTest, MarksSeriesWithTimestampsIfAsked) {
  config.track_timestamps_staleness = true;
  Configure(config);
  Scrape("a 1 400\n");
  Scrape("");
  EXPECT_EQ(Show("a"), "1@400 stale@2000");
}

TEST_F(TargetWriterTest, IgnoresTimestampsIfToldTo) {
  config.honor_timestamps = false;
  Configure(config);
  Scrape("a 1 400\n");
  EXPECT_EQ(Show("a"), "1@1000");
}

TEST_F(TargetWriterTest, RefusesSamplesFarInTheFuture) {
  const ScrapeOutcome outcome = Scrape("a 1 601000\nb 2 601001\n");
  EXPECT_EQ(outcome.out_of_bounds_count, 1u);
  EXPECT_EQ(Show("a"), "1@601000");
}

TEST_F(TargetWriterTest, TakesTheFirstOfARepeatedLine) {
  for (int i = 0; i < 2; ++i) {
    const ScrapeOutcome outcome = Scrape("a 1\na 2\nb 3\n");
    EXPECT_TRUE(outcome.status.ok());
    EXPECT_EQ(outcome.duplicate_count, 1u);
  }
  EXPECT_EQ(Show("a"), "1@1000 1@2000");
  EXPECT_EQ(Show("b"), "3@1000 3@2000");
  EXPECT_EQ(Show("scrape_samples_scraped"), "3@1000 3@2000");
}

TEST_F(TargetWriterTest, DropsByRelabelling) {
  model::RelabelConfig drop;
  drop.source_labels = {"__name__"};
  drop.regex = "b.*";
  drop.action = model::RelabelAction::kDrop;
  config.metric_relabel_configs = {drop};
  Configure(config);
  for (int i = 0; i < 2; ++i) Scrape("a 1\nbb 2\nc 3\n");
  EXPECT_EQ(Show("a"), "1@1000 1@2000");
  EXPECT_EQ(Show("bb"), "none");
  EXPECT_EQ(Show("scrape_samples_scraped"), "3@1000 3@2000");
  EXPECT_EQ(Show("scrape_samples_post_metric_relabeling"), "2@1000 2@2000");
}

TEST_F(TargetWriterTest, CountsOnBeyondTheSampleLimit) {
  config.limits.sample_limit = 2;
  Configure(config);
  Scrape("a 1\nb 2\n");
  const ScrapeOutcome outcome = Scrape("a 1\nb 2\nc 3\nd 4\n");
  ASSERT_FALSE(outcome.status.ok());
  EXPECT_EQ(outcome.status.error().message(), "sample limit exceeded");
  EXPECT_EQ(Show("scrape_samples_scraped"), "2@1000 4@2000");
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("c"), "none");
}

TEST_F(TargetWriterTest, FailsOnALabelLimit) {
  config.limits.label_value_length_limit = 4;
  Configure(config);
  const ScrapeOutcome outcome = Scrape("a{x=\"long value\"} 1\n");
  ASSERT_FALSE(outcome.status.ok());
  EXPECT_EQ(outcome.status.error().message(),
            "label_value_length_limit exceeded (metric: a, label name: x, value: \"long value\", "
            "length: 10, limit: 4)");
  EXPECT_EQ(Show("up"), "0@1000");
}

TEST_F(TargetWriterTest, ResolvesAgainWhatTheStoreDropped) {
  Scrape("a 1\nb 2\n");
  store.Drop(Series("a"));
  store.Drop(Series("up"));
  EXPECT_TRUE(Scrape("a 3\nb 4\n").status.ok());
  EXPECT_EQ(Show("a"), "3@2000");
  EXPECT_EQ(Show("b"), "2@1000 4@2000");
  EXPECT_EQ(Show("up"), "1@2000");
}

TEST_F(TargetWriterTest, GoesDownIfTheStoreRefuses) {
  Scrape("a 1\n");
  store.LimitSeries(6);
  const ScrapeOutcome outcome = Scrape("a 2\nnew 3\n");
  ASSERT_EQ(outcome.status.code(), ErrorCode::kResourceExhausted);
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("up"), "1@1000 0@2000");
}

TEST_F(TargetWriterTest, MakesUpForMarkersThatCouldNotBeWritten) {
  Scrape("a 1\nb 1\n");
  store.FailAppends(Error{ErrorCode::kNoSpace, "disk full"});
  EXPECT_EQ(Scrape("a 2\n").status.code(), ErrorCode::kNoSpace);
  store.FailAppends(std::nullopt);
  Scrape("a 3\n");
  EXPECT_EQ(Show("a"), "1@1000 3@3000");
  EXPECT_EQ(Show("b"), "1@1000 stale@3000");
}

TEST_F(TargetWriterTest, NewRulesMoveTheSeries) {
  Scrape("a 1\nb 2\n");
  model::RelabelConfig rename;
  rename.source_labels = {"__name__"};
  rename.regex = "a";
  rename.target_label = "__name__";
  rename.replacement = "renamed";
  config.metric_relabel_configs = {rename};
  Configure(config);
  Scrape("a 3\nb 4\n");
  EXPECT_EQ(Show("a"), "1@1000 stale@2000");
  EXPECT_EQ(Show("renamed"), "3@2000");
  EXPECT_EQ(Show("b"), "2@1000 4@2000");
  EXPECT_EQ(Show("up"), "1@1000 1@2000");
}

TEST_F(TargetWriterTest, EndsEverySeries) {
  Scrape("a 1\n");
  writer.WriteEnd(5000);
  EXPECT_EQ(Show("a"), "1@1000 stale@5000");
  EXPECT_EQ(Show("up"), "1@1000 stale@5000");
}

TEST_F(TargetWriterTest, AddsTheExtraSeriesIfAsked) {
  config.extra_scrape_metrics = true;
  config.scrape_timeout = std::chrono::seconds(3);
  config.limits.sample_limit = 9;
  Configure(config);
  Scrape("a 1\n");
  EXPECT_EQ(Show("scrape_timeout_seconds"), "3@1000");
  EXPECT_EQ(Show("scrape_sample_limit"), "9@1000");
  EXPECT_EQ(Show("scrape_body_size_bytes"), "4@1000");
}

TEST_F(TargetWriterTest, ReadsOpenMetrics) {
  const auto kOpenMetrics = exposition::Format::kOpenMetrics;
  EXPECT_TRUE(Scrape("# TYPE a counter\na_total 1\n# EOF\n", kOpenMetrics).status.ok());
  EXPECT_TRUE(Scrape("# TYPE a counter\na_total 2\n# EOF\n", kOpenMetrics).status.ok());
  EXPECT_EQ(Show("a_total"), "1@1000 2@2000");
  EXPECT_FALSE(Scrape("# TYPE a counter\na_total 3\n", kOpenMetrics).status.ok());
  EXPECT_EQ(Show("a_total"), "1@1000 2@2000 stale@3000");
}

TEST_F(TargetWriterTest, RemembersMetadataForTenScrapes) {
  // Lines that stay the same do not age.
  for (int i = 0; i < 20; ++i) {
    Scrape("# HELP a helps\n# TYPE a counter\na 1\n# TYPE c gauge\nc 1\n");
  }
  ASSERT_TRUE(metadata.snapshot()->contains("a"));
  EXPECT_EQ(metadata.snapshot()->at("a").help, "helps");
  EXPECT_EQ(metadata.snapshot()->at("a").type, model::MetricType::kCounter);
  for (int i = 0; i < 9; ++i) Scrape("# TYPE c gauge\nb 1\n");
  EXPECT_TRUE(metadata.snapshot()->contains("a"));
  Scrape("# TYPE c gauge\nb 1\n");
  EXPECT_FALSE(metadata.snapshot()->contains("a"));
  EXPECT_TRUE(metadata.snapshot()->contains("c"));
}

TEST_F(TargetWriterTest, SurvivesTruncationAtEveryByte) {
  const std::string body =
      "# HELP a x\n# TYPE a histogram\na_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 2 \na_sum "
      "3\na_count 2\n";
  for (std::size_t size = 0; size <= body.size(); ++size) {
    Scrape(body.substr(0, size));
    EXPECT_TRUE(Scrape(body).status.ok()) << size;
  }
  EXPECT_EQ(*store.Latest(Series("a_sum")), 3);
}

// A family with one histogram that has classic and native buckets, as a message.
std::string HistogramBody(double observation_count, double sum) {
  exposition::Histogram histogram;
  histogram.count = observation_count;
  histogram.sum = sum;
  histogram.buckets = {{1, observation_count, std::nullopt}};
  exposition::NativeBuckets native;
  native.histogram.schema = 1;
  native.histogram.positive_spans = {{0, 2}};
  native.histogram.positive_buckets = {observation_count - 1, 1};
  histogram.native = std::make_shared<exposition::NativeBuckets>(std::move(native));
  exposition::Metric metric;
  metric.value = std::move(histogram);
  std::string body;
  exposition::WriteFamily(body, {"h", "help", "", model::MetricType::kHistogram, {metric}},
                          {.format = exposition::Format::kProtobuf});
  return body;
}

// CFG-022, CFG-023, CFG-024.
TEST_F(TargetWriterTest, OptionsSayHowHistogramsAreStored) {
  const struct {
    std::string name;
    bool scrapes_native;
    bool keeps_classic;
    bool converts;
    std::string histogram;
    std::string bucket;
  } cases[] = {
      {"classic", false, false, false, "none", "5@1000"},
      {"native", true, false, false, "2.5@1000", "none"},
      {"both", true, true, false, "2.5@1000", "5@1000"},
      {"converted", false, false, true, "2.5@1000", "none"},
      {"converted beside classic", false, true, true, "2.5@1000", "5@1000"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    FakeStore own_store;
    TargetWriter own_writer(own_store, clock, metadata);
    config.histograms.scrape_native_histograms = c.scrapes_native;
    config.histograms.always_scrape_classic_histograms = c.keeps_classic;
    config.histograms.convert_classic_histograms_to_nhcb = c.converts;
    ConfigureWriter(own_writer, config);
    const std::string body = HistogramBody(5, 2.5);
    const ScrapeOutcome outcome = own_writer.WriteScrape({.status = Ok(),
                                                          .body = body,
                                                          .format = exposition::Format::kProtobuf,
                                                          .started = clock.Monotonic()},
                                                         1000);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.error().message();
    EXPECT_EQ(own_store.Show(Series("h")), c.histogram);
    EXPECT_EQ(own_store.Show(Series("h_bucket", "le", "1.0")), c.bucket);
    const auto stored = own_store.LatestHistogram(Series("h"));
    EXPECT_EQ(stored.has_value(), c.histogram != "none");
    if (stored) {
      EXPECT_EQ(model::HasCustomBuckets(*stored), c.converts);
    }
  }
}

TEST_F(TargetWriterTest, HistogramsThatVanishEnd) {
  config.histograms.scrape_native_histograms = true;
  Configure(config);
  Scrape(HistogramBody(5, 2.5), exposition::Format::kProtobuf);
  Scrape(HistogramBody(6, 3.5), exposition::Format::kProtobuf);
  Scrape("", exposition::Format::kProtobuf);
  EXPECT_EQ(Show("h"), "2.5@1000 3.5@2000 stale@3000");
  EXPECT_TRUE(model::IsStaleNan(store.LatestHistogram(Series("h"))->sum));
}

// SCR-029.
TEST_F(TargetWriterTest, HistogramsAreHeldToTheLimitOfBuckets) {
  config.histograms.scrape_native_histograms = true;
  const struct {
    std::uint64_t limit;
    double factor;
    std::int32_t schema;
    std::size_t bucket_count;
  } cases[] = {{0, 0, 1, 2}, {2, 0, 1, 2}, {1, 0, 0, 2}, {0, 4, -1, 2}};
  for (const auto& c : cases) {
    config.histograms.native_histogram_bucket_limit = c.limit;
    config.histograms.native_histogram_min_bucket_factor = c.factor;
    Configure(config);
    const ScrapeOutcome outcome = Scrape(HistogramBody(5, 2.5), exposition::Format::kProtobuf);
    if (c.limit == 1) {
      // Buckets on both sides of 1 stay two at every resolution.
      EXPECT_EQ(outcome.status.error().message(), "histogram bucket limit exceeded");
      EXPECT_EQ(store.Latest(Series("up")), 0);
      continue;
    }
    ASSERT_TRUE(outcome.status.ok()) << outcome.status.error().message();
    const auto stored = store.LatestHistogram(Series("h"));
    EXPECT_EQ(stored->schema, c.schema);
    EXPECT_EQ(stored->positive_buckets.size(), c.bucket_count);
  }
}

}  // namespace
}  // namespace narthex::scrape
