// A summary: how many observations, their sum, and quantiles of the newest ones.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "client/cells.h"
#include "client/instrument.h"

namespace narthex::client {

struct SummaryOptions {
  // Each in [0, 1]. None is the default: quantiles cannot be added up over programs; a histogram
  // can.
  std::vector<double> quantiles = {};
  // Of the observations of this time; taken out a fifth at a time.
  std::chrono::milliseconds window = std::chrono::minutes(10);
};

// Thread-safe, lock-free without quantiles. With them Observe() asks the clock, and takes a lock
// once in a fifth of the window. A quantile is off by 0.6 % of its value at most. A reading under
// way may see the count and the sum an observation apart.
class Summary final : public Instrument {
 public:
  Summary();
  // `clock` must outlive the summary.
  Summary(SummaryOptions options, const Clock& clock);
  ~Summary() override;

  void Observe(double value) {
    cells_.Write([value](Cell* cells, Writers writers) {
      AddCount(cells[kCount], 1, writers);
      AddNumber(cells[kSum], value, writers);
    });
    if (window_) ObserveInWindow(value);
  }

  std::uint64_t count() const;
  double sum() const;
  void Read(exposition::Metric& metric) const override;

 private:
  class Window;
  static constexpr std::uint32_t kCount = 0;
  static constexpr std::uint32_t kSum = 1;

  void ObserveInWindow(double value);

  const std::unique_ptr<Window> window_;
  CellBlock cells_{2};
};

}  // namespace narthex::client
