// A counter: a sum that only grows.
#pragma once

#include <atomic>

#include "client/counter.h"
#include "prometheus/builder.h"
#include "prometheus/client_metric.h"
#include "prometheus/gauge.h"
#include "prometheus/metric_type.h"

namespace prometheus {

// Thread-safe, lock-free.
class Counter {
 public:
  static constexpr MetricType metric_type = MetricType::Counter;

  Counter() = default;

  void Increment() { counter_.Increment(); }
  // A negative amount, or one that is not a number, changes nothing.
  void Increment(double amount) { counter_.Increment(amount); }
  // Back to 0, which a reader takes for a restart.
  void Reset() { start_.store(counter_.value(), std::memory_order_relaxed); }

  // Relaxed: the value stands for itself.
  double Value() const { return counter_.value() - start_.load(std::memory_order_relaxed); }
  ClientMetric Collect() const;

 private:
  narthex::client::Counter counter_;
  std::atomic<double> start_{0};
};

detail::Builder<Counter> BuildCounter();

}  // namespace prometheus
