// What the log says, put into the series by several threads.
#pragma once

#include <atomic>
#include <cstdint>
#include <latch>
#include <memory>
#include <span>
#include <vector>

#include "io/worker_pool.h"
#include "series.h"
#include "time_column.h"
#include "wal/batch.h"

namespace narthex::head {

// Collects samples and pages into windows. While the threads apply one, each to series of its own,
// the next one is filled. The log has the samples by time, and here those of a series are chained,
// so that a series is loaded once for all that a window has of it.
//
// For one thread, which must not touch series that it has given before Drain(). Memory: two windows
// of 2 to 8 MiB, the more the more series there are, and 24 bytes for each series in them.
class ReplayApplier {
 public:
  ReplayApplier(std::size_t thread_count, model::TimestampMs block_range_ms);
  ~ReplayApplier() { Drain(); }

  // The time of the samples added until the next call: an ordinal of a shared column, or, if
  // `column` is null, what each sample says.
  void StartBatch(TimeColumn* column, std::uint32_t ordinal, model::TimestampMs time,
                  std::uint64_t number);
  // One for each of `times`, from ordinal `first` of `column` on; samples name theirs.
  void StartBatches(TimeColumn& column, std::uint32_t first,
                    std::span<const model::TimestampMs> times, std::uint64_t number);
  // Of one of `count` batches started last. `slot` is the series', kept by the caller from call to
  // call.
  struct BatchChoice {
    std::uint32_t index = 0;
    std::uint32_t count = 1;
  };
  void AddSample(Series* series, std::uint32_t id, std::uint32_t& slot, double value,
                 BatchChoice choice) {
    const auto at = static_cast<std::uint32_t>(window_.samples.size());
    const auto batch =
        static_cast<std::uint32_t>(window_.batches.size()) - choice.count + choice.index;
    window_.samples.push_back({value, batch, kNone});
    if (slot < window_.slots.size() && window_.slots[slot].series == series) {
      window_.samples[window_.slots[slot].last].next = at;
      window_.slots[slot].last = at;
      return;
    }
    slot = static_cast<std::uint32_t>(window_.slots.size());
    window_.slots.push_back({series, id, at, at});
  }
  // Before AddSample, if the batch has no column.
  void AddTime(model::TimestampMs time) { window_.times.push_back(time); }
  // `last_time` is that of the page's last value.
  void AddPage(Series* series, SealedPage page, model::TimestampMs last_time);

  // Hands over what has been added if it is enough to be worth it.
  void MaybeDispatch();
  // Returns when everything added is applied.
  void Drain();

  // After Drain().
  std::uint64_t chunk_count() const { return chunk_count_; }
  std::uint64_t refused_page_count() const { return refused_page_count_; }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  // All samples of one series.
  struct Slot {
    Series* series = nullptr;
    std::uint32_t id = 0;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
  };
  struct Sample {
    double value = 0;
    std::uint32_t batch = 0;
    std::uint32_t next = kNone;  // of the same series
  };
  struct Batch {
    TimeColumn* column = nullptr;
    std::uint32_t ordinal = 0;
    model::TimestampMs time = 0;
    std::uint64_t number = 0;
    std::size_t begin = 0;       // of its samples
    std::size_t time_begin = 0;  // of its times, if it has no column
  };
  struct Page {
    Series* series = nullptr;
    SealedPage page;
    model::TimestampMs last_time = 0;
  };
  struct Window {
    std::vector<Page> pages;  // applied before the samples
    std::vector<Batch> batches;
    std::vector<Slot> slots;
    std::vector<Sample> samples;
    std::vector<model::TimestampMs> times;
    std::size_t page_bytes = 0;

    void Clear();
  };

  void Dispatch();
  void ApplyShard(std::size_t shard);
  // The number of chunks that came into being, as below.
  std::uint64_t ApplyPages(std::size_t shard);
  std::uint64_t ApplySamples(const Slot& slot);
  bool IsOf(std::size_t shard, std::uint32_t id) const;

  const std::size_t shard_count_;
  const model::TimestampMs block_range_ms_;
  std::atomic<std::uint64_t> chunk_count_ = 0;
  std::atomic<std::uint64_t> refused_page_count_ = 0;
  Window window_;   // being filled
  Window applied_;  // by the threads, while latch_ is there
  std::unique_ptr<std::latch> latch_;
  io::WorkerPool pool_;
};

}  // namespace narthex::head
