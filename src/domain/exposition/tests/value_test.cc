#include "exposition/value.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <random>
#include <string>

#include "base/number.h"

namespace narthex::exposition {
namespace {

std::uint64_t Bits(double value) { return std::bit_cast<std::uint64_t>(value); }

TEST(ParsePlainValue, ReadsWhatItCanReadExactly) {
  for (const char* text :
       {"0", "-0", "1", "007", "12.5", "-12.5", ".5", "5.", "0.1", "1e+07", "1.7E+07", "-1.5e-05",
        "9007199254740992", "9007199254740992e+22", "1234567890123.678", "1e-22", "1e+3"}) {
    SCOPED_TRACE(text);
    const auto value = ParsePlainValue(text);
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(Bits(*value), Bits(*ParseDouble(text)));
  }
}

TEST(ParsePlainValue, LeavesTheRestToOthers) {
  for (const char* text : {"",        "-",
                           ".",       "-.",
                           "+1",      "1.2.3",
                           " 1",      "1 ",
                           "1e",      "1e+",
                           "1e5",     "e+05",
                           "1e+100",  "1e+-5",
                           "1e+0x",   "1.5e+07 1000",
                           "NaN",     "+Inf",
                           "0x1p",    "1_0",
                           "1e-23",   "--1",
                           "1e+23",   "9007199254740993",
                           "1.0e-22", "1234567890123456789"}) {
    SCOPED_TRACE(text);
    EXPECT_FALSE(ParsePlainValue(text).has_value());
  }
}

TEST(ParsePlainValue, AgreesWithTheExactParser) {
  const std::uint32_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::size_t read_count = 0;
  for (int i = 0; i < 100'000; ++i) {
    const auto mantissa =
        static_cast<double>(static_cast<std::int64_t>(random()) >> (random() % 64));
    const double power = static_cast<double>(random() % 12);
    for (const auto format : {FloatFormat::kCompact, FloatFormat::kPlain}) {
      const std::string text = FormatDouble(mantissa / std::pow(10.0, power), format);
      const auto value = ParsePlainValue(text);
      if (!value) continue;
      ++read_count;
      ASSERT_EQ(Bits(*value), Bits(*ParseDouble(text))) << text;
    }
  }
  EXPECT_GT(read_count, 50'000u);
}

}  // namespace
}  // namespace narthex::exposition
