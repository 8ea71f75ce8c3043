// What the store counts.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "client/registry.h"

namespace narthex::tsdb {

// Relaxed everywhere: each is a number of its own, read for display only.
struct TsdbCounters {
  using Counter = std::atomic<std::uint64_t>;
  Counter blocks_written = 0;
  Counter block_writes_failed = 0;
  Counter merges_triggered = 0;
  Counter merges_skipped = 0;  // there was no room
  Counter overlap_merges = 0;
  Counter time_retentions = 0;
  Counter size_retentions = 0;
  std::atomic<bool> is_writing_block = false;
  // Of cutting or merging a block, of a clean-up; null without a registry.
  client::Histogram* block_seconds = nullptr;
  client::Histogram* clean_seconds = nullptr;
  client::Summary* truncate_seconds = nullptr;
  // Of the pages that a block is cut from the head with.
  client::Histogram* page_bytes = nullptr;
  client::Histogram* page_samples = nullptr;
  client::Histogram* page_seconds = nullptr;

  // Says, as long as it lives, that a block is written.
  class Writing {
   public:
    explicit Writing(TsdbCounters& counters) : counters_(counters) {
      counters_.is_writing_block.store(true, std::memory_order_relaxed);
    }
    ~Writing() { counters_.is_writing_block.store(false, std::memory_order_relaxed); }
    Writing(const Writing&) = delete;
    Writing& operator=(const Writing&) = delete;

   private:
    TsdbCounters& counters_;
  };

  static void Add(Counter& counter) { counter.fetch_add(1, std::memory_order_relaxed); }
  static std::uint64_t Get(const Counter& counter) {
    return counter.load(std::memory_order_relaxed);
  }
  static void Observe(auto* instrument, std::chrono::nanoseconds duration) {
    if (instrument != nullptr) instrument->Observe(std::chrono::duration<double>(duration).count());
  }
};

}  // namespace narthex::tsdb
