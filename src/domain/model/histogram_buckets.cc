#include "model/histogram_buckets.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/number.h"
#include "bucket_list.h"

namespace narthex::model {
namespace {

constexpr int kFractionBits = kExponentialSchemaMax;
constexpr std::size_t kFractionCount = std::size_t{1} << kFractionBits;

// 2^(i/256) / 2 for all i, as products of roots of 2. The root of a half is taken as the double
// below it: these are then, bit for bit, the bounds that Prometheus and its clients have.
std::array<double, kFractionCount> MakeFractions() {
  std::array<double, kFractionBits + 1> roots{};
  roots[0] = 2;
  for (std::size_t k = 1; k <= kFractionBits; ++k) roots[k] = std::sqrt(roots[k - 1]);
  std::array<double, kFractionCount> fractions{};
  for (std::size_t i = 0; i < kFractionCount; ++i) {
    double fraction = (i & kFractionCount / 2) != 0 ? std::nextafter(std::sqrt(0.5), 0.0) : 0.5;
    for (std::size_t k = 2; k <= kFractionBits; ++k) {
      if ((i >> (kFractionBits - k) & 1) != 0) fraction *= roots[k];
    }
    fractions[i] = fraction;
  }
  return fractions;
}

double CustomBound(const FloatHistogram& histogram, std::int32_t index) {
  const auto at = static_cast<std::size_t>(index);
  if (index < 0) return -std::numeric_limits<double>::infinity();
  return at < histogram.custom_values.size() ? histogram.custom_values[at]
                                             : std::numeric_limits<double>::infinity();
}

HistogramBucket MakePositive(const FloatHistogram& histogram, BucketCount bucket) {
  if (HasCustomBuckets(histogram)) {
    return {CustomBound(histogram, bucket.index - 1),
            CustomBound(histogram, bucket.index),
            bucket.index == 0,
            true,
            bucket.count,
            bucket.index};
  }
  return {ExponentialBound(bucket.index - 1, histogram.schema),
          ExponentialBound(bucket.index, histogram.schema),
          false,
          true,
          bucket.count,
          bucket.index};
}

void ReduceSide(std::vector<HistogramSpan>& spans, std::vector<double>& counts, std::int32_t step) {
  BucketList list = ToList(spans, counts);
  for (BucketCount& bucket : list) bucket.index = WiderIndex(bucket.index, step);
  MergeEqualIndexes(list, [](BucketCount& to, const BucketCount& from) { to.count += from.count; });
  FromList(list, spans, counts);
}

void CompactSide(std::vector<HistogramSpan>& spans, std::vector<double>& counts,
                 std::int32_t empty_count_max) {
  BucketList kept;
  for (const BucketCount& bucket : ToList(spans, counts)) {
    if (bucket.count == 0) continue;
    if (!kept.empty() && std::int64_t{bucket.index} - kept.back().index - 1 <= empty_count_max) {
      while (kept.back().index + 1 < bucket.index) kept.push_back({kept.back().index + 1, 0});
    }
    kept.push_back(bucket);
  }
  FromList(kept, spans, counts);
}

void AppendBucket(std::string& out, const HistogramBucket& bucket) {
  if (bucket.count == 0) return;
  fmt::format_to(std::back_inserter(out), ", {}{},{}{}:{}", bucket.is_lower_inclusive ? '[' : '(',
                 FormatDouble(bucket.lower), FormatDouble(bucket.upper),
                 bucket.is_upper_inclusive ? ']' : ')', FormatDouble(bucket.count));
}

}  // namespace

double ExponentialBound(std::int32_t index, std::int32_t schema) {
  // An int64: a hostile index shifted by a schema must not overflow.
  std::int64_t exponent = 0;
  double fraction = 0.5;
  if (schema < 0) {
    exponent = (std::int64_t{index} << -schema) + 1;
  } else {
    static const std::array<double, kFractionCount> kFractions = MakeFractions();
    const auto part = static_cast<std::size_t>(index & ((1 << schema) - 1));
    fraction = kFractions[part << (kFractionBits - schema)];
    exponent = (std::int64_t{index} >> schema) + 1;
  }
  constexpr std::int64_t kLimit = 5000;  // far beyond what a double can have
  if (fraction == 0.5 && exponent == 1025) return std::numeric_limits<double>::max();
  return std::ldexp(fraction, static_cast<int>(std::clamp(exponent, -kLimit, kLimit)));
}

std::vector<HistogramBucket> PositiveBuckets(const FloatHistogram& histogram) {
  std::vector<HistogramBucket> buckets;
  for (const BucketCount& bucket : ToList(histogram.positive_spans, histogram.positive_buckets)) {
    buckets.push_back(MakePositive(histogram, bucket));
  }
  return buckets;
}

std::vector<HistogramBucket> NegativeBuckets(const FloatHistogram& histogram) {
  std::vector<HistogramBucket> buckets;
  for (const BucketCount& bucket : ToList(histogram.negative_spans, histogram.negative_buckets)) {
    buckets.push_back({-ExponentialBound(bucket.index, histogram.schema),
                       -ExponentialBound(bucket.index - 1, histogram.schema), true, false,
                       bucket.count, bucket.index});
  }
  return buckets;
}

std::vector<HistogramBucket> AllBuckets(const FloatHistogram& histogram) {
  std::vector<HistogramBucket> buckets = NegativeBuckets(histogram);
  std::ranges::reverse(buckets);
  if (histogram.zero_count > 0) {
    buckets.push_back(
        {-histogram.zero_threshold, histogram.zero_threshold, true, true, histogram.zero_count, 0});
  }
  const std::vector<HistogramBucket> positive = PositiveBuckets(histogram);
  buckets.insert(buckets.end(), positive.begin(), positive.end());
  return buckets;
}

bool HasSameLayout(const FloatHistogram& a, const FloatHistogram& b) {
  return a.schema == b.schema && a.zero_threshold == b.zero_threshold &&
         a.positive_spans == b.positive_spans && a.negative_spans == b.negative_spans &&
         a.positive_buckets.size() == b.positive_buckets.size() &&
         a.negative_buckets.size() == b.negative_buckets.size() &&
         a.custom_values == b.custom_values;
}

void Compact(FloatHistogram& histogram, std::int32_t empty_count_max) {
  CompactSide(histogram.positive_spans, histogram.positive_buckets, empty_count_max);
  CompactSide(histogram.negative_spans, histogram.negative_buckets, empty_count_max);
}

void ReduceResolution(FloatHistogram& histogram, std::int32_t schema) {
  if (HasCustomBuckets(histogram) || schema >= histogram.schema) return;
  const std::int32_t step = histogram.schema - schema;
  ReduceSide(histogram.positive_spans, histogram.positive_buckets, step);
  ReduceSide(histogram.negative_spans, histogram.negative_buckets, step);
  histogram.schema = schema;
}

std::string ToString(const FloatHistogram& histogram) {
  std::string text =
      fmt::format("{{count:{}, sum:{}", FormatDouble(histogram.count), FormatDouble(histogram.sum));
  for (const HistogramBucket& bucket : AllBuckets(histogram)) AppendBucket(text, bucket);
  return text + "}";
}

}  // namespace narthex::model
