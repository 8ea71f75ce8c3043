// Everything at once: appends, queries, cutting, merging, deletions, clean-ups, snapshots.
// NARTHEX_TSDB_LOAD_SECONDS says for how long; a second otherwise.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <chrono>
#include <cstdlib>
#include <thread>

#include "base/check.h"
#include "base/log.h"
#include "base/mutex.h"
#include "base/number.h"
#include "temporary_directory.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {
namespace {

constexpr int kAppenderCount = 3;
constexpr int kSeriesCount = 12;
constexpr TimestampMs kStep = 1000;
constexpr TimestampMs kBlockRange = 60 * kStep;
// Of this series of each appender samples are deleted.
constexpr const char* kVictim = "7";

std::chrono::seconds LoadTime() {
  const char* text = std::getenv("NARTHEX_TSDB_LOAD_SECONDS");
  const auto seconds = text == nullptr ? std::nullopt : ParseInt64(text);
  return std::chrono::seconds(seconds.value_or(1));
}

// Ranges that are being deleted, and those that are. Thread-safe.
class DeletedRanges {
 public:
  using Ranges = std::vector<model::TimeRange>;

  void Begin(model::TimeRange range) {
    MutexLock lock(mutex_);
    begun_.push_back(range);
  }
  void End(model::TimeRange range) {
    MutexLock lock(mutex_);
    done_.push_back(range);
  }
  // The younger ones: what is older is gone with its blocks.
  Ranges begun() const { return Last(begun_); }
  Ranges done() const { return Last(done_); }

 private:
  Ranges Last(const Ranges& ranges) const {
    constexpr std::size_t kCount = 3000;
    MutexLock lock(mutex_);
    const auto count = static_cast<std::ptrdiff_t>(std::min(kCount, ranges.size()));
    return {ranges.end() - count, ranges.end()};
  }

  mutable Mutex mutex_;
  Ranges begun_;
  Ranges done_;
};

bool IsIn(const DeletedRanges::Ranges& ranges, TimestampMs time) {
  return std::ranges::any_of(ranges, [&](model::TimeRange range) { return range.Contains(time); });
}

class Load {
 public:
  explicit Load(const std::string& directory) {
    options_.directory = directory;
    options_.block_range = std::chrono::milliseconds(kBlockRange);
    options_.block_range_max = std::chrono::milliseconds(9 * kBlockRange);
    options_.retention.time = std::chrono::milliseconds(30 * kBlockRange);
    options_.upkeep_interval = std::chrono::milliseconds(1);
    options_.wal_segment_size_bytes = 16'384;
    options_.wal_sync_interval = std::chrono::milliseconds(1);
    Open();
  }

  void Open() {
    store_.reset();
    auto store = Tsdb::Open(io::SystemFiles(), SystemClock(), options_);
    ASSERT_TRUE(store.ok()) << store.error().message();
    store_ = *std::move(store);
  }

  void Run() {
    const auto deadline = std::chrono::steady_clock::now() + LoadTime();
    const auto decide = [this, deadline]() noexcept {
      // On a busy machine some samples have to come together first.
      is_over_ = std::chrono::steady_clock::now() > deadline && newest_step_ > 1500;
    };
    // Nobody runs so far ahead that the others' samples are out of bounds.
    std::barrier meeting(kAppenderCount, decide);
    std::vector<std::jthread> others;
    for (int i = 0; i < 2; ++i) {
      others.emplace_back([this](std::stop_token stop) {
        while (!stop.stop_requested()) Query();
      });
    }
    others.emplace_back([this](std::stop_token stop) { DeleteNowAndThen(stop); });
    others.emplace_back([this](std::stop_token stop) { CopyAndClean(stop); });
    std::vector<std::jthread> appenders;
    for (int i = 0; i < kAppenderCount; ++i) {
      appenders.emplace_back([this, i, &meeting] { Append(i, meeting); });
    }
  }

  // Reads everything and compares it with what was appended and deleted.
  void Query() {
    const DeletedRanges::Ranges done = deleted_.done();
    const auto querier = store_->OpenQuerier({});
    ASSERT_TRUE(querier.ok()) << querier.error().message();
    const auto set = (*querier)->Select({}, {});
    ASSERT_TRUE(set.ok()) << set.error().message();
    while ((*set)->Next()) {
      const auto columns = (*set)->samples();
      ASSERT_TRUE(columns.ok()) << columns.error().message();
      const bool is_victim = (*set)->labels().Get("i") == kVictim;
      const DeletedRanges::Ranges begun = is_victim ? deleted_.begun() : DeletedRanges::Ranges();
      for (std::size_t i = 0; i < columns->values.size(); ++i) {
        const TimestampMs time = columns->timestamps[i];
        ASSERT_EQ(time, static_cast<TimestampMs>(columns->values[i]) * kStep);
        ASSERT_FALSE(is_victim && IsIn(done, time)) << time;
        if (i == 0) continue;
        for (TimestampMs lost = columns->timestamps[i - 1] + kStep; lost < time; lost += kStep) {
          ASSERT_TRUE(is_victim && IsIn(begun, lost)) << lost;
        }
      }
    }
    ASSERT_TRUE((*set)->status().ok()) << (*set)->status().error().message();
    ++query_count_;
  }

  Tsdb& store() { return *store_; }
  std::uint64_t query_count() const { return query_count_; }
  std::uint64_t deletion_count() const { return deletion_count_; }

 private:
  void Append(int number, auto& meeting) {
    storage::Appender& appender = store_->appender();
    const storage::GroupRef group = appender.NewGroup();
    std::vector<model::LabelSet> labels;
    for (int i = 0; i < kSeriesCount; ++i) {
      labels.push_back({{"appender", std::to_string(number)}, {"i", std::to_string(i)}});
    }
    std::vector<storage::SeriesRef> refs;
    for (TimestampMs step = 0;; ++step) {
      if (step % 10 == 0) {
        meeting.arrive_and_wait();
        if (is_over_) return;
        newest_step_ = step;
        AwaitUpkeep();
      }
      const std::vector<double> values(kSeriesCount, static_cast<double>(step));
      for (bool is_done = false; !is_done;) {
        if (refs.empty()) {
          auto resolved = appender.Resolve(group, labels);
          NARTHEX_CHECK(resolved.ok(), "the log can be written");
          refs = *std::move(resolved);
        }
        const auto outcome = appender.Append(
            {.group = group, .timestamp = step * kStep, .series = refs, .values = values});
        NARTHEX_CHECK(outcome.ok(), "the log can be written");
        is_done = outcome->unknown_series.empty();
        if (!is_done) refs.clear();
      }
    }
  }

  // Where the upkeep is slow, under a sanitizer, the head would grow without end, and hardly a
  // block would be cut, merged or cleaned meanwhile.
  void AwaitUpkeep() {
    constexpr TimestampMs kAheadMax = 20 * kBlockRange;
    const auto ahead = [this] {
      const model::TimeRange held = store_->stats().head.range;
      return held.empty() ? 0 : held.until - held.from;
    };
    while (ahead() > kAheadMax) std::this_thread::yield();
  }

  void DeleteNowAndThen(const std::stop_token& stop) {
    const auto victim = model::Matcher::Equal("i", kVictim);
    TimestampMs last = 0;
    while (!stop.stop_requested()) {
      const TimestampMs newest = newest_step_;
      if (newest < last + 150) {
        std::this_thread::yield();
        continue;
      }
      last = newest;
      // From a block that may be merged to what may still be in the head, or a part of that.
      const TimestampMs from = std::max<TimestampMs>(0, newest - 50 * (newest % 7));
      const model::TimeRange range{from * kStep, (from + 15) * kStep};
      deleted_.Begin(range);
      const Status deleted = store_->Delete(range, std::span(&victim, 1));
      ASSERT_TRUE(deleted.ok()) << deleted.error().message();
      // What the head did not have yet is not deleted.
      if (range.until < newest * kStep) deleted_.End(range);
      ++deletion_count_;
    }
  }

  void CopyAndClean(const std::stop_token& stop) {
    TimestampMs last = 0;
    for (int round = 0; !stop.stop_requested();) {
      if (newest_step_ < last + 400) {
        std::this_thread::yield();
        continue;
      }
      last = newest_step_;
      if (++round % 2 == 0) {
        const Status cleaned = store_->CleanTombstones(stop);
        ASSERT_TRUE(cleaned.ok() || cleaned.code() == ErrorCode::kCanceled);
        continue;
      }
      const auto name = store_->Snapshot(HeadInSnapshot::kIncluded);
      ASSERT_TRUE(name.ok()) << name.error().message();
      ASSERT_TRUE(
          io::RemoveAll(io::SystemFiles(), options_.directory + "/snapshots/" + *name).ok());
    }
  }

  TsdbOptions options_;
  std::unique_ptr<Tsdb> store_;
  DeletedRanges deleted_;
  std::atomic<bool> is_over_ = false;
  std::atomic<TimestampMs> newest_step_ = 0;
  std::atomic<std::uint64_t> query_count_ = 0;
  std::atomic<std::uint64_t> deletion_count_ = 0;
};

TEST(TsdbLoad, QueriesAreRightWhileEverythingHappensAtOnce) {
  ConfigureLog({.level = LogLevel::kError});
  const io::TemporaryDirectory directory;
  Load load(directory.path());
  load.Run();
  load.Query();
  ASSERT_TRUE(load.store().Maintain().ok());
  load.Query();
  const TsdbStats stats = load.store().stats();
  EXPECT_GT(stats.merge_triggered_count, 0u);
  EXPECT_EQ(stats.compaction_failed_count, 0u);
  EXPECT_GT(load.deletion_count(), 0u);
  load.Open();
  load.Query();
}

}  // namespace
}  // namespace narthex::tsdb
