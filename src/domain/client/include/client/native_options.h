// How finely a native histogram counts, and what it does when that takes too many buckets.
#pragma once

#include <chrono>
#include <cstddef>

namespace narthex::client {

// Source: Prometheus, native histograms, "Limiting the bucket count".
struct NativeOptions {
  // Each bucket is at most this much wider than the one before: 1.1 gives schema 3, growth by
  // 2^(1/8). Above 1; what is below 2^(1/256) gives that, schema 8.
  double bucket_factor = 1.1;
  // Observations up to this size, either side of 0, share the zero bucket. 2^-128, as elsewhere.
  double zero_threshold = 2.938735877055719e-39;
  // 0: no limit. Beyond it, in this order: all counts start anew if the last time was at least
  // `reset_interval_min` ago (0: never); the zero bucket is widened up to `zero_threshold_max` (0:
  // never); buckets are merged in pairs, down to schema -4.
  std::size_t bucket_count_max = 160;
  std::chrono::milliseconds reset_interval_min{0};
  double zero_threshold_max = 0;
};

}  // namespace narthex::client
