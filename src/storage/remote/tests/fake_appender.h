// A store in memory that shows what reached it, and fails when a test says so.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "storage/appender.h"

namespace narthex::remote {

// Keeps samples by the text of their labels. Not thread-safe.
class FakeAppender final : public storage::Appender {
 public:
  struct Stored {
    model::TimestampMs timestamp;
    double value;
    model::TimestampMs start_timestamp = 0;
    std::optional<model::FloatHistogram> histogram = {};
  };

  storage::GroupRef NewGroup() override { return ++group_count; }

  Result<std::vector<storage::SeriesRef>> Resolve(
      storage::GroupRef, std::span<const model::LabelSet> labels) override {
    ++resolve_count;
    if (error) return *error;
    std::vector<storage::SeriesRef> refs;
    for (const model::LabelSet& set : labels) {
      const auto [entry, is_new] = refs_.try_emplace(set.ToMetricString(), next_ref_);
      if (is_new) names_[next_ref_++] = entry->first;
      refs.push_back(entry->second);
    }
    return refs;
  }

  Result<storage::AppendOutcome> Append(const storage::Batch& batch) override {
    ++append_count;
    if (error) return *error;
    storage::AppendOutcome outcome;
    std::vector<std::size_t> taken;
    for (std::size_t i = 0; i < batch.series.size(); ++i) {
      if (!names_.contains(batch.series[i])) {
        outcome.unknown_series.push_back(i);
      } else if (Check(batch, i, outcome)) {
        taken.push_back(i);
      }
    }
    const bool is_refused = outcome.out_of_order_count + outcome.duplicate_count +
                                outcome.out_of_bounds_count + outcome.unknown_series.size() >
                            0;
    if (!batch.is_all_or_nothing || !is_refused) {
      for (const std::size_t i : taken) Keep(batch, i);
      outcome.appended_count = taken.size();
    }
    for (const storage::SeriesExemplar& exemplar : batch.exemplars) {
      const bool is_late = exemplar.exemplar.timestamp < oldest;
      ++(is_late ? outcome.exemplar_out_of_order_count : outcome.exemplar_appended_count);
      if (!is_late) exemplars[names_[exemplar.series]].push_back(exemplar.exemplar);
    }
    groups.push_back(batch.group);
    return outcome;
  }

  Result<std::vector<storage::AppendOutcome>> AppendTogether(
      std::span<const storage::Batch> batches) override {
    const auto samples_before = samples;
    const auto exemplars_before = exemplars;
    std::vector<storage::AppendOutcome> outcomes;
    bool is_refused = false;
    for (const storage::Batch& batch : batches) {
      NARTHEX_ASSIGN_OR_RETURN(storage::AppendOutcome outcome, Append(batch));
      is_refused = is_refused || !outcome.unknown_series.empty() ||
                   (batch.is_all_or_nothing && outcome.appended_count < batch.series.size());
      outcomes.push_back(std::move(outcome));
    }
    ++together_count;
    if (!is_refused) return outcomes;
    samples = samples_before;
    exemplars = exemplars_before;
    for (storage::AppendOutcome& outcome : outcomes) {
      outcome.appended_count = outcome.exemplar_appended_count = 0;
    }
    return outcomes;
  }

  // Forgets a series as a store does that has not seen it for long.
  void Drop(const std::string& name) {
    names_.erase(refs_.at(name));
    refs_.erase(name);
  }

  std::map<std::string, std::vector<Stored>> samples;
  std::map<std::string, std::vector<model::Exemplar>> exemplars;
  std::vector<storage::GroupRef> groups;  // of each batch
  std::optional<Error> error;
  model::TimestampMs oldest = 0;
  int resolve_count = 0;
  int append_count = 0;
  int together_count = 0;
  storage::GroupRef group_count = 0;

 private:
  static model::TimestampMs TimeOf(const storage::Batch& batch, std::size_t i) {
    return batch.timestamps.empty() ? batch.timestamp : batch.timestamps[i];
  }

  bool Check(const storage::Batch& batch, std::size_t i, storage::AppendOutcome& outcome) {
    const std::vector<Stored>& stored = samples[names_[batch.series[i]]];
    const model::TimestampMs time = TimeOf(batch, i);
    if (time < oldest) {
      ++outcome.out_of_bounds_count;
    } else if (!stored.empty() && time < stored.back().timestamp) {
      ++outcome.out_of_order_count;
    } else if (!stored.empty() && time == stored.back().timestamp) {
      if (model::SameBits(stored.back().value, batch.values[i])) return true;
      ++outcome.duplicate_count;
    } else {
      return true;
    }
    return false;
  }

  void Keep(const storage::Batch& batch, std::size_t i) {
    std::vector<Stored>& stored = samples[names_[batch.series[i]]];
    const model::TimestampMs time = TimeOf(batch, i);
    if (!stored.empty() && time == stored.back().timestamp) return;
    Stored& sample = stored.emplace_back(Stored{time, batch.values[i]});
    if (!batch.start_timestamps.empty()) sample.start_timestamp = batch.start_timestamps[i];
    if (!batch.histograms.empty() && batch.histograms[i] != nullptr) {
      sample.histogram = *batch.histograms[i];
    }
  }

  storage::SeriesRef next_ref_ = 1;
  std::map<std::string, storage::SeriesRef> refs_;
  std::map<storage::SeriesRef, std::string> names_;
};

}  // namespace narthex::remote
