// What a store of the crash tests is given at each time: everything follows from the time.
#pragma once

#include <array>
#include <bit>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "model/histogram.h"
#include "model/labels.h"
#include "tsdb/tsdb.h"

namespace narthex::crash {

// So long that series count as ended before the head is cut (ten minutes after their last sample).
inline constexpr TimestampMs kStep = 10'000;
inline constexpr int kFloatCount = 24;
inline constexpr int kLastingCount = 16;  // the floats behind them are followed by new ones
inline constexpr int kHistogramCount = 4;
inline constexpr int kSeriesCount = kFloatCount + kHistogramCount;
inline constexpr TimestampMs kLifetime = 250 * kStep;  // of those
inline constexpr TimestampMs kBlockRange = 200 * kStep;
inline constexpr TimestampMs kBlockRangeMax = 9 * kBlockRange;
inline constexpr TimestampMs kRetention = 8000 * kStep;
// Some samples of one series come late: before their block is cut, and behind it.
inline constexpr int kLateSeries = 5;
inline constexpr TimestampMs kLateDelay = 150 * kStep;
inline constexpr TimestampMs kLatePeriod = 7 * kStep;
// Now and then so many series of a few samples come and end that they get blocks of their own.
inline constexpr int kBriefCount = 1100;
inline constexpr int kBriefHalfCount = 2;
inline constexpr TimestampMs kBriefPeriod = 800 * kStep;
inline constexpr TimestampMs kBriefLength = 3 * kStep;
// Now and then blocks are rewritten without what is deleted.
inline constexpr TimestampMs kCleaningPeriod = 1700 * kStep;
inline constexpr TimestampMs kSnapshotPeriod = 1300 * kStep;

// What is there of a time, a bit each: the series in order, and the halves of the brief ones, of
// which all have a sample or none.
using Rows = std::uint32_t;
inline constexpr int kRowCount = kSeriesCount + kBriefHalfCount;
inline constexpr Rows kSeriesRows = (Rows{1} << kSeriesCount) - 1;

inline constexpr Rows RowOf(int series) { return Rows{1} << series; }
inline constexpr Rows RowOfBriefHalf(int half) { return Rows{1} << (kSeriesCount + half); }

// A stretch that is deleted at times of `phase` into each period.
struct DeletionRule {
  Rows row = 0;
  TimestampMs period = 0;
  TimestampMs phase = 0;
  TimestampMs from = 0;  // before the deletion
  TimestampMs until = 0;
};

inline constexpr std::array kDeletionRules = {
    DeletionRule{RowOf(3), 500 * kStep, 300 * kStep, 150 * kStep, 100 * kStep},
    // When what came late of it is in the head still, and in blocks.
    DeletionRule{RowOf(kLateSeries), 900 * kStep, 430 * kStep, 260 * kStep, 160 * kStep},
    // Of series that have ended, when they are in a block of their own.
    DeletionRule{RowOfBriefHalf(1), kBriefPeriod, 90 * kStep, 90 * kStep, 88 * kStep},
};

// When the sample at `time` is deleted; -1 if never.
inline TimestampMs DeletionOf(const DeletionRule& rule, TimestampMs time) {
  const TimestampMs first = time + rule.until - rule.phase;
  const TimestampMs count = first <= 0 ? 0 : (first + rule.period - 1) / rule.period;
  const TimestampMs at = count * rule.period + rule.phase;
  return at >= rule.from && at <= time + rule.from ? at : -1;
}

// What of `time` is deleted by `until`.
inline Rows DeletedRows(TimestampMs time, TimestampMs until) {
  Rows rows = 0;
  for (const DeletionRule& rule : kDeletionRules) {
    const TimestampMs at = DeletionOf(rule, time);
    if (at >= 0 && at <= until) rows |= rule.row;
  }
  return rows;
}

// Whether the sample of kLateSeries at `time` comes late.
inline bool IsLate(TimestampMs time) { return time >= 0 && time % kLatePeriod == 3 * kStep; }
inline bool IsBrief(TimestampMs time) { return time % kBriefPeriod < kBriefLength; }
inline bool IsSnapshot(TimestampMs time) {
  return time % kSnapshotPeriod == kSnapshotPeriod - kStep;
}

// What is appended of `time` when its turn comes.
inline Rows RowsInOrder(TimestampMs time) {
  Rows rows = kSeriesRows;
  if (IsLate(time)) rows &= ~RowOf(kLateSeries);
  if (IsBrief(time)) rows |= RowOfBriefHalf(0) | RowOfBriefHalf(1);
  return rows;
}
// What is there of `time` when everything up to `now` is done, deletions left aside.
inline Rows RowsBy(TimestampMs time, TimestampMs now) {
  Rows rows = RowsInOrder(time);
  if (IsLate(time) && time + kLateDelay <= now) rows |= RowOf(kLateSeries);
  return rows;
}

inline model::LabelSet LabelsAt(int series, TimestampMs time) {
  const bool is_lasting = series < kLastingCount || series >= kFloatCount;
  const std::string generation = is_lasting ? "0" : std::to_string(time / kLifetime);
  return {{"__name__", "m"}, {"generation", generation}, {"series", std::to_string(100 + series)}};
}

inline int HalfOfBrief(int index) { return index % kBriefHalfCount; }
inline model::LabelSet BriefLabelsAt(int index, TimestampMs time) {
  return {{"__name__", "brief"},
          {"generation", std::to_string(time / kBriefPeriod)},
          {"half", std::to_string(HalfOfBrief(index))},
          {"series", std::to_string(index)}};
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

inline double BriefValueAt(int index, TimestampMs time) {
  if (time % kBriefPeriod == kBriefLength - kStep) return model::StaleNan();
  return static_cast<double>(time / kStep + index);
}

// Of series from kFloatCount on: counters whose buckets change now and then, with resets.
inline model::FloatHistogram HistogramAt(int series, TimestampMs time) {
  const std::int64_t n = time / kStep % 900;  // then it begins anew
  model::FloatHistogram histogram;
  histogram.schema = series % 3;
  histogram.zero_threshold = 0.001;
  histogram.zero_count = static_cast<double>(n);
  const std::int64_t bucket_count = 1 + n / 100;
  histogram.positive_spans = {{series % 5, static_cast<std::uint32_t>(bucket_count)}};
  histogram.count = histogram.zero_count;
  for (std::int64_t i = 0; i < bucket_count; ++i) {
    histogram.positive_buckets.push_back(static_cast<double>(n * (i + 1)));
    histogram.count += histogram.positive_buckets.back();
  }
  histogram.sum = std::sqrt(static_cast<double>(n));
  return histogram;
}

// Blocks, segments and upkeep so small that a few seconds have many of each.
inline tsdb::TsdbOptions Options(const std::string& directory) {
  tsdb::TsdbOptions options;
  options.directory = directory;
  options.block_range = std::chrono::milliseconds(kBlockRange);
  options.block_range_max = std::chrono::milliseconds(kBlockRangeMax);
  options.retention.time = std::chrono::milliseconds(kRetention);
  options.out_of_order_window = std::chrono::milliseconds(kLateDelay + 10 * kStep);
  options.wal_segment_size_bytes = 16 << 10;
  options.wal_sync_interval = std::chrono::milliseconds(3);
  options.upkeep_interval = std::chrono::milliseconds(2);
  return options;
}

}  // namespace narthex::crash
