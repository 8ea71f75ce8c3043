// Logging what passed, and making it visible.
#include <algorithm>

#include "batch_logger.h"
#include "counters.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {

Status Head::LogRecord(wal::RecordType type) { return log_->Append(type, log_buffer_); }

Status Head::LogFloats(const storage::Batch& batch, const Accepted& accepted) {
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

Status Head::LogMixed(const storage::Batch& batch, const Accepted& accepted) {
  Accepted floats;
  floats.has_one_time = accepted.has_one_time;
  wal::SampleRecord others{batch.group, {}};
  for (std::size_t i = 0; i < accepted.series.size(); ++i) {
    // Samples of one series stay in one record: so they come back in order.
    if (accepted.histograms[i] == nullptr && !accepted.has_repeats) {
      floats.series.push_back(accepted.series[i]);
      floats.refs.push_back(accepted.refs[i]);
      floats.times.push_back(accepted.times[i]);
      floats.values.push_back(accepted.values[i]);
    } else {
      others.samples.push_back(
          {accepted.refs[i], accepted.times[i], accepted.values[i], accepted.histograms[i]});
      accepted.series[i]->log_epoch = 0;
    }
  }
  log_buffer_.clear();
  wal::EncodeSamples(others, log_buffer_);
  NARTHEX_TRY(LogRecord(wal::RecordType::kHistograms));
  return floats.series.empty() ? Ok() : LogFloats(batch, floats);
}

// A batch of several records that fails midway leaves the first ones: its appender sends all again,
// and what is there already is then a repeat. The floats come last: later ones build on them.
Status Head::LogAccepted(const storage::Batch& batch, const Accepted& accepted) {
  if (log_ == nullptr) return Ok();
  if (!accepted.starts.empty()) {
    wal::StartRecord record;
    for (const Accepted::Start& start : accepted.starts) record.changes.push_back(start.change);
    log_buffer_.clear();
    wal::EncodeStarts(record, log_buffer_);
    NARTHEX_TRY(LogRecord(wal::RecordType::kStartTimes));
  }
  if (!accepted.late.empty()) {
    wal::SampleRecord record;
    for (const Accepted::Late& late : accepted.late) record.samples.push_back(late.sample);
    log_buffer_.clear();
    wal::EncodeSamples(record, log_buffer_);
    NARTHEX_TRY(LogRecord(wal::RecordType::kLate));
  }
  if (!accepted.exemplars.empty()) {
    log_buffer_.clear();
    wal::EncodeExemplars({accepted.exemplars}, log_buffer_);
    NARTHEX_TRY(LogRecord(wal::RecordType::kExemplars));
  }
  if (accepted.series.empty()) return Ok();
  return accepted.histograms.empty() ? LogFloats(batch, accepted) : LogMixed(batch, accepted);
}

void Head::ApplyStarts(const Accepted& accepted) {
  for (const Accepted::Start& start : accepted.starts) {
    MutexLock lock(StripeOf(start.series->id));
    start.series->SetStart({start.change.from, start.change.start});
  }
}

void Head::ApplyLate(const Accepted& accepted, std::uint64_t number) {
  std::uint64_t added_count = 0;
  for (const auto& [series, sample] : accepted.late) {
    MutexLock lock(StripeOf(series->id));
    if (!series->AddLate({sample.timestamp, number, sample.value, sample.histogram})) continue;
    ++added_count;
    late_series_.insert(series->id);
    late_range_.from = std::min(late_range_.from, sample.timestamp);
    late_range_.until = std::max(late_range_.until, sample.timestamp);
  }
  Counters::Add(counters_->late_appended, added_count);
  Counters::Add(counters_->late_held, added_count);
}

void Head::ApplySamples(const storage::Batch& batch, const Accepted& accepted,
                        std::uint64_t number) {
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

  std::uint64_t chunks_change = 0;
  std::uint64_t stale_change = 0;  // both wrap around below zero, and back when added
  for (std::size_t i = 0; i < accepted.series.size();) {
    Mutex& stripe = StripeOf(accepted.refs[i]);
    MutexLock lock(stripe);
    do {
      Series& series = *accepted.series[i];
      chunks_change -= series.chunk_count();
      stale_change -= series.is_stale() ? 1 : 0;
      TimeColumn* column = shared;
      std::uint32_t ordinal = shared_ordinal;
      if (column == nullptr) {
        std::unique_ptr<TimeColumn>& own = series.Extras().own_column;
        if (own == nullptr) own = std::make_unique<TimeColumn>(0);
        column = own.get();
        ordinal = column->Append(accepted.times[i], number, settled);
      }
      if (accepted.histograms.empty() || accepted.histograms[i] == nullptr) {
        series.Append(*column, ordinal, {accepted.times[i], accepted.values[i]});
      } else {
        series.Append(*column, ordinal, accepted.times[i], accepted.histograms[i]);
      }
      chunks_change += series.chunk_count();
      stale_change += series.is_stale() ? 1 : 0;
      ++i;
    } while (i < accepted.series.size() && &StripeOf(accepted.refs[i]) == &stripe);
  }
  Counters::Add(counters_->chunks, chunks_change);
  Counters::Add(counters_->chunks_created, chunks_change);
  Counters::Add(counters_->stale_series, stale_change);
  const auto count_histogram = [](const HistogramPtr& histogram) { return histogram != nullptr; };
  Counters::Add(counters_->histograms_appended, static_cast<std::uint64_t>(std::ranges::count_if(
                                                    accepted.histograms, count_histogram)));
}

void Head::Apply(const storage::Batch& batch, const Accepted& accepted) {
  const std::uint64_t number = committed_batch_.load(std::memory_order_relaxed) + 1;
  if (!accepted.starts.empty()) ApplyStarts(accepted);
  if (!accepted.exemplars.empty()) ApplyExemplars(accepted);
  if (!accepted.late.empty()) ApplyLate(accepted, number);
  if (!accepted.series.empty()) {
    ApplySamples(batch, accepted, number);
    const auto [low, high] = std::ranges::minmax(accepted.times);
    if (low < min_time_.load(std::memory_order_relaxed)) {
      min_time_.store(low, std::memory_order_relaxed);
    }
    if (high > max_time_.load(std::memory_order_relaxed)) {
      max_time_.store(high, std::memory_order_relaxed);
    }
  }
  // Release: whoever sees the number sees the samples.
  committed_batch_.store(number, std::memory_order_release);
}

}  // namespace narthex::head
