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

#include "kernels.h"
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

// Sums of what `make` gives.
inline Values Summed(std::size_t count, auto make) {
  double sum = 0;
  return Made(count, [&](std::size_t i) { return sum += static_cast<double>(make(i)); });
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
      {"linear fraction", Made(700, [](std::size_t i) { return double(i * 25) / 100; })},
      {"constant decimal, long", Values(300, 0.123456789012)},
      {"wide noise", Made(500, [&](std::size_t) { return double(random() % (1u << 31)); })},
      {"narrow high level", Made(999, [&](std::size_t) { return 1e12 + double(random() % 50); })},
      {"steady pace and noise",
       Summed(1024, [&](std::size_t) { return 1e6 + double(random() % 9); })},
      {"bursts",
       Summed(1024, [&](std::size_t i) { return double(random() % (i / 128 % 2 ? 9999 : 3)); })},
      {"bursts around a pace",
       Summed(1000,
              [&](std::size_t i) { return 1e5 + double(random() % (i / 128 % 2 ? 9999 : 3)); })},
      {"outliers",
       Summed(1024,
              [&](std::size_t i) { return double(i % 97 == 5 ? 1e9 : double(random() % 16)); })},
      {"outliers, short",
       Summed(200,
              [&](std::size_t i) { return double(i % 97 == 5 ? 1e9 : double(random() % 16)); })},
      {"wide outliers",
       Summed(300,
              [&](std::size_t i) { return double(i % 97 == 5 ? 1e13 : double(random() % 16)); })},
      {"rare wide changes",
       Summed(1024,
              [&](std::size_t i) { return i % 50 ? 0.0 : double(random() % (1u << 30)) * 64; })},
      {"rare spikes",
       Made(1024, [](std::size_t i) { return i % 111 == 7 ? 30.0 + double(i % 5) : 4.0; })},
      {"up and down", Summed(1024, [&](std::size_t) { return double(random() % 3) - 1; })},
      {"changes up and down",
       Summed(1000,
              [&](std::size_t) { return random() % 3 ? 0.0 : double(random() % 200) - 100; })},
      {"smooth",
       Made(1024, [](std::size_t i) { return std::round(1e6 * std::sin(double(i) / 100)); })},
      {"smooth fraction",
       Made(1024, [](std::size_t i) { return std::round(1e6 * std::sin(double(i) / 90)) / 1e3; })},
      {"sum of fractions",
       Summed(1024, [&](std::size_t) { return std::round(double(random() % 1000000)) / 1e9; })},
      {"uniform doubles",
       Made(1024, [&](std::size_t) { return double(random() >> 11) * 0x1p-53; })},
      {"doubles of both signs", Made(1024,
                                     [&](std::size_t i) {
                                       return (i * i % 7 < 3 ? 1 : -1) *
                                              (1 + double(random() >> 12) * 0x1p-52) *
                                              (i % 100 == 9 ? 1e9 : 1);
                                     })},
      {"doubles of many magnitudes",
       Made(600,
            [&](std::size_t i) { return std::ldexp(double(random() >> 11), int(i % 60) - 90); })},
      {"few distinct doubles",
       Made(1024, [&](std::size_t) { return std::sqrt(double(random() % 20) + 0.5); })},
      {"neighbouring doubles",
       Made(512, [](std::size_t i) { return Bits(0x400921fb54442d18 + i * i % 977); })},
      {"rates that repeat",
       Made(900, [&](std::size_t) { return double(random() % 300) / 59.997; })},
      {"mostly stale",
       Made(64, [](std::size_t i) { return i < 30 ? double(i) : model::StaleNan(); })},
      {"stale from the first on",
       Made(90, [](std::size_t i) { return i < 9 ? model::StaleNan() : double(i); })},
      {"widening burst", {1, 2, 3, 1e14, 5, 6, 0.5}},
  };
}

inline void ExpectSameBits(const Values& got, const Values& want) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) {
    ASSERT_EQ(std::bit_cast<std::uint64_t>(got[i]), std::bit_cast<std::uint64_t>(want[i])) << i;
  }
}

// Calls `test` with each set of kernels that this machine has.
inline void WithEachKernels(auto test) {
  for (const Kernels* kernels : {&PortableKernels(), Avx2Kernels()}) {
    if (kernels == nullptr) continue;
    SCOPED_TRACE(kernels == &PortableKernels() ? "portable kernels" : "AVX2 kernels");
    const Kernels& before = UseKernels(*kernels);
    test();
    UseKernels(before);
  }
}

}  // namespace narthex::chunk
