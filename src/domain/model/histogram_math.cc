#include "model/histogram_math.h"

#include <algorithm>
#include <cmath>

#include "bucket_list.h"
#include "model/histogram_buckets.h"

namespace narthex::model {
namespace {

// Positions of the first bucket that is not below the threshold.
template <typename Side>
std::size_t CountBelow(const Side& side, std::int32_t schema, double threshold) {
  const auto end = std::ranges::find_if(side, [&](const auto& bucket) {
    return ExponentialBound(bucket.index - 1, schema) >= threshold;
  });
  return static_cast<std::size_t>(end - side.begin());
}

// Where the zero bucket has to end if it reaches into a bucket that is not empty.
template <typename Side>
double EndOf(const Side& side, std::int32_t schema, double threshold) {
  const std::size_t count = CountBelow(side, schema, threshold);
  if (count == 0 || side[count - 1].count.Get() == 0) return threshold;
  return std::max(threshold, ExponentialBound(side[count - 1].index, schema));
}

}  // namespace

// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen".
void HistogramSum::Number::Add(double more) {
  const double total = value + more;
  if (std::isinf(total)) {
    compensation = 0;
  } else if (std::abs(value) >= std::abs(more)) {
    compensation += (value - total) + more;
  } else {
    compensation += (more - total) + value;
  }
  value = total;
}

void HistogramSum::Number::Add(const Number& other) {
  Add(other.value);
  compensation += other.compensation;
}

double HistogramSum::Number::Get() const { return value + compensation; }

HistogramSum::HistogramSum(const FloatHistogram& first)
    : hint_(first.reset_hint),
      schema_(first.schema),
      zero_threshold_(first.zero_threshold),
      zero_count_{first.zero_count, 0},
      count_{first.count, 0},
      sum_{first.sum, 0},
      positive_(MakeSide(first.positive_spans, first.positive_buckets)),
      negative_(MakeSide(first.negative_spans, first.negative_buckets)),
      custom_values_(first.custom_values) {}

HistogramSum::Side HistogramSum::MakeSide(const std::vector<HistogramSpan>& spans,
                                          const std::vector<double>& counts) {
  Side side;
  for (const BucketCount& bucket : ToList(spans, counts)) {
    side.push_back({bucket.index, {bucket.count, 0}});
  }
  return side;
}

void HistogramSum::Reindex(Side& side, const std::vector<std::int32_t>& indexes) {
  for (std::size_t i = 0; i < side.size(); ++i) side[i].index = indexes[i];
  MergeEqualIndexes(side, [](Bucket& to, const Bucket& from) { to.count.Add(from.count); });
}

void HistogramSum::ReduceTo(std::int32_t schema) {
  if (schema >= schema_) return;
  for (Side* side : {&positive_, &negative_}) {
    std::vector<std::int32_t> indexes;
    for (const Bucket& bucket : *side)
      indexes.push_back(WiderIndex(bucket.index, schema_ - schema));
    Reindex(*side, indexes);
  }
  schema_ = schema;
}

void HistogramSum::WidenZeroBucket(double threshold) {
  // A bucket on one side may push the end beyond further buckets on the other.
  for (double end = 0; end != threshold;) {
    end = threshold;
    threshold = EndOf(negative_, schema_, EndOf(positive_, schema_, threshold));
  }
  for (Side* side : {&positive_, &negative_}) {
    const auto below = static_cast<std::ptrdiff_t>(CountBelow(*side, schema_, threshold));
    std::for_each(side->begin(), side->begin() + below,
                  [&](const Bucket& bucket) { zero_count_.Add(bucket.count); });
    side->erase(side->begin(), side->begin() + below);
  }
  zero_threshold_ = threshold;
}

void HistogramSum::ReconcileZeroBuckets(HistogramSum& other) {
  while (zero_threshold_ != other.zero_threshold_) {
    if (zero_threshold_ > other.zero_threshold_) {
      other.WidenZeroBucket(zero_threshold_);
    } else {
      WidenZeroBucket(other.zero_threshold_);
    }
  }
}

bool HistogramSum::ReconcileBounds(HistogramSum& other) {
  if (custom_values_ == other.custom_values_) return false;
  const std::vector<double> common = CommonBounds(custom_values_, other.custom_values_);
  for (HistogramSum* sum : {this, &other}) {
    std::vector<std::int32_t> indexes;
    for (const Bucket& bucket : sum->positive_) {
      indexes.push_back(WiderCustomIndex(bucket.index, sum->custom_values_, common));
    }
    Reindex(sum->positive_, indexes);
    sum->custom_values_ = common;
  }
  return true;
}

bool HistogramSum::MergeHint(CounterResetHint hint) {
  using Hint = CounterResetHint;
  if (hint == hint_ || hint_ == Hint::kGauge) return false;
  if (hint == Hint::kGauge) {
    hint_ = Hint::kGauge;
    return false;
  }
  const bool is_collision = hint_ != Hint::kUnknown && hint != Hint::kUnknown;
  hint_ = Hint::kUnknown;
  return is_collision;
}

void HistogramSum::AddSide(Side& to, const Side& from, double factor) {
  Side merged;
  merged.reserve(std::max(to.size(), from.size()));
  auto a = to.begin();
  for (const Bucket& bucket : from) {
    while (a != to.end() && a->index < bucket.index) merged.push_back(*a++);
    Bucket sum{bucket.index, {}};
    if (a != to.end() && a->index == bucket.index) sum = *a++;
    sum.count.Add(Number{factor * bucket.count.value, factor * bucket.count.compensation});
    merged.push_back(sum);
  }
  merged.insert(merged.end(), a, to.end());
  to = std::move(merged);
}

Result<HistogramMerge> HistogramSum::AddTimes(const FloatHistogram& other, double factor) {
  const bool has_custom = schema_ == kCustomBucketsSchema;
  if (has_custom != HasCustomBuckets(other)) {
    return Error{ErrorCode::kFailedPrecondition,
                 "cannot apply this operation on histograms with a mix of exponential and custom "
                 "bucket schemas"};
  }
  HistogramSum right(other);
  HistogramMerge merge;
  merge.has_reset_collision = MergeHint(other.reset_hint);
  if (has_custom) {
    merge.has_reconciled_bounds = ReconcileBounds(right);
  } else {
    ReconcileZeroBuckets(right);
    ReduceTo(right.schema_);
    right.ReduceTo(schema_);
  }
  zero_count_.Add(factor * right.zero_count_.Get());
  count_.Add(factor * other.count);
  sum_.Add(factor * other.sum);
  AddSide(positive_, right.positive_, factor);
  AddSide(negative_, right.negative_, factor);
  return merge;
}

template <typename Change>
void HistogramSum::ForEachNumber(Change change) {
  for (Number* number : {&zero_count_, &count_, &sum_}) change(*number);
  for (Side* side : {&positive_, &negative_}) {
    for (Bucket& bucket : *side) change(bucket.count);
  }
}

void HistogramSum::Divide(double divisor) {
  ForEachNumber([&](Number& number) {
    number.value /= divisor;
    number.compensation /= divisor;
  });
}

void HistogramSum::Multiply(double factor) {
  ForEachNumber([&](Number& number) {
    number.value *= factor;
    number.compensation *= factor;
  });
}

bool HistogramSum::HasOverflow() const {
  const auto is_infinite = [](const Bucket& bucket) { return std::isinf(bucket.count.value); };
  return std::isinf(zero_count_.value) || std::isinf(count_.value) || std::isinf(sum_.value) ||
         std::ranges::any_of(positive_, is_infinite) || std::ranges::any_of(negative_, is_infinite);
}

void HistogramSum::Take(const Side& side, std::vector<HistogramSpan>& spans,
                        std::vector<double>& counts) {
  BucketList list;
  list.reserve(side.size());
  for (const Bucket& bucket : side) list.push_back({bucket.index, bucket.count.Get()});
  FromList(list, spans, counts);
}

FloatHistogram HistogramSum::Get() const {
  FloatHistogram histogram;
  histogram.reset_hint = hint_;
  histogram.schema = schema_;
  histogram.zero_threshold = zero_threshold_;
  histogram.zero_count = zero_count_.Get();
  histogram.count = count_.Get();
  histogram.sum = sum_.Get();
  Take(positive_, histogram.positive_spans, histogram.positive_buckets);
  Take(negative_, histogram.negative_spans, histogram.negative_buckets);
  histogram.custom_values = custom_values_;
  return histogram;
}

Result<HistogramResult> Add(const FloatHistogram& a, const FloatHistogram& b) {
  HistogramSum sum(a);
  NARTHEX_ASSIGN_OR_RETURN(const HistogramMerge merge, sum.Add(b));
  return HistogramResult{sum.Get(), merge};
}

Result<HistogramResult> Subtract(const FloatHistogram& a, const FloatHistogram& b) {
  HistogramSum sum(a);
  NARTHEX_ASSIGN_OR_RETURN(const HistogramMerge merge, sum.Subtract(b));
  return HistogramResult{sum.Get(), merge};
}

namespace {

template <typename Change>
void ForEachNumber(FloatHistogram& histogram, Change change) {
  change(histogram.zero_count);
  change(histogram.count);
  change(histogram.sum);
  for (double& count : histogram.positive_buckets) change(count);
  for (double& count : histogram.negative_buckets) change(count);
}

}  // namespace

void Multiply(FloatHistogram& histogram, double factor) {
  ForEachNumber(histogram, [&](double& number) { number *= factor; });
  if (factor < 0) histogram.reset_hint = CounterResetHint::kGauge;
}

void Divide(FloatHistogram& histogram, double divisor) {
  ForEachNumber(histogram, [&](double& number) { number /= divisor; });
  if (divisor < 0) histogram.reset_hint = CounterResetHint::kGauge;
  if (divisor != 0) return;
  histogram.positive_spans.clear();
  histogram.negative_spans.clear();
  histogram.positive_buckets.clear();
  histogram.negative_buckets.clear();
}

namespace {

// Whether a bucket of `previous` counts more than the same one of `current`.
bool HasLost(const BucketList& current, const BucketList& previous) {
  auto at = current.begin();
  return std::ranges::any_of(previous, [&](const BucketCount& bucket) {
    at = std::find_if(at, current.end(),
                      [&](const BucketCount& other) { return other.index >= bucket.index; });
    const bool is_there = at != current.end() && at->index == bucket.index;
    return bucket.count > (is_there ? at->count : 0);
  });
}

BucketList Positive(const FloatHistogram& histogram) {
  return ToList(histogram.positive_spans, histogram.positive_buckets);
}
BucketList Negative(const FloatHistogram& histogram) {
  return ToList(histogram.negative_spans, histogram.negative_buckets);
}

BucketList InCommonBounds(const FloatHistogram& histogram, std::span<const double> common) {
  BucketList list = Positive(histogram);
  for (BucketCount& bucket : list) {
    bucket.index = WiderCustomIndex(bucket.index, histogram.custom_values, common);
  }
  MergeEqualIndexes(list, [](BucketCount& to, const BucketCount& from) { to.count += from.count; });
  return list;
}

// Moves the buckets of one side that end at or below the threshold into `zero_count`. Empty if the
// threshold lies inside a bucket that is not empty.
std::optional<BucketList> Above(BucketList side, const FloatHistogram& histogram, double threshold,
                                double& zero_count) {
  std::size_t below = 0;
  while (below < side.size() &&
         ExponentialBound(side[below].index - 1, histogram.schema) < threshold) {
    const bool reaches_above = ExponentialBound(side[below].index, histogram.schema) > threshold;
    if (reaches_above && side[below].count != 0) return std::nullopt;
    zero_count += side[below].count;
    ++below;
  }
  side.erase(side.begin(), side.begin() + static_cast<std::ptrdiff_t>(below));
  return side;
}

void Widen(BucketList& list, std::int32_t step) {
  for (BucketCount& bucket : list) bucket.index = WiderIndex(bucket.index, step);
  MergeEqualIndexes(list, [](BucketCount& to, const BucketCount& from) { to.count += from.count; });
}

bool IsExponentialReset(const FloatHistogram& current, const FloatHistogram& previous) {
  if (current.schema > previous.schema || current.zero_threshold < previous.zero_threshold) {
    return true;
  }
  double zero_count = previous.zero_count;
  auto positive = Above(Positive(previous), previous, current.zero_threshold, zero_count);
  auto negative = Above(Negative(previous), previous, current.zero_threshold, zero_count);
  if (!positive || !negative || current.zero_count < zero_count) return true;
  Widen(*positive, previous.schema - current.schema);
  Widen(*negative, previous.schema - current.schema);
  return HasLost(Positive(current), *positive) || HasLost(Negative(current), *negative);
}

}  // namespace

bool IsReset(const FloatHistogram& current, const FloatHistogram& previous) {
  if (current.reset_hint == CounterResetHint::kReset) return true;
  if (current.reset_hint == CounterResetHint::kNotReset) return false;
  if (current.count < previous.count) return true;
  if (HasCustomBuckets(current) != HasCustomBuckets(previous)) return true;
  if (!HasCustomBuckets(current)) return IsExponentialReset(current, previous);
  const std::vector<double> common = CommonBounds(current.custom_values, previous.custom_values);
  return HasLost(InCommonBounds(current, common), InCommonBounds(previous, common));
}

}  // namespace narthex::model
