// Takes the power away from a store at any change of the disk and looks for every sample that was
// synced.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>
#include <string>

#include "base/log.h"
#include "expectation.h"
#include "found.h"
#include "power_loss_file_system.h"
#include "temporary_directory.h"
#include "workload.h"

namespace narthex::crash {
namespace {

std::int64_t FromEnvironment(const char* name, std::int64_t otherwise) {
  const char* text = std::getenv(name);
  return ParseInt64(text != nullptr ? text : "").value_or(otherwise);
}

// A store on files that lose their power, again and again.
class PowerLoss {
 public:
  PowerLoss(std::chrono::milliseconds sync_interval, std::uint64_t seed)
      : sync_interval_(sync_interval), random_(seed), files_(directory_.path()) {}

  // Appends until the machine stops at some change, loses its power and is started again.
  void Round(std::int64_t batch_count_max) {
    const TimestampMs before = acknowledged_;
    files_.SetMark(io::JoinPath(directory_.path(), "wal"), [this] { return acknowledged_.load(); });
    // Some rounds stop while the store is opened, some in the middle, some go on for long.
    const std::int64_t limits[] = {20, 400, 4000};
    files_.StopAfter(static_cast<std::int64_t>(
        random_() % 3 == 0 ? random_() % 20
                           : random_() % static_cast<std::uint64_t>(limits[random_() % 3])));
    AppendUntilStopped(batch_count_max);
    const TimestampMs safe =
        sync_interval_.count() == 0 ? acknowledged_.load() : files_.synced_mark();
    files_.LosePower(random_);
    Check(before, safe);
  }

  // Whether there was something of all that a run is to test.
  bool has_reached_all() const {
    return block_count_max_ > 5 && has_merged_ && has_early_blocks_ && snapshot_count_ > 0;
  }
  std::int64_t lost_count() const { return lost_count_; }

 private:
  void AppendUntilStopped(std::int64_t batch_count_max) {
    tsdb::TsdbOptions options = Options(directory_.path());
    options.wal_sync_interval = sync_interval_;
    auto store = tsdb::Tsdb::Open(files_, SystemClock(), options);
    if (!store.ok()) {
      EXPECT_TRUE(files_.has_stopped()) << store.error().message();
      return;
    }
    Workload workload(**store);
    for (std::int64_t i = 0; i < batch_count_max && !files_.has_stopped(); ++i) {
      const TimestampMs time = acknowledged_ + kStep;
      const Status done = workload.Run(time);
      if (!done.ok()) {
        EXPECT_TRUE(files_.has_stopped()) << done.error().message();
        break;
      }
      acknowledged_ = time;
      LookAtBlocks(**store);
    }
    snapshots_ = workload.snapshots();
  }

  void LookAtBlocks(const tsdb::Tsdb& store) {
    const auto blocks = store.blocks();
    block_count_max_ = std::max(block_count_max_, blocks.size());
    // Those of series that had ended when the head was not cut yet end where their samples do.
    has_early_blocks_ = has_early_blocks_ || std::ranges::any_of(blocks, [](const auto& one) {
                          return one->meta().max_time % kBlockRange != 0;
                        });
  }

  void Check(TimestampMs before, TimestampMs safe) {
    // The step that was not acknowledged may have been taken, and steps that are lost again have
    // left their deletions.
    reached_ = std::max(reached_, acknowledged_ + kStep);
    expectation_.AddSteps(before, safe);
    const Found found = Read(files_, directory_.path());
    has_merged_ = has_merged_ || found.has_merged;
    EXPECT_EQ(found.wrong_count, 0);
    if (!expectation_.rows_by_time().empty()) CheckExpected(found, safe);
    for (const TimestampMs deletion : found.undone_deletions) {
      // One that was not synced is not repeated if the samples of its time have survived it.
      EXPECT_TRUE(deletion > safe || forgotten_deletions_.contains(deletion)) << deletion;
    }
    CheckSnapshots(found);
    // What is there now was read back, so it has to stay, unsynced as it may have been.
    expectation_.Replace(found.rows_by_time);
    lost_count_ += std::max<TimestampMs>(0, acknowledged_ - found.newest()) / kStep;
    acknowledged_ = found.newest();
    for (const TimestampMs deletion : found.undone_deletions) {
      if (deletion <= acknowledged_) forgotten_deletions_.insert(deletion);
    }
  }

  void CheckExpected(const Found& found, TimestampMs safe) {
    const RowsByTime& expected = expectation_.rows_by_time();
    ASSERT_FALSE(found.rows_by_time.empty());
    // Retention takes whole blocks, and none that is not old enough.
    const TimestampMs first = found.rows_by_time.begin()->first;
    if (first > expected.begin()->first) {
      EXPECT_EQ(first, expected.lower_bound(first - first % kBlockRange)->first);
      EXPECT_LE(first, std::max<TimestampMs>(0, acknowledged_ - kRetention));
    }
    for (auto entry = expected.lower_bound(first); entry != expected.end(); ++entry) {
      const auto [time, rows] = *entry;
      const Rows missing = rows & ~DeletedRows(time, reached_) & ~found.RowsAt(time);
      ASSERT_EQ(missing, 0u) << "of time " << time << ", synced until " << safe
                             << ", acknowledged until " << acknowledged_ << ", found until "
                             << found.newest();
    }
  }

  void CheckSnapshots(const Found& found) {
    const std::set<TimestampMs> times = TakeSnapshots(files_, directory_.path(), found);
    for (const TimestampMs time : snapshots_) {
      EXPECT_TRUE(times.contains(time)) << "the snapshot of " << time << " is lost";
    }
    snapshot_count_ += times.size();
    snapshots_.clear();
  }

  const std::chrono::milliseconds sync_interval_;
  std::mt19937_64 random_;
  const io::TemporaryDirectory directory_;
  std::atomic<TimestampMs> acknowledged_ = -kStep;
  PowerLossFileSystem files_;
  Expectation expectation_;
  TimestampMs reached_ = -kStep;  // the newest step that was ever taken
  std::set<TimestampMs> forgotten_deletions_;
  std::set<TimestampMs> snapshots_;  // of the round, that were acknowledged
  std::size_t block_count_max_ = 0;
  bool has_merged_ = false;
  bool has_early_blocks_ = false;
  std::size_t snapshot_count_ = 0;
  std::int64_t lost_count_ = 0;
};

// NARTHEX_CRASH_KILLS and NARTHEX_CRASH_SEED make a longer, or the same, run.
void LosePowerOften(std::chrono::milliseconds sync_interval, std::int64_t& lost_count) {
  const std::int64_t round_count = FromEnvironment("NARTHEX_CRASH_KILLS", 40);
  const auto seed = static_cast<std::uint64_t>(
      FromEnvironment("NARTHEX_CRASH_SEED", static_cast<std::int64_t>(std::random_device()())));
  SCOPED_TRACE("seed " + std::to_string(seed));
  ConfigureLog({.level = LogLevel::kError});
  PowerLoss machine(sync_interval, seed);
  // How far a round gets is up to chance, so a run may need some more.
  const bool is_whole = round_count >= 40;
  const std::int64_t round_count_max = is_whole ? 3 * round_count : round_count;
  for (std::int64_t round = 0;
       round < round_count || (round < round_count_max && !machine.has_reached_all()); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    machine.Round(3000);
    if (testing::Test::HasFatalFailure()) return;
  }
  EXPECT_TRUE(!is_whole || machine.has_reached_all()) << "the run did not reach what it is to test";
  lost_count = machine.lost_count();
}

TEST(Expectation, CountsALateSampleThatCameTwiceOnce) {
  // Damage took all else of its time.
  const TimestampMs time = 3 * kStep;
  ASSERT_TRUE(IsLate(time));
  Expectation expectation;
  expectation.Replace({{time, RowOf(kLateSeries)}});
  expectation.AddSteps(time + kLateDelay - kStep, time + kLateDelay);
  EXPECT_EQ(expectation.rows_by_time().at(time), RowOf(kLateSeries));
}

TEST(Expectation, WantsALateSampleFromTheStepOnThatBringsIt) {
  const TimestampMs time = 3 * kStep;
  Expectation expectation;
  expectation.AddSteps(-kStep, time + kLateDelay - kStep);
  EXPECT_EQ(expectation.rows_by_time().at(time) & RowOf(kLateSeries), 0u);
  expectation.AddSteps(time + kLateDelay - kStep, time + kLateDelay);
  EXPECT_NE(expectation.rows_by_time().at(time) & RowOf(kLateSeries), 0u);
}

TEST(PowerLossFiles, WhatARemovedFolderHeldStaysGone) {
  const io::TemporaryDirectory directory;
  PowerLossFileSystem files(directory.path());
  const std::string folder = directory / "folder";
  ASSERT_TRUE(files.CreateDirectories(folder).ok());
  ASSERT_TRUE(io::WriteFileAtomically(files, folder + "/file", "x").ok());
  ASSERT_TRUE(files.Link(folder + "/file", folder + "/second").ok());
  ASSERT_TRUE(files.SyncDirectory(folder).ok());
  ASSERT_TRUE(files.SyncDirectory(directory.path()).ok());
  // The removal of the folder is synced, that of the files in it is not.
  ASSERT_TRUE(io::RemoveAll(files, folder).ok());
  ASSERT_TRUE(files.SyncDirectory(directory.path()).ok());
  ASSERT_TRUE(files.CreateDirectories(folder).ok());
  ASSERT_TRUE(files.SyncDirectory(directory.path()).ok());
  std::mt19937_64 random(1);
  files.LosePower(random);
  EXPECT_TRUE(files.List(folder)->empty());
}

TEST(PowerLoss, LosesNothingAcknowledgedIfEachRecordIsSynced) {
  std::int64_t lost_count = 0;
  LosePowerOften(std::chrono::milliseconds(0), lost_count);
  EXPECT_EQ(lost_count, 0);
}

TEST(PowerLoss, LosesNothingBeforeTheLastSync) {
  std::int64_t lost_count = 0;
  LosePowerOften(std::chrono::milliseconds(3), lost_count);
}

}  // namespace
}  // namespace narthex::crash
