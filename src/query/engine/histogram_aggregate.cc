#include "histogram_aggregate.h"

#include "model/histogram_buckets.h"

namespace narthex::engine {

HistogramAggregate::HistogramAggregate(Kind kind, const model::FloatHistogram& first)
    : kind_(kind), sum_(first) {
  See(first.reset_hint);
}

void HistogramAggregate::See(model::CounterResetHint hint) {
  saw_reset_ = saw_reset_ || hint == model::CounterResetHint::kReset;
  saw_no_reset_ = saw_no_reset_ || hint == model::CounterResetHint::kNotReset;
}

bool HistogramAggregate::AddTo(model::HistogramSum& sum, const model::FloatHistogram& histogram) {
  const auto merge = sum.Add(histogram);
  if (!merge.ok()) return false;
  has_reconciled_bounds_ = has_reconciled_bounds_ || merge->has_reconciled_bounds;
  return true;
}

bool HistogramAggregate::Add(const model::FloatHistogram& histogram) {
  See(histogram.reset_hint);
  count_ += 1;
  if (kind_ == Kind::kSum) return AddTo(sum_, histogram);
  if (!is_incremental_) {
    model::HistogramSum next = sum_;
    if (!AddTo(next, histogram)) return false;
    if (!next.HasOverflow()) {
      sum_ = std::move(next);
      return true;
    }
    is_incremental_ = true;
    sum_.Divide(count_ - 1);
  }
  sum_.Multiply((count_ - 1) / count_);
  model::FloatHistogram part = histogram;
  model::Divide(part, count_);
  return AddTo(sum_, part);
}

model::FloatHistogram HistogramAggregate::Get() const {
  model::HistogramSum sum = sum_;
  if (kind_ == Kind::kMean && !is_incremental_) sum.Divide(count_);
  model::FloatHistogram histogram = sum.Get();
  model::Compact(histogram);
  return histogram;
}

}  // namespace narthex::engine
