#include <gtest/gtest.h>

#include <cmath>
#include <latch>
#include <thread>

#include "client/counter.h"
#include "client/gauge.h"
#include "client/histogram.h"
#include "client/scoped_timer.h"
#include "client/summary.h"
#include "exposition/metric_family.h"
#include "fake_clock.h"

namespace narthex::client {
namespace {

// Runs `work(thread index)` in `count` threads that start together.
template <typename Work>
void RunTogether(int count, Work work) {
  std::latch start(count);
  std::vector<std::jthread> threads;
  for (int i = 0; i < count; ++i) {
    threads.emplace_back([&, i] {
      start.arrive_and_wait();
      work(i);
    });
  }
}

TEST(Counter, RefusesWhatWouldNotGrow) {
  Counter counter;
  const std::uint64_t before = Counter::refused_count();
  counter.Increment(2);
  counter.Increment(-1);
  counter.Increment(std::nan(""));
  counter.Increment(0);
  EXPECT_EQ(counter.value(), 2);
  EXPECT_EQ(Counter::refused_count() - before, 2u);
}

// More threads than have a part of their own, and more than once, so that parts change hands.
TEST(Counter, LosesNothingUnderContention) {
  constexpr int kThreadCount = 80;
  constexpr int kIncrementCount = 2'000;
  Counter counter;
  for (int round = 0; round < 3; ++round) {
    RunTogether(kThreadCount, [&](int) {
      for (int i = 0; i < kIncrementCount; ++i) counter.Increment();
    });
  }
  EXPECT_EQ(counter.value(), 3.0 * kThreadCount * kIncrementCount);
}

TEST(Counter, NeverGoesBackWhileItIsWritten) {
  Counter counter;
  std::atomic<bool> done{false};
  std::jthread writers([&] {
    RunTogether(4, [&](int) {
      for (int i = 0; i < 20'000; ++i) counter.Increment();
    });
    done = true;
  });
  double last = 0;
  while (!done) {
    const double value = counter.value();
    EXPECT_GE(value, last);
    last = value;
  }
  writers.join();
  EXPECT_EQ(counter.value(), 80'000);
}

TEST(ThreadSlot, IsGivenBackWhenItsThreadEnds) {
  for (std::uint32_t i = 0; i < 4 * kThreadSlotCount; ++i) {
    std::uint32_t slot = kNoThreadSlot;
    std::jthread([&] { slot = ThreadSlot(); }).join();
    EXPECT_LT(slot, kThreadSlotCount);
  }
}

TEST(Gauge, SetsAndAdds) {
  Gauge gauge;
  gauge.Set(5);
  gauge.Add(-2.5);
  gauge.Increment();
  gauge.Decrement();
  EXPECT_EQ(gauge.value(), 2.5);
  {
    const InProgress in_progress(gauge);
    EXPECT_EQ(gauge.value(), 3.5);
  }
  EXPECT_EQ(gauge.value(), 2.5);
}

exposition::Histogram Read(const Histogram& histogram) {
  exposition::Metric metric;
  histogram.Read(metric);
  return std::get<exposition::Histogram>(metric.value);
}

TEST(Histogram, CountsUpToAndWithTheBound) {
  for (const std::size_t extra : {0u, 100u}) {
    // Few bounds are scanned, many are searched; both must agree.
    std::vector<double> bounds = {-1, 0, 2.5};
    for (std::size_t i = 0; i < extra; ++i) bounds.push_back(1000 + static_cast<double>(i));
    Histogram histogram(bounds);
    for (const double value : {-1.0, -0.5, 0.0, 2.5, 2.6, 1e9}) histogram.Observe(value);
    const auto read = Read(histogram);
    EXPECT_EQ(read.buckets[0].cumulative_count, 1);
    EXPECT_EQ(read.buckets[1].cumulative_count, 3);
    EXPECT_EQ(read.buckets[2].cumulative_count, 4);
    EXPECT_EQ(read.buckets.back().upper_bound, INFINITY);
    EXPECT_EQ(read.buckets.back().cumulative_count, 6);
    EXPECT_EQ(read.count, 6);
    EXPECT_DOUBLE_EQ(read.sum, 1e9 + 3.6);
  }
}

TEST(Histogram, NanGoesIntoTheLastBucket) {
  Histogram histogram(std::vector<double>{1});
  histogram.Observe(std::nan(""));
  const auto read = Read(histogram);
  EXPECT_EQ(read.buckets[0].cumulative_count, 0);
  EXPECT_EQ(read.count, 1);
  EXPECT_TRUE(std::isnan(read.sum));
}

TEST(Histogram, LosesNothingUnderContention) {
  Histogram histogram(DefaultBuckets());
  RunTogether(8, [&](int thread) {
    for (int i = 0; i < 5'000; ++i) histogram.Observe(thread);
  });
  EXPECT_EQ(histogram.count(), 40'000u);
  EXPECT_EQ(histogram.sum(), 5'000.0 * (0 + 1 + 2 + 3 + 4 + 5 + 6 + 7));
}

TEST(Histogram, BucketHelpers) {
  EXPECT_EQ(LinearBuckets(1, 2, 3), (std::vector<double>{1, 3, 5}));
  EXPECT_EQ(ExponentialBuckets(1, 2, 4), (std::vector<double>{1, 2, 4, 8}));
  EXPECT_EQ(DefaultBuckets().size(), 11u);
}

TEST(HistogramDeathTest, BoundsMustAscend) {
  EXPECT_DEATH(Histogram(std::vector<double>{1, 1}), "ascending");
  EXPECT_DEATH(Histogram(std::vector<double>{std::nan("")}), "ascending");
}

TEST(Summary, CountsAndSums) {
  Summary summary;
  RunTogether(4, [&](int) {
    for (int i = 0; i < 1'000; ++i) summary.Observe(0.5);
  });
  EXPECT_EQ(summary.count(), 4'000u);
  EXPECT_EQ(summary.sum(), 2'000);
}

TEST(ScopedTimer, ObservesSeconds) {
  FakeClock clock;
  Histogram histogram(std::vector<double>{1, 2});
  {
    const ScopedTimer timer(histogram, clock);
    clock.Advance(std::chrono::milliseconds(1500));
  }
  EXPECT_EQ(histogram.count(), 1u);
  EXPECT_DOUBLE_EQ(histogram.sum(), 1.5);
}

}  // namespace
}  // namespace narthex::client
