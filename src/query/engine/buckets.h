// Classic histograms: cumulative counts below upper bounds.
#pragma once

#include <vector>

namespace narthex::engine {

struct Bucket {
  double upper_bound = 0;
  double count = 0;  // of all observations up to the bound
};

struct QuantileOfBuckets {
  double value = 0;
  // Counts fell with rising bounds by more than rounding explains, and were raised.
  bool was_forced_monotonic = false;
  // Of the bounds at which counts fell, and how much at most.
  double lowest_forced_bound = 0;
  double highest_forced_bound = 0;
  double greatest_fall = 0;
};

// The q-quantile, by straight lines within buckets. NaN without a +Inf bucket, with fewer than two
// buckets, without observations and for q NaN; -Inf for q < 0, +Inf for q > 1. Reorders `buckets`.
// Source: Prometheus, functions.md, histogram_quantile.
QuantileOfBuckets BucketQuantile(double q, std::vector<Bucket>& buckets);

// The share of observations between `lower` and `upper`; NaN where there is none.
// Source: Prometheus, functions.md, histogram_fraction.
double BucketFraction(double lower, double upper, std::vector<Bucket>& buckets);

}  // namespace narthex::engine
