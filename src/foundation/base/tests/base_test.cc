#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <thread>

#include "base/check.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "base/result.h"
#include "fake_clock.h"

namespace narthex {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{ErrorCode::kInvalidArgument, "odd"};
  return value / 2;
}

Result<int> Quarter(int value) {
  NARTHEX_ASSIGN_OR_RETURN(const int half, Half(value));
  NARTHEX_TRY(Half(half));
  return half / 2;
}

TEST(Result, ErrorsPassUpwards) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(7).code(), ErrorCode::kInvalidArgument);
  EXPECT_EQ(Quarter(6).error().message(), "odd");
  EXPECT_EQ(std::move(Quarter(6)).error().Under("of 6").message(), "of 6: odd");
}

TEST(Result, HoldsWhatOnlyMoves) {
  Result<std::unique_ptr<int>> made = std::make_unique<int>(7);
  ASSERT_TRUE(made.ok());
  const std::unique_ptr<int> taken = std::move(made).value();
  EXPECT_EQ(*taken, 7);
}

TEST(ResultDeathTest, ValueOfAFailureAborts) {
  const Result<int> failure = Error{ErrorCode::kNotFound, "no"};
  EXPECT_DEATH(failure.value(), "value\\(\\) of a failure");
}

TEST(SystemError, MapsFullDisksAndNamesTheReason) {
  EXPECT_EQ(SystemError(ENOSPC, "write a").code(), ErrorCode::kNoSpace);
  EXPECT_EQ(SystemError(ENOENT, "open a").code(), ErrorCode::kNotFound);
  EXPECT_EQ(SystemError(EIO, "read a").code(), ErrorCode::kIo);
  EXPECT_EQ(SystemError(ENOENT, "open a").message(), "open a: No such file or directory");
}

TEST(Hash, Crc32cHasTheValuesOfItsSpecification) {
  // RFC 3720 B.4 and the check value of the algorithm's catalogue entry.
  EXPECT_EQ(Crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(Crc32c(std::string(32, '\xff')), 0x62a8ab43U);
  EXPECT_EQ(Crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(Crc32c("6789", Crc32c("12345")), Crc32c("123456789"));
}

TEST(Hash, Hash64IsXxHash64) {
  EXPECT_EQ(Hash64(""), 0xef46db3751d8e999U);
  EXPECT_EQ(Hash64("abc"), 0x44bc2cf5ad770999U);
}

TEST(Hash, Hash128IsXxh3) {
  EXPECT_EQ(Hash128(""), (Hash128Value{0x6001c324468d497fU, 0x99aa06d3014798d8U}));
  EXPECT_NE(Hash128("abc"), Hash128("abc", 1));
}

TEST(Clock, FormatsInstantsBeforeAndAfterTheEpoch) {
  EXPECT_EQ(FormatTimestamp(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatTimestamp(1'700'000'000'123), "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(FormatTimestamp(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Clock, FakeWaitEndsWhenTimeComesOrStopIsAsked) {
  FakeClock clock;
  bool woke = false;
  {
    std::jthread waiter(
        [&](std::stop_token stop) { woke = clock.WaitFor(std::chrono::seconds(10), stop); });
    clock.AwaitWaiters(1);
    clock.Advance(std::chrono::seconds(10));
    waiter.join();
  }
  EXPECT_TRUE(woke);
  {
    std::jthread waiter(
        [&](std::stop_token stop) { woke = clock.WaitFor(std::chrono::hours(1), stop); });
    clock.AwaitWaiters(1);
  }
  EXPECT_FALSE(woke);
}

TEST(Clock, SystemWaitStopsAtOnce) {
  std::stop_source source;
  source.request_stop();
  EXPECT_FALSE(SystemClock().WaitFor(std::chrono::hours(1), source.get_token()));
  EXPECT_TRUE(SystemClock().WaitFor(std::chrono::nanoseconds(1), {}));
}

TEST(Log, WritesLogfmtAndJsonWithQuoting) {
  ConfigureLog({.level = LogLevel::kInfo, .format = LogFormat::kLogfmt});
  testing::internal::CaptureStderr();
  LogInfo("test", "two words", {{"plain", "x"}, {"quoted", "a \"b\""}, {"count", 3}});
  LogDebug("test", "not shown");
  std::string text = testing::internal::GetCapturedStderr();
  EXPECT_NE(text.find(" level=INFO component=test msg=\"two words\" plain=x "
                      "quoted=\"a \\\"b\\\"\" count=3\n"),
            std::string::npos)
      << text;
  EXPECT_EQ(text.find("not shown"), std::string::npos);

  ConfigureLog({.level = LogLevel::kInfo, .format = LogFormat::kJson});
  testing::internal::CaptureStderr();
  LogWarn("test", "line\nbreak", {{"ratio", 0.5}, {"is_on", true}});
  text = testing::internal::GetCapturedStderr();
  ConfigureLog({});
  EXPECT_NE(text.find("\"level\":\"WARN\",\"component\":\"test\",\"msg\":\"line\\nbreak\","
                      "\"ratio\":\"0.5\",\"is_on\":\"true\"}\n"),
            std::string::npos)
      << text;
}

}  // namespace
}  // namespace narthex
