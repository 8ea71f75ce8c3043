#include "histogram_trim.h"

#include <cmath>
#include <span>

#include "model/histogram_buckets.h"
#include "native_histogram.h"

namespace narthex::engine {
namespace {

using model::FloatHistogram;
using model::HistogramBucket;

// What stays of a bucket, and where it lies.
struct Kept {
  double count = 0;
  double mean = 0;
};

double ZeroIfInfinite(double value) { return std::isinf(value) ? 0 : value; }

double MeanOf(double lower, double upper, bool is_linear) {
  if (std::isinf(lower)) {
    if (std::isinf(upper)) return 0;
    return upper > 0 ? upper / 2 : upper;
  }
  if (std::isinf(upper)) return lower;
  if (is_linear) return (lower + upper) / 2;
  const double mean = std::sqrt(std::fabs(lower * upper));
  return upper > 0 ? mean : -mean;
}

// Custom buckets without a lower end: positive ones are taken to begin at 0.
Kept SplitLowest(const HistogramBucket& bucket, double limit, KeptSide side) {
  const bool begins_at_zero = bucket.upper > 0 && !std::isinf(bucket.upper);
  if (side == KeptSide::kBelow) {
    if (limit > 0 && begins_at_zero) return {bucket.count * limit / bucket.upper, limit / 2};
    if (bucket.upper <= 0) return {bucket.count, limit};
    return {0, ZeroIfInfinite(bucket.upper)};
  }
  if (limit >= 0 && begins_at_zero) {
    return {bucket.count * (1 - limit / bucket.upper), (limit + bucket.upper) / 2};
  }
  return {0, ZeroIfInfinite(bucket.upper)};
}

// Of a bucket that the limit lies inside of.
Kept Split(const HistogramBucket& bucket, double limit, KeptSide side, bool is_linear) {
  if (std::isinf(bucket.lower)) return SplitLowest(bucket, limit, side);
  if (std::isinf(bucket.upper)) {
    return side == KeptSide::kBelow ? Kept{0, ZeroIfInfinite(bucket.lower)}
                                    : Kept{bucket.count, limit};
  }
  const double below = bucket.count * ShareBelow(limit, bucket.lower, bucket.upper, is_linear);
  if (side == KeptSide::kBelow) return {below, MeanOf(bucket.lower, limit, is_linear)};
  return {bucket.count - below, MeanOf(limit, bucket.upper, is_linear)};
}

Kept KeptOf(const HistogramBucket& bucket, double limit, KeptSide side, bool is_linear) {
  if (std::isnan(limit)) return {};
  const bool is_below = bucket.upper <= limit;
  const bool is_above = bucket.lower >= limit;
  if (side == KeptSide::kBelow ? is_below : is_above) {
    return {bucket.count, MeanOf(bucket.lower, bucket.upper, is_linear)};
  }
  if (is_below || is_above) return {};
  return Split(bucket, limit, side, is_linear);
}

class Trimmer {
 public:
  Trimmer(FloatHistogram histogram, double limit, KeptSide side)
      : histogram_(std::move(histogram)), limit_(limit), side_(side) {}

  FloatHistogram Run() {
    const bool has_positive =
        TrimSide(model::PositiveBuckets(histogram_), histogram_.positive_buckets);
    const bool has_negative =
        TrimSide(model::NegativeBuckets(histogram_), histogram_.negative_buckets);
    if (histogram_.zero_count > 0) TrimZeroBucket(has_positive, has_negative);
    if (!is_trimmed_) return std::move(histogram_);
    histogram_.count = count_;
    histogram_.sum = sum_;
    model::Compact(histogram_);
    return std::move(histogram_);
  }

 private:
  // Whether any bucket had observations.
  bool TrimSide(const std::vector<HistogramBucket>& buckets, std::span<double> counts) {
    bool has_any = false;
    const bool is_linear = model::HasCustomBuckets(histogram_);
    for (std::size_t i = 0; i < buckets.size(); ++i) {
      if (buckets[i].count == 0) continue;
      has_any = true;
      Take(KeptOf(buckets[i], limit_, side_, is_linear), counts[i]);
    }
    return has_any;
  }

  void TrimZeroBucket(bool has_positive, bool has_negative) {
    HistogramBucket zero;
    zero.count = histogram_.zero_count;
    zero.lower = has_positive && !has_negative ? 0 : -histogram_.zero_threshold;
    zero.upper = has_negative && !has_positive ? 0 : histogram_.zero_threshold;
    // Where both ends are the limit, what is to be kept below is nothing. A share that is no number
    // stays none, in this bucket alone.
    const bool is_nothing = side_ == KeptSide::kBelow && limit_ <= zero.lower;
    Kept kept = is_nothing ? Kept{} : KeptOf(zero, limit_, side_, true);
    if (std::isnan(limit_)) kept = {limit_, limit_};
    Take(kept, histogram_.zero_count);
  }

  void Take(Kept kept, double& count) {
    is_trimmed_ = is_trimmed_ || kept.count != count;
    count = kept.count;
    count_ += kept.count;
    sum_ += kept.mean * kept.count;
  }

  FloatHistogram histogram_;
  const double limit_;
  const KeptSide side_;
  bool is_trimmed_ = false;
  double count_ = 0;
  double sum_ = 0;
};

}  // namespace

FloatHistogram Trim(FloatHistogram histogram, double limit, KeptSide side) {
  return Trimmer(std::move(histogram), limit, side).Run();
}

}  // namespace narthex::engine
