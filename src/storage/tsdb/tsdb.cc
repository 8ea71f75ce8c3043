#include "tsdb/tsdb.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <random>

#include "base/log.h"
#include "block_store.h"
#include "counters.h"
#include "foreign_folder.h"
#include "guarded_appender.h"
#include "head_deletions.h"
#include "metrics.h"
#include "storage/merge.h"
#include "upkeep.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";
// A hundred million samples; a moment of any disk, and little of any memory.
constexpr std::uint64_t kReadAheadSizeBytesMax = std::uint64_t{64} << 20;

std::chrono::milliseconds ToMs(std::chrono::nanoseconds duration) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(duration);
}

Status Check(const TsdbOptions& options) {
  if (options.block_range.count() <= 0) {
    return Error{ErrorCode::kInvalidArgument, "the range of a block must be above 0"};
  }
  if (options.block_range_max.count() > 0 && options.block_range_max < options.block_range) {
    return Error{ErrorCode::kInvalidArgument,
                 "the largest range of a block must not be below the smallest"};
  }
  if (!(options.retention.percentage >= 0 && options.retention.percentage <= 100)) {
    return Error{ErrorCode::kInvalidArgument, "the percentage of retention must be in [0, 100]"};
  }
  return Ok();
}

// "20260131T235959Z-0123456789abcdef", as Prometheus names snapshots.
std::string SnapshotName(TimestampMs now) {
  std::string stamp = FormatTimestamp(now).substr(0, 19);
  std::erase_if(stamp, [](char c) { return c == '-' || c == ':'; });
  std::random_device random;
  const std::uint64_t number = (std::uint64_t{random()} << 32 | random()) >> 1;
  return fmt::format("{}Z-{:016x}", stamp, number);
}

// What a crash has left of snapshots that were being taken.
void RemoveHalfSnapshots(io::FileSystem& files, const std::string& snapshots) {
  const auto entries = files.List(snapshots);
  if (!entries.ok()) return;  // there are none
  for (const io::DirectoryEntry& entry : *entries) {
    if (!entry.name.ends_with(kHalfSnapshotSuffix)) continue;
    if (Status removed = io::RemoveAll(files, io::JoinPath(snapshots, entry.name)); !removed.ok()) {
      LogWarn(kComponent, "cannot remove half a snapshot", {{"err", removed.error().message()}});
    }
  }
}

}  // namespace

Tsdb::Tsdb(io::FileSystem& files, Clock& clock, TsdbOptions options)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      counters_(std::make_unique<TsdbCounters>()),
      store_(std::make_unique<BlockStore>(files, io::JoinPath(options_.directory, "blocks"))),
      deletions_(
          std::make_unique<HeadDeletions>(files, io::JoinPath(options_.directory, "deletions"))) {}

Result<std::unique_ptr<Tsdb>> Tsdb::Open(io::FileSystem& files, Clock& clock, TsdbOptions options) {
  NARTHEX_TRY(Check(options));
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
  if (head_ == nullptr) return;
  // The next start then reads a snapshot and not hours of log.
  if (Status written = head_->CheckpointIfDue(head::CheckpointOccasion::kEnd); !written.ok()) {
    LogWarn(kComponent, "the log could not be made smaller", {{"err", written.error().message()}});
  }
}

Status Tsdb::Start() {
  if (options_.is_read_only) {
    NARTHEX_ASSIGN_OR_RETURN(lock_, LockForReading(files_, options_.directory));
  } else {
    NARTHEX_TRY(RefuseForeignFolder(files_, options_.directory));
    NARTHEX_TRY(files_.CreateDirectories(options_.directory));
    NARTHEX_ASSIGN_OR_RETURN(lock_,
                             io::LockFile::Acquire(io::JoinPath(options_.directory, "lock")));
    RemoveHalfSnapshots(files_, io::JoinPath(options_.directory, "snapshots"));
  }
  // The log's first sync sees to it that this folder and its own survive a loss of power.
  NARTHEX_TRY(files_.CreateDirectories(store_->directory()));
  if (options_.retention.percentage > 0) {
    NARTHEX_TRY(files_.TotalBytes(options_.directory));
  }
  const std::chrono::nanoseconds start = clock_.Monotonic();
  NARTHEX_TRY(OpenParts());
  ForgetWhatIsInBlocks();
  replay_duration_ = ToMs(clock_.Monotonic() - start);
  const wal::ReadReport& report = head_->replay_report();
  LogInfo(kComponent, "store is open",
          {{"folder", options_.directory},
           {"blocks", store_->blocks()->size()},
           {"series", head_->stats().series_count},
           {"log_records", report.record_count},
           {"log_damage", report.damage_count},
           {"duration_ms", replay_duration_.count()}});
  upkeep_ = std::make_unique<Upkeep>(
      Upkeep::Parts{files_, clock_, options_, *head_, *store_, *deletions_, *counters_});
  RegisterMetrics();
  if (options_.upkeep_interval.count() > 0) {
    upkeep_thread_ = std::jthread([this](std::stop_token stop) {
      store_->ReadAhead(kReadAheadSizeBytesMax);
      upkeep_->Run(stop);
    });
  }
  return Ok();
}

Status Tsdb::OpenParts() {
  // Side by side: the blocks wait for the disk while the log keeps the processor busy.
  Status opened = Ok();
  std::jthread opener([&] {
    opened = store_->Open();
    if (opened.ok()) opened = deletions_->Open();
  });
  Status replayed = OpenHead();
  opener.join();
  return opened.ok() ? replayed : opened;
}

Status Tsdb::OpenHead() {
  head::HeadOptions options;
  options.wal_directory = io::JoinPath(options_.directory, "wal");
  options.wal.segment_size_bytes_max = options_.wal_segment_size_bytes;
  options.wal.sync_interval = options_.wal_sync_interval;
  options.block_range_ms = options_.block_range.count();
  options.series_count_max = options_.series_count_max;
  options.out_of_order_window_ms = options_.out_of_order_window.count();
  options.exemplar_count_max = options_.exemplar_count_max;
  NARTHEX_ASSIGN_OR_RETURN(head_, head::Head::Open(files_, clock_, std::move(options)));
  appender_ = std::make_unique<GuardedAppender>(*head_);
  return Ok();
}

// A stop between the writing of a block and the cutting of the log leaves its samples in both.
void Tsdb::ForgetWhatIsInBlocks() {
  TimestampMs end = std::numeric_limits<TimestampMs>::min();
  const auto all = store_->blocks();
  for (const auto& one : *all) end = std::max(end, one->meta().head_cut_until.value_or(end));
  const model::TimeRange held = head_->range();
  head_->RaiseValidTime(end);
  if (held.empty() || held.from >= end) return;
  if (const Status cut = head_->Truncate(end, {}); !cut.ok()) {
    LogWarn(kComponent, "the log could not be made smaller", {{"err", cut.error().message()}});
  }
}

storage::Appender& Tsdb::appender() { return *appender_; }

Result<std::unique_ptr<storage::Querier>> Tsdb::OpenQuerier(model::TimeRange range) {
  // The head first: what moves from it into a block in between is then seen twice, not never.
  NARTHEX_ASSIGN_OR_RETURN(auto head_querier, head_->OpenQuerier(range));
  const model::TimeRange late = head_->late_range();
  const auto all = store_->blocks();
  std::vector<std::unique_ptr<storage::Querier>> parts;
  TimestampMs cut_until = std::numeric_limits<TimestampMs>::min();
  for (const auto& one : *all) {
    cut_until = std::max(cut_until, one->meta().head_cut_until.value_or(cut_until));
    if (!range.Overlaps({one->meta().min_time, one->meta().max_time - 1})) continue;
    NARTHEX_ASSIGN_OR_RETURN(auto part, one->OpenQuerier(range));
    parts.push_back(std::move(part));
  }
  // What is before the last cut is in blocks, but for what came late: the head would add names of
  // series that are younger.
  if (range.until >= cut_until || (!late.empty() && range.Overlaps(late)))
    parts.push_back(deletions_->Hide(std::move(head_querier)));
  return storage::MergeQueriers(std::move(parts));
}

Result<std::unique_ptr<storage::Querier>> Tsdb::OpenHeadQuerier(model::TimeRange range) {
  NARTHEX_ASSIGN_OR_RETURN(auto querier, head_->OpenQuerier(range));
  return deletions_->Hide(std::move(querier));
}

Status Tsdb::Maintain() { return upkeep_->Round({}); }

void Tsdb::SetRetention(Retention retention) { upkeep_->SetRetention(std::move(retention)); }

Result<std::vector<storage::SeriesExemplars>> Tsdb::SelectExemplars(
    model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) {
  return head_->SelectExemplars(range, selectors);
}

void Tsdb::SetOutOfOrderWindow(std::chrono::milliseconds window) {
  head_->SetOutOfOrderWindow(window.count());
}

void Tsdb::SetExemplarLimit(std::size_t count_max) { head_->SetExemplarLimit(count_max); }

Status Tsdb::Delete(model::TimeRange range, std::span<const model::Matcher> matchers) {
  return upkeep_->Delete(range, matchers);
}

Status Tsdb::CleanTombstones(std::stop_token stop) {
  return upkeep_->CleanTombstones(std::move(stop));
}

Result<std::string> Tsdb::Snapshot(HeadInSnapshot head) {
  const std::string name = SnapshotName(clock_.Now());
  const std::string directory = io::JoinPath(io::JoinPath(options_.directory, "snapshots"), name);
  NARTHEX_TRY(upkeep_->Snapshot(directory, head));
  return name;
}

std::vector<std::shared_ptr<block::Block>> Tsdb::blocks() const { return *store_->blocks(); }

TsdbStats Tsdb::stats() const {
  TsdbStats stats;
  stats.head = head_->stats();
  stats.oldest = stats.head.range.empty() ? 0 : stats.head.range.from;
  const auto all = store_->blocks();
  stats.block_count = all->size();
  for (const auto& one : *all) {
    stats.block_bytes += one->size_bytes();
    stats.damaged_page_count += one->damaged_page_count();
    stats.tombstone_count += one->tombstone_count();
  }
  if (!all->empty()) stats.oldest = all->front()->meta().min_time;
  stats.deletion_count = deletions_->size();
  const Retention retention = upkeep_->retention();
  stats.retention_time = retention.time;
  stats.retention_size_bytes = retention.size_bytes;
  stats.retention_percentage = retention.percentage;
  stats.replay_duration = replay_duration_;
  stats.compaction_count = TsdbCounters::Get(counters_->blocks_written);
  stats.compaction_failed_count = TsdbCounters::Get(counters_->block_writes_failed);
  stats.merge_triggered_count = TsdbCounters::Get(counters_->merges_triggered);
  stats.merge_skipped_count = TsdbCounters::Get(counters_->merges_skipped);
  stats.overlap_merge_count = TsdbCounters::Get(counters_->overlap_merges);
  stats.time_retention_count = TsdbCounters::Get(counters_->time_retentions);
  stats.size_retention_count = TsdbCounters::Get(counters_->size_retentions);
  stats.damaged_block_count = store_->damaged_count();
  stats.refresh_count = store_->refresh_count();
  stats.refresh_failed_count = store_->refresh_failed_count();
  stats.was_left_behind = lock_ != nullptr && lock_->was_left_behind();
  stats.is_writing_block = counters_->is_writing_block.load(std::memory_order_relaxed);
  stats.refuses_appends = appender_->refuses();
  return stats;
}

void Tsdb::RegisterMetrics() {
  if (options_.registry == nullptr) return;
  const auto histogram = [this](const char* name, const char* help, std::vector<double> buckets) {
    return &options_.registry
                ->NewHistogram({.name = name, .help = help, .unit = {}, .label_names = {}},
                               std::move(buckets))
                .With();
  };
  // Source: Prometheus, the buckets of these metrics.
  const std::vector<double> seconds = client::ExponentialBuckets(1, 2, 14);
  counters_->block_seconds = histogram("prometheus_tsdb_compaction_duration_seconds",
                                       "How long cutting or merging a block took.", seconds);
  counters_->clean_seconds =
      histogram("prometheus_tsdb_tombstone_cleanup_seconds",
                "How long removing deleted samples from the disk took.", seconds);
  counters_->page_bytes = histogram("prometheus_tsdb_compaction_chunk_size_bytes",
                                    "Sizes of the pages that blocks are cut from the head with.",
                                    client::ExponentialBuckets(32, 1.5, 12));
  counters_->page_samples = histogram("prometheus_tsdb_compaction_chunk_samples",
                                      "Samples in a page that a block is cut from the head with.",
                                      client::ExponentialBuckets(4, 1.5, 12));
  counters_->page_seconds = histogram("prometheus_tsdb_compaction_chunk_range_seconds",
                                      "Time that a page spans that a block is cut with.",
                                      client::ExponentialBuckets(100, 4, 10));
  counters_->truncate_seconds =
      &options_.registry
           ->NewSummary({.name = "prometheus_tsdb_head_gc_duration_seconds",
                         .help = "How long forgetting in the head what is in a block took.",
                         .unit = {},
                         .label_names = {}})
           .With();
  metrics_ = options_.registry->Register(std::make_shared<TsdbCollector>(*this));
}

}  // namespace narthex::tsdb
