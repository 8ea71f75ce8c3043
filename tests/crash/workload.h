// Does to a store what belongs to each time.
#pragma once

#include <fmt/format.h>

#include <bit>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "schedule.h"

namespace narthex::crash {

// Takes one time after the other.
class Workload {
 public:
  explicit Workload(tsdb::Tsdb& store)
      : store_(store),
        appender_(store.appender()),
        group_(appender_.NewGroup()),
        brief_group_(appender_.NewGroup()),
        labels_(kSeriesCount) {}

  // When this succeeds the samples of `time`, and what is deleted then, are acknowledged.
  Status Run(TimestampMs time) {
    // First, so that they are there if what follows is.
    if (IsLate(time - kLateDelay)) NARTHEX_TRY(AppendLate(time - kLateDelay));
    if (IsBrief(time)) NARTHEX_TRY(AppendBrief(time));
    NARTHEX_TRY(AppendAll(time));
    for (const DeletionRule& rule : kDeletionRules) NARTHEX_TRY(Delete(rule, time));
    if (time % kCleaningPeriod == kCleaningPeriod - kStep) {
      NARTHEX_TRY(store_.CleanTombstones({}));
    }
    if (IsSnapshot(time)) {
      NARTHEX_TRY(store_.Snapshot(tsdb::HeadInSnapshot::kIncluded));
      snapshots_.insert(time);
    }
    // The store's own thread does that too, but a short run may be over before it merges.
    return time % (kBlockRange / 2) == 0 ? store_.Maintain() : Ok();
  }

  // The times of those that were acknowledged.
  const std::set<TimestampMs>& snapshots() const { return snapshots_; }

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
    return AppendOf(group_, time, labels, values);
  }

  Status AppendBrief(TimestampMs time) {
    std::vector<model::LabelSet> labels;
    std::vector<double> values;
    for (int i = 0; i < kBriefCount; ++i) {
      labels.push_back(BriefLabelsAt(i, time));
      values.push_back(BriefValueAt(i, time));
    }
    return AppendOf(brief_group_, time, labels, values);
  }

  // Of series that are resolved for this alone.
  Status AppendOf(storage::GroupRef group, TimestampMs time,
                  std::span<const model::LabelSet> labels, std::span<const double> values) {
    storage::AppendOutcome outcome;
    do {
      NARTHEX_ASSIGN_OR_RETURN(const auto refs, appender_.Resolve(group, labels));
      NARTHEX_ASSIGN_OR_RETURN(
          outcome,
          appender_.Append({.group = group, .timestamp = time, .series = refs, .values = values}));
    } while (!outcome.unknown_series.empty());
    return CheckCount(outcome, values.size(), time);
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

  Status Delete(const DeletionRule& rule, TimestampMs time) {
    if (time < rule.from || time % rule.period != rule.phase) return Ok();
    const model::TimeRange range{time - rule.from, time - rule.until};
    std::vector<model::Matcher> matchers;
    if ((rule.row & kSeriesRows) != 0) {
      const int series = std::countr_zero(rule.row);
      matchers.push_back(model::Matcher::Equal("__name__", "m"));
      matchers.push_back(model::Matcher::Equal("series", std::to_string(100 + series)));
    } else {
      const int half = std::countr_zero(rule.row) - kSeriesCount;
      matchers.push_back(model::Matcher::Equal("__name__", "brief"));
      matchers.push_back(model::Matcher::Equal("half", std::to_string(half)));
    }
    return store_.Delete(range, matchers);
  }

  tsdb::Tsdb& store_;
  storage::Appender& appender_;
  const storage::GroupRef group_;
  const storage::GroupRef brief_group_;
  std::vector<model::LabelSet> labels_;
  std::vector<storage::SeriesRef> refs_;
  std::set<TimestampMs> snapshots_;
};

}  // namespace narthex::crash
