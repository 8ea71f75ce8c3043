// Quantiles of plain values.
#pragma once

#include <vector>

namespace narthex::engine {

// The q-quantile of `values`, between two of them a weighted mean; NaN counts as the least value.
// -Inf for q < 0, +Inf for q > 1, NaN for q NaN or no values. Reorders `values`.
double Quantile(double q, std::vector<double>& values);

}  // namespace narthex::engine
