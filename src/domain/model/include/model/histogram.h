// Native histograms as values.
#pragma once

#include <cstdint>
#include <vector>

#include "base/result.h"

namespace narthex::model {

// Buckets that follow one another: `offset` buckets are skipped before them, counted from the last
// span or, in the first span, from bucket 0.
struct HistogramSpan {
  std::int32_t offset = 0;
  std::uint32_t length = 0;

  friend bool operator==(const HistogramSpan&, const HistogramSpan&) = default;
};

// What is known of a counter reset between a histogram and the one before it.
enum class CounterResetHint { kUnknown, kReset, kNotReset, kGauge };

inline constexpr std::int32_t kExponentialSchemaMin = -4;
inline constexpr std::int32_t kExponentialSchemaMax = 8;
// Bounds are given in custom_values. Source: Prometheus, model/histogram.
inline constexpr std::int32_t kCustomBucketsSchema = -53;

// A native histogram with counts as floats. Bucket i of an exponential schema s reaches from
// 2^((i-1)/2^s), exclusive, to 2^(i/2^s), inclusive.
struct FloatHistogram {
  CounterResetHint reset_hint = CounterResetHint::kUnknown;
  std::int32_t schema = 0;
  double zero_threshold = 0;  // observations up to this, either side of 0, are in zero_count
  double zero_count = 0;
  double count = 0;
  double sum = 0;
  std::vector<HistogramSpan> positive_spans;
  std::vector<HistogramSpan> negative_spans;
  std::vector<double> positive_buckets;  // absolute counts
  std::vector<double> negative_buckets;
  std::vector<double> custom_values;  // upper bounds, ascending, without +Inf; custom schema only

  friend bool operator==(const FloatHistogram&, const FloatHistogram&) = default;
};

// Whether spans, buckets, bounds and counts fit together.
// Errors: kInvalidArgument  in Prometheus' words. Conformance: histogram/histogram_validation
Status Validate(const FloatHistogram& histogram);

}  // namespace narthex::model
