// A gauge: a value that goes up and down.
#pragma once

#include "client/gauge.h"
#include "prometheus/builder.h"
#include "prometheus/client_metric.h"
#include "prometheus/metric_type.h"

namespace prometheus {

// Thread-safe, lock-free.
class Gauge {
 public:
  static constexpr MetricType metric_type = MetricType::Gauge;

  Gauge() = default;
  explicit Gauge(double value) { gauge_.Set(value); }

  void Increment() { gauge_.Add(1); }
  void Increment(double amount) { gauge_.Add(amount); }
  void Decrement() { gauge_.Add(-1); }
  void Decrement(double amount) { gauge_.Add(-amount); }
  void Set(double value) { gauge_.Set(value); }
  // Whole seconds since the Unix epoch.
  void SetToCurrentTime();

  double Value() const { return gauge_.value(); }
  ClientMetric Collect() const;

 private:
  narthex::client::Gauge gauge_;
};

detail::Builder<Gauge> BuildGauge();

}  // namespace prometheus
