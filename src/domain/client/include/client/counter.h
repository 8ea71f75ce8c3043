// A counter: a sum that only grows.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "client/exemplar.h"
#include "client/instrument.h"
#include "client/sharded.h"

namespace narthex::client {

class LazyExemplarSlots;

// Thread-safe, lock-free.
class Counter final : public Instrument {
 public:
  enum class Exemplars {
    kGiven,       // with Increment(amount, exemplar) only
    kFromTraces,  // and from the trace-context hook
  };
  explicit Counter(Exemplars exemplars = Exemplars::kGiven);
  ~Counter() override;

  // Adds `amount`. A negative or NaN amount changes nothing and is counted in
  // metrics_client_refused_increments_total.
  void Increment(double amount = 1) {
    if (!(amount >= 0)) [[unlikely]] {
      Refuse();
      return;
    }
    total_.Write(
        [amount](Part& part, Writers writers) { return AddTo(part.sum, amount, writers); });
    if (asks_) [[unlikely]]
      OfferExemplar(amount);
  }

  // Keeps the labels as the counter's exemplar, unless they are empty, not UTF-8 or longer than 128
  // characters together.
  void Increment(double amount, const Labels& exemplar);

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
  void OfferExemplar(double amount);

  const bool asks_;
  const std::unique_ptr<LazyExemplarSlots> exemplars_;
  Sharded<Part> total_;
};

}  // namespace narthex::client
