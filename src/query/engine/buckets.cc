#include "buckets.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "float_sum.h"

namespace narthex::engine {
namespace {

// Differences up to this share of the counts come from floating point, not from the data.
constexpr double kTolerance = 1e-12;

bool AlmostEqual(double a, double b) {
  if (a == b) return true;
  const double sum = std::fabs(a) + std::fabs(b);
  const double difference = std::fabs(a - b);
  constexpr double kLeastNormal = std::numeric_limits<double>::min();
  if (a == 0 || b == 0 || sum < kLeastNormal) return difference < kTolerance * kLeastNormal;
  return difference / std::min(sum, std::numeric_limits<double>::max()) < kTolerance;
}

// Sorts and joins buckets of one bound; false if the last is not +Inf.
bool Prepare(std::vector<Bucket>& buckets) {
  if (!std::ranges::is_sorted(buckets, {}, &Bucket::upper_bound)) {
    std::ranges::sort(buckets, {}, &Bucket::upper_bound);
  }
  if (buckets.empty() || buckets.back().upper_bound != kInfinity) return false;
  std::size_t last = 0;
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    if (buckets[i].upper_bound == buckets[last].upper_bound) {
      buckets[last].count += buckets[i].count;
    } else {
      buckets[++last] = buckets[i];
    }
  }
  buckets.resize(last + 1);
  return true;
}

// Raises counts that fall, and tells of those that fell by more than rounding explains.
void ForceMonotonic(std::vector<Bucket>& buckets, QuantileOfBuckets& told) {
  double before = buckets[0].count;
  for (std::size_t i = 1; i < buckets.size(); ++i) {
    double& count = buckets[i].count;
    if (count == before) continue;
    if (AlmostEqual(before, count)) {
      count = before;
    } else if (count < before) {
      if (!told.was_forced_monotonic) told.lowest_forced_bound = buckets[i].upper_bound;
      told.was_forced_monotonic = true;
      told.highest_forced_bound = buckets[i].upper_bound;
      told.greatest_fall = std::max(told.greatest_fall, before - count);
      count = before;
    } else {
      before = count;
    }
  }
}

// The rank that `value` has, counted up to the first bucket that reaches it.
double RankOf(double value, const std::vector<Bucket>& buckets) {
  double rank = 0;
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    const double upper = buckets[i].upper_bound;
    double lower = -kInfinity;
    if (i > 0) {
      lower = buckets[i - 1].upper_bound;
    } else if (upper > 0) {
      lower = 0;
    }
    if (lower >= value) return rank;
    if (upper > value) {
      // Of a bucket without an end nobody knows where its observations lie.
      if (lower == -kInfinity) return buckets[i].count;
      return rank + (buckets[i].count - rank) * (value - lower) / (upper - lower);
    }
    rank = buckets[i].count;
  }
  return buckets.back().count;
}

}  // namespace

namespace {

// Of sorted buckets with rising counts, the last of them +Inf.
double Interpolate(double q, const std::vector<Bucket>& buckets) {
  if (buckets.size() < 2) return kNaN;
  const double observations = buckets.back().count;
  if (observations == 0) return kNaN;
  const double rank = q * observations;
  std::size_t index = 0;
  while (index < buckets.size() - 1 && !(buckets[index].count >= rank)) ++index;
  if (index == buckets.size() - 1) return buckets[index - 1].upper_bound;
  const double end = buckets[index].upper_bound;
  if (index == 0 && end <= 0) return end;
  const double start = index == 0 ? 0 : buckets[index - 1].upper_bound;
  const double below = index == 0 ? 0 : buckets[index - 1].count;
  const double count = buckets[index].count - below;
  return start + (end - start) * ((rank - below) / count);
}

}  // namespace

QuantileOfBuckets BucketQuantile(double q, std::vector<Bucket>& buckets) {
  if (std::isnan(q)) return {kNaN};
  if (q < 0) return {-kInfinity};
  if (q > 1) return {kInfinity};
  if (!Prepare(buckets)) return {kNaN};
  QuantileOfBuckets quantile;
  ForceMonotonic(buckets, quantile);
  quantile.value = Interpolate(q, buckets);
  return quantile;
}

double BucketFraction(double lower, double upper, std::vector<Bucket>& buckets) {
  if (!Prepare(buckets)) return kNaN;
  const double count = buckets.back().count;
  if (count == 0 || std::isnan(lower) || std::isnan(upper)) return kNaN;
  if (lower >= upper) return 0;
  const double lower_rank = std::min(RankOf(lower, buckets), count);
  const double upper_rank = std::min(RankOf(upper, buckets), count);
  return (upper_rank - lower_rank) / count;
}

}  // namespace narthex::engine
