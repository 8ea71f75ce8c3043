// The *_over_time functions.
#include <algorithm>
#include <cmath>

#include "float_sum.h"
#include "quantile.h"
#include "range_function.h"

namespace narthex::engine {
namespace {

using Value = std::optional<double>;

Value SumOf(const Window& window) {
  FloatSum sum;
  for (const double value : window.values) sum.Add(value);
  return sum.value();
}

Value AverageOf(const Window& window) {
  FloatMean mean;
  for (const double value : window.values) mean.Add(value);
  return mean.value();
}

Value CountOf(const Window& window) { return static_cast<double>(window.values.size()); }
Value PresentOf(const Window&) { return 1.0; }
Value LastOf(const Window& window) { return window.values.back(); }
Value FirstOf(const Window& window) { return window.values.front(); }

std::size_t IndexOfMax(const Window& window, bool takes_last) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < window.values.size(); ++i) {
    const double value = window.values[i];
    const double best_value = window.values[best];
    if (value > best_value || std::isnan(best_value) || (takes_last && value == best_value)) best = i;
  }
  return best;
}

std::size_t IndexOfMin(const Window& window, bool takes_last) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < window.values.size(); ++i) {
    const double value = window.values[i];
    const double best_value = window.values[best];
    if (value < best_value || std::isnan(best_value) || (takes_last && value == best_value)) best = i;
  }
  return best;
}

double Seconds(model::TimestampMs timestamp) { return static_cast<double>(timestamp) / 1000; }

Value MaxOf(const Window& window) { return window.values[IndexOfMax(window, false)]; }
Value MinOf(const Window& window) { return window.values[IndexOfMin(window, false)]; }
Value TimeOfMax(const Window& window) {
  return Seconds(window.timestamps[IndexOfMax(window, true)]);
}
Value TimeOfMin(const Window& window) {
  return Seconds(window.timestamps[IndexOfMin(window, true)]);
}
Value TimeOfFirst(const Window& window) { return Seconds(window.timestamps.front()); }
Value TimeOfLast(const Window& window) { return Seconds(window.timestamps.back()); }

// Welford's method, both sums compensated.
Value VarianceOf(const Window& window) {
  double count = 0;
  FloatSum mean;
  FloatSum squares;
  for (const double value : window.values) {
    ++count;
    const double delta = value - mean.value();
    mean.Add(delta / count);
    squares.Add(delta * (value - mean.value()));
  }
  return squares.value() / count;
}

Value DeviationOf(const Window& window) { return std::sqrt(*VarianceOf(window)); }

Value QuantileOf(const Window& window) {
  std::vector<double> values(window.values.begin(), window.values.end());
  return Quantile(window.Parameter(0), values);
}

Value MedianDeviationOf(const Window& window) {
  std::vector<double> values(window.values.begin(), window.values.end());
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); })) return kNaN;
  const double median = Quantile(0.5, values);
  for (double& value : values) value = std::fabs(value - median);
  return Quantile(0.5, values);
}

constexpr RangeFunction kFunctions[] = {
    {"sum_over_time", EachWindow<SumOf>},
    {"avg_over_time", EachWindow<AverageOf>},
    {"count_over_time", EachWindow<CountOf>},
    {"min_over_time", EachWindow<MinOf>},
    {"max_over_time", EachWindow<MaxOf>},
    {"last_over_time", EachWindow<LastOf>, true},
    {"first_over_time", EachWindow<FirstOf>, true},
    {"present_over_time", EachWindow<PresentOf>},
    {"stddev_over_time", EachWindow<DeviationOf>},
    {"stdvar_over_time", EachWindow<VarianceOf>},
    {"quantile_over_time", EachWindow<QuantileOf>},
    {"mad_over_time", EachWindow<MedianDeviationOf>},
    {"ts_of_max_over_time", EachWindow<TimeOfMax>},
    {"ts_of_min_over_time", EachWindow<TimeOfMin>},
    {"ts_of_first_over_time", EachWindow<TimeOfFirst>},
    {"ts_of_last_over_time", EachWindow<TimeOfLast>},
};

}  // namespace

std::span<const RangeFunction> OverTimeFunctions() { return kFunctions; }

}  // namespace narthex::engine
