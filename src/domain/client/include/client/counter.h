// A counter: a sum that only grows.
#pragma once

#include <atomic>
#include <cstdint>

#include "client/instrument.h"
#include "client/sharded.h"

namespace narthex::client {

// Thread-safe, lock-free.
class Counter final : public Instrument {
 public:
  Counter();

  // Adds `amount`. A negative or NaN amount changes nothing and is counted in
  // metrics_client_refused_increments_total.
  void Increment(double amount = 1) {
    if (!(amount >= 0)) [[unlikely]] {
      Refuse();
      return;
    }
    total_.Write(
        [amount](Part& part, Writers writers) { return AddTo(part.sum, amount, writers); });
  }

  double value() const;
  void Read(exposition::Metric& metric) const override;

  // Of all counters of the process.
  static std::uint64_t refused_count();

 private:
  // A cache line each, so that threads do not slow each other down.
  struct alignas(64) Part {
    std::atomic<double> sum{0};
  };

  static void Refuse();

  Sharded<Part> total_;
};

}  // namespace narthex::client
