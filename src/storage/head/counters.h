// What the head counts, and the scratch space of an append.
#pragma once

#include <atomic>
#include <cstdint>
#include <vector>

#include "head/head.h"
#include "series.h"

namespace narthex::head {

// Relaxed everywhere: each is a number of its own, read for display only.
struct Head::Counters {
  using Counter = std::atomic<std::uint64_t>;
  Counter appended = 0;
  Counter out_of_order = 0;
  Counter duplicate = 0;
  Counter out_of_bounds = 0;
  Counter series_created = 0;
  Counter series_removed = 0;
  Counter series_not_found = 0;
  Counter chunks = 0;
  Counter chunks_created = 0;
  Counter chunks_removed = 0;
  Counter truncations = 0;
  Counter truncations_failed = 0;
  Counter checkpoints = 0;
  Counter checkpoints_failed = 0;
  Counter unknown_references = 0;

  static void Add(Counter& counter, std::uint64_t count = 1) {
    counter.fetch_add(count, std::memory_order_relaxed);
  }
  static std::uint64_t Get(const Counter& counter) {
    return counter.load(std::memory_order_relaxed);
  }
};

struct Head::Accepted {
  std::vector<Series*> series;
  std::vector<std::uint64_t> refs;
  std::vector<double> values;
  std::vector<model::TimestampMs> times;
  std::vector<Series*> found;  // by position in the batch, null if unknown
  bool has_one_time = true;
  std::uint32_t mark = 0;

  void Clear() {
    series.clear();
    refs.clear();
    values.clear();
    times.clear();
    has_one_time = true;
  }
};

// References by position in the request; those at `created` are new.
struct Head::NewSeries {
  std::vector<storage::SeriesRef> refs;
  std::vector<std::size_t> created;
};

}  // namespace narthex::head
