// A histogram: observations counted in buckets with fixed bounds.
#pragma once

#include <memory>
#include <vector>

#include "client/histogram.h"
#include "prometheus/builder.h"
#include "prometheus/client_metric.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/metric_type.h"

namespace prometheus {

// Thread-safe; observing takes no lock. Histograms with equal bounds share them.
class Histogram {
 public:
  using BucketBoundaries = std::vector<double>;
  static constexpr MetricType metric_type = MetricType::Histogram;

  // Upper bounds, ascending; the bucket for +Inf is added.
  // Throws std::invalid_argument: they do not ascend, or one is not a number.
  Histogram(const BucketBoundaries& bounds);  // NOLINT(google-explicit-constructor): as there
  ~Histogram();

  void Observe(double value) { histogram_.Observe(value); }
  // Adds increments[i] observations to bucket i, the last one that of +Inf, and `sum` to the sum.
  // Fractions of an observation are dropped, and what is negative.
  // Throws std::length_error: there are not as many increments as buckets.
  void ObserveMultiple(const std::vector<double>& increments, double sum);
  // Back to nothing, which a reader takes for a restart.
  void Reset();

  ClientMetric Collect() const;
  // The same for this library's writers.
  void Read(narthex::exposition::Metric& metric) const;

 private:
  struct Start;

  narthex::client::Histogram histogram_;
  const std::unique_ptr<Start> start_;  // what was counted before the last Reset()
};

detail::Builder<Histogram> BuildHistogram();

}  // namespace prometheus
