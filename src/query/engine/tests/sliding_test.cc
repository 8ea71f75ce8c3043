#include "sliding.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace narthex::engine {
namespace {

// Windows that move on by random amounts over values some of which are NaN or infinite.
TEST(Sliding, AgreesWithEachWindowByItself) {
  constexpr unsigned kSeed = 20240611;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  std::vector<double> values(2000);
  for (double& value : values) {
    value = std::uniform_real_distribution<double>(-1e6, 1e6)(random);
    if (random() % 100 == 0) value = kNaN;
    if (random() % 100 == 0) value = random() % 2 == 0 ? kInfinity : -kInfinity;
  }
  SlidingSum sum(values);
  SlidingExtreme<true> least(values);
  SlidingExtreme<false> greatest(values);
  std::size_t begin = 0;
  std::size_t end = 1;
  while (end < values.size()) {
    FloatSum want_sum;
    double want_least = kNaN;
    double want_greatest = kNaN;
    for (std::size_t i = begin; i < end; ++i) {
      want_sum.Add(values[i]);
      want_least = std::fmin(want_least, values[i]);
      want_greatest = std::fmax(want_greatest, values[i]);
    }
    const double got = sum.Move(begin, end).value();
    if (std::isnan(want_sum.value())) {
      EXPECT_TRUE(std::isnan(got));
    } else if (std::isinf(want_sum.value())) {
      EXPECT_EQ(got, want_sum.value());
    } else {
      EXPECT_NEAR(got, want_sum.value(), 1e-9 * std::fabs(want_sum.value()) + 1e-9);
    }
    const double got_least = least.Move(begin, end);
    const double got_greatest = greatest.Move(begin, end);
    EXPECT_TRUE(got_least == want_least || (std::isnan(got_least) && std::isnan(want_least)));
    EXPECT_TRUE(got_greatest == want_greatest ||
                (std::isnan(got_greatest) && std::isnan(want_greatest)));
    end += random() % 8;
    begin = std::min<std::size_t>(begin + random() % 8, end - 1);
  }
}

// Windows long enough for several blocks, and some that have nothing in common with the one before.
TEST(SlidingOrder, AgreesWithSortingEachWindow) {
  constexpr unsigned kSeed = 20261126;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  std::vector<double> values(6000);
  for (double& value : values) {
    value = static_cast<double>(random() % 500);
    if (random() % 50 == 0) value = kNaN;
    if (random() % 50 == 0) value = random() % 2 == 0 ? kInfinity : -kInfinity;
  }
  SlidingOrder order(values);
  std::size_t begin = 0;
  std::size_t end = 1;
  while (end < values.size()) {
    std::vector<double> window(values.begin() + static_cast<std::ptrdiff_t>(begin),
                               values.begin() + static_cast<std::ptrdiff_t>(end));
    std::ranges::sort(window,
                      [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; });
    order.Move(begin, end);
    for (const std::size_t rank : {std::size_t{0}, window.size() / 3, window.size() - 1}) {
      const double got = order.At(rank);
      ASSERT_TRUE(got == window[rank] || (std::isnan(got) && std::isnan(window[rank])))
          << begin << " to " << end << " at " << rank;
    }
    end += random() % 60;
    if (random() % 40 == 0) begin = std::max(begin, end - std::min<std::size_t>(end, 1500));
    if (random() % 60 == 0) begin = end - 1;
  }
}

TEST(Sliding, KeepsSmallTermsBesideLargeOnes) {
  const std::vector<double> values = {1, 1e100, 1, -1e100, 3, 4};
  SlidingSum sum(values);
  EXPECT_EQ(sum.Move(0, 4).value(), 2);
  EXPECT_EQ(sum.Move(1, 5).value(), 4);
  EXPECT_EQ(sum.Move(4, 6).value(), 7);
}

}  // namespace
}  // namespace narthex::engine
