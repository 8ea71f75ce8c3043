#include "model/histogram.h"

#include <fmt/format.h>

#include <cmath>
#include <span>
#include <string>

namespace narthex::model {
namespace {

Error Invalid(std::string message) { return {ErrorCode::kInvalidArgument, std::move(message)}; }

enum class FirstOffset { kAny, kNotNegative };

// Gives the number of buckets from the first to the last one, gaps included.
Result<std::int64_t> CheckSpans(std::span<const HistogramSpan> spans, std::size_t bucket_count,
                                FirstOffset first_offset) {
  std::uint64_t needed = 0;
  std::int64_t reach = 0;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const bool may_be_negative = i == 0 && first_offset == FirstOffset::kAny;
    if (spans[i].offset < 0 && !may_be_negative) {
      return Invalid(fmt::format(
          "span number {} with offset {}: histogram has a span whose offset is negative", i + 1,
          spans[i].offset));
    }
    needed += spans[i].length;
    reach += std::int64_t{spans[i].length} + spans[i].offset;
  }
  if (needed != bucket_count) {
    return Invalid(
        fmt::format("spans need {} buckets, have {} buckets: histogram spans specify "
                    "different number of buckets than provided",
                    needed, bucket_count));
  }
  return reach;
}

Status CheckBounds(std::span<const double> bounds) {
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    if (std::isnan(bounds[i])) return Invalid("histogram custom bounds must not be NaN");
    if (i > 0 && bounds[i] <= bounds[i - 1]) {
      return Invalid(
          fmt::format("previous bound is {:f} and current is {:f}: histogram custom "
                      "bounds must be in strictly increasing order",
                      bounds[i - 1], bounds[i]));
    }
  }
  if (!bounds.empty() && std::isinf(bounds.back()) && bounds.back() > 0) {
    return Invalid(
        "last +Inf bound must not be explicitly defined: histogram custom bounds must be finite");
  }
  return Ok();
}

Status CheckCustomBuckets(const FloatHistogram& histogram) {
  NARTHEX_TRY(CheckBounds(histogram.custom_values));
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t reach,
                           CheckSpans(histogram.positive_spans, histogram.positive_buckets.size(),
                                      FirstOffset::kNotNegative));
  if (static_cast<std::int64_t>(histogram.custom_values.size()) + 1 < reach) {
    return Invalid(
        fmt::format("only {} custom bounds defined which is insufficient to cover total "
                    "span length of {}: histogram custom bounds are too few",
                    histogram.custom_values.size(), reach));
  }
  if (histogram.zero_count != 0) return Invalid("must have zero count of 0");
  if (histogram.zero_threshold != 0) return Invalid("must have zero threshold of 0");
  if (!histogram.negative_spans.empty()) return Invalid("must not have negative spans");
  if (!histogram.negative_buckets.empty()) return Invalid("must not have negative buckets");
  return Ok();
}

Status CheckCounts(std::span<const double> buckets) {
  for (std::size_t i = 0; i < buckets.size(); ++i) {
    if (buckets[i] < 0) {
      return Invalid(
          fmt::format("bucket number {} has observation count of {}: histogram has a "
                      "bucket whose observation count is negative",
                      i + 1, buckets[i]));
    }
  }
  return Ok();
}

Status Under(Status status, std::string_view context) {
  if (status.ok()) return status;
  return std::move(status).error().Under(context);
}

Status CheckSide(std::span<const HistogramSpan> spans, std::span<const double> buckets) {
  NARTHEX_TRY(CheckSpans(spans, buckets.size(), FirstOffset::kAny));
  return Ok();
}

Status CheckExponentialBuckets(const FloatHistogram& histogram) {
  NARTHEX_TRY(
      Under(CheckSide(histogram.positive_spans, histogram.positive_buckets), "positive side"));
  NARTHEX_TRY(
      Under(CheckSide(histogram.negative_spans, histogram.negative_buckets), "negative side"));
  if (!histogram.custom_values.empty()) {
    return Invalid("histogram with exponential schema must not have custom bounds");
  }
  return Ok();
}

}  // namespace

Status Validate(const FloatHistogram& histogram) {
  const std::int32_t schema = histogram.schema;
  if (schema == kCustomBucketsSchema) {
    NARTHEX_TRY(Under(CheckCustomBuckets(histogram), "custom buckets"));
  } else if (schema >= kExponentialSchemaMin && schema <= kExponentialSchemaMax) {
    NARTHEX_TRY(CheckExponentialBuckets(histogram));
  } else {
    return Invalid(
        fmt::format("histogram has an invalid schema, which must be between {} and {} for "
                    "exponential buckets, or {} for custom buckets, got schema {}",
                    kExponentialSchemaMin, kExponentialSchemaMax, kCustomBucketsSchema, schema));
  }
  NARTHEX_TRY(Under(CheckCounts(histogram.positive_buckets), "positive side"));
  NARTHEX_TRY(Under(CheckCounts(histogram.negative_buckets), "negative side"));
  // The count is not compared with the buckets: sums of floats do not come out even.
  if (histogram.zero_count < 0) {
    return Invalid(
        fmt::format("zero bucket has observation count of {}: histogram has a bucket whose "
                    "observation count is negative",
                    histogram.zero_count));
  }
  if (histogram.count < 0) {
    return Invalid(fmt::format("histogram has an observation count of {}", histogram.count));
  }
  return Ok();
}

}  // namespace narthex::model
