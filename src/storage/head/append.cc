// Resolving and appending: check, log, apply, publish.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "batch_logger.h"
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
  wal::SeriesRecord record;
  record.group = group;
  std::size_t size = 0;
  const auto flush = [&]() REQUIRES(append_mutex_) -> Status {
    log_buffer_.clear();
    wal::EncodeSeries(record, log_buffer_);
    record.series.clear();
    size = 0;
    return log_->Append(wal::RecordType::kSeries, log_buffer_);
  };
  for (const std::size_t i : found.created) {
    size += labels[i].encoded().size();
    record.series.push_back({found.refs[i], labels[i]});
    if (size >= kSeriesRecordSize) NARTHEX_TRY(flush());
  }
  return record.series.empty() ? Ok() : flush();
}

Result<std::vector<storage::SeriesRef>> Head::Resolve(storage::GroupRef group,
                                                      std::span<const model::LabelSet> labels) {
  MutexLock lock(append_mutex_);
  next_group_ = std::max(next_group_, group + 1);
  NARTHEX_ASSIGN_OR_RETURN(NewSeries found, FindSeries(labels));
  if (found.created.empty()) return std::move(found.refs);

  // Also when the log fails: the first of several records may be in it.
  next_ref_ = found.refs[found.created.back()] + 1;
  NARTHEX_TRY(LogNewSeries(group, labels, found));
  WriterLock index_lock(index_mutex_);
  for (const std::size_t i : found.created) table_->Add(found.refs[i], labels[i]);
  Counters::Add(counters_->series_created, found.created.size());
  return std::move(found.refs);
}

storage::AppendOutcome Head::Check(const storage::Batch& batch, Accepted& accepted) {
  accepted.Clear();
  accepted.found.resize(batch.series.size());
  {
    ReaderLock lock(index_mutex_);
    std::ranges::transform(batch.series, accepted.found.begin(),
                           [&](storage::SeriesRef ref)
                               REQUIRES_SHARED(index_mutex_) { return table_->Find(ref); });
  }
  ++accepted.mark;
  storage::AppendOutcome outcome;
  const TimestampMs oldest = OldestAccepted();
  for (std::size_t i = 0; i < batch.series.size(); ++i) {
    Series* series = accepted.found[i];
    if (series == nullptr) {
      outcome.unknown_series.push_back(i);
      continue;
    }
    const TimestampMs time = batch.timestamps.empty() ? batch.timestamp : batch.timestamps[i];
    if (time < oldest) {
      ++outcome.out_of_bounds_count;
      continue;
    }
    TimestampMs newest_time = series->newest_time;
    double newest_value = series->newest_value;
    if (series->batch_mark == accepted.mark) {
      // The series came earlier in this very batch: what counts is that sample.
      const auto earlier = std::find(accepted.series.rbegin(), accepted.series.rend(), series);
      const auto at = static_cast<std::size_t>(accepted.series.rend() - earlier) - 1;
      newest_time = accepted.times[at];
      newest_value = accepted.values[at];
    }
    if (time <= newest_time) {
      if (time < newest_time) {
        ++outcome.out_of_order_count;
      } else if (model::SameBits(newest_value, batch.values[i])) {
        ++outcome.appended_count;
      } else {
        ++outcome.duplicate_count;
      }
      continue;
    }
    series->batch_mark = accepted.mark;
    accepted.has_one_time =
        accepted.has_one_time && (accepted.times.empty() || accepted.times.front() == time);
    accepted.series.push_back(series);
    accepted.refs.push_back(batch.series[i]);
    accepted.values.push_back(batch.values[i]);
    accepted.times.push_back(time);
    ++outcome.appended_count;
  }
  return outcome;
}

Status Head::LogAccepted(const storage::Batch& batch, const Accepted& accepted) {
  if (log_ == nullptr) return Ok();
  wal::BatchRecord record;
  record.group = batch.group;
  record.timestamp = accepted.times.front();
  if (!accepted.has_one_time) record.timestamps = accepted.times;
  record.refs = accepted.refs;
  record.values = accepted.values;
  if (batch_logger_->MustForget()) {
    ReaderLock lock(index_mutex_);
    for (const index::SeriesId id : table_->index().All()) table_->Find(id)->log_epoch = 0;
    batch_logger_->Forgot();
  }
  return batch_logger_->Append(record, accepted.series);
}

void Head::Apply(const storage::Batch& batch, const Accepted& accepted) {
  const std::uint64_t number = committed_batch_.load(std::memory_order_relaxed) + 1;
  const std::uint64_t settled = SettledBatch();
  // The group's column takes times in order only; a series with a time of its own keeps it to
  // itself.
  TimeColumn* shared = nullptr;
  std::uint32_t shared_ordinal = 0;
  if (batch.group != 0 && accepted.has_one_time) {
    TimeColumn& column = GroupColumn(batch.group);
    if (accepted.times.front() >= column.newest()) {
      shared = &column;
      shared_ordinal = column.Append(accepted.times.front(), number, settled);
    }
  }

  std::uint64_t chunks_before = 0;
  std::uint64_t chunks_after = 0;
  for (std::size_t i = 0; i < accepted.series.size();) {
    Mutex& stripe = StripeOf(accepted.refs[i]);
    MutexLock lock(stripe);
    do {
      Series& series = *accepted.series[i];
      const model::Sample sample{accepted.times[i], accepted.values[i]};
      chunks_before += series.chunk_count();
      if (shared != nullptr) {
        series.Append(*shared, shared_ordinal, sample);
      } else {
        if (series.own_column == nullptr) series.own_column = std::make_unique<TimeColumn>(0);
        TimeColumn& column = *series.own_column;
        series.Append(column, column.Append(sample.timestamp, number, settled), sample);
      }
      chunks_after += series.chunk_count();
      ++i;
    } while (i < accepted.series.size() && &StripeOf(accepted.refs[i]) == &stripe);
  }
  Counters::Add(counters_->chunks, chunks_after - chunks_before);
  Counters::Add(counters_->chunks_created, chunks_after - chunks_before);

  const auto [low, high] = std::ranges::minmax(accepted.times);
  if (low < min_time_.load(std::memory_order_relaxed)) {
    min_time_.store(low, std::memory_order_relaxed);
  }
  if (high > max_time_.load(std::memory_order_relaxed)) {
    max_time_.store(high, std::memory_order_relaxed);
  }
  // Release: whoever sees the number sees the samples.
  committed_batch_.store(number, std::memory_order_release);
}

Result<storage::AppendOutcome> Head::Append(const storage::Batch& batch) {
  NARTHEX_CHECK(batch.values.size() == batch.series.size() &&
                    (batch.timestamps.empty() || batch.timestamps.size() == batch.series.size()),
                "columns of a batch are of one length");
  MutexLock lock(append_mutex_);
  Accepted& accepted = *scratch_;
  storage::AppendOutcome outcome = Check(batch, accepted);
  if (batch.is_all_or_nothing && HasRefusals(outcome)) {
    outcome.appended_count = 0;
  } else if (!accepted.series.empty()) {
    if (Status logged = LogAccepted(batch, accepted); !logged.ok()) {
      // A part of it may be in the log, and readers would then know more than the series do.
      if (batch_logger_ != nullptr) batch_logger_->EndEpoch();
      return std::move(logged).error();
    }
    Apply(batch, accepted);
  }
  Counters::Add(counters_->appended, outcome.appended_count);
  Counters::Add(counters_->out_of_order, outcome.out_of_order_count);
  Counters::Add(counters_->duplicate, outcome.duplicate_count);
  Counters::Add(counters_->out_of_bounds, outcome.out_of_bounds_count);
  Counters::Add(counters_->series_not_found, outcome.unknown_series.size());
  return outcome;
}

}  // namespace narthex::head
