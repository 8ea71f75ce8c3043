// What a store holds after a crash, compared with what the workload wrote.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "base/number.h"
#include "block/block.h"
#include "workload.h"

namespace narthex::crash {

struct Found {
  std::map<TimestampMs, int> count_by_time;
  int wrong_count = 0;
  std::uint64_t damage_count = 0;
  std::uint64_t block_count = 0;
  bool has_merged = false;  // a block that spans more than one range
  // Of deletions, of which a sample is still there.
  std::set<TimestampMs> undone_deletions;
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
  while ((*set)->Next()) {
    const model::LabelSet labels = (*set)->labels();
    const int series = static_cast<int>(ParseInt64(labels.Get("series")).value_or(0)) - 100;
    const auto columns = (*set)->samples();
    EXPECT_TRUE(columns.ok()) << (columns.ok() ? "" : columns.error().message());
    if (!columns.ok()) continue;
    for (std::size_t i = 0; i < columns->values.size(); ++i) {
      const TimestampMs time = columns->timestamps[i];
      ++found.count_by_time[time];
      if (series == kDeletedSeries && DeletionOf(time) >= 0) {
        found.undone_deletions.insert(DeletionOf(time));
      }
      if (LabelsAt(series, time) != labels || !IsRight(*columns, i, series)) ++found.wrong_count;
    }
  }
  EXPECT_TRUE((*set)->status().ok());
  return found;
}

// What was acknowledged, or has to be there for another reason; -1 and less: nothing.
struct Known {
  TimestampMs newest = 0;  // what was done at its time
  TimestampMs safe = 0;    // up to here nothing may be lost
};

// How many samples of `time` have to be there. What is deleted one step after the newest may be
// gone too: that step may have been taken and not been acknowledged any more. What comes late has
// to be there if the step that brought it is safe.
inline int CountMin(TimestampMs time, Known known) {
  const TimestampMs deletion = DeletionOf(time);
  const bool is_deleted = deletion >= 0 && deletion <= known.newest + kStep;
  const bool is_to_come = IsLate(time) && time + kLateDelay > known.safe;
  return kSeriesCount - (is_deleted ? 1 : 0) - (is_to_come ? 1 : 0);
}

}  // namespace narthex::crash
