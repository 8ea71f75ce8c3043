#include "replay.h"

#include <algorithm>
#include <cstring>

#include "base/log.h"
#include "counters.h"
#include "series_table.h"

namespace narthex::head {
namespace {

constexpr std::string_view kComponent = "tsdb";

}  // namespace

Result<wal::ReadReport> HeadReplay::Run() {
  NARTHEX_ASSIGN_OR_RETURN(
      wal::ReadReport report,
      wal::ReadLog(head_.files_, head_.options_.wal_directory,
                   [this](wal::RecordType type, std::string_view payload) {
                     if (Status taken = Visit(type, payload); !taken.ok()) {
                       ++malformed_count_;
                       LogError(kComponent, "record of the log does not fit; it is passed over",
                                {{"err", taken.error().message()}});
                     }
                     return Ok();
                   }));
  report.damage_count += malformed_count_;
  if (lost_sample_count_ > 0) {
    ++report.damage_count;
    LogError(kComponent, "samples of the log build on damaged ones and are lost",
             {{"samples", lost_sample_count_}});
  }
  Head::Counters::Add(head_.counters_->unknown_references, unknown_count_);
  if (unknown_count_ > 0) {
    LogWarn(kComponent, "samples of unknown series in the log", {{"samples", unknown_count_}});
  }
  return report;
}

Status HeadReplay::Visit(wal::RecordType type, std::string_view payload) {
  switch (type) {
    case wal::RecordType::kSeries:
      return TakeSeries(payload);
    case wal::RecordType::kBatch:
      return TakeBatch(payload);
    case wal::RecordType::kColumn:
      return TakeColumn(payload);
    case wal::RecordType::kPage:
      return TakePage(payload);
    case wal::RecordType::kTombstone:
    case wal::RecordType::kEnd:
      break;
  }
  return Error{ErrorCode::kUnsupported, "record of an unknown type"};
}

Series* HeadReplay::Find(std::uint64_t ref) {
  const auto alias = aliases_.find(ref);
  ReaderLock lock(head_.index_mutex_);
  return head_.table_->Find(alias == aliases_.end() ? ref : alias->second);
}

void HeadReplay::Extend(TimestampMs from, TimestampMs until) {
  head_.min_time_ = std::min(head_.min_time_.load(), from);
  head_.max_time_ = std::max(head_.max_time_.load(), until);
}

Status HeadReplay::TakeSeries(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::SeriesRecord record, wal::DecodeSeries(payload));
  MutexLock lock(head_.append_mutex_);
  WriterLock index_lock(head_.index_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  for (const wal::SeriesRecord::Series& series : record.series) {
    if (const auto known = head_.table_->index().Find(series.labels)) {
      if (*known != series.ref) aliases_[series.ref] = *known;
      continue;
    }
    // References ascend in everything a head writes; the index relies on it.
    if (series.ref < head_.next_ref_ || series.ref > UINT32_MAX) {
      return Error{ErrorCode::kCorruption, "series record: reference out of order"};
    }
    head_.next_ref_ = series.ref + 1;
    head_.table_->Add(series.ref, series.labels);
  }
  return Ok();
}

Status HeadReplay::TakeBatch(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::BatchRecord record, batch_decoder_.DecodeKeys(payload));
  wal::ValueBases& bases = batch_decoder_.bases();
  const std::span<const std::uint64_t> row_refs = batch_decoder_.row_refs();
  for (std::size_t row = 0; row < row_refs.size(); ++row) {
    if (bases.are_known[row] == 0) continue;
    const LoggedValue& logged = logged_values_.At(row_refs[row]);
    bases.values[row] = logged.value;
    bases.exponents[row] = logged.exponent;
  }
  auto values = batch_decoder_.DecodeValues();
  if (values.code() == ErrorCode::kFailedPrecondition) {
    lost_sample_count_ += record.refs.size();
    return Ok();
  }
  if (!values.ok()) return std::move(values).error();
  record.values = *values;
  for (std::size_t i = 0, row = 0; i < record.refs.size(); ++i) {
    if (i > 0 && record.refs[i] != record.refs[i - 1]) ++row;
    logged_values_.At(record.refs[i]) = {record.values[i], bases.exponents[row]};
  }
  ApplyBatch(record);
  return Ok();
}

void HeadReplay::ApplyBatch(const wal::BatchRecord& record) {
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  Head::Accepted& accepted = *head_.scratch_;
  accepted.Clear();
  for (std::size_t i = 0; i < record.refs.size(); ++i) {
    Series* series = Find(record.refs[i]);
    if (series == nullptr) {
      ++unknown_count_;
      continue;
    }
    const TimestampMs time = record.timestamps.empty() ? record.timestamp : record.timestamps[i];
    if (time <= series->newest_time) continue;
    accepted.series.push_back(series);
    accepted.refs.push_back(series->id);
    accepted.values.push_back(record.values[i]);
    accepted.times.push_back(time);
  }
  if (accepted.series.empty()) return;
  accepted.has_one_time = record.timestamps.empty();
  const storage::Batch batch{.group = record.group, .timestamp = record.timestamp};
  head_.Apply(batch, accepted);
}

Status HeadReplay::TakeColumn(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::ColumnRecord record, wal::DecodeColumn(payload));
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  TimeColumn* column = nullptr;
  if (record.group != 0) {
    column = &head_.GroupColumn(record.group);
  } else {
    orphans_[record.column] = std::make_unique<TimeColumn>(0);
    column = orphans_[record.column].get();
  }
  if (!column->Restore(record.first_ordinal, record.times)) {
    return Error{ErrorCode::kCorruption, "column record: times do not follow on"};
  }
  columns_[record.column] = column;
  return Ok();
}

Status HeadReplay::TakePage(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::PageRecord record, wal::DecodePage(payload));
  Series* series = Find(record.ref);
  const auto column = columns_.find(record.column);
  if (series == nullptr || column == columns_.end()) {
    unknown_count_ += record.count;
    return Ok();
  }
  if (const auto orphan = orphans_.find(record.column); orphan != orphans_.end()) {
    if (series->own_column != nullptr) {
      return Error{ErrorCode::kCorruption, "page record: second column of one series"};
    }
    series->own_column = std::move(orphan->second);
    orphans_.erase(orphan);
  }
  SealedPage page;
  page.column = column->second;
  page.first = record.first_ordinal;
  page.span = record.span;
  page.count = record.count;
  page.size = static_cast<std::uint32_t>(record.presence.size() + record.page.size());
  page.bytes = std::make_unique_for_overwrite<char[]>(page.size);
  std::memcpy(page.bytes.get(), record.presence.data(), record.presence.size());
  std::memcpy(page.bytes.get() + record.presence.size(), record.page.data(), record.page.size());
  const TimestampMs first_time =
      page.column->TimeAt(page.first).value_or(std::numeric_limits<TimestampMs>::max());
  if (!series->Restore(std::move(page))) {
    return Error{ErrorCode::kCorruption, "page record: values or times do not fit"};
  }
  Extend(first_time, series->newest_time);
  Head::Counters::Add(head_.counters_->chunks);
  return Ok();
}

}  // namespace narthex::head
