// Records of the log that few series have.
#include <algorithm>

#include "counters.h"
#include "replay.h"
#include "series_table.h"
#include "wal/attachment_record.h"
#include "wal/sample_record.h"

namespace narthex::head {
namespace {

// So much is collected before the applier is waited for.
constexpr std::size_t kPendingCountMax = 16'384;

}  // namespace

// As Head::Place has it: the first ordinal in `column`, if the samples share one.
std::optional<std::uint32_t> HeadReplay::PlaceSamples(const wal::SampleRecord& record,
                                                      TimeColumn*& column) {
  std::vector<TimestampMs> times;
  std::vector<std::uint64_t> refs;
  for (const wal::SampleRecord::Sample& sample : record.samples) {
    times.push_back(sample.timestamp);
    refs.push_back(sample.ref);
  }
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  shared_times_.Find(times, refs);
  if (record.group == 0 || shared_times_.times().empty()) return std::nullopt;
  TimeColumn& shared = head_.GroupColumn(record.group);
  const auto first = shared.Place(shared_times_.times(), batch_number_, batch_number_);
  if (first) column = &shared;
  return first;
}

Status HeadReplay::TakeHistograms(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::SampleRecord record, wal::DecodeSamples(payload));
  if (record.samples.empty()) return Ok();
  ++batch_number_;
  PendingSample pending{.batch = batch_number_};
  const std::optional<std::uint32_t> first = PlaceSamples(record, pending.column);
  for (std::size_t i = 0; i < record.samples.size(); ++i) {
    wal::SampleRecord::Sample& sample = record.samples[i];
    LoggedSeries& logged = HomeOf(sample.ref);
    if (logged.series == nullptr) {
      ++unknown_count_;
      continue;
    }
    logged.has_pending = true;
    pending.logged = &logged;
    if (first) pending.ordinal = *first + shared_times_.OffsetOf(i);
    pending.sample = {sample.timestamp, sample.value};
    pending.histogram = std::move(sample.histogram);
    pending_.push_back(pending);
    Extend(sample.timestamp, sample.timestamp);
  }
  MaybeFlush();
  return Ok();
}

Status HeadReplay::TakeLate(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::SampleRecord record, wal::DecodeSamples(payload));
  for (wal::SampleRecord::Sample& sample : record.samples) {
    Series* series = logged_.At(sample.ref).series;
    if (series == nullptr) {
      ++unknown_count_;
    } else {
      pending_extras_->late.push_back({series, std::move(sample)});
    }
  }
  MaybeFlush();
  return Ok();
}

Status HeadReplay::TakeStarts(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::StartRecord record, wal::DecodeStarts(payload));
  for (const wal::StartRecord::Change& change : record.changes) {
    // The samples that miss their series are counted, each in its own record.
    Series* series = logged_.At(change.ref).series;
    if (series != nullptr) pending_extras_->starts.push_back({series, change});
  }
  MaybeFlush();
  return Ok();
}

Status HeadReplay::TakeExemplars(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::ExemplarRecord record, wal::DecodeExemplars(payload));
  for (auto& [ref, exemplar] : record.entries) {
    const LoggedSeries& logged = logged_.At(ref);
    // Exemplars outlive their series, but not in the log.
    if (logged.series == nullptr) continue;
    pending_extras_->exemplars.push_back({logged.id, std::move(exemplar)});
  }
  MaybeFlush();
  return Ok();
}

bool HeadReplay::MustFlush(const wal::BatchRecord& record) {
  return !pending_.empty() && std::ranges::any_of(record.refs, [&](std::uint64_t ref) {
    return HomeOf(ref).has_pending;
  });
}

void HeadReplay::MaybeFlush() {
  const Head::Accepted& extras = *pending_extras_;
  const std::size_t count =
      pending_.size() + extras.late.size() + extras.starts.size() + extras.exemplars.size();
  if (count >= kPendingCountMax) Flush();
}

void HeadReplay::Flush() {
  applier_.Drain();
  MutexLock lock(head_.append_mutex_);
  std::uint64_t chunk_change = 0;  // wraps around below zero, and back when added
  for (PendingSample& pending : pending_) {
    Series& series = *pending.logged->series;
    pending.logged->has_pending = false;
    if (pending.sample.timestamp <= series.newest_time) continue;
    TimeColumn* column = pending.column;
    if (column == nullptr) {
      column = &series.OwnColumn(head_.options_.block_range_ms);
      pending.ordinal = column->Append(pending.sample.timestamp, pending.batch, pending.batch);
    }
    chunk_change -= series.chunk_count();
    if (pending.histogram == nullptr) {
      series.Append(*column, pending.ordinal, std::span(&pending.sample.value, 1),
                    pending.sample.timestamp);
    } else {
      series.Append(*column, pending.ordinal, pending.sample.timestamp,
                    std::move(pending.histogram));
    }
    chunk_change += series.chunk_count();
  }
  pending_.clear();
  Head::Counters::Add(head_.counters_->chunks, chunk_change);
  head_.committed_batch_.store(batch_number_, std::memory_order_release);
  if (pending_extras_->late.empty() && pending_extras_->starts.empty() &&
      pending_extras_->exemplars.empty()) {
    return;
  }
  indexer_.Drain();
  head_.Apply(*pending_extras_);
  pending_extras_->Clear();
  batch_number_ = head_.committed_batch_.load(std::memory_order_relaxed);
}

void HeadReplay::CountStale() {
  std::uint64_t count = 0;
  ReaderLock lock(head_.index_mutex_);
  for (const index::SeriesId id : head_.table_->index().All()) {
    if (head_.table_->Find(id)->is_stale()) ++count;
  }
  head_.counters_->stale_series.store(count, std::memory_order_relaxed);
}

}  // namespace narthex::head
