#include "native_histogram.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "float_sum.h"
#include "model/histogram_buckets.h"

namespace narthex::engine {
namespace {

using model::FloatHistogram;
using model::HistogramBucket;

// The zero bucket begins (ends) at 0 where all other buckets are above (below) it.
void NarrowZeroBucket(HistogramBucket& bucket, const FloatHistogram& histogram) {
  const bool has_negative = !histogram.negative_buckets.empty();
  const bool has_positive = !histogram.positive_buckets.empty();
  if (!has_negative && has_positive) bucket.lower = 0;
  if (!has_positive && has_negative) bucket.upper = 0;
}

double Interpolate(const HistogramBucket& bucket, double share, bool is_linear) {
  if (is_linear) return bucket.lower + (bucket.upper - bucket.lower) * share;
  const double log_lower = std::log2(std::fabs(bucket.lower));
  const double log_upper = std::log2(std::fabs(bucket.upper));
  if (bucket.lower > 0) return std::exp2(log_lower + (log_upper - log_lower) * share);
  return -std::exp2(log_upper + (log_lower - log_upper) * (1 - share));
}

// The bucket that a rank falls into, counting from the near end of `buckets`.
struct RankedBucket {
  HistogramBucket bucket;
  std::size_t index = 0;
  double count = 0;  // of the buckets up to and with this one
};

RankedBucket FindRank(std::span<const HistogramBucket> buckets, double rank) {
  RankedBucket found;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    found.bucket = buckets[i];
    found.index = i;
    if (buckets[i].count == 0) continue;
    found.count += buckets[i].count;
    if (found.count >= rank) break;
  }
  return found;
}

}  // namespace

double ShareBelow(double value, double lower, double upper, bool is_linear) {
  if (is_linear) return (value - lower) / (upper - lower);
  const double log_lower = std::log2(std::fabs(lower));
  const double log_upper = std::log2(std::fabs(upper));
  const double log_value = std::log2(std::fabs(value));
  if (value > 0) return (log_value - log_lower) / (log_upper - log_lower);
  return 1 - (log_value - log_upper) / (log_lower - log_upper);
}

NativeQuantile QuantileOf(double q, const FloatHistogram& histogram) {
  if (q < 0) return {-kInfinity};
  if (q > 1) return {kInfinity};
  if (histogram.count == 0 || std::isnan(q)) return {kNaN};
  // Observations of NaN are counted, but in no bucket: they have to be left beyond the far end.
  const bool may_have_nans = std::isnan(histogram.sum);
  const bool is_forward = may_have_nans || q < 0.5;
  std::vector<HistogramBucket> buckets = model::AllBuckets(histogram);
  if (!is_forward) std::ranges::reverse(buckets);
  double rank = (is_forward ? q : 1 - q) * histogram.count;

  RankedBucket found = FindRank(buckets, rank);
  HistogramBucket& bucket = found.bucket;
  const bool is_custom = model::HasCustomBuckets(histogram);
  if (!is_custom && bucket.lower < 0 && bucket.upper > 0) NarrowZeroBucket(bucket, histogram);
  if (is_custom && bucket.lower == -kInfinity) {
    if (bucket.upper <= 0) return {bucket.upper};
    bucket.lower = 0;
  } else if (is_custom && bucket.upper == kInfinity) {
    return {bucket.lower};
  }
  // Rounding may have counted a bit too much.
  const double count = std::min(found.count, histogram.count);
  if (count < rank) {
    if (may_have_nans) return {kNaN, true};
    return {bucket.upper};
  }
  rank = is_forward ? rank - (count - bucket.count) : count - rank;

  NativeQuantile quantile;
  const bool is_linear = is_custom || (bucket.lower <= 0 && bucket.upper >= 0);
  quantile.value = Interpolate(bucket, rank / bucket.count, is_linear);
  if (may_have_nans) {
    double in_buckets = count;
    for (std::size_t i = found.index + 1; i < buckets.size(); ++i) in_buckets += buckets[i].count;
    quantile.is_skewed_by_nans = in_buckets < histogram.count;
  }
  return quantile;
}

namespace {

// How many observations lie below `value`, as far as the buckets tell; infinite if it is beyond
// them all.
double RankOf(double value, std::span<const HistogramBucket> buckets,
              const FloatHistogram& histogram) {
  double rank = 0;
  for (HistogramBucket bucket : buckets) {
    const bool is_zero = bucket.lower <= 0 && bucket.upper >= 0;
    if (is_zero) NarrowZeroBucket(bucket, histogram);
    if (bucket.lower >= value) return rank;
    if (bucket.upper > value) {
      // Of a bucket without an end nobody knows where its observations lie.
      if (bucket.lower == -kInfinity) return bucket.count;
      const bool is_linear = model::HasCustomBuckets(histogram) || is_zero;
      return rank + bucket.count * ShareBelow(value, bucket.lower, bucket.upper, is_linear);
    }
    rank += bucket.count;
  }
  return kInfinity;
}

}  // namespace

NativeFraction FractionOf(double lower, double upper, const FloatHistogram& histogram) {
  if (histogram.count == 0 || std::isnan(lower) || std::isnan(upper)) return {kNaN};
  if (lower >= upper) return {0};
  const std::vector<HistogramBucket> buckets = model::AllBuckets(histogram);
  NativeFraction fraction;
  double count = histogram.count;
  if (std::isnan(histogram.sum)) {
    count = 0;
    for (const HistogramBucket& bucket : buckets) count += bucket.count;
    fraction.excludes_nans = count < histogram.count;
  }
  const double lower_rank = std::min(RankOf(lower, buckets, histogram), count);
  const double upper_rank = std::min(RankOf(upper, buckets, histogram), count);
  fraction.value = (upper_rank - lower_rank) / histogram.count;
  return fraction;
}

double VarianceOf(const FloatHistogram& histogram) {
  const double mean = histogram.sum / histogram.count;
  FloatSum squares;
  for (const HistogramBucket& bucket : model::AllBuckets(histogram)) {
    if (bucket.count == 0) continue;
    double value = 0;  // of the zero bucket
    if (model::HasCustomBuckets(histogram)) {
      value = (bucket.upper + bucket.lower) / 2;
    } else if (bucket.lower > 0 || bucket.upper < 0) {
      value = std::sqrt(bucket.upper * bucket.lower);
      if (bucket.upper < 0) value = -value;
    }
    const double delta = value - mean;
    squares.Add(bucket.count * delta * delta);
  }
  return squares.value() / histogram.count;
}

}  // namespace narthex::engine
