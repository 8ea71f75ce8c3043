#include "upkeep.h"

#include <utility>

#include "base/log.h"
#include "block/writer.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";

// Merges that are given up one after the other for those who do not want to wait; then one is
// finished.
constexpr int kGivenUpCountMax = 3;
// Late samples that the head holds before a block is cut for them alone; each takes some 40 bytes.
constexpr std::uint64_t kLateCountMax = 1'000'000;
// Between two looks at whether the head and the log hold more than they should: backfilling brings
// hours of samples in seconds.
constexpr std::chrono::seconds kCheckInterval(2);

}  // namespace

Upkeep::Upkeep(Parts parts)
    : files_(parts.files),
      clock_(parts.clock),
      options_(parts.options),
      head_(parts.head),
      store_(parts.store),
      deletions_(parts.deletions),
      counters_(parts.counters),
      retention_(parts.options.retention) {}

void Upkeep::SetRetention(Retention retention) {
  MutexLock lock(round_mutex_);
  retention_ = std::move(retention);
}

Retention Upkeep::retention() const {
  MutexLock lock(round_mutex_);
  return retention_;
}

void Upkeep::StopRound() {
  MutexLock lock(round_mutex_);
  if (may_give_up_) round_stop_.request_stop();
}

void Upkeep::Run(std::stop_token stop) {
  const std::chrono::nanoseconds interval = options_.upkeep_interval;
  const std::chrono::nanoseconds pause =
      std::min<std::chrono::nanoseconds>(interval, kCheckInterval);
  std::chrono::nanoseconds next = clock_.Monotonic() + interval;
  std::uint64_t logged_before = 0;
  while (clock_.WaitFor(pause, stop)) {
    const std::uint64_t logged = head_.logged_record_count();
    const bool is_quiet = std::exchange(logged_before, logged) == logged;
    // After a failure not before its time: it would fail again.
    if (clock_.Monotonic() < next && !(WasOk() && IsCutDue())) {
      ShortenLog(is_quiet ? head::CheckpointOccasion::kQuiet : head::CheckpointOccasion::kRunning);
      continue;
    }
    const Status status = Round(stop);
    next = clock_.Monotonic() + interval;
    MutexLock lock(mutex_);
    if (!status.ok() && was_ok_) {
      LogError(kComponent, "upkeep failed; it is tried again", {{"err", status.error().message()}});
    }
    if (status.ok() && !was_ok_) LogInfo(kComponent, "upkeep works again");
    was_ok_ = status.ok();
  }
}

void Upkeep::ShortenLog(head::CheckpointOccasion occasion) {
  MutexLock lock(mutex_);
  if (const Status shortened = head_.CheckpointIfDue(occasion); !shortened.ok()) {
    LogWarn(kComponent, "the log could not be made smaller",
            {{"err", shortened.error().message()}});
  }
}

Status Upkeep::Round(std::stop_token stop) {
  MutexLock lock(mutex_);
  std::stop_source round;
  {
    MutexLock round_lock(round_mutex_);
    round_stop_ = round;
    may_give_up_ = given_up_count_ < kGivenUpCountMax;
  }
  const std::stop_callback forward(stop, [&round] { round.request_stop(); });
  Status status = store_.Refresh();
  Keep(status, CutBlocks(round.get_token()));
  Keep(status, CutLate(round.get_token()));
  Keep(status, CutStale(round.get_token()));
  Keep(status, head_.CheckpointIfDue(head::CheckpointOccasion::kRunning));
  Keep(status, ApplyRetention());
  Keep(status, MergeBlocksDue(round.get_token()));
  Keep(status, RewriteAged(round.get_token()));
  return status;
}

model::TimeRange Upkeep::HeldByHead() const {
  const model::TimeRange held = head_.range();
  const model::TimeRange late = head_.late_range();
  if (held.empty() || late.empty()) return held.empty() ? late : held;
  return {std::min(held.from, late.from), std::max(held.until, late.until)};
}

bool Upkeep::IsCutDue() const {
  const TimestampMs block_range = options_.block_range.count();
  const model::TimeRange held = head_.range();
  // Half a range more than a block: samples of the last while may still come.
  return !held.empty() && held.until - held.from > block_range + block_range / 2;
}

bool Upkeep::WasOk() {
  MutexLock lock(mutex_);
  return was_ok_;
}

Status Upkeep::CutBlocks(std::stop_token stop) {
  NARTHEX_TRY(FinishCut(stop));
  const TimestampMs block_range = options_.block_range.count();
  while (!stop.stop_requested() && IsCutDue()) {
    const TimestampMs from = AlignDown(head_.range().from, block_range);
    const std::chrono::nanoseconds begin = clock_.Monotonic();
    if (Status cut = CutBlock({from, from + block_range - 1}, stop); !cut.ok()) {
      TsdbCounters::Add(counters_.block_writes_failed);
      return cut;
    }
    TsdbCounters::Observe(counters_.block_seconds, clock_.Monotonic() - begin);
  }
  return Ok();
}

Result<std::unique_ptr<storage::Querier>> Upkeep::OpenHead(
    model::TimeRange range, HeadPart part, std::span<const storage::SeriesRef> some) {
  switch (part) {
    case HeadPart::kAll:
      return head_.OpenQuerier(range);
    case HeadPart::kLate:
      return head_.OpenLateQuerier(range);
    case HeadPart::kSome:
      return head_.OpenQuerierOf({some.begin(), some.end()}, range);
  }
  return Error{ErrorCode::kInternal, "no such part of the head"};
}

Result<block::BlockMeta> Upkeep::WriteHead(const std::string& directory, model::TimeRange range,
                                           HeadPart part,
                                           std::span<const storage::SeriesRef> some) {
  const TsdbCounters::Writing writing(counters_);
  block::BlockMeta meta;
  meta.id = block::NewBlockId(clock_.Now());
  meta.min_time = range.from;
  meta.max_time = range.until + 1;
  if (part == HeadPart::kAll) meta.head_cut_until = meta.max_time;
  NARTHEX_ASSIGN_OR_RETURN(auto writer, block::BlockWriter::Create(files_, directory, meta));
  if (counters_.page_bytes != nullptr) {
    writer->Observe([this](const block::WrittenPage& page) {
      counters_.page_bytes->Observe(static_cast<double>(page.size_bytes));
      counters_.page_samples->Observe(static_cast<double>(page.sample_count));
      counters_.page_seconds->Observe(static_cast<double>(page.range_ms) / 1000);
    });
  }
  NARTHEX_ASSIGN_OR_RETURN(auto head, OpenHead(range, part, some));
  const auto querier = deletions_.Hide(std::move(head));
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, {}));
  // A block of the store is merged before long, which codes it anew: now its pages are copied.
  // One that leaves stays as it is: it is coded at once, which takes less room.
  const bool is_merged_later = directory == store_.directory();
  while (set->Next()) {
    if (is_merged_later) {
      NARTHEX_TRY(writer->Add(*set));
    } else {
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
      NARTHEX_TRY(writer->Add(set->labels(), columns));
    }
  }
  NARTHEX_TRY(set->status());
  return writer->Finish();
}

Status Upkeep::TakeUp(const block::BlockMeta& meta) {
  if (meta.series_count == 0) return Ok();
  NARTHEX_TRY(store_.Replace(meta.id, {}));
  TsdbCounters::Add(counters_.blocks_written);
  LogInfo(kComponent, "block is written",
          {{"block", meta.id},
           {"from", FormatTimestamp(meta.min_time)},
           {"series", meta.series_count},
           {"samples", meta.sample_count}});
  return Ok();
}

Status Upkeep::CutBlock(model::TimeRange range, std::stop_token stop) {
  const std::uint64_t mark = head_.late_mark();
  NARTHEX_ASSIGN_OR_RETURN(const block::BlockMeta meta, WriteHead(store_.directory(), range));
  NARTHEX_TRY(TakeUp(meta));
  pending_cut_ = PendingCut{range, mark};
  return FinishCut(stop);
}

Status Upkeep::FinishCut(std::stop_token stop) {
  // Those that began before the block was in the list still read its samples from the head.
  if (!pending_cut_ || !head_.AwaitQueriers(stop)) return Ok();
  const PendingCut cut = *pending_cut_;
  pending_cut_.reset();
  const std::chrono::nanoseconds begin = clock_.Monotonic();
  head_.ForgetLate(cut.range, cut.late_mark);
  const Status truncated = head_.Truncate(cut.range.until + 1, stop);
  TsdbCounters::Observe(counters_.truncate_seconds, clock_.Monotonic() - begin);
  // A log that has what was deleted still brings it back at the next start.
  return truncated.ok() ? PruneDeletions() : truncated;
}

Status Upkeep::CutLate(std::stop_token stop) {
  const model::TimeRange late = head_.late_range();
  const model::TimeRange held = head_.range();
  const TimestampMs block_range = options_.block_range.count();
  // What lies beside samples in order goes into their block. The rest waits until enough time has
  // passed for a block of it: late samples come in numbers.
  const TimestampMs end = held.empty() ? late.until + 1 : AlignDown(held.from, block_range);
  if (late.empty() || late.from >= end) return Ok();
  const std::chrono::nanoseconds now = clock_.Monotonic();
  const bool is_due = now >= late_cut_from_ || head_.stats().late_count > kLateCountMax;
  if (!is_due) return Ok();
  late_cut_from_ = now + options_.block_range / 2;

  const std::uint64_t mark = head_.late_mark();
  const TimestampMs begin = AlignDown(late.from, block_range);
  for (TimestampMs from = begin; from < end; from += block_range) {
    if (stop.stop_requested()) return Ok();
    auto written = WriteHead(store_.directory(), {from, from + block_range - 1}, HeadPart::kLate);
    Status status = written.ok() ? TakeUp(*written) : Status(std::move(written).error());
    if (!status.ok()) {
      TsdbCounters::Add(counters_.block_writes_failed);
      return status;
    }
  }
  // Given up here, they are written once more the next time; merging makes one of the two.
  if (!head_.AwaitQueriers(stop)) return Ok();
  head_.ForgetLate({begin, end - 1}, mark);
  NARTHEX_TRY(head_.Checkpoint());
  return PruneDeletions();
}

}  // namespace narthex::tsdb
