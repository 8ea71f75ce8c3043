// Quantiles of plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace narthex::engine {

// The quantile that no value has a say in: NaN, -Inf or +Inf; empty for q of [0, 1].
std::optional<double> QuantileOutOfRange(double q);

// Where the q-quantile of `count` values in order lies, for q of [0, 1] and one value at least.
struct QuantilePlace {
  std::size_t lower = 0;
  std::size_t upper = 0;
  double weight = 0;  // of the upper value

  double Between(double low, double high) const { return low * (1 - weight) + high * weight; }
};
QuantilePlace PlaceOfQuantile(double q, std::size_t count);

// The q-quantile of `values`, between two of them a weighted mean; NaN counts as the least value.
// -Inf for q < 0, +Inf for q > 1, NaN for q NaN or no values. Reorders `values`.
double Quantile(double q, std::vector<double>& values);

}  // namespace narthex::engine
