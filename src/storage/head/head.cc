#include "head/head.h"

#include <algorithm>
#include <limits>
#include <queue>

#include "batch_logger.h"
#include "counters.h"
#include "exemplars.h"
#include "replay.h"
#include "series_table.h"
#include "shared_times.h"

namespace narthex::head {
namespace {

// Power of two. A stretch is as long as most targets' runs of series, so a batch changes locks
// rarely.
constexpr std::size_t kStripeCount = 64;
constexpr std::size_t kStripeShift = 8;

constexpr TimestampMs kNoTimeMin = std::numeric_limits<TimestampMs>::max();
constexpr TimestampMs kNoTimeMax = std::numeric_limits<TimestampMs>::min();

}  // namespace

Head::Head(io::FileSystem& files, Clock& clock, HeadOptions options)
    : files_(files),
      clock_(clock),
      options_(std::move(options)),
      counters_(std::make_unique<Counters>()),
      exemplars_(std::make_unique<ExemplarStore>(options_.exemplar_count_max)),
      stripes_(std::make_unique<Mutex[]>(kStripeCount)),
      min_time_(kNoTimeMin),
      max_time_(kNoTimeMax),
      min_valid_time_(std::numeric_limits<TimestampMs>::min()),
      out_of_order_window_ms_(options_.out_of_order_window_ms),
      shared_times_(std::make_unique<SharedTimes>()),
      scratch_(std::make_unique<Accepted>()),
      table_(std::make_unique<SeriesTable>()) {}

Head::~Head() {
  MutexLock lock(queriers_mutex_);
  NARTHEX_CHECK(open_queriers_.empty(), "queriers must not outlive their store");
}

Result<std::unique_ptr<Head>> Head::Open(io::FileSystem& files, Clock& clock, HeadOptions options) {
  std::unique_ptr<Head> head(new Head(files, clock, std::move(options)));
  const std::string& directory = head->options_.wal_directory;
  if (directory.empty()) return head;
  NARTHEX_TRY(files.CreateDirectories(directory));
  NARTHEX_ASSIGN_OR_RETURN(head->replay_report_, HeadReplay(*head).Run());
  NARTHEX_ASSIGN_OR_RETURN(head->log_, wal::Log::Open(files, clock, directory, head->options_.wal));
  head->batch_logger_ = std::make_unique<BatchLogger>(*head->log_);
  return head;
}

Mutex& Head::StripeOf(storage::SeriesRef ref) const {
  return stripes_[(ref >> kStripeShift) % kStripeCount];
}

storage::GroupRef Head::NewGroup() {
  MutexLock lock(append_mutex_);
  return next_group_++;
}

TimeColumn& Head::GroupColumn(storage::GroupRef group) {
  std::unique_ptr<TimeColumn>& column = groups_[group];
  if (column == nullptr) {
    // Beyond what an id can tell apart a column is as one of a single series: right, and not
    // shared.
    const bool fits = group <= std::numeric_limits<std::uint32_t>::max();
    column = std::make_unique<TimeColumn>(fits ? static_cast<std::uint32_t>(group) : 0,
                                          options_.block_range_ms);
  }
  return *column;
}

TimestampMs Head::NewestLess(TimestampMs duration_ms) const {
  const TimestampMs newest = max_time_.load(std::memory_order_relaxed);
  const TimestampMs lowest = std::numeric_limits<TimestampMs>::min();
  return newest < lowest + duration_ms ? lowest : newest - duration_ms;
}

TimestampMs Head::OldestAccepted() const {
  return std::max(min_valid_time_.load(std::memory_order_relaxed),
                  NewestLess(options_.block_range_ms / 2));
}

void Head::SetOutOfOrderWindow(TimestampMs window_ms) {
  out_of_order_window_ms_.store(window_ms, std::memory_order_relaxed);
}

std::uint64_t Head::OpenSnapshot(std::uint64_t& snapshot) {
  MutexLock lock(queriers_mutex_);
  snapshot = committed_batch_.load(std::memory_order_acquire);
  open_queriers_.emplace(next_querier_, snapshot);
  return next_querier_++;
}

void Head::CloseSnapshot(std::uint64_t id) {
  MutexLock lock(queriers_mutex_);
  open_queriers_.erase(id);
  querier_closed_.NotifyAll();
}

bool Head::HasOpenQueriers() const {
  MutexLock lock(queriers_mutex_);
  return !open_queriers_.empty();
}

std::uint64_t Head::SettledBatch() const {
  MutexLock lock(queriers_mutex_);
  if (!open_queriers_.empty()) return open_queriers_.begin()->second;
  return committed_batch_.load(std::memory_order_relaxed);
}

bool Head::AwaitQueriers(std::stop_token stop) {
  MutexLock lock(queriers_mutex_);
  const std::uint64_t next = next_querier_;
  while (!open_queriers_.empty() && open_queriers_.begin()->first < next) {
    if (stop.stop_requested()) return false;
    // A limit, since a stop does not notify.
    querier_closed_.WaitFor(queriers_mutex_, std::chrono::milliseconds(20));
  }
  return true;
}

model::TimeRange Head::range() const {
  const TimestampMs from = std::max(min_time_.load(std::memory_order_relaxed),
                                    min_valid_time_.load(std::memory_order_relaxed));
  const TimestampMs until = max_time_.load(std::memory_order_relaxed);
  return from > until ? model::TimeRange{0, -1} : model::TimeRange{from, until};
}

Status Head::Sync() { return log_ == nullptr ? Ok() : log_->Sync(); }

HeadStats Head::stats() const {
  HeadStats stats;
  stats.range = range();
  {
    ReaderLock lock(index_mutex_);
    const index::MemoryIndex& index = table_->index();
    stats.series_count = index.series_count();
    stats.symbol_bytes = index.symbol_bytes();
    index.VisitNames([&](std::string_view name, std::size_t) {
      stats.label_pair_count += index.ValueCount(name);
    });
  }
  {
    MutexLock lock(queriers_mutex_);
    stats.open_querier_count = open_queriers_.size();
  }
  const Counters& c = *counters_;
  stats.chunk_count = Counters::Get(c.chunks);
  stats.late_count = Counters::Get(c.late_held);
  stats.stale_series_count = Counters::Get(c.stale_series);
  stats.appended_count = Counters::Get(c.appended);
  stats.histogram_appended_count = Counters::Get(c.histograms_appended);
  stats.late_appended_count = Counters::Get(c.late_appended);
  stats.too_old_count = Counters::Get(c.too_old);
  stats.out_of_order_count = Counters::Get(c.out_of_order);
  stats.duplicate_count = Counters::Get(c.duplicate);
  stats.out_of_bounds_count = Counters::Get(c.out_of_bounds);
  stats.series_created_count = Counters::Get(c.series_created);
  stats.series_removed_count = Counters::Get(c.series_removed);
  stats.series_not_found_count = Counters::Get(c.series_not_found);
  stats.chunks_created_count = Counters::Get(c.chunks_created);
  stats.chunks_removed_count = Counters::Get(c.chunks_removed);
  stats.truncation_count = Counters::Get(c.truncations);
  stats.truncation_failed_count = Counters::Get(c.truncations_failed);
  stats.checkpoint_count = Counters::Get(c.checkpoints);
  stats.checkpoint_failed_count = Counters::Get(c.checkpoints_failed);
  stats.unknown_reference_count = Counters::Get(c.unknown_references);
  stats.wal_corruption_count = replay_report_.damage_count;
  stats.exemplars = exemplars_->stats();
  if (log_ != nullptr) stats.wal = log_->stats();
  return stats;
}

namespace {

// Keeps the `limit` largest entries.
class Largest {
 public:
  explicit Largest(std::size_t limit) : limit_(limit) {}

  template <typename MakeName>
  void Add(std::uint64_t count, MakeName make_name) {
    if (entries_.size() == limit_ && (limit_ == 0 || count <= entries_.top().first)) return;
    entries_.emplace(count, make_name());
    if (entries_.size() > limit_) entries_.pop();
  }

  std::vector<Cardinality::Entry> Take() {
    std::vector<Cardinality::Entry> list;
    for (; !entries_.empty(); entries_.pop()) {
      list.emplace_back(entries_.top().second, entries_.top().first);
    }
    std::ranges::sort(list, [](const auto& a, const auto& b) {
      return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    return list;
  }

 private:
  using Counted = std::pair<std::uint64_t, std::string>;
  const std::size_t limit_;
  std::priority_queue<Counted, std::vector<Counted>, std::greater<>> entries_;
};

}  // namespace

Cardinality Head::cardinality(std::size_t limit) const {
  Largest metric_names(limit);
  Largest value_counts(limit);
  Largest value_bytes(limit);
  Largest pairs(limit);
  ReaderLock lock(index_mutex_);
  const index::MemoryIndex& index = table_->index();
  index.VisitNames([&](std::string_view name, std::size_t) {
    std::uint64_t bytes = 0;
    std::uint64_t count = 0;
    index.VisitValues(name, [&](std::string_view value, std::size_t series_count) {
      ++count;
      bytes += value.size();
      if (name == model::kMetricName) {
        metric_names.Add(series_count, [&] { return std::string(value); });
      }
      pairs.Add(series_count, [&] { return std::string(name).append("=").append(value); });
    });
    value_counts.Add(count, [&] { return std::string(name); });
    value_bytes.Add(bytes, [&] { return std::string(name); });
  });
  return {metric_names.Take(), value_counts.Take(), value_bytes.Take(), pairs.Take()};
}

}  // namespace narthex::head
