#include "histogram_limits.h"

#include <algorithm>
#include <cmath>

#include "model/histogram_buckets.h"

namespace narthex::scrape {
namespace {

// What a later version of the format may send. Source: Prometheus, model/histogram.
constexpr std::int32_t kSchemaReservedMax = 52;

// The finest resolution whose buckets still grow by `factor`.
std::int32_t FinestSchema(double factor) {
  if (!(factor > 1)) return model::kExponentialSchemaMax;
  const double schema = std::floor(-std::log2(std::log2(factor)));
  return static_cast<std::int32_t>(
      std::clamp<double>(schema, model::kExponentialSchemaMin, model::kExponentialSchemaMax));
}

std::size_t BucketCount(const model::FloatHistogram& histogram) {
  return histogram.positive_buckets.size() + histogram.negative_buckets.size();
}

}  // namespace

Result<model::FloatHistogram> LimitHistogram(const model::FloatHistogram& read,
                                             const config::HistogramOptions& options) {
  model::FloatHistogram histogram = read;
  const bool is_too_fine =
      histogram.schema > model::kExponentialSchemaMax && histogram.schema <= kSchemaReservedMax;
  if (is_too_fine) histogram.schema = model::kExponentialSchemaMax;
  NARTHEX_TRY(model::Validate(histogram));
  if (is_too_fine) {
    histogram.schema = read.schema;
    model::ReduceResolution(histogram, model::kExponentialSchemaMax);
  }
  const bool is_exponential = !model::HasCustomBuckets(histogram);
  if (is_exponential) {
    const std::int32_t finest = FinestSchema(options.native_histogram_min_bucket_factor);
    if (histogram.schema > finest) model::ReduceResolution(histogram, finest);
  }
  const std::uint64_t limit = options.native_histogram_bucket_limit;
  while (limit > 0 && BucketCount(histogram) > limit) {
    if (!is_exponential || histogram.schema == model::kExponentialSchemaMin) {
      return Error{ErrorCode::kResourceExhausted, "histogram bucket limit exceeded"};
    }
    model::ReduceResolution(histogram, histogram.schema - 1);
  }
  return histogram;
}

}  // namespace narthex::scrape
