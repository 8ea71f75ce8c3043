// Resolving label sets, and the steps of an append.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "counters.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {
namespace {

// Records of new series are split at this size: far below what a record may have.
constexpr std::size_t kSeriesRecordSize = std::size_t{4} << 20;
// The index counts in 32 bits, and references are not given out twice.
constexpr std::uint64_t kRefMax = std::numeric_limits<index::SeriesId>::max();

bool HasRefusals(const storage::AppendOutcome& outcome) {
  return outcome.out_of_order_count + outcome.duplicate_count + outcome.out_of_bounds_count +
             outcome.too_old_count + outcome.unknown_series.size() >
         0;
}

void CheckColumns(const storage::Batch& batch) {
  const auto fits = [&](std::size_t size) { return size == 0 || size == batch.series.size(); };
  NARTHEX_CHECK(batch.values.size() == batch.series.size() && fits(batch.timestamps.size()) &&
                    fits(batch.histograms.size()) && fits(batch.start_timestamps.size()),
                "columns of a batch are of one length");
}

}  // namespace

Result<Head::NewSeries> Head::FindSeries(std::span<const model::LabelSet> labels) {
  NewSeries found;
  found.refs.reserve(labels.size());
  // Sets that come twice in one request are one series.
  std::unordered_map<model::LabelSet, storage::SeriesRef, model::LabelSetHash> fresh;
  std::uint64_t next = next_ref_;
  std::size_t known_count = 0;
  {
    ReaderLock lock(index_mutex_);
    known_count = table_->index().series_count();
    for (std::size_t i = 0; i < labels.size(); ++i) {
      if (const auto id = table_->index().Find(labels[i])) {
        found.refs.push_back(*id);
        continue;
      }
      const auto [entry, is_new] = fresh.try_emplace(labels[i], next);
      if (is_new) {
        ++next;
        found.created.push_back(i);
      }
      found.refs.push_back(entry->second);
    }
  }
  const std::size_t limit = options_.series_count_max;
  if (!found.created.empty() && limit > 0 && known_count + found.created.size() > limit) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("{} new series would make {}, the limit is {}", found.created.size(),
                             known_count + found.created.size(), limit)};
  }
  if (next > kRefMax) {
    return Error{ErrorCode::kResourceExhausted, "all references of series are used up"};
  }
  return found;
}

Status Head::LogNewSeries(storage::GroupRef group, std::span<const model::LabelSet> labels,
                          const NewSeries& found) {
  if (log_ == nullptr) return Ok();
  log_records_.Clear();
  wal::SeriesRecord record;
  record.group = group;
  std::size_t size = 0;
  const auto end_record = [&]() REQUIRES(append_mutex_) {
    wal::EncodeSeries(record, log_records_.Start(wal::RecordType::kSeries));
    record.series.clear();
    size = 0;
  };
  for (const std::size_t i : found.created) {
    size += labels[i].encoded().size();
    record.series.push_back({found.refs[i], labels[i]});
    if (size >= kSeriesRecordSize) end_record();
  }
  if (!record.series.empty()) end_record();
  return log_->Append(log_records_);
}

Result<std::vector<storage::SeriesRef>> Head::Resolve(storage::GroupRef group,
                                                      std::span<const model::LabelSet> labels) {
  MutexLock lock(append_mutex_);
  next_group_ = std::max(next_group_, group + 1);
  NARTHEX_ASSIGN_OR_RETURN(NewSeries found, FindSeries(labels));
  if (found.created.empty()) return std::move(found.refs);

  // Also when the log fails: what could not be taken back may be in it.
  next_ref_ = found.refs[found.created.back()] + 1;
  NARTHEX_TRY(LogNewSeries(group, labels, found));
  WriterLock index_lock(index_mutex_);
  for (const std::size_t i : found.created) table_->Add(found.refs[i], labels[i]);
  Counters::Add(counters_->series_created, found.created.size());
  return std::move(found.refs);
}

Result<storage::AppendOutcome> Head::Append(const storage::Batch& batch) {
  NARTHEX_ASSIGN_OR_RETURN(std::vector<storage::AppendOutcome> outcomes,
                           AppendBatches(std::span(&batch, 1), UnknownSeries::kAreLeftOut));
  return std::move(outcomes.front());
}

Result<std::vector<storage::AppendOutcome>> Head::AppendTogether(
    std::span<const storage::Batch> batches) {
  return AppendBatches(batches, UnknownSeries::kKeepAllOut);
}

Result<std::vector<storage::AppendOutcome>> Head::AppendBatches(
    std::span<const storage::Batch> batches, UnknownSeries unknown) {
  MutexLock lock(append_mutex_);
  Accepted& accepted = *scratch_;
  accepted.Clear();
  std::vector<storage::AppendOutcome> outcomes;
  outcomes.reserve(batches.size());
  bool is_refused = false;
  for (const storage::Batch& batch : batches) {
    CheckColumns(batch);
    outcomes.push_back(Check(batch, accepted));
    is_refused = is_refused || (batch.is_all_or_nothing && HasRefusals(outcomes.back())) ||
                 (unknown == UnknownSeries::kKeepAllOut && !outcomes.back().unknown_series.empty());
  }
  if (is_refused) {
    for (storage::AppendOutcome& outcome : outcomes) outcome.appended_count = 0;
  } else {
    for (std::size_t i = 0; i < batches.size(); ++i) {
      CheckExemplars(batches[i], accepted, outcomes[i]);
    }
    NARTHEX_TRY(LogAccepted(accepted));
    if (!accepted.empty()) Apply(accepted);
  }
  for (const storage::AppendOutcome& outcome : outcomes) CountOutcome(outcome);
  return outcomes;
}

void Head::CountOutcome(const storage::AppendOutcome& outcome) {
  Counters::Add(counters_->appended, outcome.appended_count);
  Counters::Add(counters_->out_of_order, outcome.out_of_order_count);
  Counters::Add(counters_->duplicate, outcome.duplicate_count);
  Counters::Add(counters_->out_of_bounds, outcome.out_of_bounds_count);
  Counters::Add(counters_->too_old, outcome.too_old_count);
  Counters::Add(counters_->series_not_found, outcome.unknown_series.size());
}

}  // namespace narthex::head
