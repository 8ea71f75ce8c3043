// Retention by share of the disk and by matcher.
#include "test_store.h"

namespace narthex::tsdb {
namespace {

RetentionRule Rule(const std::string& series, std::chrono::milliseconds time) {
  return {{model::Matcher::Equal("i", series)}, time};
}

TEST(Retention, ByShareOfTheDiskDropsTheOldest) {
  const io::TemporaryDirectory directory;
  io::FaultFileSystem files;
  TestStore t(directory.path(), files);
  t.AppendRange(0, 12 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  const TsdbStats before = t.store().stats();
  const std::uint64_t total = before.block_bytes + before.head.wal.size_bytes;
  files.SetTotal(static_cast<std::int64_t>(total * 2));
  // The percentage wins over a size.
  t.store().SetRetention({.time = std::chrono::hours(0), .size_bytes = 1, .percentage = 50.1});
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().block_count, before.block_count);
  t.store().SetRetention({.time = std::chrono::hours(0), .percentage = 49.9});
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().block_count, before.block_count - 1);
  EXPECT_EQ(t.store().stats().size_retention_count, 1u);
}

TEST(Retention, APercentageOutOfBoundsIsRefused) {
  const io::TemporaryDirectory directory;
  FakeClock clock;
  for (const double percentage : {-1.0, 100.1, std::numeric_limits<double>::quiet_NaN()}) {
    TsdbOptions options;
    options.directory = directory.path();
    options.retention.percentage = percentage;
    EXPECT_EQ(Tsdb::Open(io::SystemFiles(), clock, options).code(), ErrorCode::kInvalidArgument);
  }
}

TEST(Retention, AMatcherDropsItsSeriesFromBlocksThatHaveAged) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  // Blocks stay at two hours, so only their age counts.
  t.store().SetRetention(
      {.time = std::chrono::hours(20),
       .rules = {Rule("2", std::chrono::hours(5)), Rule("2", std::chrono::hours(3)),
                 Rule("1", std::chrono::hours(7)), Rule("none", std::chrono::hours(1))}});
  t.AppendRange(0, 12 * kHour);
  ASSERT_TRUE(t.store().Maintain().ok());
  // The newest block ends at hour 10.
  EXPECT_EQ(t.Read("2").front().timestamp, 6 * kHour);
  // Up to hour 3: its block was rewritten for the other series anyway.
  EXPECT_EQ(t.Read("1").front().timestamp, 3 * kHour);
  EXPECT_EQ(t.Read("0").size(), 720u);
  const TsdbStats stats = t.store().stats();
  EXPECT_EQ(stats.block_count, 5u);
  // Nothing is written twice.
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.store().stats().compaction_count, stats.compaction_count);
  t.Open();
  EXPECT_EQ(t.Read("2").front().timestamp, 6 * kHour);
}

TEST(Retention, AMatcherCutsInsideBlocksThatAreMerged) {
  const io::TemporaryDirectory directory;
  TestStore t(directory.path());
  t.AppendRange(0, 12 * kHour);
  t.store().SetRetention(
      {.time = std::chrono::hours(0), .rules = {Rule("2", std::chrono::hours(5))}});
  ASSERT_TRUE(t.store().Maintain().ok());
  EXPECT_EQ(t.Read("2").front().timestamp, 5 * kHour);
  EXPECT_EQ(t.Read("0").size(), 720u);
}

TEST(Retention, AStopAtAnyPointOfARewriteLosesNothingElse) {
  bool finished = false;
  for (std::int64_t stop = 0; !finished; ++stop) {
    SCOPED_TRACE(stop);
    ASSERT_LT(stop, 400);
    const io::TemporaryDirectory directory;
    io::FaultFileSystem files;
    TestStore t(directory.path(), files);
    t.options().retention = {.time = std::chrono::hours(20),
                             .rules = {Rule("2", std::chrono::hours(3))}};
    t.AppendRange(0, 8 * kHour);
    ASSERT_TRUE(t.store().Maintain().ok());
    t.store().SetRetention(t.options().retention);
    files.StopAfter(stop);
    finished = t.store().Maintain().ok();
    t.Close();
    files.Heal();
    t.Open();
    EXPECT_EQ(t.Read("0").size(), 480u);
    ASSERT_TRUE(t.store().Maintain().ok());
    EXPECT_EQ(t.Read("0").size(), 480u);
    EXPECT_EQ(t.Read("2").front().timestamp, 2 * kHour);
  }
}

}  // namespace
}  // namespace narthex::tsdb
