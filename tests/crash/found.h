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
      const bool is_right = LabelsAt(series, time) == labels &&
                            model::SameBits(columns->values[i], ValueAt(series, time));
      if (!is_right) ++found.wrong_count;
    }
  }
  EXPECT_TRUE((*set)->status().ok());
  return found;
}

// How many samples of `time` have to be there once `newest` is acknowledged. What is deleted one
// step later may be gone too: that step may have been taken and not been acknowledged any more.
inline int CountMin(TimestampMs time, TimestampMs newest) {
  const TimestampMs deletion = DeletionOf(time);
  return deletion >= 0 && deletion <= newest + kStep ? kSeriesCount - 1 : kSeriesCount;
}

}  // namespace narthex::crash
