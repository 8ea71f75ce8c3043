// Columns that are hard to keep or that ask for one kind of page each.
#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/sample.h"

namespace narthex::chunk {

using Values = std::vector<double>;

inline constexpr double kInfinity = std::numeric_limits<double>::infinity();

inline double Bits(std::uint64_t bits) { return std::bit_cast<double>(bits); }

inline Values Made(std::size_t count, auto make) {
  Values values;
  for (std::size_t i = 0; i < count; ++i) values.push_back(static_cast<double>(make(i)));
  return values;
}

// Every kind of page and every value that is hard to keep.
inline std::vector<std::pair<std::string, Values>> Columns() {
  std::mt19937_64 random(7);
  Values bits = Made(1000, [&](std::size_t) { return 0; });
  for (double& value : bits) value = Bits(random());
  Values walk;
  std::int64_t at = 0;
  for (int i = 0; i < 1024; ++i) {
    walk.push_back(static_cast<double>(at += static_cast<std::int64_t>(random() % 1000)));
  }
  Values stale_middle = Made(100, [](std::size_t i) { return i; });
  stale_middle[50] = model::StaleNan();
  Values nan_middle = stale_middle;
  nan_middle[51] = Bits(model::kNormalNanBits);
  nan_middle[52] = Bits(0xfff8deadbeef0001);
  return {
      {"one", {1}},
      {"one stale", {model::StaleNan()}},
      {"one signalling NaN", {Bits(0x7ff0000000000001)}},
      {"two", {1, 2}},
      {"three", {1, 2, 4}},
      {"zeros of both signs", {0.0, -0.0, 0.0, -0.0}},
      {"constant minus zero", {-0.0, -0.0}},
      {"constant integer", Values(1024, 42)},
      {"constant fraction", Values(1024, 0.1)},
      {"constant stale", Values(5, model::StaleNan())},
      {"infinities", {kInfinity, -kInfinity, kInfinity}},
      {"counter", Made(1024, [](std::size_t i) { return i * 17; })},
      {"random walk", walk},
      {"two decimals", Made(1000, [&](std::size_t) { return double(random() % 5000) / 100; })},
      {"sparse changes", Made(1024, [](std::size_t i) { return i / 100; })},
      {"third of changes", Made(1024, [](std::size_t i) { return i / 3; })},
      {"steps of 4096", Made(500, [](std::size_t i) { return (i * 7919 % 1000) * 4096; })},
      {"true doubles", Made(300, [](std::size_t i) { return std::sqrt(double(i) + 0.5); })},
      {"all bits", bits},
      {"stale in the middle", stale_middle},
      {"NaNs in the middle", nan_middle},
      {"edges of exact integers",
       {0x1p51, 0x1p51 - 1, -0x1p51, -0x1p51 + 1, 0x1p53, 0x1p53 + 2, 1e300, -1e300}},
      {"alternating extremes",
       Made(1024, [](std::size_t i) { return (i & 1 ? 1 : -1) * (0x1p51 - 1); })},
      {"subnormals", {5e-324, 1e-310, 2.2250738585072014e-308}},
      {"exponent 15", {1e-15, 3e-15, 0.123456789012345}},
      {"widening burst", {1, 2, 3, 1e14, 5, 6, 0.5}},
  };
}

inline void ExpectSameBits(const Values& got, const Values& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(want[i])) << i;
  }
}

}  // namespace narthex::chunk
