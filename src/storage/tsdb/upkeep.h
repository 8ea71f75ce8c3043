// What is done to a store beside appends and queries: cutting, merging and deleting blocks.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "block_merge.h"
#include "block_store.h"
#include "counters.h"
#include "head/head.h"
#include "head_deletions.h"
#include "merge_planner.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {

// Thread-safe: one task at a time. Whoever deletes or takes a snapshot does not wait for a merge:
// it is given up and begun anew in the next round.
//
// Locks: mutex_ is held for a whole task, round_mutex_ only for a moment, under it or alone.
class Upkeep {
 public:
  // All must outlive the upkeep.
  struct Parts {
    io::FileSystem& files;
    Clock& clock;
    const TsdbOptions& options;
    head::Head& head;
    BlockStore& store;
    HeadDeletions& deletions;
    TsdbCounters& counters;
  };

  explicit Upkeep(Parts parts);

  // Cuts, merges and deletes what is due. Errors: the first one; the rest of the round is done all
  // the same.
  Status Round(std::stop_token stop) EXCLUDES(mutex_, round_mutex_);
  // A round in each interval, and when the head holds a block more than it should, until stopped;
  // with a word in the log when they begin or cease to fail. Between them a snapshot replaces the
  // head's log when that is due.
  void Run(std::stop_token stop) EXCLUDES(mutex_, round_mutex_);

  void SetRetention(Retention retention) EXCLUDES(round_mutex_);
  Retention retention() const EXCLUDES(round_mutex_);

  // These three as of Tsdb.
  Status Delete(model::TimeRange range, std::span<const model::Matcher> matchers)
      EXCLUDES(mutex_, round_mutex_);
  Status CleanTombstones(std::stop_token stop) EXCLUDES(mutex_, round_mutex_);
  Status Snapshot(const std::string& directory, HeadInSnapshot head) EXCLUDES(mutex_, round_mutex_);

 private:
  // upkeep.cc
  void StopRound() EXCLUDES(round_mutex_);
  // Whether the head holds a block and half a one, or more.
  bool IsCutDue() const;
  bool WasOk() EXCLUDES(mutex_);
  void ShortenLog(head::CheckpointOccasion occasion) EXCLUDES(mutex_);
  Status CutBlocks(std::stop_token stop) REQUIRES(mutex_);
  Status CutBlock(model::TimeRange range, std::stop_token stop) REQUIRES(mutex_);
  Status FinishCut(std::stop_token stop) REQUIRES(mutex_);
  // What is written of the head: all, what came late, or some series alone.
  enum class HeadPart { kAll, kLate, kSome };
  Result<block::BlockMeta> WriteHead(const std::string& directory, model::TimeRange range,
                                     HeadPart part = HeadPart::kAll,
                                     std::span<const storage::SeriesRef> some = {});
  Result<std::unique_ptr<storage::Querier>> OpenHead(model::TimeRange range, HeadPart part,
                                                     std::span<const storage::SeriesRef> some);
  Status TakeUp(const block::BlockMeta& meta) REQUIRES(mutex_);
  // Cuts blocks of what came late and lies before the samples in order.
  Status CutLate(std::stop_token stop) REQUIRES(mutex_);

  // stale.cc: cuts blocks of series that have ended, if these are many.
  Status CutStale(std::stop_token stop) REQUIRES(mutex_);

  // Of the samples in the head, those that came late among them; empty when there are none.
  model::TimeRange HeldByHead() const;

  // deletion.cc
  Status PruneDeletions() REQUIRES(mutex_);

  // merging.cc
  Status MergeBlocksDue(std::stop_token stop) REQUIRES(mutex_) EXCLUDES(round_mutex_);
  Status Merge(const Blocks& sources, MergeReason reason, std::stop_token stop) REQUIRES(mutex_);
  Status RewriteAged(std::stop_token stop) REQUIRES(mutex_) EXCLUDES(round_mutex_);
  bool HasRoom(const Blocks& sources) REQUIRES(mutex_);
  void NoteFailure(const Blocks& sources, const Error& error) REQUIRES(mutex_);
  std::vector<SampleCut> Cuts(const Blocks& blocks) const EXCLUDES(round_mutex_);

  // snapshot.cc
  Status WriteSnapshot(const std::string& directory, HeadInSnapshot head) REQUIRES(mutex_);

  // retention.cc
  Status ApplyRetention() REQUIRES(mutex_) EXCLUDES(round_mutex_);
  std::uint64_t SizeLimit(const Retention& retention) const;

  io::FileSystem& files_;
  Clock& clock_;
  const TsdbOptions& options_;
  head::Head& head_;
  BlockStore& store_;
  HeadDeletions& deletions_;
  TsdbCounters& counters_;

  Mutex mutex_;
  bool was_ok_ GUARDED_BY(mutex_) = true;
  // Samples that are in a block, and that the head still holds.
  struct PendingCut {
    model::TimeRange range;
    std::uint64_t late_mark = 0;
  };
  std::optional<PendingCut> pending_cut_ GUARDED_BY(mutex_);
  std::chrono::nanoseconds late_cut_from_ GUARDED_BY(mutex_){0};   // not before
  std::chrono::nanoseconds stale_cut_from_ GUARDED_BY(mutex_){0};  // not before
  // Blocks that could not be merged; until the process ends.
  std::set<std::string> excluded_ GUARDED_BY(mutex_);
  // How many cuts each block is done with.
  std::map<std::string, std::size_t> cut_counts_ GUARDED_BY(mutex_);
  std::chrono::nanoseconds merges_from_ GUARDED_BY(mutex_){0};  // none before
  bool had_room_ GUARDED_BY(mutex_) = true;
  int given_up_count_ GUARDED_BY(mutex_) = 0;  // merges, one after the other

  mutable Mutex round_mutex_;
  std::stop_source round_stop_ GUARDED_BY(round_mutex_);
  bool may_give_up_ GUARDED_BY(round_mutex_) = true;
  Retention retention_ GUARDED_BY(round_mutex_);
};

// Of a snapshot that is being taken, behind its name.
inline constexpr std::string_view kHalfSnapshotSuffix = ".tmp";

// Start of the aligned range that `time` is in; also below zero.
inline TimestampMs AlignDown(TimestampMs time, TimestampMs range) {
  const TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

// Keeps the first error of several steps.
inline void Keep(Status& kept, Status status) {
  if (kept.ok()) kept = std::move(status);
}

}  // namespace narthex::tsdb
