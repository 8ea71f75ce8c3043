// What the driver appends and the test expects: everything follows from the time.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"
#include "tsdb/tsdb.h"

namespace narthex::crash {

inline constexpr TimestampMs kStep = 1000;
inline constexpr int kFloatCount = 24;
inline constexpr int kLastingCount = 16;  // the floats behind them are followed by new ones
inline constexpr int kHistogramCount = 4;
inline constexpr int kSeriesCount = kFloatCount + kHistogramCount;
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
// Some samples of one series come late: before their block is cut, and behind it.
inline constexpr int kLateSeries = 5;
inline constexpr TimestampMs kLateDelay = 150 * kStep;
inline constexpr TimestampMs kLatePeriod = 7 * kStep;
// Now and then blocks are rewritten without what is deleted.
inline constexpr TimestampMs kCleaningPeriod = 1700 * kStep;

inline model::LabelSet LabelsAt(int series, TimestampMs time) {
  const bool is_lasting = series < kLastingCount || series >= kFloatCount;
  const std::string generation = is_lasting ? "0" : std::to_string(time / kLifetime);
  return {{"__name__", "m"}, {"generation", generation}, {"series", std::to_string(100 + series)}};
}

// Whether the sample of kLateSeries at `time` comes late.
inline bool IsLate(TimestampMs time) { return time >= 0 && time % kLatePeriod == 3 * kStep; }

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
    // First, so that it is there if what follows is.
    if (IsLate(time - kLateDelay)) NARTHEX_TRY(AppendLate(time - kLateDelay));
    NARTHEX_TRY(AppendAll(time));
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
  Status AppendAll(TimestampMs time) {
    std::vector<int> series;
    for (int i = 0; i < kSeriesCount; ++i) {
      labels_[static_cast<std::size_t>(i)] = LabelsAt(i, time);
      if (i != kLateSeries || !IsLate(time)) series.push_back(i);
    }
    if (time % kLifetime == 0) refs_.clear();
    return Append(time, series);
  }

  Status AppendLate(TimestampMs time) {
    const model::LabelSet labels[] = {LabelsAt(kLateSeries, time)};
    const double values[] = {ValueAt(kLateSeries, time)};
    storage::AppendOutcome outcome;
    do {
      NARTHEX_ASSIGN_OR_RETURN(const auto refs, appender_.Resolve(group_, labels));
      NARTHEX_ASSIGN_OR_RETURN(
          outcome,
          appender_.Append({.group = group_, .timestamp = time, .series = refs, .values = values}));
    } while (!outcome.unknown_series.empty());
    return CheckCount(outcome, 1, time);
  }

  Status Append(TimestampMs time, const std::vector<int>& series) {
    std::vector<double> values;
    std::vector<model::FloatHistogram> held(kHistogramCount);
    std::vector<const model::FloatHistogram*> histograms(series.size());
    for (std::size_t i = 0; i < series.size(); ++i) {
      values.push_back(0);
      if (series[i] < kFloatCount) {
        values.back() = ValueAt(series[i], time);
        continue;
      }
      const auto at = static_cast<std::size_t>(series[i] - kFloatCount);
      held[at] = HistogramAt(series[i], time);
      histograms[i] = &held[at];
    }
    storage::AppendOutcome outcome;
    do {
      // The store may drop series that have no samples yet; their labels are resolved anew.
      if (refs_.empty() || !outcome.unknown_series.empty()) {
        NARTHEX_ASSIGN_OR_RETURN(refs_, appender_.Resolve(group_, labels_));
      }
      std::vector<storage::SeriesRef> refs;
      for (const int i : series) refs.push_back(refs_[static_cast<std::size_t>(i)]);
      NARTHEX_ASSIGN_OR_RETURN(outcome, appender_.Append({.group = group_,
                                                          .timestamp = time,
                                                          .series = refs,
                                                          .values = values,
                                                          .histograms = histograms}));
    } while (!outcome.unknown_series.empty());
    return CheckCount(outcome, series.size(), time);
  }

  static Status CheckCount(const storage::AppendOutcome& outcome, std::size_t want,
                           TimestampMs time) {
    if (outcome.appended_count == want) return Ok();
    return Error{ErrorCode::kInternal, fmt::format("{} of {} samples were appended at {}",
                                                   outcome.appended_count, want, time)};
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
  options.out_of_order_window = std::chrono::milliseconds(kLateDelay + 10 * kStep);
  options.wal_segment_size_bytes = 16 << 10;
  options.wal_sync_interval = std::chrono::milliseconds(3);
  options.upkeep_interval = std::chrono::milliseconds(2);
  return options;
}

}  // namespace narthex::crash
