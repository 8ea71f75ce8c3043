// What a store holds after a crash, compared with what the workload wrote.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/number.h"
#include "block/block.h"
#include "schedule.h"

namespace narthex::crash {

struct Found {
  std::map<TimestampMs, Rows> rows_by_time;
  int wrong_count = 0;
  std::uint64_t damage_count = 0;
  std::uint64_t block_count = 0;
  bool has_merged = false;  // a block that spans more than one range
  // Of deletions, of which a sample is still there.
  std::set<TimestampMs> undone_deletions;

  // Of the series in order, which come last of their time; -kStep if there are none.
  TimestampMs newest() const {
    for (auto entry = rows_by_time.rbegin(); entry != rows_by_time.rend(); ++entry) {
      if ((entry->second & kSeriesRows) != 0) return entry->first;
    }
    return -kStep;
  }
  Rows RowsAt(TimestampMs time) const {
    const auto entry = rows_by_time.find(time);
    return entry == rows_by_time.end() ? 0 : entry->second;
  }
};

// Whether sample `i` is the one of the workload. What is known of resets is not kept.
inline bool IsRight(const storage::SampleColumns& columns, std::size_t i, int series) {
  const TimestampMs time = columns.timestamps[i];
  const model::FloatHistogram* histogram =
      columns.histograms.empty() ? nullptr : columns.histograms[i];
  if (series < kFloatCount) {
    return histogram == nullptr && model::SameBits(columns.values[i], ValueAt(series, time));
  }
  if (histogram == nullptr) return false;
  model::FloatHistogram want = HistogramAt(series, time);
  want.reset_hint = histogram->reset_hint;
  return *histogram == want;
}

// Collects what is found of each time.
class Finder {
 public:
  explicit Finder(Found& found) : found_(found) {}

  void Add(const model::LabelSet& labels, const storage::SampleColumns& columns) {
    const bool is_brief = labels.Get("__name__") == "brief";
    const auto number = static_cast<int>(ParseInt64(labels.Get("series")).value_or(0));
    for (std::size_t i = 0; i < columns.values.size(); ++i) {
      const TimestampMs time = columns.timestamps[i];
      if (is_brief) {
        const bool is_right = BriefLabelsAt(number, time) == labels && IsBrief(time) &&
                              model::SameBits(columns.values[i], BriefValueAt(number, time));
        if (!is_right) ++found_.wrong_count;
        ++brief_counts_[time][static_cast<std::size_t>(HalfOfBrief(number))];
        continue;
      }
      const int series = number - 100;
      found_.rows_by_time[time] |= RowOf(series);
      if (LabelsAt(series, time) != labels || !IsRight(columns, i, series)) ++found_.wrong_count;
    }
  }

  void Finish() {
    for (const auto& [time, counts] : brief_counts_) {
      for (int half = 0; half < kBriefHalfCount; ++half) {
        const int count = counts[static_cast<std::size_t>(half)];
        if (count > 0) found_.rows_by_time[time] |= RowOfBriefHalf(half);
        // An append is there as a whole or not at all, and so is a deletion.
        EXPECT_TRUE(count == 0 || count == kBriefCount / kBriefHalfCount)
            << count << " brief samples at " << time;
      }
    }
    for (const auto& [time, rows] : found_.rows_by_time) {
      for (const DeletionRule& rule : kDeletionRules) {
        const TimestampMs deletion = DeletionOf(rule, time);
        if (deletion >= 0 && (rows & rule.row) != 0) found_.undone_deletions.insert(deletion);
      }
    }
  }

 private:
  Found& found_;
  std::map<TimestampMs, std::array<int, kBriefHalfCount>> brief_counts_;
};

// Every sample in the folder, compared with what belongs there.
inline Found Read(io::FileSystem& files, const std::string& directory) {
  Found found;
  tsdb::TsdbOptions options = Options(directory);
  options.upkeep_interval = std::chrono::milliseconds(0);
  auto store = tsdb::Tsdb::Open(files, SystemClock(), options);
  EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().message());
  if (!store.ok()) return found;
  found.damage_count = (*store)->stats().head.wal_corruption_count;
  found.block_count = (*store)->stats().block_count;
  for (const auto& block : (*store)->blocks()) {
    if (block->meta().max_time - block->meta().min_time > kBlockRange) found.has_merged = true;
  }
  const auto querier = (*store)->OpenQuerier({});
  const auto set = (*querier)->Select({}, {});
  Finder finder(found);
  while ((*set)->Next()) {
    const auto columns = (*set)->samples();
    EXPECT_TRUE(columns.ok()) << (columns.ok() ? "" : columns.error().message());
    if (columns.ok()) finder.Add((*set)->labels(), *columns);
  }
  finder.Finish();
  EXPECT_TRUE((*set)->status().ok());
  return found;
}

// Compares the snapshots of a store, in which `store` was found, with it: each must hold what the
// store had when it was taken. Gives their times, and removes them.
inline std::set<TimestampMs> TakeSnapshots(io::FileSystem& files, const std::string& directory,
                                           const Found& store) {
  std::set<TimestampMs> times;
  const std::string snapshots = io::JoinPath(directory, "snapshots");
  if (!io::Exists(files, snapshots)) return times;
  const auto entries = files.List(snapshots);
  EXPECT_TRUE(entries.ok());
  for (const io::DirectoryEntry& entry : *entries) {
    SCOPED_TRACE("snapshot " + entry.name);
    const Found found = Read(files, io::JoinPath(snapshots, entry.name));
    EXPECT_EQ(found.wrong_count, 0);
    // It was taken when the samples of its newest time were there.
    const TimestampMs taken = found.newest();
    EXPECT_TRUE(IsSnapshot(taken)) << taken;
    times.insert(taken);
    for (const auto& [time, rows] : store.rows_by_time) {
      if (time > taken) break;
      const Rows missing = rows & RowsBy(time, taken) & ~found.RowsAt(time);
      EXPECT_EQ(missing, 0u) << "of time " << time;
      if (missing != 0) break;
    }
  }
  EXPECT_TRUE(io::RemoveAll(files, snapshots).ok());
  EXPECT_TRUE(files.SyncDirectory(directory).ok());
  return times;
}

}  // namespace narthex::crash
