// A summary: how many observations, their sum, and quantiles of the newest ones.
#pragma once

#include <chrono>
#include <vector>

#include "client/summary.h"
#include "prometheus/builder.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_type.h"

namespace prometheus {

namespace detail {

struct CKMSQuantiles {
  struct Quantile {
    Quantile(double rank, double tolerated_error) : quantile(rank), error(tolerated_error) {}
    double quantile;  // in [0, 1]
    double error;
  };
};

}  // namespace detail

// Thread-safe. A quantile is off by 0.6 % of its value at most, whatever error is tolerated; the
// window moves on by a fifth at a time, whatever number of ages is asked for.
class Summary {
 public:
  using Quantiles = std::vector<detail::CKMSQuantiles::Quantile>;
  static constexpr MetricType metric_type = MetricType::Summary;

  // Throws std::invalid_argument: a quantile is not within [0, 1], or the window has no length.
  Summary(const Quantiles& quantiles,  // NOLINT(google-explicit-constructor): as there
          std::chrono::milliseconds max_age = std::chrono::seconds(60), int age_buckets = 5);

  void Observe(double value) { summary_.Observe(value); }
  ClientMetric Collect() const;
  // The same for this library's writers.
  void Read(narthex::exposition::Metric& metric) const { summary_.Read(metric); }

 private:
  narthex::client::Summary summary_;
};

detail::Builder<Summary> BuildSummary();

}  // namespace prometheus
