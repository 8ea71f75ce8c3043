#include "base/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

namespace narthex {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();

TEST(Number, FormatsAsGoDoes) {
  const struct {
    double value;
    const char* plain;
    const char* compact;
    const char* api;
  } cases[] = {
      {0, "0", "0", "0"},
      {-0.0, "-0", "-0", "-0"},
      {1, "1", "1", "1"},
      {-17, "-17", "-17", "-17"},
      {0.1, "0.1", "0.1", "0.1"},
      {1e6, "1000000", "1e+06", "1000000"},
      {123456789, "123456789", "1.23456789e+08", "123456789"},
      {0.0001, "0.0001", "0.0001", "0.0001"},
      {0.00001, "0.00001", "1e-05", "0.00001"},
      {0.0000001, "0.0000001", "1e-07", "1e-07"},
      {1e20, "100000000000000000000", "1e+20", "100000000000000000000"},
      {1e21, "1000000000000000000000", "1e+21", "1e+21"},
      {9007199254740994, "9007199254740994", "9.007199254740994e+15", "9007199254740994"},
      {-0x1p63, "-9223372036854776000", "-9.223372036854776e+18", "-9223372036854776000"},
      {12345678901234567e3, "12345678901234567000", "1.2345678901234567e+19",
       "12345678901234567000"},
      {1.5e300, nullptr, "1.5e+300", "1.5e+300"},
      {kInf, "+Inf", "+Inf", "+Inf"},
      {-kInf, "-Inf", "-Inf", "-Inf"},
      {std::nan(""), "NaN", "NaN", "NaN"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.compact);
    if (c.plain != nullptr) {
      EXPECT_EQ(FormatDouble(c.value, FloatFormat::kPlain), c.plain);
    }
    EXPECT_EQ(FormatDouble(c.value, FloatFormat::kCompact), c.compact);
    EXPECT_EQ(FormatDouble(c.value, FloatFormat::kApi), c.api);
  }
}

TEST(Number, EveryDoubleReadsBackBitForBit) {
  const std::uint64_t seed = 20260101;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 20'000; ++i) {
    const auto value = std::bit_cast<double>(random());
    if (std::isnan(value)) continue;
    for (const auto format : {FloatFormat::kPlain, FloatFormat::kCompact, FloatFormat::kApi}) {
      const auto back = ParseDouble(FormatDouble(value, format));
      ASSERT_TRUE(back.has_value());
      ASSERT_EQ(std::bit_cast<std::uint64_t>(*back), std::bit_cast<std::uint64_t>(value));
    }
  }
}

// As std::to_chars, which is known to give the shortest text, has them.
TEST(Number, DecimalsAreTheShortestThatReadBack) {
  const std::uint64_t seed = 20260103;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 50'000; ++i) {
    const int decimals = static_cast<int>(random() % 9);
    double value = static_cast<double>(random() % 1'000'000'000'000'000) / std::pow(10, decimals);
    if (random() % 4 == 0) value = std::nextafter(value, 0);
    if (random() % 2 == 0) value = -value;
    if (std::fabs(value) < 1e-6) continue;
    char buffer[64];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
    EXPECT_EQ(FormatDouble(value, FloatFormat::kPlain), std::string(buffer, end.ptr));
  }
}

TEST(Number, ParseDoubleAcceptsWhatGoAccepts) {
  const struct {
    const char* text;
    std::optional<double> want;
  } cases[] = {
      {"1", 1},
      {"+1.5", 1.5},
      {"-.5", -0.5},
      {"5.", 5},
      {"1e3", 1000},
      {"1E-3", 0.001},
      {"0x1p4", 16},
      {"0X1.8P1", 3},
      {"inf", kInf},
      {"+Infinity", kInf},
      {"-INF", -kInf},
      {"1e999", kInf},
      {"1e-999", 0},
      {"-1e999", -kInf},
      {"", std::nullopt},
      {" 1", std::nullopt},
      {"1 ", std::nullopt},
      {"1e", std::nullopt},
      {"--1", std::nullopt},
      {"0x1", std::nullopt},
      {"abc", std::nullopt},
      {".", std::nullopt},
      {"1_000", std::nullopt},
      {"infin", std::nullopt},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.text);
    EXPECT_EQ(ParseDouble(c.text), c.want);
  }
  EXPECT_TRUE(std::isnan(ParseDouble("NaN").value_or(0)));
}

TEST(Number, ParseIntegerKnowsItsBounds) {
  EXPECT_EQ(ParseInt64("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(ParseInt64("9223372036854775808"), std::nullopt);
  EXPECT_EQ(ParseInt64("+7"), 7);
  EXPECT_EQ(ParseInt64("+-7"), std::nullopt);
  EXPECT_EQ(ParseInt64("7x"), std::nullopt);
  EXPECT_EQ(ParseUint64("18446744073709551615"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(ParseUint64("-1"), std::nullopt);
}

}  // namespace
}  // namespace narthex
