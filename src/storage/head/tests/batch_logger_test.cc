#include "batch_logger.h"

#include <gtest/gtest.h>

#include "fake_clock.h"
#include "fault_file_system.h"
#include "temporary_directory.h"
#include "wal/reader.h"

namespace narthex::head {
namespace {

// A log, two series and the logger between them.
class TestLogger {
 public:
  explicit TestLogger(wal::LogOptions options = {}) {
    auto log = wal::Log::Open(files_, clock_, directory_.path(), options);
    EXPECT_TRUE(log.ok());
    log_ = std::move(log).value();
    logger_ = std::make_unique<BatchLogger>(*log_);
  }

  // Logs the next value of the first `count` series and, if that went well, gives it to them.
  Status Append(std::size_t count = 2) {
    ++time_;
    std::vector<Series*> series;
    std::vector<std::uint64_t> refs;
    for (std::size_t i = 0; i < count; ++i) {
      series.push_back(&series_[i]);
      refs.push_back(series_[i].id);
    }
    const std::vector<double> values(count, static_cast<double>(time_));
    NARTHEX_TRY(logger_->Prepare(wal::BatchSizeMax(count)));
    std::string record;
    logger_->Encode(
        {.group = 1, .timestamp = time_, .timestamps = {}, .refs = refs, .values = values}, series,
        record);
    if (Status logged = log_->Append(wal::RecordType::kBatch, record); !logged.ok()) {
      logger_->EndEpoch();
      return logged;
    }
    for (Series* one : series) one->newest_value = static_cast<double>(time_);
    return Ok();
  }

  // For each record in the log, how many of its rows stand by themselves.
  std::vector<std::size_t> StandingCounts() const {
    std::vector<std::size_t> counts;
    wal::BatchDecoder decoder;
    EXPECT_TRUE(wal::ReadLog(io::SystemFiles(), directory_.path(),
                             [&](wal::RecordType, std::string_view payload) {
                               EXPECT_TRUE(decoder.DecodeKeys(payload).ok());
                               counts.push_back(static_cast<std::size_t>(
                                   std::ranges::count(decoder.bases().are_known, std::uint8_t{0})));
                               return Ok();
                             })
                    .ok());
    return counts;
  }

  BatchLogger& logger() { return *logger_; }
  wal::Log& log() { return *log_; }
  Series& series(std::size_t i) { return series_[i]; }
  io::FaultFileSystem& files() { return files_; }

 private:
  const io::TemporaryDirectory directory_;
  io::FaultFileSystem files_;
  FakeClock clock_;
  std::unique_ptr<wal::Log> log_;
  std::unique_ptr<BatchLogger> logger_;
  std::array<Series, 2> series_ = {Series(1), Series(2)};
  model::TimestampMs time_ = 0;
};

using Counts = std::vector<std::size_t>;

TEST(BatchLogger, EverySixteenthStandsByItself) {
  TestLogger t;
  for (int i = 0; i < 34; ++i) ASSERT_TRUE(t.Append().ok());
  Counts want(34, 0);
  want[0] = want[16] = want[32] = 2;
  EXPECT_EQ(t.StandingCounts(), want);
}

TEST(BatchLogger, ASeriesThatJoinsStandsByItself) {
  TestLogger t;
  ASSERT_TRUE(t.Append(1).ok());
  ASSERT_TRUE(t.Append(2).ok());
  ASSERT_TRUE(t.Append(2).ok());
  EXPECT_EQ(t.StandingCounts(), (Counts{1, 1, 0}));
}

TEST(BatchLogger, ASegmentBeginsAnEpoch) {
  TestLogger t;
  ASSERT_TRUE(t.Append().ok());
  ASSERT_TRUE(t.Append().ok());
  ASSERT_TRUE(t.log().Cut().ok());
  ASSERT_TRUE(t.Append().ok());
  EXPECT_EQ(t.StandingCounts(), (Counts{2, 0, 2}));
}

TEST(BatchLogger, EveryRecordOfSmallSegmentsStandsByItself) {
  TestLogger t({.segment_size_bytes_max = 10});
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(t.Append().ok());
  EXPECT_EQ(t.StandingCounts(), (Counts{2, 2, 2}));
}

TEST(BatchLogger, EndEpochAndClearedMarksMakeSeriesStand) {
  TestLogger t;
  ASSERT_TRUE(t.Append().ok());
  t.logger().EndEpoch();
  ASSERT_TRUE(t.Append().ok());
  t.series(0).log_epoch = 0;
  ASSERT_TRUE(t.Append().ok());
  EXPECT_EQ(t.StandingCounts(), (Counts{2, 2, 1}));
}

TEST(BatchLogger, EpochsThatAreUsedUpBeginAnewWhenForgotten) {
  TestLogger t;
  while (!t.logger().MustForget()) {
    t.logger().EndEpoch();
    ASSERT_TRUE(t.Append(1).ok());
  }
  // The second series has nothing, the first the mark of the last epoch.
  for (std::size_t i = 0; i < 2; ++i) t.series(i).log_epoch = 0;
  t.logger().Forgot();
  ASSERT_TRUE(t.Append().ok());
  ASSERT_TRUE(t.Append().ok());
  const Counts counts = t.StandingCounts();
  EXPECT_EQ(counts[counts.size() - 2], 2u);
  EXPECT_EQ(counts.back(), 0u);
}

TEST(BatchLogger, WhatFollowsAFullDiskStandsByItself) {
  TestLogger t;
  ASSERT_TRUE(t.Append().ok());
  t.files().SetRoom(3);
  EXPECT_EQ(t.Append().code(), ErrorCode::kNoSpace);
  t.files().Heal();
  ASSERT_TRUE(t.Append().ok());
  EXPECT_EQ(t.StandingCounts(), (Counts{2, 2}));
}

TEST(BatchLogger, PrepareSaysThatNoSegmentCanBeStarted) {
  TestLogger t({.segment_size_bytes_max = 10});
  ASSERT_TRUE(t.Append().ok());
  t.files().SetRoom(3);
  EXPECT_EQ(t.logger().Prepare(100).code(), ErrorCode::kNoSpace);
}

}  // namespace
}  // namespace narthex::head
