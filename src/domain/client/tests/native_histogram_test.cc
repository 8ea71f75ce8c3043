// Native histograms and the quantiles of summaries, which count in the same buckets.
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "client/histogram.h"
#include "client/summary.h"
#include "exposition/metric_family.h"
#include "fake_clock.h"
#include "model/histogram_buckets.h"
#include "native_buckets.h"

namespace narthex::client {
namespace {

model::FloatHistogram ReadNative(const Histogram& histogram) {
  exposition::Metric metric;
  histogram.Read(metric);
  return std::get<exposition::Histogram>(metric.value).native->histogram;
}

HistogramOptions NativeOnly(NativeOptions native) {
  HistogramOptions options;
  options.bounds = {};
  options.native = native;
  return options;
}

// Each bound belongs to the bucket it ends, the next double to the next bucket.
TEST(NativeBuckets, EndAtTheBoundsOfUpstream) {
  for (const std::int32_t index :
       {-300'000, -262'144, -257, -256, -1, 0, 1, 2, 255, 256, 260'000}) {
    const double bound = model::ExponentialBound(index, model::kExponentialSchemaMax);
    if (bound < 4.9e-324) continue;
    EXPECT_EQ(IndexAtSchema8(bound), index);
    EXPECT_EQ(IndexAtSchema8(std::nextafter(bound, INFINITY)), index + 1);
  }
  EXPECT_EQ(IndexAtSchema8(INFINITY), IndexAtSchema8(std::numeric_limits<double>::max()) + 1);
}

TEST(NativeHistogram, CountsEachObservationInItsBucket) {
  Histogram histogram(NativeOnly({.bucket_factor = 2}));
  for (const double value : {0.0, 1.0, 1.5, 2.0, 2.5, 4.0, -3.0, 1e-50}) histogram.Observe(value);
  histogram.Observe(std::nan(""));
  const model::FloatHistogram read = ReadNative(histogram);
  EXPECT_EQ(read.schema, 0);
  EXPECT_EQ(read.zero_count, 2);
  EXPECT_EQ(read.count, 9);
  EXPECT_TRUE(std::isnan(read.sum));
  EXPECT_EQ(read.positive_buckets, (std::vector<double>{1, 2, 2}));
  EXPECT_EQ(read.positive_spans, (std::vector<model::HistogramSpan>{{0, 3}}));
  EXPECT_EQ(read.negative_spans, (std::vector<model::HistogramSpan>{{2, 1}}));
  EXPECT_TRUE(model::Validate(read).ok());
}

TEST(NativeHistogram, StaysWithinTheLimitByMergingBuckets) {
  Histogram histogram(NativeOnly({.bucket_factor = 1.005, .bucket_count_max = 40}));
  for (int i = 1; i <= 10'000; ++i) histogram.Observe(i * 0.001);
  const model::FloatHistogram read = ReadNative(histogram);
  EXPECT_LT(read.schema, 7);
  EXPECT_LE(read.positive_buckets.size(), 40u);
  EXPECT_EQ(read.count, 10'000);
  EXPECT_NEAR(read.sum, 50'005, 1e-6);
  EXPECT_TRUE(model::Validate(read).ok());
}

TEST(NativeHistogram, WidensTheZeroBucketBeforeItMerges) {
  Histogram histogram(
      NativeOnly({.bucket_factor = 2, .bucket_count_max = 4, .zero_threshold_max = 1}));
  for (int exponent = -10; exponent <= 3; ++exponent) histogram.Observe(std::ldexp(1, exponent));
  const model::FloatHistogram read = ReadNative(histogram);
  EXPECT_EQ(read.schema, 0);
  EXPECT_EQ(read.zero_threshold, 0.5);
  EXPECT_EQ(read.zero_count, 10);
  EXPECT_EQ(read.positive_buckets, (std::vector<double>{1, 1, 1, 1}));
}

TEST(NativeHistogram, StartsAnewWhenTheLastStartIsLongAgo) {
  FakeClock clock(1'000);
  Histogram histogram(NativeOnly({.bucket_factor = 2,
                                  .bucket_count_max = 3,
                                  .reset_interval_min = std::chrono::seconds(10)}),
                      clock);
  for (const double value : {1.0, 2.0, 4.0}) histogram.Observe(value);
  clock.Advance(std::chrono::seconds(20));
  histogram.Observe(8);
  exposition::Metric metric;
  histogram.Read(metric);
  EXPECT_EQ(metric.created, std::chrono::seconds(21));
  EXPECT_EQ(std::get<exposition::Histogram>(metric.value).count, 0);
  histogram.Observe(16);
  EXPECT_EQ(histogram.count(), 1u);
}

TEST(NativeHistogram, LosesNothingWhileItGrowsAndIsRead) {
  Histogram histogram(NativeOnly({.bucket_factor = 1.003, .bucket_count_max = 60}));
  std::atomic<bool> is_done{false};
  std::jthread reader([&] {
    double last = 0;
    while (!is_done.load()) {
      const double count = ReadNative(histogram).count;
      EXPECT_GE(count, last);
      last = count;
    }
  });
  {
    std::vector<std::jthread> writers;
    for (int thread = 0; thread < 8; ++thread) {
      writers.emplace_back([&histogram, thread] {
        for (int i = 0; i < 5'000; ++i) histogram.Observe(1 + 0.01 * ((i * 37 + thread) % 2'000));
      });
    }
  }
  is_done.store(true);
  reader.join();
  EXPECT_EQ(histogram.count(), 40'000u);
}

TEST(Histogram, HasClassicAndNativeBucketsAtOnce) {
  HistogramOptions options;
  options.bounds = {1, 2};
  options.native.emplace();
  Histogram histogram(options);
  for (const double value : {0.5, 1.5, 3.0}) histogram.Observe(value);
  exposition::Metric metric;
  histogram.Read(metric);
  const auto& read = std::get<exposition::Histogram>(metric.value);
  EXPECT_EQ(read.count, 3);
  EXPECT_EQ(read.buckets.at(1).cumulative_count, 2);
  EXPECT_EQ(read.native->histogram.positive_buckets.size(), 3u);
}

TEST(Summary, QuantilesAreThoseOfTheWindow) {
  FakeClock clock;
  Summary summary({.quantiles = {0, 0.5, 0.99}, .window = std::chrono::seconds(50)}, clock);
  const auto quantile = [&summary](std::size_t index) {
    exposition::Metric metric;
    summary.Read(metric);
    return std::get<exposition::Summary>(metric.value).quantiles.at(index).value;
  };
  EXPECT_TRUE(std::isnan(quantile(1)));
  for (int i = 1; i <= 1'000; ++i) summary.Observe(i);
  EXPECT_NEAR(quantile(0), 1, 0.006);
  EXPECT_NEAR(quantile(1), 500, 500 * 0.012);
  EXPECT_NEAR(quantile(2), 990, 990 * 0.012);
  clock.Advance(std::chrono::seconds(30));
  for (int i = 0; i < 10; ++i) summary.Observe(7);
  clock.Advance(std::chrono::seconds(30));
  EXPECT_NEAR(quantile(2), 7, 7 * 0.006);
  EXPECT_EQ(summary.count(), 1'010u);
}

}  // namespace
}  // namespace narthex::client
