// How long an answer takes.
#pragma once

#include "knobs.h"
#include "random.h"

namespace narthex::demo_exposer {

// In seconds, above 0. `median_seconds` is that of the path under the load of the moment, without
// the knobs. Every shape draws the same number of random numbers.
inline double DrawLatency(Random& random, const Knobs& knobs, double median_seconds) {
  const bool is_in_second_hump = random.Chance(1.0 / 3);
  const double median = median_seconds * knobs.latency_factor;
  switch (knobs.latency_shape) {
    case LatencyShape::kNormal:
      break;
    case LatencyShape::kBimodal:
      // Half the spread, so that the humps stay apart.
      return random.LogNormal(is_in_second_hump ? 8 * median : median, knobs.latency_spread / 2);
    case LatencyShape::kSpike:
      // Inside a bucket of the classic histogram (0.25 to 0.5 s), so that its quantiles are seen to
      // be guesses within the bucket.
      return random.LogNormal(0.3 * knobs.latency_factor, 0.02);
  }
  return random.LogNormal(median, knobs.latency_spread);
}

}  // namespace narthex::demo_exposer
