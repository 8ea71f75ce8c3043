// What the driver appends and the test expects: everything follows from the time.
#pragma once

#include <fmt/format.h>

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "model/labels.h"
#include "tsdb/tsdb.h"

namespace narthex::crash {

inline constexpr TimestampMs kStep = 1000;
inline constexpr int kSeriesCount = 24;
inline constexpr int kLastingCount = 16;               // the others are followed by new ones
inline constexpr TimestampMs kLifetime = 250 * kStep;  // of those
inline constexpr TimestampMs kBlockRange = 200 * kStep;
inline constexpr TimestampMs kBlockRangeMax = 9 * kBlockRange;
inline constexpr TimestampMs kRetention = 8000 * kStep;
// At times of 300 steps into each period a stretch of one series is deleted.
inline constexpr int kDeletedSeries = 3;
inline constexpr TimestampMs kDeletionPeriod = 500 * kStep;
inline constexpr TimestampMs kDeletionPhase = 300 * kStep;
inline constexpr TimestampMs kDeletedFrom = 150 * kStep;  // before the deletion
inline constexpr TimestampMs kDeletedUntil = 100 * kStep;
// Now and then blocks are rewritten without what is deleted.
inline constexpr TimestampMs kCleaningPeriod = 1700 * kStep;

inline model::LabelSet LabelsAt(int series, TimestampMs time) {
  const std::string generation = series < kLastingCount ? "0" : std::to_string(time / kLifetime);
  return {{"__name__", "m"}, {"generation", generation}, {"series", std::to_string(100 + series)}};
}

// When the sample of kDeletedSeries at `time` is deleted; -1 if never.
inline TimestampMs DeletionOf(TimestampMs time) {
  const TimestampMs deletion = (time + kDeletedFrom) / kDeletionPeriod * kDeletionPeriod;
  for (const TimestampMs at :
       {deletion + kDeletionPhase, deletion - kDeletionPeriod + kDeletionPhase}) {
    if (at >= kDeletedFrom && time >= at - kDeletedFrom && time <= at - kDeletedUntil) return at;
  }
  return -1;
}

// Constants, counters, decimals, true doubles and staleness markers.
inline double ValueAt(int series, TimestampMs time) {
  const auto n = static_cast<double>(time / kStep);
  if (series >= kLastingCount && time % kLifetime == kLifetime - kStep) return model::StaleNan();
  switch (series % 4) {
    case 0:
      return series;
    case 1:
      return n * series;
    case 2:
      return std::round(std::sin(n) * 1000) / 100;
    default:
      return std::sqrt(n + series);
  }
}

// Does to a store what belongs to each time, one after the other.
class Workload {
 public:
  explicit Workload(tsdb::Tsdb& store)
      : store_(store),
        appender_(store.appender()),
        group_(appender_.NewGroup()),
        labels_(kSeriesCount) {}

  // When this succeeds the samples of `time`, and what is deleted then, are acknowledged.
  Status Run(TimestampMs time) {
    NARTHEX_TRY(Append(time));
    if (time % kDeletionPeriod == kDeletionPhase) {
      const model::Matcher matchers[] = {
          model::Matcher::Equal("series", std::to_string(100 + kDeletedSeries))};
      NARTHEX_TRY(store_.Delete({time - kDeletedFrom, time - kDeletedUntil}, matchers));
    }
    if (time % kCleaningPeriod == kCleaningPeriod - kStep) {
      NARTHEX_TRY(store_.CleanTombstones({}));
    }
    // The store's own thread does that too, but a short run may be over before it merges.
    return time % (kBlockRange / 2) == 0 ? store_.Maintain() : Ok();
  }

 private:
  Status Append(TimestampMs time) {
    std::array<double, kSeriesCount> values;
    for (int i = 0; i < kSeriesCount; ++i) {
      labels_[static_cast<std::size_t>(i)] = LabelsAt(i, time);
      values[static_cast<std::size_t>(i)] = ValueAt(i, time);
    }
    if (time % kLifetime == 0) refs_.clear();
    storage::AppendOutcome outcome;
    do {
      // The store may drop series that have no samples yet; their labels are resolved anew.
      if (refs_.empty() || !outcome.unknown_series.empty()) {
        NARTHEX_ASSIGN_OR_RETURN(refs_, appender_.Resolve(group_, labels_));
      }
      NARTHEX_ASSIGN_OR_RETURN(
          outcome, appender_.Append(
                       {.group = group_, .timestamp = time, .series = refs_, .values = values}));
    } while (!outcome.unknown_series.empty());
    if (outcome.appended_count == kSeriesCount) return Ok();
    return Error{ErrorCode::kInternal,
                 fmt::format("{} samples were appended at {}", outcome.appended_count, time)};
  }

  tsdb::Tsdb& store_;
  storage::Appender& appender_;
  const storage::GroupRef group_;
  std::vector<model::LabelSet> labels_;
  std::vector<storage::SeriesRef> refs_;
};

// Blocks, segments and upkeep so small that a few seconds have many of each.
inline tsdb::TsdbOptions Options(const std::string& directory) {
  tsdb::TsdbOptions options;
  options.directory = directory;
  options.block_range = std::chrono::milliseconds(kBlockRange);
  options.block_range_max = std::chrono::milliseconds(kBlockRangeMax);
  options.retention.time = std::chrono::milliseconds(kRetention);
  options.wal_segment_size_bytes = 16 << 10;
  options.wal_sync_interval = std::chrono::milliseconds(3);
  options.upkeep_interval = std::chrono::milliseconds(2);
  return options;
}

}  // namespace narthex::crash
