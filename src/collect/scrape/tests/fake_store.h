// A store in memory that remembers every sample it was given.
#pragma once

#include <fmt/format.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "model/labels.h"
#include "model/sample.h"
#include "storage/appender.h"

namespace narthex::scrape {

// Thread-safe.
class FakeStore final : public storage::Appender {
 public:
  storage::GroupRef NewGroup() override {
    MutexLock lock(mutex_);
    return ++group_count_;
  }

  Result<std::vector<storage::SeriesRef>> Resolve(
      storage::GroupRef, std::span<const model::LabelSet> labels) override {
    MutexLock lock(mutex_);
    resolved_count_ += labels.size();
    if (series_count_max_ && series_.size() + labels.size() > *series_count_max_) {
      return Error{ErrorCode::kResourceExhausted, "limit of series reached"};
    }
    std::vector<storage::SeriesRef> refs;
    for (const model::LabelSet& set : labels) {
      const auto found = refs_.find(set);
      if (found != refs_.end()) {
        refs.push_back(found->second);
        continue;
      }
      series_.push_back({set, {}, {}});
      refs.push_back(series_.size());
      refs_[set] = series_.size();
    }
    return refs;
  }

  Result<std::vector<storage::AppendOutcome>> AppendTogether(
      std::span<const storage::Batch> batches) override {
    // Scrapes append one batch at a time.
    std::vector<storage::AppendOutcome> outcomes;
    for (const storage::Batch& batch : batches) {
      NARTHEX_ASSIGN_OR_RETURN(storage::AppendOutcome outcome, Append(batch));
      outcomes.push_back(std::move(outcome));
    }
    return outcomes;
  }
  Result<storage::AppendOutcome> Append(const storage::Batch& batch) override {
    MutexLock lock(mutex_);
    if (append_error_) return *append_error_;
    storage::AppendOutcome outcome;
    for (const storage::SeriesExemplar& one : batch.exemplars) {
      exemplars_[one.series].push_back(one.exemplar);
      ++outcome.exemplar_appended_count;
    }
    for (std::size_t i = 0; i < batch.series.size(); ++i) {
      if (batch.series[i] == 0 || batch.series[i] > series_.size() ||
          dropped_.contains(batch.series[i])) {
        outcome.unknown_series.push_back(i);
        continue;
      }
      Series& series = series_[batch.series[i] - 1];
      std::vector<model::Sample>& samples = series.samples;
      const model::FloatHistogram* const histogram =
          batch.histograms.empty() ? nullptr : batch.histograms[i];
      // Of a histogram its sum stands for it.
      const model::Sample sample{batch.timestamps.empty() ? batch.timestamp : batch.timestamps[i],
                                 histogram != nullptr ? histogram->sum : batch.values[i]};
      const bool is_newer = samples.empty() || sample.timestamp > samples.back().timestamp;
      if (batch.passes_over_old && !is_newer) continue;
      if (histogram != nullptr) histograms_[batch.series[i]].push_back(*histogram);
      if (is_newer) {
        samples.push_back(sample);
        series.starts.push_back(batch.start_timestamps.empty() ? 0 : batch.start_timestamps[i]);
        ++outcome.appended_count;
      } else if (sample.timestamp < samples.back().timestamp) {
        ++outcome.out_of_order_count;
      } else if (model::SameBits(sample.value, samples.back().value)) {
        ++outcome.appended_count;
      } else {
        ++outcome.duplicate_count;
      }
    }
    ++batch_count_;
    changed_.NotifyAll();
    return outcome;
  }

  // Blocks until `count` batches have come in all.
  void AwaitBatches(std::size_t count) {
    MutexLock lock(mutex_);
    while (batch_count_ < count) changed_.Wait(mutex_);
  }
  std::size_t batch_count() {
    MutexLock lock(mutex_);
    return batch_count_;
  }
  std::size_t resolved_count() {
    MutexLock lock(mutex_);
    return resolved_count_;
  }

  // The samples of the series as "value@timestamp ...", staleness markers as "stale"; "none" if
  // there is no such series.
  std::string Show(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    const auto found = refs_.find(labels);
    if (found == refs_.end()) return "none";
    std::string text;
    for (const model::Sample& sample : series_[found->second - 1].samples) {
      if (!text.empty()) text += ' ';
      text +=
          model::IsStaleNan(sample.value) ? std::string("stale") : fmt::format("{}", sample.value);
      text += fmt::format("@{}", sample.timestamp);
    }
    return text;
  }
  // Since when each sample of the series counts; 0 where that was not said.
  std::vector<model::TimestampMs> Starts(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    const auto found = refs_.find(labels);
    if (found == refs_.end()) return {};
    return series_[found->second - 1].starts;
  }
  // The newest native histogram; empty if there never was one.
  std::optional<model::FloatHistogram> LatestHistogram(const model::LabelSet& labels) {
    const std::vector<model::FloatHistogram> all = Histograms(labels);
    return all.empty() ? std::nullopt : std::optional(all.back());
  }
  std::vector<model::FloatHistogram> Histograms(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    const auto found = refs_.find(labels);
    if (found == refs_.end() || !histograms_.contains(found->second)) return {};
    return histograms_.at(found->second);
  }
  // The newest value; empty if there is none or it is a marker.
  std::optional<double> Latest(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    const auto found = refs_.find(labels);
    if (found == refs_.end() || series_[found->second - 1].samples.empty()) return std::nullopt;
    const double value = series_[found->second - 1].samples.back().value;
    return model::IsStaleNan(value) ? std::nullopt : std::optional<double>(value);
  }

  // Forgets a series, as a head does that has not seen it for long.
  void Drop(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    dropped_.insert(refs_.at(labels));
    refs_.erase(labels);
  }
  void FailAppends(std::optional<Error> error) {
    MutexLock lock(mutex_);
    append_error_ = std::move(error);
  }
  void LimitSeries(std::size_t count_max) {
    MutexLock lock(mutex_);
    series_count_max_ = count_max;
  }

  std::vector<model::Exemplar> exemplars(const model::LabelSet& labels) {
    MutexLock lock(mutex_);
    const auto ref = refs_.find(labels);
    if (ref == refs_.end() || !exemplars_.contains(ref->second)) return {};
    return exemplars_.at(ref->second);
  }

 private:
  std::map<storage::SeriesRef, std::vector<model::FloatHistogram>> histograms_ GUARDED_BY(mutex_);
  struct Series {
    model::LabelSet labels;
    std::vector<model::Sample> samples;
    std::vector<model::TimestampMs> starts;  // as many
  };

  Mutex mutex_;
  CondVar changed_;
  std::vector<Series> series_ GUARDED_BY(mutex_);
  std::map<model::LabelSet, storage::SeriesRef> refs_ GUARDED_BY(mutex_);
  std::set<storage::SeriesRef> dropped_ GUARDED_BY(mutex_);
  std::map<storage::SeriesRef, std::vector<model::Exemplar>> exemplars_ GUARDED_BY(mutex_);
  std::size_t batch_count_ GUARDED_BY(mutex_) = 0;
  std::size_t resolved_count_ GUARDED_BY(mutex_) = 0;
  std::uint64_t group_count_ GUARDED_BY(mutex_) = 0;
  std::optional<Error> append_error_ GUARDED_BY(mutex_);
  std::optional<std::size_t> series_count_max_ GUARDED_BY(mutex_);
};

}  // namespace narthex::scrape
