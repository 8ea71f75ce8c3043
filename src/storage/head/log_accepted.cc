// Logging what passed of an append, as one record.
#include <algorithm>

#include "batch_logger.h"
#include "counters.h"
#include "head/head.h"
#include "series_table.h"

namespace narthex::head {

// The log record of an append, piece by piece. Samples of one series stay in one record: so they
// come back in order. The floats come last: later ones build on them.
class Head::AcceptedEncoder {
 public:
  AcceptedEncoder(const Accepted& accepted, wal::RecordList& records)
      : accepted_(accepted), records_(records) {}

  void Attachments();
  // The samples of the part that a batch record cannot carry.
  void Others(const AcceptedPart& part);
  // The rest of it.
  void Floats(const AcceptedPart& part, BatchLogger& logger);

  // At least the number of samples that Floats has.
  std::size_t FloatCountMax(const AcceptedPart& part) const {
    return accepted_.has_series_of_several ? 0 : part.size();
  }

 private:
  bool IsForBatch(const AcceptedPart& part, std::size_t i) const {
    if (accepted_.has_series_of_several) return false;
    return !part.has_histograms || (!part.has_repeats && accepted_.histograms[i] == nullptr);
  }

  std::span<const Accepted::Row> RowsOf(const AcceptedPart& part) const {
    return std::span(accepted_.rows).subspan(part.row_begin, part.row_end - part.row_begin);
  }

  const Accepted& accepted_;
  wal::RecordList& records_;
  std::vector<Series*> series_;  // of the rows of a record
};

void Head::AcceptedEncoder::Attachments() {
  if (!accepted_.starts.empty()) {
    wal::StartRecord record;
    for (const Accepted::Start& start : accepted_.starts) record.changes.push_back(start.change);
    wal::EncodeStarts(record, records_.Start(wal::RecordType::kStartTimes));
  }
  if (!accepted_.late.empty()) {
    wal::SampleRecord record;
    for (const Accepted::Late& late : accepted_.late) record.samples.push_back(late.sample);
    wal::EncodeSamples(record, records_.Start(wal::RecordType::kLate));
  }
  if (!accepted_.exemplars.empty()) {
    wal::EncodeExemplars({accepted_.exemplars}, records_.Start(wal::RecordType::kExemplars));
  }
}

void Head::AcceptedEncoder::Others(const AcceptedPart& part) {
  if (!part.has_histograms && !accepted_.has_series_of_several) return;
  wal::SampleRecord record{part.group, {}};
  for (const auto& [series, begin, end] : RowsOf(part)) {
    if (IsForBatch(part, begin)) continue;
    series->log_epoch = 0;
    for (std::size_t i = begin; i < end; ++i) {
      record.samples.push_back({accepted_.refs[i], accepted_.times[i], accepted_.values[i],
                                accepted_.histograms.empty() ? nullptr : accepted_.histograms[i]});
    }
  }
  if (record.samples.empty()) return;
  wal::EncodeSamples(record, records_.Start(wal::RecordType::kHistograms));
}

void Head::AcceptedEncoder::Floats(const AcceptedPart& part, BatchLogger& logger) {
  if (part.size() == 0 || accepted_.has_series_of_several) return;
  const auto of_part = [&](const auto& column) {
    return std::span(column).subspan(part.begin, part.size());
  };
  wal::BatchRecord record;
  record.group = part.group;
  record.timestamp = accepted_.times[part.begin];
  if (!part.has_one_time) record.timestamps = of_part(accepted_.times);
  record.refs = of_part(accepted_.refs);
  record.values = of_part(accepted_.values);

  series_.clear();
  Accepted floats;
  if (part.has_histograms) {
    for (const Accepted::Row& row : RowsOf(part)) {
      if (!IsForBatch(part, row.begin)) continue;
      // Of such a part each series has one sample.
      series_.push_back(row.series);
      floats.refs.push_back(accepted_.refs[row.begin]);
      floats.times.push_back(accepted_.times[row.begin]);
      floats.values.push_back(accepted_.values[row.begin]);
    }
    if (series_.empty()) return;
    record.timestamp = floats.times.front();
    if (!part.has_one_time) record.timestamps = floats.times;
    record.refs = floats.refs;
    record.values = floats.values;
  } else {
    for (const Accepted::Row& row : RowsOf(part)) series_.push_back(row.series);
  }
  logger.Encode(record, series_, records_.Start(wal::RecordType::kBatch));
}

Status Head::LogAccepted(const Accepted& accepted) {
  if (log_ == nullptr || accepted.empty()) return Ok();
  log_records_.Clear();
  AcceptedEncoder encoder(accepted, log_records_);
  encoder.Attachments();
  std::size_t float_size_max = 0;
  for (const AcceptedPart& part : accepted.parts) {
    encoder.Others(part);
    float_size_max += wal::BatchSizeMax(encoder.FloatCountMax(part));
  }
  NARTHEX_TRY(batch_logger_->Prepare(log_records_.SizeWith(accepted.parts.size(), float_size_max)));
  for (const AcceptedPart& part : accepted.parts) {
    if (batch_logger_->MustForget()) {
      ReaderLock lock(index_mutex_);
      for (const index::SeriesId id : table_->index().All()) table_->Find(id)->log_epoch = 0;
      batch_logger_->Forgot();
    }
    encoder.Floats(part, *batch_logger_);
  }
  Status logged = log_->Append(log_records_);
  // What could not be taken back may be in the log all the same, and readers would then know other
  // values than the series have.
  if (!logged.ok()) batch_logger_->EndEpoch();
  return logged;
}

}  // namespace narthex::head
