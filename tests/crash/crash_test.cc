// Kills a process that appends, again and again, and looks for every sample it acknowledged.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "base/log.h"
#include "base/number.h"
#include "child.h"
#include "found.h"
#include "temporary_directory.h"
#include "workload.h"

namespace narthex::crash {
namespace {

// Becomes the driver, whose acknowledgements go to `out`.
int RunDriver(const std::string& directory, TimestampMs start, int out) {
  dup2(out, STDOUT_FILENO);
  close(out);
  const std::string time = std::to_string(start);
  execl(NARTHEX_CRASH_DRIVER, NARTHEX_CRASH_DRIVER, directory.c_str(), time.c_str(), nullptr);
  return 127;
}

TEST(Crash, EverythingAcknowledgedSurvivesAKillAtAnyMoment) {
  // NARTHEX_CRASH_KILLS and NARTHEX_CRASH_SEED make a longer, or the same, run.
  const char* kills_text = std::getenv("NARTHEX_CRASH_KILLS");
  const char* seed_text = std::getenv("NARTHEX_CRASH_SEED");
  const std::int64_t kill_count = ParseInt64(kills_text != nullptr ? kills_text : "").value_or(40);
  const std::int64_t seed = ParseInt64(seed_text != nullptr ? seed_text : "")
                                .value_or(static_cast<std::int64_t>(std::random_device()()));
  SCOPED_TRACE("seed " + std::to_string(seed));
  ConfigureLog({.level = LogLevel::kError});
  std::mt19937_64 random(static_cast<std::uint64_t>(seed));
  const io::TemporaryDirectory directory;
  TimestampMs newest = -kStep;  // acknowledged
  std::uint64_t block_count = 0;
  bool has_merged = false;
  std::set<TimestampMs> forgotten_deletions;
  for (std::int64_t round = 0; round < kill_count; ++round) {
    const TimestampMs before = newest;
    // Tells the time of each acknowledged batch.
    Child<TimestampMs> driver(
        [&](int out) { return RunDriver(directory.path(), newest + kStep, out); });
    const std::uint64_t wanted = random() % (round % 4 == 0 ? 5 : 1500);
    for (std::uint64_t i = 0; i < wanted; ++i) {
      const auto time = driver.Next();
      ASSERT_TRUE(time) << "the driver ended by itself";
      newest = *time;
    }
    // Somewhere between two acknowledgements, or in the middle of what goes on beside them.
    (void)SystemClock().WaitFor(std::chrono::microseconds(random() % 3000), {});
    ASSERT_TRUE(driver.Kill()) << "the driver ended by itself";
    while (const auto time = driver.Next()) newest = *time;

    const Found found = Read(io::SystemFiles(), directory.path());
    block_count = std::max(block_count, found.block_count);
    EXPECT_EQ(found.wrong_count, 0);
    EXPECT_EQ(found.damage_count, 0u);
    if (newest < 0) continue;
    ASSERT_FALSE(found.rows_by_time.empty());
    const TimestampMs first = found.rows_by_time.begin()->first;
    // Retention takes whole blocks, and none that is not old enough.
    EXPECT_EQ(first % kBlockRange, 0);
    has_merged = has_merged || found.has_merged;
    EXPECT_LE(first, std::max<TimestampMs>(0, newest - kRetention));
    for (TimestampMs time = first; time <= newest; time += kStep) {
      // A deletion may have been done and not acknowledged any more.
      const Rows rows = RowsBy(time, newest) & ~DeletedRows(time, newest + kStep);
      ASSERT_EQ(rows & ~found.RowsAt(time), 0u)
          << "round " << round << ": time " << time << " of " << newest;
    }
    for (const TimestampMs deletion : found.undone_deletions) {
      // One that was not acknowledged is not repeated if the samples of its time are there.
      EXPECT_TRUE(deletion > newest || forgotten_deletions.contains(deletion)) << deletion;
      if (deletion > newest) forgotten_deletions.insert(deletion);
    }
    const std::set<TimestampMs> snapshots =
        TakeSnapshots(io::SystemFiles(), directory.path(), found);
    for (TimestampMs time = before + kStep; time <= newest; time += kStep) {
      EXPECT_TRUE(!IsSnapshot(time) || snapshots.contains(time)) << time;
    }
    // One batch may have been written and not acknowledged any more; it is there as a whole.
    const TimestampMs last = found.newest();
    EXPECT_LE(last, newest + kStep);
    EXPECT_EQ(RowsInOrder(last) & kSeriesRows & ~found.RowsAt(last), 0u);
    newest = last;
  }
  if (kill_count >= 20) {
    EXPECT_GT(block_count, 5u) << "the run did not reach what it is to test";
    EXPECT_TRUE(has_merged) << "the run did not reach what it is to test";
  }
}

}  // namespace
}  // namespace narthex::crash
