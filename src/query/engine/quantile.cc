#include "quantile.h"

#include <algorithm>
#include <cmath>

#include "float_sum.h"

namespace narthex::engine {

double Quantile(double q, std::vector<double>& values) {
  if (values.empty() || std::isnan(q)) return kNaN;
  if (q < 0) return -kInfinity;
  if (q > 1) return kInfinity;
  const auto is_less = [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; };
  const double rank = q * static_cast<double>(values.size() - 1);
  const double floor = std::floor(rank);
  const auto lower = static_cast<std::size_t>(floor);
  const std::size_t upper = std::min(lower + 1, values.size() - 1);
  const double weight = rank - floor;

  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(lower), is_less);
  const double low = values[lower];
  double high = low;
  if (upper != lower) {
    high = *std::ranges::min_element(values.begin() + static_cast<std::ptrdiff_t>(upper),
                                     values.end(), is_less);
  }
  return low * (1 - weight) + high * weight;
}

}  // namespace narthex::engine
