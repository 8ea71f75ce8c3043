#include "row_kernels.h"

#include <gtest/gtest.h>

#include <random>

#include "float_sum.h"
#include "model/sample.h"
#include "steps.h"

namespace narthex::engine {
namespace {

constexpr std::size_t kLengths[] = {0, 1, 2, 255, 256, 257, 1000};

TEST(RowKernels, FindsAStalenessMarkerWhereverItIs) {
  for (const std::size_t length : kLengths) {
    SCOPED_TRACE(length);
    std::vector<double> values(length, kNaN);
    EXPECT_FALSE(HasStale(values));
    for (const std::size_t at : {std::size_t{0}, length / 2, length - 1}) {
      if (at >= length) continue;
      values[at] = model::StaleNan();
      EXPECT_TRUE(HasStale(values)) << at;
      values[at] = 0;
    }
  }
}

TEST(RowKernels, FallsAreThePositionsBelowTheOneBefore) {
  constexpr unsigned kSeed = 7;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (const std::size_t length : kLengths) {
    SCOPED_TRACE(length);
    std::vector<double> values(length);
    double value = 0;
    for (double& v : values) {
      v = value += static_cast<double>(random() % 10);
      if (random() % 100 == 0) value = 0;
      if (random() % 100 == 0) v = kNaN;
    }
    std::vector<std::uint32_t> want;
    for (std::size_t i = 1; i < length; ++i) {
      if (values[i] < values[i - 1]) want.push_back(static_cast<std::uint32_t>(i));
    }
    std::vector<std::uint32_t> got;
    AppendFalls(values, got);
    EXPECT_EQ(got, want);
  }
}

// The same bits as one by one, also where a sum overflows or is none.
TEST(RowKernels, AddsAsFloatSumDoes) {
  const std::vector<double> terms = {1,    1e100, -1e100, kInfinity, -kInfinity,
                                     kNaN, 1e308, 0.1,    -0.0};
  std::vector<double> sums(terms.size(), 0);
  std::vector<double> compensations(terms.size(), 0);
  std::vector<FloatSum> want(terms.size());
  for (int round = 0; round < 4; ++round) {
    std::vector<double> turned = terms;
    std::ranges::rotate(turned, turned.begin() + round);
    AddCompensated(turned, sums.data(), compensations.data());
    for (std::size_t i = 0; i < turned.size(); ++i) want[i].Add(turned[i]);
  }
  for (std::size_t i = 0; i < terms.size(); ++i) {
    SCOPED_TRACE(i);
    EXPECT_TRUE(model::SameBits(sums[i], want[i].sum) ||
                (std::isnan(sums[i]) && std::isnan(want[i].sum)));
    EXPECT_TRUE(model::SameBits(compensations[i], want[i].compensation) ||
                (std::isnan(compensations[i]) && std::isnan(want[i].compensation)));
  }
}

TEST(Presence, RunsAreTheStepsThatHaveAValue) {
  constexpr unsigned kSeed = 11;
  SCOPED_TRACE(kSeed);
  std::mt19937 random(kSeed);
  for (const std::size_t count : {1u, 63u, 64u, 65u, 128u, 200u}) {
    for (const unsigned one_of : {1u, 2u, 50u}) {
      SCOPED_TRACE(count);
      Presence presence;
      presence.Reset(count);
      for (std::size_t i = 0; i < count; ++i) {
        if (random() % one_of == 0) presence.Set(i);
      }
      std::vector<std::size_t> want;
      presence.ForEach([&](std::size_t i) { want.push_back(i); });
      std::vector<std::size_t> got;
      std::size_t end_before = 0;
      presence.ForEachRun([&](std::size_t begin, std::size_t end) {
        EXPECT_TRUE(got.empty() || begin > end_before) << "runs that touch are one";
        for (std::size_t i = begin; i < end; ++i) got.push_back(i);
        end_before = end;
      });
      EXPECT_EQ(got, want);
    }
  }
}

}  // namespace
}  // namespace narthex::engine
