// A summary without quantiles: how many observations, and their sum.
#pragma once

#include <atomic>
#include <cstdint>

#include "client/instrument.h"
#include "client/sharded.h"

namespace narthex::client {

// Thread-safe, lock-free. A reading under way may see the count and the sum an observation apart.
class Summary final : public Instrument {
 public:
  Summary();

  void Observe(double value) {
    parts_.Write([value](Part& part, Writers writers) {
      const bool met_in_count = AddTo(part.count, std::uint64_t{1}, writers);
      return AddTo(part.sum, value, writers) || met_in_count;
    });
  }

  std::uint64_t count() const;
  double sum() const;
  void Read(exposition::Metric& metric) const override;

 private:
  struct alignas(64) Part {
    std::atomic<std::uint64_t> count{0};
    std::atomic<double> sum{0};
  };

  Sharded<Part> parts_;
};

}  // namespace narthex::client
