// Takes the power away from a store at any change of the disk and looks for every sample that was
// synced.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>

#include "base/log.h"
#include "found.h"
#include "power_loss_file_system.h"
#include "temporary_directory.h"

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
    Check(safe);
  }

  std::uint64_t block_count_max() const { return block_count_max_; }
  bool has_merged() const { return has_merged_; }
  std::int64_t lost_count() const { return lost_count_; }
  TimestampMs newest() const { return acknowledged_; }

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
        return;
      }
      acknowledged_ = time;
    }
  }

  // About one in 400 losses of power, when the log is not synced for each record, costs one sample
  // that came late, safe as it was (docs/guide/server.md). One in a run is borne, and told; no
  // more.
  bool IsKnownFault(TimestampMs time, int missing_count) {
    const bool is_one_late = sync_interval_.count() > 0 && IsLate(time) && missing_count == 1;
    if (!is_one_late || ++late_lost_count_ > 1) return false;
    fmt::print(stderr, "known fault: the late sample of {} is missing\n", time);
    return true;
  }

  void Check(TimestampMs safe) {
    const Found found = Read(files_, directory_.path());
    block_count_max_ = std::max(block_count_max_, found.block_count);
    EXPECT_EQ(found.wrong_count, 0);
    for (auto entry = expected_.empty() ? 0 : expected_.rbegin()->first + kStep; entry <= safe;
         entry += kStep) {
      expected_[entry] = kSeriesCount;
      // What came late with it.
      const auto late = expected_.find(entry - kLateDelay);
      if (late != expected_.end() && IsLate(late->first)) ++late->second;
    }
    if (!expected_.empty()) {
      ASSERT_FALSE(found.count_by_time.empty());
      // Retention takes whole blocks, and none that is not old enough.
      const TimestampMs first = found.count_by_time.begin()->first;
      const TimestampMs oldest = expected_.begin()->first;
      if (first > oldest) {
        EXPECT_EQ(first, expected_.lower_bound(first - first % kBlockRange)->first);
        EXPECT_LE(first, std::max<TimestampMs>(0, acknowledged_ - kRetention));
      }
      for (auto entry = expected_.lower_bound(first); entry != expected_.end(); ++entry) {
        const auto there = found.count_by_time.find(entry->first);
        // A deletion may have been on its way when the power went.
        const int known = std::min(entry->second, CountMin(entry->first, {acknowledged_, safe}));
        const int there_count = there == found.count_by_time.end() ? 0 : there->second;
        const int wanted = known - (IsKnownFault(entry->first, known - there_count) ? 1 : 0);
        ASSERT_TRUE(there != found.count_by_time.end() && there->second >= wanted)
            << "time " << entry->first << " of " << safe << ", acknowledged " << acknowledged_
            << ": there are " << (there == found.count_by_time.end() ? 0 : there->second) << " of "
            << wanted << " samples, the newest at " << found.count_by_time.rbegin()->first;
      }
    }
    for (const TimestampMs deletion : found.undone_deletions) {
      // One that was not synced is not repeated if the samples of its time have survived it.
      EXPECT_TRUE(deletion > safe || forgotten_deletions_.contains(deletion)) << deletion;
    }
    // What is there now was read back, so it has to stay, unsynced as it may have been.
    expected_ = found.count_by_time;
    const TimestampMs last = expected_.empty() ? -kStep : expected_.rbegin()->first;
    lost_count_ += std::max<TimestampMs>(0, acknowledged_ - last) / kStep;
    acknowledged_ = last;
    for (const TimestampMs deletion : found.undone_deletions) {
      if (deletion <= last) forgotten_deletions_.insert(deletion);
    }
    has_merged_ = has_merged_ || found.has_merged;
  }

  const std::chrono::milliseconds sync_interval_;
  std::mt19937_64 random_;
  const io::TemporaryDirectory directory_;
  std::atomic<TimestampMs> acknowledged_ = -kStep;
  PowerLossFileSystem files_;
  std::map<TimestampMs, int> expected_;  // samples by time that must be there
  std::set<TimestampMs> forgotten_deletions_;
  std::uint64_t block_count_max_ = 0;
  bool has_merged_ = false;
  std::int64_t lost_count_ = 0;
  int late_lost_count_ = 0;
};

// NARTHEX_CRASH_KILLS and NARTHEX_CRASH_SEED make a longer, or the same, run.
void LosePowerOften(std::chrono::milliseconds sync_interval, std::int64_t& lost_count) {
  const std::int64_t round_count = FromEnvironment("NARTHEX_CRASH_KILLS", 40);
  const auto seed = static_cast<std::uint64_t>(
      FromEnvironment("NARTHEX_CRASH_SEED", static_cast<std::int64_t>(std::random_device()())));
  SCOPED_TRACE("seed " + std::to_string(seed));
  ConfigureLog({.level = LogLevel::kError});
  PowerLoss machine(sync_interval, seed);
  for (std::int64_t round = 0; round < round_count; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    machine.Round(3000);
    if (testing::Test::HasFatalFailure()) return;
  }
  if (round_count >= 40) {
    EXPECT_GT(machine.block_count_max(), 2u) << "the run did not reach what it is to test";
    EXPECT_TRUE(machine.has_merged()) << "the run did not reach what it is to test";
  }
  lost_count = machine.lost_count();
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
