// A counter: a sum that only grows.
#pragma once

#include <atomic>
#include <cstdint>

#include "client/cells.h"
#include "client/exemplar.h"
#include "client/instrument.h"

namespace narthex::client {

class ExemplarSlots;

// Thread-safe, lock-free.
class Counter final : public Instrument {
 public:
  enum class Exemplars {
    kGiven,       // with Increment(amount, exemplar) only
    kFromTraces,  // and from the trace-context hook
  };
  explicit Counter(Exemplars exemplars = Exemplars::kGiven);
  ~Counter() override;

  // Adds 1, in less time than other amounts take.
  void Increment() {
    cells_.Write([](Cell* cells, Writers writers) { AddCount(cells[kOnes], 1, writers); });
    if (asks_) [[unlikely]]
      OfferExemplar(1);
  }

  // Adds `amount`. A negative or NaN amount changes nothing and is counted in
  // metrics_client_refused_increments_total.
  void Increment(double amount) {
    if (!(amount >= 0)) [[unlikely]] {
      Refuse();
      return;
    }
    cells_.Write(
        [amount](Cell* cells, Writers writers) { AddNumber(cells[kAmounts], amount, writers); });
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
  static constexpr std::uint32_t kOnes = 0;     // how often 1 was added
  static constexpr std::uint32_t kAmounts = 1;  // the sum of all else

  static void Refuse();
  void OfferExemplar(double amount);

  CellBlock cells_{2};
  std::atomic<ExemplarSlots*> exemplars_{nullptr};  // owned; made with the first exemplar
  const bool asks_;
};

}  // namespace narthex::client
