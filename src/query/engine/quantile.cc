#include "quantile.h"

#include <algorithm>
#include <cmath>

#include "float_sum.h"

namespace narthex::engine {

std::optional<double> QuantileOutOfRange(double q) {
  if (std::isnan(q)) return kNaN;
  if (q < 0) return -kInfinity;
  if (q > 1) return kInfinity;
  return std::nullopt;
}

QuantilePlace PlaceOfQuantile(double q, std::size_t count) {
  const double rank = q * static_cast<double>(count - 1);
  const double floor = std::floor(rank);
  const auto lower = static_cast<std::size_t>(floor);
  return {lower, std::min(lower + 1, count - 1), rank - floor};
}

double Quantile(double q, std::vector<double>& values) {
  if (values.empty()) return kNaN;
  if (const auto fixed = QuantileOutOfRange(q)) return *fixed;
  const auto is_less = [](double a, double b) { return std::isnan(a) ? !std::isnan(b) : a < b; };
  const QuantilePlace place = PlaceOfQuantile(q, values.size());
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(place.lower),
                           is_less);
  const double low = values[place.lower];
  double high = low;
  if (place.upper != place.lower) {
    high = *std::ranges::min_element(values.begin() + static_cast<std::ptrdiff_t>(place.upper),
                                     values.end(), is_less);
  }
  return place.Between(low, high);
}

}  // namespace narthex::engine
