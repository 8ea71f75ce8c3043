// Functions that fit a line or a smoothed curve to the samples.
#include <cmath>

#include "float_sum.h"
#include "range_function.h"

namespace narthex::engine {
namespace {

struct Line {
  double slope = 0;
  double intercept = 0;  // at the time asked for
};

// Least squares; a constant gives exactly slope 0.
Line FitLine(const Window& window, model::TimestampMs intercept_time) {
  const double first = window.values.front();
  bool is_constant = true;
  FloatSum sum_x;
  FloatSum sum_y;
  FloatSum sum_xy;
  FloatSum sum_xx;
  for (std::size_t i = 0; i < window.values.size(); ++i) {
    const double y = window.values[i];
    if (y != first) is_constant = false;
    const double x = static_cast<double>(window.timestamps[i] - intercept_time) / 1000;
    sum_x.Add(x);
    sum_y.Add(y);
    sum_xy.Add(x * y);
    sum_xx.Add(x * x);
  }
  if (is_constant) {
    if (std::isinf(first)) return {kNaN, kNaN};
    return {0, first};
  }
  const auto count = static_cast<double>(window.values.size());
  const double covariance = sum_xy.value() - sum_x.value() * sum_y.value() / count;
  const double variance = sum_xx.value() - sum_x.value() * sum_x.value() / count;
  const double slope = covariance / variance;
  return {slope, sum_y.value() / count - slope * sum_x.value() / count};
}

std::optional<double> Derivative(const Window& window) {
  if (window.values.size() < 2) return std::nullopt;
  // The first sample as origin keeps the products small.
  return FitLine(window, window.timestamps.front()).slope;
}

std::optional<double> Prediction(const Window& window) {
  if (window.values.size() < 2) return std::nullopt;
  const Line line = FitLine(window, window.step);
  return line.slope * window.Parameter(0) + line.intercept;
}

// Holt's method; parameters: smoothing of the level, smoothing of the trend.
std::optional<double> DoubleExponential(const Window& window) {
  const auto& values = window.values;
  if (values.size() < 2) return std::nullopt;
  const double level_factor = window.Parameter(0);
  const double trend_factor = window.Parameter(1);
  double level_before = 0;
  double level = values[0];
  double trend = values[1] - values[0];
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (i > 1) trend = trend_factor * (level - level_before) + (1 - trend_factor) * trend;
    const double next = level_factor * values[i] + (1 - level_factor) * (level + trend);
    level_before = level;
    level = next;
  }
  return level;
}

constexpr RangeFunction kFunctions[] = {
    {"deriv", EachWindow<Derivative>},
    {"predict_linear", EachWindow<Prediction>},
    {"double_exponential_smoothing", EachWindow<DoubleExponential>},
};

}  // namespace

std::span<const RangeFunction> TrendFunctions() { return kFunctions; }

}  // namespace narthex::engine
