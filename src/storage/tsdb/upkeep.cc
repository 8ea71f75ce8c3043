// Cutting blocks out of the head and deleting old ones.
#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "block/block.h"
#include "block/writer.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";

// Start of the aligned range that `time` is in; also below zero.
TimestampMs AlignDown(TimestampMs time, TimestampMs range) {
  const TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

// Keeps the first error of several steps.
void Keep(Status& kept, Status status) {
  if (kept.ok()) kept = std::move(status);
}

}  // namespace

void Tsdb::RunUpkeep(std::stop_token stop) {
  while (clock_.WaitFor(options_.upkeep_interval, stop)) {
    MutexLock lock(upkeep_mutex_);
    Status status = CutBlocks(stop);
    Keep(status, ApplyRetention());
    if (!status.ok() && upkeep_was_ok_) {
      LogError(kComponent, "upkeep failed; it is tried again", {{"err", status.error().message()}});
    }
    if (status.ok() && !upkeep_was_ok_) LogInfo(kComponent, "upkeep works again");
    upkeep_was_ok_ = status.ok();
  }
}

Status Tsdb::Maintain() {
  MutexLock lock(upkeep_mutex_);
  Status status = CutBlocks({});
  Keep(status, ApplyRetention());
  return status;
}

Status Tsdb::CutBlocks(std::stop_token stop) {
  const TimestampMs block_range = options_.block_range.count();
  Status status = Ok();
  while (!stop.stop_requested()) {
    const model::TimeRange held = head_->range();
    // Half a range more than a block: samples of the last while may still come.
    if (held.empty() || held.until - held.from <= block_range + block_range / 2) break;
    const TimestampMs from = AlignDown(held.from, block_range);
    Status cut = CutBlock({from, from + block_range - 1}, stop);
    const bool is_cut = cut.ok();
    Keep(status, std::move(cut));
    if (!is_cut) {
      compaction_failed_count_.fetch_add(1, std::memory_order_relaxed);
      break;
    }
  }
  return status;
}

Status Tsdb::CutBlock(model::TimeRange range, std::stop_token stop) {
  block::BlockMeta meta;
  meta.id = block::NewBlockId(clock_.Now());
  meta.min_time = range.from;
  meta.max_time = range.until + 1;
  {
    NARTHEX_ASSIGN_OR_RETURN(auto writer,
                             block::BlockWriter::Create(files_, blocks_directory_, meta));
    NARTHEX_ASSIGN_OR_RETURN(const auto querier, head_->OpenQuerier(range));
    NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, {}));
    while (set->Next()) {
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
      NARTHEX_TRY(writer->Add(set->labels(), columns));
    }
    NARTHEX_TRY(set->status());
    NARTHEX_ASSIGN_OR_RETURN(meta, writer->Finish());
  }
  if (meta.series_count > 0) {
    NARTHEX_ASSIGN_OR_RETURN(auto opened,
                             block::Block::Open(files_, io::JoinPath(blocks_directory_, meta.id)));
    {
      MutexLock lock(blocks_mutex_);
      auto list = std::make_shared<Blocks>(*blocks_);
      list->push_back(std::move(opened));
      std::ranges::sort(*list, {}, [](const auto& one) { return one->meta().min_time; });
      blocks_ = std::move(list);
    }
    compaction_count_.fetch_add(1, std::memory_order_relaxed);
    LogInfo(kComponent, "block is written",
            {{"block", meta.id},
             {"from", FormatTimestamp(meta.min_time)},
             {"series", meta.series_count},
             {"samples", meta.sample_count}});
  }
  // Those that began before the block was in the list still read its samples from the head.
  if (!head_->AwaitQueriers(stop)) return Ok();
  return head_->Truncate(range.until + 1, stop);
}

Status Tsdb::ApplyRetention() {
  Retention retention;
  {
    MutexLock lock(blocks_mutex_);
    retention = retention_;
  }
  Status status = Ok();
  const auto all = blocks();
  if (all->empty()) return status;
  std::uint64_t size_bytes = head_->stats().wal.size_bytes;
  for (const auto& one : *all) size_bytes += one->size_bytes();
  // Against the newest block and not the clock: a server that was off for a month keeps its past.
  const TimestampMs newest = all->back()->meta().max_time;
  for (const auto& one : *all) {
    const bool is_old =
        retention.time.count() > 0 && newest - one->meta().max_time >= retention.time.count();
    const bool is_too_much = retention.size_bytes > 0 && size_bytes > retention.size_bytes;
    if (!is_old && !is_too_much) break;
    Keep(status, DeleteBlock(one));
    size_bytes -= one->size_bytes();
    (is_old ? time_retention_count_ : size_retention_count_)
        .fetch_add(1, std::memory_order_relaxed);
  }
  return status;
}

Status Tsdb::DeleteBlock(const std::shared_ptr<block::Block>& block) {
  {
    MutexLock lock(blocks_mutex_);
    auto list = std::make_shared<Blocks>(*blocks_);
    std::erase(*list, block);
    blocks_ = std::move(list);
  }
  LogInfo(kComponent, "block is deleted",
          {{"block", block->meta().id}, {"from", FormatTimestamp(block->meta().min_time)}});
  // Under another name first: a stop in between leaves nothing that looks like a block.
  const std::string temporary = block->directory() + ".tmp";
  NARTHEX_TRY(files_.Rename(block->directory(), temporary));
  NARTHEX_TRY(files_.SyncDirectory(blocks_directory_));
  return io::RemoveAll(files_, temporary);
}

}  // namespace narthex::tsdb
