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
#include "model/matcher.h"
#include "storage/appender.h"
#include "storage/querier.h"
#include "tsdb/retention.h"

namespace narthex::block {
class Block;
}

namespace narthex::tsdb {

struct TsdbOptions {
  std::string directory;  // created if missing
  std::chrono::milliseconds block_range = std::chrono::hours(2);
  // What blocks are merged up to; 0: a tenth of the retention time, at most 31 days.
  std::chrono::milliseconds block_range_max{0};
  Retention retention = {};
  std::size_t series_count_max = 0;  // in the head; 0: no limit
  // How much older than the newest of all a sample may be that is older than the newest of its
  // series; 0: such samples are refused.
  std::chrono::milliseconds out_of_order_window{0};
  std::size_t exemplar_count_max = 0;  // 0: none are kept
  std::uint64_t wal_segment_size_bytes = std::uint64_t{128} << 20;
  std::chrono::milliseconds wal_sync_interval{1000};  // 0: each append is synced
  // How often blocks are cut and deleted; 0: only by Maintain().
  std::chrono::milliseconds upkeep_interval = std::chrono::minutes(1);
  // The folder must hold a store, and nothing in it is changed: `files` must see to that.
  bool is_read_only = false;
  client::Registry* registry = nullptr;  // for self-metrics; must outlive the store
};

struct TsdbStats {
  head::HeadStats head = {};
  std::uint64_t block_count = 0;
  std::uint64_t block_bytes = 0;
  std::uint64_t tombstone_count = 0;  // deleted ranges of series in blocks
  std::uint64_t deletion_count = 0;   // that concern the head
  TimestampMs oldest = 0;             // of all samples; 0 if there are none
  std::chrono::milliseconds replay_duration{0};
  std::chrono::milliseconds retention_time{0};
  std::uint64_t retention_size_bytes = 0;
  double retention_percentage = 0;
  // Since the process started, as all below.
  std::uint64_t compaction_count = 0;  // blocks cut or merged
  std::uint64_t compaction_failed_count = 0;
  std::uint64_t merge_triggered_count = 0;
  std::uint64_t merge_skipped_count = 0;  // for want of room
  std::uint64_t overlap_merge_count = 0;
  std::uint64_t refresh_count = 0;
  std::uint64_t refresh_failed_count = 0;
  std::uint64_t time_retention_count = 0;  // blocks deleted for their age
  std::uint64_t size_retention_count = 0;
  std::uint64_t damaged_block_count = 0;  // could not be opened
  std::uint64_t damaged_page_count = 0;   // failed their checks when read
  bool is_writing_block = false;
  bool was_left_behind = false;  // the process before did not end in order
  bool refuses_appends = false;  // the last write of the log failed
};

enum class HeadInSnapshot { kIncluded, kLeftOut };

class BlockStore;
class HeadDeletions;
class Upkeep;
struct TsdbCounters;

// Thread-safe.
class Tsdb final : public storage::Queryable, public storage::ExemplarQueryable {
 public:
  // Locks the folder, opens the blocks, replays the log. `files` and `clock` must outlive the
  // store.
  // Errors: kFailedPrecondition  another process has the folder, the message has its number; or the
  //                              folder holds a store of Prometheus
  //         kInvalidArgument     a range or a percentage is out of bounds
  //         kUnsupported         retention by percentage, and the file system has no size
  //         kIo and others of the file system
  static Result<std::unique_ptr<Tsdb>> Open(io::FileSystem& files, Clock& clock,
                                            TsdbOptions options);
  // Ends the upkeep, syncs the log, unlocks. All queriers must be gone.
  ~Tsdb() override;
  Tsdb(const Tsdb&) = delete;
  Tsdb& operator=(const Tsdb&) = delete;

  // Lives as long as the store.
  storage::Appender& appender();
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override;

  Result<std::vector<storage::SeriesExemplars>> SelectExemplars(
      model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) override;

  // One round of upkeep now. Errors: the first one; the rest of the round is done all the same.
  Status Maintain();
  // Holds from the next round on.
  void SetRetention(Retention retention);
  // These two hold at once.
  void SetOutOfOrderWindow(std::chrono::milliseconds window);
  void SetExemplarLimit(std::size_t count_max);

  // Hides the samples of `range`, both ends included, of the series that all matchers accept, from
  // every querier opened from now on. Samples that come later with a time up to the newest that the
  // head holds now, and in `range`, are hidden too. The room is freed when blocks are merged, or by
  // CleanTombstones().
  // Errors: kNoSpace, kIo  some blocks may have them deleted already: try again
  Status Delete(model::TimeRange range, std::span<const model::Matcher> matchers);
  // Writes blocks anew of which something is deleted.
  // Errors: kNoSpace, kIo; kCanceled  stopped: some blocks are done, none is half done
  Status CleanTombstones(std::stop_token stop);

  // Puts all blocks, and the head as one more, into "<folder>/snapshots/<name>": a folder that can
  // be opened as a store. Where the disk can, files get a second name instead of a copy. Gives the
  // name; from then on the snapshot survives a loss of power. A crash before leaves nothing of it.
  Result<std::string> Snapshot(HeadInSnapshot head);

  // Those that queries read now, in order of time.
  std::vector<std::shared_ptr<block::Block>> blocks() const;
  // Sees the samples that are in no block yet.
  Result<std::unique_ptr<storage::Querier>> OpenHeadQuerier(model::TimeRange range);

  TsdbStats stats() const;
  head::Cardinality cardinality(std::size_t limit) const { return head_->cardinality(limit); }

 private:
  class GuardedAppender;

  Tsdb(io::FileSystem& files, Clock& clock, TsdbOptions options);
  Status Start();
  Status OpenParts();
  Status OpenHead();
  void ForgetWhatIsInBlocks();
  void RegisterMetrics();

  io::FileSystem& files_;
  Clock& clock_;
  const TsdbOptions options_;
  const std::unique_ptr<TsdbCounters> counters_;
  const std::unique_ptr<BlockStore> store_;
  const std::unique_ptr<HeadDeletions> deletions_;
  // Written while opening.
  std::unique_ptr<io::LockFile> lock_;
  std::unique_ptr<head::Head> head_;
  std::unique_ptr<GuardedAppender> appender_;
  std::unique_ptr<Upkeep> upkeep_;
  std::chrono::milliseconds replay_duration_{0};

  client::Registration metrics_;
  std::jthread upkeep_thread_;  // last: stops before the rest goes
};

}  // namespace narthex::tsdb
