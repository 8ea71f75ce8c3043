#include "replay_applier.h"

#include <algorithm>
#include <array>
#include <utility>

namespace narthex::head {
namespace {

// Enough that handing over does not count, little enough that it stays in the caches. With many
// series it is worth more that each is loaded once for several samples.
constexpr std::size_t kWindowSampleCountMin = std::size_t{1} << 17;
constexpr std::size_t kWindowSampleCountMax = std::size_t{1} << 19;
constexpr std::size_t kSamplesPerSeries = 4;
constexpr std::size_t kWindowPageBytes = std::size_t{1} << 20;
// Series of one shard lie side by side in such stretches, as they do in batches.
constexpr unsigned kStretchShift = 7;
// Slots ahead for whose series, which are in the cache by then, the tail is called there.
constexpr std::size_t kTailPrefetchDistance = 3;

}  // namespace

ReplayApplier::ReplayApplier(std::size_t thread_count, model::TimestampMs block_range_ms)
    : shard_count_(thread_count),
      block_range_ms_(block_range_ms),
      pool_({.thread_count = thread_count, .queue_length_max = thread_count}) {}

void ReplayApplier::Window::Clear() {
  pages.clear();
  batches.clear();
  slots.clear();
  samples.clear();
  times.clear();
  page_bytes = 0;
}

void ReplayApplier::StartBatch(TimeColumn* column, std::uint32_t ordinal, model::TimestampMs time,
                               std::uint64_t number) {
  window_.batches.push_back(
      {column, ordinal, time, number, window_.samples.size(), window_.times.size()});
}

void ReplayApplier::StartBatches(TimeColumn& column, std::uint32_t first,
                                 std::span<const model::TimestampMs> times, std::uint64_t number) {
  for (const model::TimestampMs time : times) StartBatch(&column, first++, time, number);
}

void ReplayApplier::AddPage(Series* series, SealedPage page, model::TimestampMs last_time) {
  // Samples of a window come behind its pages.
  if (!window_.batches.empty()) Dispatch();
  window_.page_bytes += page.size + sizeof(Page);
  window_.pages.push_back({series, std::move(page), last_time});
}

void ReplayApplier::MaybeDispatch() {
  const std::size_t sample_count = window_.samples.size();
  const std::size_t wanted_count = std::clamp(kSamplesPerSeries * window_.slots.size(),
                                              kWindowSampleCountMin, kWindowSampleCountMax);
  if (sample_count >= wanted_count || window_.page_bytes >= kWindowPageBytes) Dispatch();
}

void ReplayApplier::Dispatch() {
  if (latch_ != nullptr) latch_->wait();
  std::swap(window_, applied_);
  window_.Clear();
  latch_ = std::make_unique<std::latch>(static_cast<std::ptrdiff_t>(shard_count_));
  for (std::size_t shard = 0; shard < shard_count_; ++shard) {
    const Status accepted = pool_.Submit([this, shard, latch = latch_.get()] {
      ApplyShard(shard);
      latch->count_down();
    });
    NARTHEX_CHECK(accepted.ok(), "the queue has room for one task of each shard");
  }
}

void ReplayApplier::Drain() {
  if (!window_.pages.empty() || !window_.batches.empty()) Dispatch();
  if (latch_ != nullptr) latch_->wait();
  latch_.reset();
}

bool ReplayApplier::IsOf(std::size_t shard, std::uint32_t id) const {
  return (id >> kStretchShift) % shard_count_ == shard;
}

void ReplayApplier::ApplyShard(std::size_t shard) {
  std::uint64_t chunk_count = ApplyPages(shard);
  const std::vector<Slot>& slots = applied_.slots;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (i + kPrefetchDistance < slots.size()) {
      const Slot& next = slots[i + kPrefetchDistance];
      if (IsOf(shard, next.id)) {
        Prefetch(next.series);
        __builtin_prefetch(&applied_.samples[next.first]);
      }
    }
    if (i + kTailPrefetchDistance < slots.size()) {
      const Slot& next = slots[i + kTailPrefetchDistance];
      if (IsOf(shard, next.id)) next.series->tail.Prefetch();
    }
    if (IsOf(shard, slots[i].id)) chunk_count += ApplySamples(slots[i]);
  }
  // Relaxed: read after the latch.
  chunk_count_.fetch_add(chunk_count, std::memory_order_relaxed);
}

std::uint64_t ReplayApplier::ApplyPages(std::size_t shard) {
  std::uint64_t restored_count = 0;
  for (Page& page : applied_.pages) {
    if (!IsOf(shard, page.series->id)) continue;
    if (page.series->Restore(std::move(page.page), page.last_time)) {
      ++restored_count;
    } else {
      refused_page_count_.fetch_add(1, std::memory_order_relaxed);
    }
  }
  return restored_count;
}

namespace {

// Samples of one series whose ordinals follow one another: they are appended in one call.
class Run {
 public:
  explicit Run(Series& series) : series_(series), newest_(series.newest_time) {}

  model::TimestampMs newest() const { return newest_; }
  void Add(TimeColumn& column, std::uint32_t ordinal, model::TimestampMs time, double value) {
    if (count_ == values_.size() || &column != column_ || ordinal != first_ + count_) {
      Flush();
      column_ = &column;
      first_ = ordinal;
    }
    values_[count_++] = value;
    newest_ = time;
  }
  void Flush() {
    if (count_ > 0) series_.Append(*column_, first_, std::span(values_).first(count_), newest_);
    count_ = 0;
  }

 private:
  Series& series_;
  model::TimestampMs newest_;
  TimeColumn* column_ = nullptr;
  std::uint32_t first_ = 0;  // ordinal
  std::uint32_t count_ = 0;
  std::array<double, 32> values_;
};

}  // namespace

std::uint64_t ReplayApplier::ApplySamples(const Slot& slot) {
  Series& series = *slot.series;
  const std::size_t chunks_before = series.chunk_count();
  Run run(series);
  for (std::uint32_t at = slot.first; at != kNone; at = applied_.samples[at].next) {
    const Sample& one = applied_.samples[at];
    // It was written by another processor: that takes as long as the work on this one.
    if (one.next != kNone) __builtin_prefetch(&applied_.samples[one.next]);
    const Batch& batch = applied_.batches[one.batch];
    TimeColumn* column = batch.column;
    const model::TimestampMs time =
        column != nullptr ? batch.time : applied_.times[batch.time_begin + at - batch.begin];
    if (time <= run.newest()) continue;
    std::uint32_t ordinal = batch.ordinal;
    if (column == nullptr) {
      column = &series.OwnColumn(block_range_ms_);
      ordinal = column->Append(time, batch.number, batch.number);
    }
    run.Add(*column, ordinal, time, one.value);
  }
  run.Flush();
  return series.chunk_count() - chunks_before;
}

}  // namespace narthex::head
