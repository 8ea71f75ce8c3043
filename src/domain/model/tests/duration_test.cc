#include "model/duration.h"

#include <gtest/gtest.h>

#include <limits>

namespace narthex::model {
namespace {

TEST(Duration, NamesTheFault) {
  EXPECT_EQ(ParseDuration("").error().message(), "empty duration string");
  EXPECT_EQ(ParseDuration("1.5d").error().message(), "not a valid duration string: \"1.5d\"");
  EXPECT_EQ(ParseDuration("300y").code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(ParseDuration("99999999999999999999999s").code(), ErrorCode::kOutOfRange);
  EXPECT_EQ(ParseDuration("1m1h").code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseDuration("-1m").code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(ParseSignedDuration("--1m").code(), ErrorCode::kInvalidArgument);
}

TEST(Duration, FormatsTheLeastValue) {
  const std::string text = FormatDuration(std::chrono::milliseconds::min());
  EXPECT_TRUE(text.starts_with("-106751991167d")) << text;
}

TEST(Duration, FormatReadsBack) {
  for (const std::int64_t ms : {1LL, 999LL, 60'000LL, 3'661'001LL, 86'400'000LL, 1'209'600'000LL}) {
    const auto parsed = ParseDuration(FormatDuration(std::chrono::milliseconds(ms)));
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->count(), ms);
  }
}

}  // namespace
}  // namespace narthex::model
