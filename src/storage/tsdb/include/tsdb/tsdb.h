// The store: recent samples in memory and in the log, older ones in blocks on disk.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "client/registry.h"
#include "head/head.h"
#include "io/file_system.h"
#include "io/lock_file.h"
#include "storage/appender.h"
#include "storage/querier.h"

namespace narthex::block {
class Block;
}

namespace narthex::tsdb {

// Both limits hold; 0 is none.
struct Retention {
  // A block goes when it ends this much before the newest one.
  std::chrono::milliseconds time = std::chrono::hours(15 * 24);
  std::uint64_t size_bytes = 0;  // of blocks and log together
};

struct TsdbOptions {
  std::string directory;  // created if missing
  std::chrono::milliseconds block_range = std::chrono::hours(2);
  Retention retention = {};
  std::size_t series_count_max = 0;  // in the head; 0: no limit
  std::uint64_t wal_segment_size_bytes = std::uint64_t{128} << 20;
  std::chrono::milliseconds wal_sync_interval{1000};  // 0: each append is synced
  // How often blocks are cut and deleted; 0: only by Maintain().
  std::chrono::milliseconds upkeep_interval = std::chrono::minutes(1);
  client::Registry* registry = nullptr;  // for self-metrics; must outlive the store
};

struct TsdbStats {
  head::HeadStats head = {};
  std::uint64_t block_count = 0;
  std::uint64_t block_bytes = 0;
  TimestampMs oldest = 0;  // of all samples; 0 if there are none
  std::chrono::milliseconds replay_duration{0};
  std::chrono::milliseconds retention_time{0};
  std::uint64_t retention_size_bytes = 0;
  // Since the process started, as all below.
  std::uint64_t compaction_count = 0;
  std::uint64_t compaction_failed_count = 0;
  std::uint64_t time_retention_count = 0;  // blocks deleted for their age
  std::uint64_t size_retention_count = 0;
  std::uint64_t damaged_block_count = 0;  // could not be opened
  std::uint64_t damaged_page_count = 0;   // failed their checks when read
  bool refuses_appends = false;           // the last write of the log failed
};

// Thread-safe.
class Tsdb final : public storage::Queryable {
 public:
  // Locks the folder, opens the blocks, replays the log. `files` and `clock` must outlive the
  // store. Errors: kFailedPrecondition  another process has the folder; the message has its number
  //         kIo and others of the file system
  static Result<std::unique_ptr<Tsdb>> Open(io::FileSystem& files, Clock& clock,
                                            TsdbOptions options);
  // Ends the upkeep, syncs the log, unlocks. All queriers must be gone.
  ~Tsdb() override;
  Tsdb(const Tsdb&) = delete;
  Tsdb& operator=(const Tsdb&) = delete;

  // Lives as long as the store.
  storage::Appender& appender();
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override
      EXCLUDES(blocks_mutex_);

  // One round of upkeep now. Errors: the first one; the rest of the round is done all the same.
  Status Maintain() EXCLUDES(upkeep_mutex_, blocks_mutex_);
  // Holds from the next round on.
  void SetRetention(Retention retention) EXCLUDES(blocks_mutex_);

  TsdbStats stats() const EXCLUDES(blocks_mutex_);
  head::Cardinality cardinality(std::size_t limit) const { return head_->cardinality(limit); }

 private:
  class GuardedAppender;
  using Blocks = std::vector<std::shared_ptr<block::Block>>;

  Tsdb(io::FileSystem& files, Clock& clock, TsdbOptions options);
  Status Start();
  Status OpenBlocks() EXCLUDES(blocks_mutex_);
  void RegisterMetrics();
  void RunUpkeep(std::stop_token stop);
  Status CutBlocks(std::stop_token stop) REQUIRES(upkeep_mutex_);
  Status CutBlock(model::TimeRange range, std::stop_token stop) REQUIRES(upkeep_mutex_);
  Status ApplyRetention() REQUIRES(upkeep_mutex_);
  Status DeleteBlock(const std::shared_ptr<block::Block>& block) REQUIRES(upkeep_mutex_);
  std::shared_ptr<const Blocks> blocks() const EXCLUDES(blocks_mutex_);

  io::FileSystem& files_;
  Clock& clock_;
  const TsdbOptions options_;
  const std::string blocks_directory_;
  // Written while opening.
  std::unique_ptr<io::LockFile> lock_;
  std::unique_ptr<head::Head> head_;
  std::unique_ptr<GuardedAppender> appender_;
  std::chrono::milliseconds replay_duration_{0};

  // Numbers for display: relaxed.
  std::atomic<std::uint64_t> compaction_count_ = 0;
  std::atomic<std::uint64_t> compaction_failed_count_ = 0;
  std::atomic<std::uint64_t> time_retention_count_ = 0;
  std::atomic<std::uint64_t> size_retention_count_ = 0;
  std::atomic<std::uint64_t> damaged_block_count_ = 0;

  Mutex upkeep_mutex_;
  bool upkeep_was_ok_ GUARDED_BY(upkeep_mutex_) = true;
  mutable Mutex blocks_mutex_;
  // In order of time. Replaced, never changed: queriers hold the list they began with.
  std::shared_ptr<const Blocks> blocks_ GUARDED_BY(blocks_mutex_);
  Retention retention_ GUARDED_BY(blocks_mutex_);

  client::Registration metrics_;
  std::jthread upkeep_thread_;  // last: stops before the rest goes
};

}  // namespace narthex::tsdb
