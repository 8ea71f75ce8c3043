// The *_over_time functions.
#include <algorithm>
#include <cmath>

#include "float_sum.h"
#include "quantile.h"
#include "range_function.h"
#include "sliding.h"

namespace narthex::engine {
namespace {

using Value = std::optional<double>;

// What moving a window on costs besides its samples, in samples: mostly it moves by a few.
constexpr std::size_t kSlideCost = 16;
constexpr std::size_t kSortCost = 8;  // of a sample that comes or goes

Value SumOf(const Window& window) {
  FloatSum sum;
  for (const double value : window.values) sum.Add(value);
  return sum.value();
}

Value AverageOf(const Window& window) {
  // As FloatMean begins, but without its look at each step whether the sum overflows.
  FloatSum sum = {window.values.front()};
  for (const double value : window.values.subspan(1)) sum.Add(value);
  if (std::isfinite(sum.sum)) {
    const auto count = static_cast<double>(window.values.size());
    return sum.sum / count + sum.compensation / count;
  }
  FloatMean mean;
  for (const double value : window.values) mean.Add(value);
  return mean.value();
}

// Whether windows overlap so little that each by itself is the cheaper way.
bool OverlapsLittle(const RangeInput& input) {
  std::size_t total = 0;
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    total += input.windows.end[i] - input.windows.begin[i];
  }
  return total <= 3 * input.values.size();
}

void SumOverTime(const RangeInput& input, Row& row) {
  if (OverlapsLittle(input)) return EachWindow<SumOf>(input, row);
  SlidingSum sum(input.values);
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    const std::uint32_t begin = input.windows.begin[i];
    const std::uint32_t end = input.windows.end[i];
    if (!input.MayGoOn(kSlideCost)) return;
    if (begin < end) row.Set(i, sum.Move(begin, end).value());
  }
}

void AverageOverTime(const RangeInput& input, Row& row) {
  if (OverlapsLittle(input)) return EachWindow<AverageOf>(input, row);
  SlidingSum sliding(input.values);
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    const std::uint32_t begin = input.windows.begin[i];
    const std::uint32_t end = input.windows.end[i];
    if (begin == end) continue;
    if (!input.MayGoOn(kSlideCost)) return;
    const FloatSum sum = sliding.Move(begin, end);
    if (std::isfinite(sum.sum)) {
      const auto count = static_cast<double>(end - begin);
      row.Set(i, sum.sum / count + sum.compensation / count);
      continue;
    }
    // A sum that overflows may have a mean all the same.
    if (!input.MayGoOn(end - begin)) return;
    FloatMean mean;
    for (std::uint32_t k = begin; k < end; ++k) mean.Add(input.values[k]);
    row.Set(i, mean.value());
  }
}

template <bool kIsMin>
Value ExtremeOf(const Window& window) {
  double best = window.values.front();
  for (const double value : window.values.subspan(1)) {
    const bool is_better = kIsMin ? value < best : value > best;
    if (is_better || best != best) best = value;
  }
  return best;
}

template <bool kIsMin>
void ExtremeOverTime(const RangeInput& input, Row& row) {
  if (OverlapsLittle(input)) return EachWindow<ExtremeOf<kIsMin>>(input, row);
  SlidingExtreme<kIsMin> extreme(input.values);
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    const std::uint32_t begin = input.windows.begin[i];
    const std::uint32_t end = input.windows.end[i];
    if (!input.MayGoOn(kSlideCost)) return;
    if (begin < end) row.Set(i, extreme.Move(begin, end));
  }
}

Value CountOf(const Window& window) { return static_cast<double>(window.values.size()); }
Value PresentOf(const Window&) { return 1.0; }
Value LastOf(const Window& window) { return window.values.back(); }
Value FirstOf(const Window& window) { return window.values.front(); }

// The last sample with the greatest (least) value.
template <bool kIsMin>
std::size_t IndexOfExtreme(const Window& window) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < window.values.size(); ++i) {
    const double value = window.values[i];
    const double best_value = window.values[best];
    const bool is_better = kIsMin ? value <= best_value : value >= best_value;
    if (is_better || std::isnan(best_value)) best = i;
  }
  return best;
}

double Seconds(model::TimestampMs timestamp) { return static_cast<double>(timestamp) / 1000; }

template <bool kIsMin>
Value TimeOfExtreme(const Window& window) {
  return Seconds(window.timestamps[IndexOfExtreme<kIsMin>(window)]);
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

void QuantileOverTime(const RangeInput& input, Row& row) {
  if (OverlapsLittle(input)) return EachWindow<QuantileOf>(input, row);
  SlidingOrder order(input.values);
  std::uint32_t known_end = 0;
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    const std::uint32_t begin = input.windows.begin[i];
    const std::uint32_t end = input.windows.end[i];
    if (begin == end) continue;
    // What comes is sorted in, and what goes looked up, among the blocks of the others.
    if (!input.MayGoOn((end - std::max(known_end, begin)) * kSortCost + kSlideCost)) return;
    known_end = end;
    order.Move(begin, end);
    const double q = input.parameters[0][i];
    if (const auto fixed = QuantileOutOfRange(q)) {
      row.Set(i, *fixed);
      continue;
    }
    const QuantilePlace place = PlaceOfQuantile(q, end - begin);
    row.Set(i, place.Between(order.At(place.lower), order.At(place.upper)));
  }
}

Value MedianDeviationOf(const Window& window) {
  std::vector<double> values(window.values.begin(), window.values.end());
  if (std::ranges::any_of(values, [](double value) { return std::isnan(value); })) return kNaN;
  const double median = Quantile(0.5, values);
  for (double& value : values) value = std::fabs(value - median);
  return Quantile(0.5, values);
}

constexpr RangeFunction kFunctions[] = {
    {"sum_over_time", SumOverTime},
    {"avg_over_time", AverageOverTime},
    {"count_over_time", EachWindow<CountOf>},
    {"min_over_time", ExtremeOverTime<true>},
    {"max_over_time", ExtremeOverTime<false>},
    {"last_over_time", EachWindow<LastOf>, true},
    {"first_over_time", EachWindow<FirstOf>, true},
    {"present_over_time", EachWindow<PresentOf>},
    {"stddev_over_time", EachWindow<DeviationOf>},
    {"stdvar_over_time", EachWindow<VarianceOf>},
    {"quantile_over_time", QuantileOverTime},
    {"mad_over_time", EachWindow<MedianDeviationOf>},
    {"ts_of_max_over_time", EachWindow<TimeOfExtreme<false>>},
    {"ts_of_min_over_time", EachWindow<TimeOfExtreme<true>>},
    {"ts_of_first_over_time", EachWindow<TimeOfFirst>},
    {"ts_of_last_over_time", EachWindow<TimeOfLast>},
};

}  // namespace

std::span<const RangeFunction> OverTimeFunctions() { return kFunctions; }

}  // namespace narthex::engine
