#include "tsdb/tsdb.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/log.h"
#include "block/block.h"
#include "guarded_appender.h"
#include "metrics.h"
#include "storage/merge.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";
constexpr std::string_view kTemporarySuffix = ".tmp";

std::chrono::milliseconds ToMs(std::chrono::nanoseconds duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

}  // namespace

Tsdb::Tsdb(io::FileSystem& files, Clock& clock, TsdbOptions options)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      blocks_directory_(io::JoinPath(options_.directory, "blocks")),
      blocks_(std::make_shared<const Blocks>()),
      retention_(options_.retention) {}

Result<std::unique_ptr<Tsdb>> Tsdb::Open(io::FileSystem& files, Clock& clock, TsdbOptions options) {
  if (options.block_range.count() <= 0) {
    return Error{ErrorCode::kInvalidArgument, "the range of a block must be above 0"};
  }
  std::unique_ptr<Tsdb> store(new Tsdb(files, clock, std::move(options)));
  if (Status started = store->Start(); !started.ok()) {
    return std::move(started).error().Under("open store " + store->options_.directory);
  }
  return store;
}

Tsdb::~Tsdb() {
  metrics_.Reset();
  if (upkeep_thread_.joinable()) {
    upkeep_thread_.request_stop();
    upkeep_thread_.join();
  }
}

Status Tsdb::Start() {
  NARTHEX_TRY(files_.CreateDirectories(blocks_directory_));
  NARTHEX_TRY(files_.SyncDirectory(options_.directory));
  NARTHEX_ASSIGN_OR_RETURN(lock_, io::LockFile::Acquire(io::JoinPath(options_.directory, "lock")));
  const std::chrono::nanoseconds start = clock_.Monotonic();
  NARTHEX_TRY(OpenBlocks());
  head::HeadOptions head_options;
  head_options.wal_directory = io::JoinPath(options_.directory, "wal");
  head_options.wal.segment_size_bytes_max = options_.wal_segment_size_bytes;
  head_options.wal.sync_interval = options_.wal_sync_interval;
  head_options.block_range_ms = options_.block_range.count();
  head_options.series_count_max = options_.series_count_max;
  NARTHEX_ASSIGN_OR_RETURN(head_, head::Head::Open(files_, clock_, std::move(head_options)));
  appender_ = std::make_unique<GuardedAppender>(*head_);
  replay_duration_ = ToMs(clock_.Monotonic() - start);

  // A stop between the writing of a block and the cutting of the log leaves its samples in both.
  const auto opened = blocks();
  if (!opened->empty()) {
    const TimestampMs end = opened->back()->meta().max_time;
    const bool is_in_both = head_->range().from < end;
    head_->RaiseValidTime(end);
    if (is_in_both) {
      if (const Status cut = head_->Truncate(end, {}); !cut.ok()) {
        LogWarn(kComponent, "the log could not be made smaller", {{"err", cut.error().message()}});
      }
    }
  }
  const wal::ReadReport& report = head_->replay_report();
  LogInfo(kComponent, "store is open",
          {{"folder", options_.directory},
           {"blocks", opened->size()},
           {"series", head_->stats().series_count},
           {"log_records", report.record_count},
           {"log_damage", report.damage_count},
           {"duration_ms", replay_duration_.count()}});
  RegisterMetrics();
  if (options_.upkeep_interval.count() > 0) {
    upkeep_thread_ = std::jthread([this](std::stop_token stop) { RunUpkeep(stop); });
  }
  return Ok();
}

Status Tsdb::OpenBlocks() {
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files_.List(blocks_directory_));
  auto opened = std::make_shared<Blocks>();
  for (const io::DirectoryEntry& entry : entries) {
    const std::string path = io::JoinPath(blocks_directory_, entry.name);
    if (entry.name.ends_with(kTemporarySuffix)) {
      // Half written or half deleted when the process ended.
      if (const Status removed = io::RemoveAll(files_, path); !removed.ok()) {
        LogWarn(kComponent, "cannot remove the rest of a block",
                {{"err", removed.error().message()}});
      }
      continue;
    }
    if (!entry.is_directory) continue;
    auto one = block::Block::Open(files_, path);
    if (!one.ok()) {
      damaged_block_count_.fetch_add(1, std::memory_order_relaxed);
      LogError(kComponent, "block cannot be read; its samples are missing",
               {{"err", one.error().message()}});
      continue;
    }
    opened->push_back(std::move(one).value());
  }
  std::ranges::sort(*opened, {}, [](const auto& one) { return one->meta().min_time; });
  MutexLock lock(blocks_mutex_);
  blocks_ = std::move(opened);
  return Ok();
}

storage::Appender& Tsdb::appender() { return *appender_; }

std::shared_ptr<const Tsdb::Blocks> Tsdb::blocks() const {
  MutexLock lock(blocks_mutex_);
  return blocks_;
}

Result<std::unique_ptr<storage::Querier>> Tsdb::OpenQuerier(model::TimeRange range) {
  // The head first: what moves from it into a block in between is then seen twice, not never.
  NARTHEX_ASSIGN_OR_RETURN(auto head_querier, head_->OpenQuerier(range));
  const auto all = blocks();
  std::vector<std::unique_ptr<storage::Querier>> parts;
  for (const auto& one : *all) {
    if (!range.Overlaps({one->meta().min_time, one->meta().max_time - 1})) continue;
    NARTHEX_ASSIGN_OR_RETURN(auto part, one->OpenQuerier(range));
    parts.push_back(std::move(part));
  }
  parts.push_back(std::move(head_querier));
  return storage::MergeQueriers(std::move(parts));
}

void Tsdb::SetRetention(Retention retention) {
  MutexLock lock(blocks_mutex_);
  retention_ = retention;
}

TsdbStats Tsdb::stats() const {
  TsdbStats stats;
  stats.head = head_->stats();
  stats.oldest = stats.head.range.empty() ? 0 : stats.head.range.from;
  const auto all = blocks();
  stats.block_count = all->size();
  for (const auto& one : *all) {
    stats.block_bytes += one->size_bytes();
    stats.damaged_page_count += one->damaged_page_count();
  }
  if (!all->empty()) stats.oldest = all->front()->meta().min_time;
  {
    MutexLock lock(blocks_mutex_);
    stats.retention_time = retention_.time;
    stats.retention_size_bytes = retention_.size_bytes;
  }
  stats.replay_duration = replay_duration_;
  stats.compaction_count = compaction_count_.load(std::memory_order_relaxed);
  stats.compaction_failed_count = compaction_failed_count_.load(std::memory_order_relaxed);
  stats.time_retention_count = time_retention_count_.load(std::memory_order_relaxed);
  stats.size_retention_count = size_retention_count_.load(std::memory_order_relaxed);
  stats.damaged_block_count = damaged_block_count_.load(std::memory_order_relaxed);
  stats.refuses_appends = appender_->refuses();
  return stats;
}

void Tsdb::RegisterMetrics() {
  if (options_.registry == nullptr) return;
  metrics_ = options_.registry->Register(std::make_shared<TsdbCollector>(*this));
}

}  // namespace narthex::tsdb
