// A gauge: a value that goes up and down.
#pragma once

#include <atomic>

#include "client/instrument.h"

namespace narthex::client {

// Thread-safe, lock-free.
class Gauge final : public Instrument {
 public:
  Gauge() = default;

  // Relaxed everywhere: the value stands for itself, nothing is published through it.
  void Set(double value) { value_.store(value, std::memory_order_relaxed); }
  void Add(double amount) { value_.fetch_add(amount, std::memory_order_relaxed); }
  void Increment() { Add(1); }
  void Decrement() { Add(-1); }

  double value() const { return value_.load(std::memory_order_relaxed); }
  void Read(exposition::Metric& metric) const override;

 private:
  std::atomic<double> value_{0};
};

// Counts what is under way: up while it lives.
class InProgress {
 public:
  explicit InProgress(Gauge& gauge) : gauge_(gauge) { gauge_.Increment(); }
  ~InProgress() { gauge_.Decrement(); }
  InProgress(const InProgress&) = delete;
  InProgress& operator=(const InProgress&) = delete;

 private:
  Gauge& gauge_;
};

}  // namespace narthex::client
