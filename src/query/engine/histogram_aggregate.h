// Sums and means of native histograms.
#pragma once

#include "model/histogram.h"
#include "model/histogram_math.h"

namespace narthex::engine {

// The sum or mean of the histograms added. A mean stays finite where the sum would not.
class HistogramAggregate {
 public:
  enum class Kind { kSum, kMean };

  HistogramAggregate(Kind kind, const model::FloatHistogram& first);

  // False if one has custom buckets, the other exponential ones: then there is no result.
  bool Add(const model::FloatHistogram& histogram);

  // Without empty buckets.
  model::FloatHistogram Get() const;

  // Custom bounds differed; some said the counter was reset, some that it was not.
  bool has_reconciled_bounds() const { return has_reconciled_bounds_; }
  bool has_reset_collision() const { return saw_reset_ && saw_no_reset_; }

 private:
  void See(model::CounterResetHint hint);
  bool AddTo(model::HistogramSum& sum, const model::FloatHistogram& histogram);

  const Kind kind_;
  model::HistogramSum sum_;  // or the mean itself once it is incremental
  double count_ = 1;
  bool is_incremental_ = false;
  bool has_reconciled_bounds_ = false;
  bool saw_reset_ = false;
  bool saw_no_reset_ = false;
};

}  // namespace narthex::engine
