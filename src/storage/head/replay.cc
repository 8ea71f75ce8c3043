#include "replay.h"

#include <algorithm>
#include <cstring>

#include "base/log.h"
#include "counters.h"
#include "series_table.h"

namespace narthex::head {
namespace {

constexpr std::string_view kComponent = "tsdb";

// Reading and decoding is about as much work as two threads can apply.
constexpr std::size_t kThreadCountMax = 4;

std::size_t ThreadCount() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kThreadCountMax);
}

}  // namespace

HeadReplay::HeadReplay(Head& head)
    : head_(head),
      indexer_(head.index_mutex_, *head.table_),
      applier_(ThreadCount(), head.options_.block_range_ms),
      pending_extras_(std::make_unique<Head::Accepted>()) {}

HeadReplay::~HeadReplay() = default;

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
  indexer_.Drain();
  Flush();
  CountStale();
  Head::Counters::Add(head_.counters_->chunks, applier_.chunk_count());
  if (applier_.refused_page_count() > 0) {
    LogError(kComponent, "pages of the checkpoint do not fit; they are passed over",
             {{"pages", applier_.refused_page_count()}});
  }
  report.damage_count += malformed_count_ + applier_.refused_page_count();
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
      return TakePage(payload, false);
    case wal::RecordType::kHistogramPage:
      return TakePage(payload, true);
    case wal::RecordType::kHistograms:
      return TakeHistograms(payload);
    case wal::RecordType::kLate:
      return TakeLate(payload);
    case wal::RecordType::kStartTimes:
      return TakeStarts(payload);
    case wal::RecordType::kExemplars:
      return TakeExemplars(payload);
    case wal::RecordType::kTombstone:
    case wal::RecordType::kEnd:
    case wal::RecordType::kTogether:  // the reader takes it apart, unless it is malformed
      break;
  }
  return Error{ErrorCode::kUnsupported, "record of an unknown type"};
}

void HeadReplay::Extend(TimestampMs from, TimestampMs until) {
  // Relaxed: nobody else uses the head yet.
  constexpr auto kOrder = std::memory_order_relaxed;
  if (from < head_.min_time_.load(kOrder)) head_.min_time_.store(from, kOrder);
  if (until > head_.max_time_.load(kOrder)) head_.max_time_.store(until, kOrder);
}

// Null if the label set may be there.
Series* HeadReplay::TryAddSeries(std::uint64_t ref, std::uint64_t hash) {
  return head_.table_->TryAddHash(ref, hash) ? &head_.table_->AddByRef(ref) : nullptr;
}

Series& HeadReplay::AddSeries(std::uint64_t ref, std::uint64_t hash) {
  head_.table_->AddHash(ref, hash);
  return head_.table_->AddByRef(ref);
}

void HeadReplay::HashLabels(const wal::SeriesRecord& record) {
  hashes_.clear();
  for (const wal::SeriesRecord::Series& series : record.series) {
    hashes_.push_back(series.labels.Hash());
  }
}

void HeadReplay::PrefetchHash(std::size_t i) const {
  if (i < hashes_.size()) head_.table_->index().PrefetchHash(hashes_[i]);
}

Series* HeadReplay::FindIndexed(const model::LabelSet& labels) {
  indexer_.Drain();
  ReaderLock index_lock(head_.index_mutex_);
  const auto id = head_.table_->index().Find(labels);
  return id ? head_.table_->Find(*id) : nullptr;
}

Status HeadReplay::TakeSeries(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::SeriesRecord record, wal::DecodeSeries(payload));
  HashLabels(record);
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  for (std::size_t i = 0; i < record.series.size(); ++i) {
    PrefetchHash(i + kPrefetchDistance);
    wal::SeriesRecord::Series& series = record.series[i];
    LoggedSeries& logged = logged_.At(series.ref);
    // References ascend in everything a head writes; the index relies on it.
    const bool is_in_order = series.ref >= head_.next_ref_ && series.ref < UINT32_MAX;
    Series* added = is_in_order ? TryAddSeries(series.ref, hashes_[i]) : nullptr;
    if (added == nullptr) {
      // Two records may name one label set: after a failed write of the first, its reference is
      // burnt; and a series may come while a checkpoint is written.
      if (Series* known = FindIndexed(series.labels)) {
        logged.id = known->id;
        logged.series = known;
        continue;
      }
      if (!is_in_order) {
        return Error{ErrorCode::kCorruption, "series record: reference out of order"};
      }
      added = &AddSeries(series.ref, hashes_[i]);
    }
    head_.next_ref_ = series.ref + 1;
    logged.id = added->id;
    logged.series = added;
    indexer_.Add(std::move(series));
  }
  return Ok();
}

void HeadReplay::FillBases() {
  wal::ValueBases& bases = batch_decoder_.bases();
  const std::span<const std::uint64_t> row_refs = batch_decoder_.row_refs();
  for (std::size_t row = 0; row < row_refs.size(); ++row) {
    if (bases.are_known[row] == 0) continue;
    const LoggedSeries& logged = logged_.At(row_refs[row]);
    bases.values[row] = logged.value;
    bases.exponents[row] = logged.exponent;
  }
}

Status HeadReplay::TakeBatch(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(wal::BatchRecord record, batch_decoder_.DecodeKeys(payload));
  FillBases();
  auto values = batch_decoder_.DecodeValues();
  if (values.code() == ErrorCode::kFailedPrecondition) {
    lost_sample_count_ += record.refs.size();
    return Ok();
  }
  if (!values.ok()) return std::move(values).error();
  record.values = *values;
  if (!record.refs.empty()) GiveToApplier(record);
  applier_.MaybeDispatch();
  return Ok();
}

// As Head::Place has it. Whether the samples have no times of their own.
bool HeadReplay::StartBatch(const wal::BatchRecord& record) {
  const bool has_one_time = record.timestamps.empty();
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  if (has_one_time) {
    shared_times_.SetOne(record.timestamp);
  } else {
    shared_times_.Find(record.timestamps, record.refs);
  }
  const std::span<const TimestampMs> times = shared_times_.times();
  if (record.group != 0 && !times.empty()) {
    TimeColumn& column = head_.GroupColumn(record.group);
    if (const auto first = column.Place(times, batch_number_, batch_number_)) {
      applier_.StartBatches(column, *first, times, batch_number_);
      return true;
    }
  }
  applier_.StartBatch(nullptr, 0, record.timestamp, batch_number_);
  return false;
}

void HeadReplay::GiveToApplier(const wal::BatchRecord& record) {
  if (MustFlush(record)) Flush();
  ++batch_number_;
  const bool has_one_time = record.timestamps.empty();
  const bool is_shared = StartBatch(record);
  ReplayApplier::BatchChoice choice;
  if (is_shared) choice.count = static_cast<std::uint32_t>(shared_times_.times().size());
  const std::vector<std::uint8_t>& exponents = batch_decoder_.bases().exponents;
  bool is_any_known = false;
  LoggedSeries* logged = nullptr;
  LoggedSeries* home = nullptr;
  for (std::size_t i = 0, row = 0; i < record.refs.size(); ++i) {
    if (i == 0 || record.refs[i] != record.refs[i - 1]) {
      logged = &logged_.At(record.refs[i]);
      home = &HomeOf(record.refs[i]);
      logged->exponent = exponents[row++];
    }
    logged->value = record.values[i];
    if (logged->series == nullptr) {
      ++unknown_count_;
      continue;
    }
    is_any_known = true;
    if (is_shared) {
      choice.index = shared_times_.OffsetOf(i);
    } else {
      applier_.AddTime(has_one_time ? record.timestamp : record.timestamps[i]);
    }
    applier_.AddSample(home->series, home->id, home->slot, record.values[i], choice);
  }
  if (!is_any_known) return;
  if (has_one_time) return Extend(record.timestamp, record.timestamp);
  const auto [low, high] = std::ranges::minmax(record.timestamps);
  Extend(low, high);
}

Status HeadReplay::TakeColumn(std::string_view payload) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::ColumnRecord record, wal::DecodeColumn(payload));
  MutexLock lock(head_.append_mutex_);
  head_.next_group_ = std::max(head_.next_group_, record.group + 1);
  TimeColumn* column = nullptr;
  if (record.group != 0) {
    column = &head_.GroupColumn(record.group);
  } else {
    orphans_[record.column] = std::make_unique<TimeColumn>(0, head_.options_.block_range_ms);
    column = orphans_[record.column].get();
  }
  if (!column->Restore(record.first_ordinal, record.times)) {
    return Error{ErrorCode::kCorruption, "column record: times do not follow on"};
  }
  columns_[record.column] = column;
  page_times_ = {};  // the column may lie where another one was
  return Ok();
}

SeriesExtras& HeadReplay::ExtrasOf(LoggedSeries& logged) {
  if (logged.series->extras == nullptr && logged.has_pages) applier_.Drain();
  return logged.series->Extras();
}

// Neighbours mostly have pages of the same ordinals, and times of a column do not change.
std::optional<model::TimeRange> HeadReplay::TimesOf(const SealedPage& page) {
  PageTimes& last = page_times_;
  if (last.column == page.column && last.first == page.first && last.span == page.span) {
    return last.range;
  }
  const auto from = page.column->TimeAt(page.first);
  const auto until = page.column->TimeAt(page.first + page.span - 1u);
  if (!from || !until) return std::nullopt;
  last = {page.column, page.first, page.span, {*from, *until}};
  return last.range;
}

Status HeadReplay::TakePage(std::string_view payload, bool has_histograms) {
  NARTHEX_ASSIGN_OR_RETURN(const wal::PageRecord record, wal::DecodePage(payload));
  LoggedSeries& logged = HomeOf(record.ref);
  Series* series = logged.series;
  const auto column = columns_.find(record.column);
  if (series == nullptr || column == columns_.end()) {
    unknown_count_ += record.count;
    return Ok();
  }
  if (const auto orphan = orphans_.find(record.column); orphan != orphans_.end()) {
    // No checkpoint has pages behind batches, but damage may look like one.
    if (batch_number_ > 0) applier_.Drain();
    std::unique_ptr<TimeColumn>& own = ExtrasOf(logged).own_column;
    if (own != nullptr) {
      return Error{ErrorCode::kCorruption, "page record: second column of one series"};
    }
    own = std::move(orphan->second);
    orphans_.erase(orphan);
  }
  if (has_histograms) (void)ExtrasOf(logged);
  SealedPage page;
  page.column = column->second;
  page.first = record.first_ordinal;
  page.span = record.span;
  page.count = record.count;
  page.has_histograms = has_histograms;
  page.size = static_cast<std::uint32_t>(record.presence.size() + record.page.size());
  page.bytes = std::make_unique_for_overwrite<char[]>(page.size);
  std::memcpy(page.bytes.get(), record.presence.data(), record.presence.size());
  std::memcpy(page.bytes.get() + record.presence.size(), record.page.data(), record.page.size());
  const std::optional<model::TimeRange> times = TimesOf(page);
  if (!times) return Error{ErrorCode::kCorruption, "page record: no times of its ordinals"};
  Extend(times->from, times->until);
  logged.has_pages = true;
  applier_.AddPage(series, std::move(page), times->until);
  applier_.MaybeDispatch();
  return Ok();
}

}  // namespace narthex::head
