// The buckets of native histograms: where they begin and end, and what is in them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/histogram.h"

namespace narthex::model {

struct HistogramBucket {
  double lower = 0;
  double upper = 0;
  bool is_lower_inclusive = false;
  bool is_upper_inclusive = false;
  double count = 0;
  std::int32_t index = 0;
};

inline bool HasCustomBuckets(const FloatHistogram& histogram) {
  return histogram.schema == kCustomBucketsSchema;
}

// The upper bound of bucket `index` of an exponential schema, above 0. The last one before overflow
// ends at the largest double; beyond, +Inf. The same doubles as Prometheus has, which users see.
// Conformance: histogram/get_bound_exponential
double ExponentialBound(std::int32_t index, std::int32_t schema);

// Buckets that the spans name, empty ones too; the histogram must be valid. Positive ones
// ascending, negative ones from 0 on downwards.
std::vector<HistogramBucket> PositiveBuckets(const FloatHistogram& histogram);
std::vector<HistogramBucket> NegativeBuckets(const FloatHistogram& histogram);
// From the lowest to the highest; with the zero bucket only if its count is above 0, as upstream
// shows histograms.
std::vector<HistogramBucket> AllBuckets(const FloatHistogram& histogram);

// Whether two counters count in the same buckets.
bool HasSameLayout(const FloatHistogram& a, const FloatHistogram& b);

// Takes out empty buckets, but for runs of up to `empty_count_max` between two others, which become
// part of the span around them. Conformance: histogram/float_histogram_compact
void Compact(FloatHistogram& histogram, std::int32_t empty_count_max = 0);

// Counts in the wider buckets of the exponential `schema`. A histogram that has them already, or
// custom ones, stays as it is. It must be valid, but for a schema above the largest.
void ReduceResolution(FloatHistogram& histogram, std::int32_t schema);

// "{count:3, sum:5, [-0.1,0.1]:1, (1,2]:2}": buckets that are not empty, from the lowest on.
std::string ToString(const FloatHistogram& histogram);

}  // namespace narthex::model
