// The recent window of a store: every series that is alive, its newest samples, and their log.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"
#include "io/file_system.h"
#include "model/sample.h"
#include "storage/appender.h"
#include "storage/querier.h"
#include "wal/log.h"
#include "wal/reader.h"
#include "wal/record_list.h"

namespace narthex::head {

struct HeadOptions {
  // Where the log is; empty: none, and what is appended lives as long as the process.
  std::string wal_directory = {};
  wal::LogOptions wal = {};
  // Samples may be older than the newest by half of this.
  TimestampMs block_range_ms = 2 * 60 * 60 * 1000;
  std::size_t series_count_max = 0;  // 0: no limit
  // How large the log may grow before a snapshot replaces it, see CheckpointIfDue: while samples
  // come, from when the snapshot is small to when it is large; and when none come, or at the end.
  std::uint64_t log_size_bytes_min = std::uint64_t{4} << 20;
  std::uint64_t log_size_bytes_max = std::uint64_t{64} << 20;
  std::uint64_t log_size_bytes_max_at_end = std::uint64_t{1} << 20;
  // How much older than the newest of all a sample may be that is older than the newest of its
  // series; 0: such samples are refused.
  TimestampMs out_of_order_window_ms = 0;
  std::size_t exemplar_count_max = 0;  // the newest are held; 0: none
};

struct ExemplarStats {
  std::uint64_t count = 0;
  std::uint64_t count_max = 0;
  std::uint64_t series_count = 0;  // that have some
  TimestampMs oldest = 0;          // 0 if there are none
  // Since the process started.
  std::uint64_t appended_count = 0;
  std::uint64_t out_of_order_count = 0;
};

// Why a head might replace its log by a snapshot: samples come, none have come for a while, or no
// more will.
enum class CheckpointOccasion { kRunning, kQuiet, kEnd };

struct HeadStats {
  std::uint64_t series_count = 0;
  std::uint64_t chunk_count = 0;  // sealed pages and open ends
  std::uint64_t symbol_bytes = 0;
  std::uint64_t label_pair_count = 0;
  // Of the samples held; empty when there are none.
  model::TimeRange range = {0, -1};
  std::uint64_t open_querier_count = 0;
  std::uint64_t late_count = 0;          // samples held that came late
  std::uint64_t stale_series_count = 0;  // whose newest sample is a staleness marker
  // Since the process started, as all below.
  std::uint64_t appended_count = 0;
  std::uint64_t histogram_appended_count = 0;  // of these
  std::uint64_t late_appended_count = 0;       // of these
  std::uint64_t out_of_order_count = 0;
  std::uint64_t duplicate_count = 0;
  std::uint64_t out_of_bounds_count = 0;
  std::uint64_t too_old_count = 0;
  std::uint64_t series_created_count = 0;
  std::uint64_t series_removed_count = 0;
  std::uint64_t series_not_found_count = 0;
  std::uint64_t chunks_created_count = 0;
  std::uint64_t chunks_removed_count = 0;
  std::uint64_t truncation_count = 0;
  std::uint64_t truncation_failed_count = 0;
  std::uint64_t checkpoint_count = 0;
  std::uint64_t checkpoint_failed_count = 0;
  std::uint64_t wal_corruption_count = 0;
  std::uint64_t unknown_reference_count = 0;  // in the log, at start
  ExemplarStats exemplars = {};
  wal::LogStats wal = {};
};

// Which names and values take most; each list largest first.
struct Cardinality {
  using Entry = std::pair<std::string, std::uint64_t>;
  std::vector<Entry> series_count_by_metric_name = {};
  std::vector<Entry> value_count_by_label_name = {};
  std::vector<Entry> value_bytes_by_label_name = {};
  std::vector<Entry> series_count_by_label_pair = {};  // "name=value"
};

// Any time widens it.
inline constexpr model::TimeRange kNoTimes = {std::numeric_limits<TimestampMs>::max(),
                                              std::numeric_limits<TimestampMs>::min()};

class BatchLogger;
class Series;
class SeriesTable;
class SharedTimes;
class TimeColumn;
class QuerierState;
class ExemplarStore;

// Thread-safe. Appends are taken one after the other, which gives log, memory and visibility the
// same order; queries never take that lock. A querier sees the batches that were complete when it
// was opened.
class Head final : public storage::Appender,
                   public storage::Queryable,
                   public storage::ExemplarQueryable {
 public:
  // Replays the log if there is one. `files` and `clock` must outlive the head.
  // Errors: kIo and others of the file system; damage in the log is reported, not an error
  static Result<std::unique_ptr<Head>> Open(io::FileSystem& files, Clock& clock,
                                            HeadOptions options);
  // All queriers must be gone.
  ~Head() override;
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  storage::GroupRef NewGroup() override EXCLUDES(append_mutex_);
  Result<std::vector<storage::SeriesRef>> Resolve(storage::GroupRef group,
                                                  std::span<const model::LabelSet> labels) override
      EXCLUDES(append_mutex_, index_mutex_);
  Result<storage::AppendOutcome> Append(const storage::Batch& batch) override
      EXCLUDES(append_mutex_, index_mutex_);
  Result<std::vector<storage::AppendOutcome>> AppendTogether(
      std::span<const storage::Batch> batches) override EXCLUDES(append_mutex_, index_mutex_);

  // Never shows samples older than the last Truncate.
  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override;

  Result<std::vector<storage::SeriesExemplars>> SelectExemplars(
      model::TimeRange range, std::span<const std::vector<model::Matcher>> selectors) override;
  // Holds at once: exemplars above it are forgotten.
  void SetExemplarLimit(std::size_t count_max);

  // Blocks until all queriers that are open now are closed. False if stopped first.
  bool AwaitQueriers(std::stop_token stop) EXCLUDES(queriers_mutex_);
  // Forgets the samples before `before`, and series that have no others, and makes the log as small
  // as what is left. Queriers that still need those samples must be closed, see AwaitQueriers.
  // Errors: kNoSpace, kIo  the log could not be made smaller; the samples are forgotten all the
  // same
  Status Truncate(TimestampMs before, std::stop_token stop) EXCLUDES(append_mutex_, index_mutex_);
  // Samples before `time` are in blocks: they are not shown and not accepted from here on.
  void RaiseValidTime(TimestampMs time) EXCLUDES(append_mutex_);
  // Samples older than the newest of their series may be this much older than the newest of all;
  // 0: they are refused.
  void SetOutOfOrderWindow(TimestampMs window_ms);
  // Of the samples that came late and are in no block yet; empty when there are none.
  model::TimeRange late_range() const EXCLUDES(append_mutex_);
  // Stands for the samples that came late so far: take it before opening the querier that a block
  // is written from, and give it to ForgetLate when the block is read by queries.
  std::uint64_t late_mark() const;
  // Sees nothing but samples that came late.
  Result<std::unique_ptr<storage::Querier>> OpenLateQuerier(model::TimeRange range);
  // Forgets the samples in `range` that came late, up to `mark`; Checkpoint (also that of Truncate)
  // makes the log smaller. Queriers that still need them must be closed, see AwaitQueriers.
  void ForgetLate(model::TimeRange range, std::uint64_t mark) EXCLUDES(append_mutex_);
  // Series whose newest sample is a staleness marker from before `before`, ascending. Those with
  // samples that came late are left out.
  std::vector<storage::SeriesRef> StaleSeries(TimestampMs before) const EXCLUDES(index_mutex_);
  // Sees these series only, ascending.
  Result<std::unique_ptr<storage::Querier>> OpenQuerierOf(std::vector<storage::SeriesRef> series,
                                                          model::TimeRange range);
  // Forgets those of `series` that are stale as StaleSeries has it still: one that got a sample
  // since stays. What is in the log comes back when it is replayed, until the next snapshot of it.
  // Queriers that still need their samples must be closed, see AwaitQueriers; returns when all are
  // that were open. Not while Truncate runs.
  void ForgetStale(std::span<const storage::SeriesRef> series, TimestampMs before,
                   std::stop_token stop) EXCLUDES(append_mutex_, index_mutex_);
  // Replaces the log by a snapshot of what is held. Appends and queries go on meanwhile.
  // Errors: kNoSpace, kIo  the log is as it was
  Status Checkpoint() EXCLUDES(append_mutex_, index_mutex_);
  // The same, if what was logged since the last snapshot is larger than the options say and than
  // twice that one, or as large if it is large itself (while samples come), half of it (when none
  // come) or an eighth (at the end). One that failed is not tried again before the log has grown by
  // a quarter.
  Status CheckpointIfDue(CheckpointOccasion occasion) EXCLUDES(append_mutex_, index_mutex_);

  // Of all samples held; empty when there are none.
  model::TimeRange range() const;
  HeadStats stats() const EXCLUDES(index_mutex_);
  // Records that were appended to the log since the process started.
  std::uint64_t logged_record_count() const;
  // The `limit` largest of each kind.
  Cardinality cardinality(std::size_t limit) const EXCLUDES(index_mutex_);
  // What replaying the log at start found.
  const wal::ReadReport& replay_report() const { return replay_report_; }
  Status Sync();

 private:
  friend class HeadQuerier;
  friend class HeadSeriesSet;
  friend class SeriesReader;
  friend class HeadReplay;
  friend class HeadCheckpoint;
  friend class HeadTruncation;
  friend class QuerierState;
  struct Counters;
  struct Accepted;      // the samples of an append that pass, while they are applied
  struct AcceptedPart;  // those of one of its batches
  class AcceptedEncoder;
  struct NewSeries;
  struct Checking;
  struct Placement;

  Head(io::FileSystem& files, Clock& clock, HeadOptions options);

  Result<NewSeries> FindSeries(std::span<const model::LabelSet> labels) REQUIRES(append_mutex_);
  Status LogNewSeries(storage::GroupRef group, std::span<const model::LabelSet> labels,
                      const NewSeries& found) REQUIRES(append_mutex_);
  enum class UnknownSeries { kAreLeftOut, kKeepAllOut };
  Result<std::vector<storage::AppendOutcome>> AppendBatches(std::span<const storage::Batch> batches,
                                                            UnknownSeries unknown)
      EXCLUDES(append_mutex_, index_mutex_);
  void CountOutcome(const storage::AppendOutcome& outcome);
  storage::AppendOutcome Check(const storage::Batch& batch, Accepted& accepted)
      REQUIRES(append_mutex_) EXCLUDES(index_mutex_);
  void FindRows(const storage::Batch& batch, Accepted& accepted) const EXCLUDES(index_mutex_);
  static void CheckSample(const Checking& checking, std::size_t i, Series& series);
  void CheckExemplars(const storage::Batch& batch, Accepted& accepted,
                      storage::AppendOutcome& outcome) REQUIRES(append_mutex_)
      EXCLUDES(index_mutex_);
  Status LogAccepted(const Accepted& accepted) REQUIRES(append_mutex_);
  void Apply(const Accepted& accepted) REQUIRES(append_mutex_);
  Placement Place(const Accepted& accepted, const AcceptedPart& part, std::uint64_t number)
      REQUIRES(append_mutex_);
  void ApplyRow(const Accepted& accepted, std::size_t row_index, const Placement& place)
      REQUIRES(append_mutex_);
  void ApplySamples(const Accepted& accepted, const AcceptedPart& part, std::uint64_t number)
      REQUIRES(append_mutex_);
  void ApplyLate(const Accepted& accepted, std::uint64_t number) REQUIRES(append_mutex_);
  void ApplyExemplars(const Accepted& accepted) REQUIRES(append_mutex_) EXCLUDES(index_mutex_);
  void ApplyStarts(const Accepted& accepted) REQUIRES(append_mutex_);
  TimeColumn& GroupColumn(storage::GroupRef group) REQUIRES(append_mutex_);
  TimestampMs OldestAccepted() const;
  // The newest time of all less `duration_ms`, as far down as times go.
  TimestampMs NewestLess(TimestampMs duration_ms) const;
  Mutex& StripeOf(storage::SeriesRef ref) const;

  std::uint64_t OpenSnapshot(std::uint64_t& snapshot) EXCLUDES(queriers_mutex_);
  void CloseSnapshot(std::uint64_t id) EXCLUDES(queriers_mutex_);
  bool HasOpenQueriers() const EXCLUDES(queriers_mutex_);
  // Every batch up to this is seen by every querier, open or to come.
  std::uint64_t SettledBatch() const EXCLUDES(queriers_mutex_);

  io::FileSystem& files_;
  Clock& clock_;
  const HeadOptions options_;
  wal::ReadReport replay_report_;  // written while opening
  // Null without a folder; written while opening.
  std::unique_ptr<wal::Log> log_;
  std::unique_ptr<BatchLogger> batch_logger_ PT_GUARDED_BY(append_mutex_);
  const std::unique_ptr<Counters> counters_;
  const std::unique_ptr<ExemplarStore> exemplars_;
  // One lock for a stretch of series: guards their samples.
  const std::unique_ptr<Mutex[]> stripes_;

  // Number of the last batch that queries may see; released after its samples are in place.
  std::atomic<std::uint64_t> committed_batch_ = 0;
  std::atomic<TimestampMs> min_time_;
  std::atomic<TimestampMs> max_time_;
  std::atomic<TimestampMs> min_valid_time_;
  std::atomic<std::uint64_t> checkpoint_retry_size_ = 0;  // of the log; 0: the last one went well
  std::atomic<TimestampMs> out_of_order_window_ms_;

  mutable Mutex append_mutex_;
  std::uint64_t next_ref_ GUARDED_BY(append_mutex_) = 1;
  std::uint64_t next_group_ GUARDED_BY(append_mutex_) = 1;
  std::map<storage::GroupRef, std::unique_ptr<TimeColumn>> groups_ GUARDED_BY(append_mutex_);
  // Those that have samples that came late, and the range of these.
  std::set<storage::SeriesRef> late_series_ GUARDED_BY(append_mutex_);
  model::TimeRange late_range_ GUARDED_BY(append_mutex_) = kNoTimes;
  wal::RecordList log_records_ GUARDED_BY(append_mutex_);
  // Of the batch at hand.
  const std::unique_ptr<SharedTimes> shared_times_ PT_GUARDED_BY(append_mutex_);
  const std::unique_ptr<Accepted> scratch_ PT_GUARDED_BY(append_mutex_);

  // Taken after append_mutex_.
  mutable SharedMutex index_mutex_;
  const std::unique_ptr<SeriesTable> table_ PT_GUARDED_BY(index_mutex_);

  // Taken last, alone.
  mutable Mutex queriers_mutex_;
  CondVar querier_closed_;
  std::uint64_t next_querier_ GUARDED_BY(queriers_mutex_) = 1;
  // The last batch seen, by querier; both ascend together.
  std::map<std::uint64_t, std::uint64_t> open_queriers_ GUARDED_BY(queriers_mutex_);
};

}  // namespace narthex::head
