// Functions of change: rate, increase, delta, their instant forms, resets and changes.
#include <cmath>

#include "range_function.h"

namespace narthex::engine {
namespace {

enum class Change { kRate, kIncrease, kDelta };

// The change between the first and the last sample, extended to the edges of the window.
//
// Towards an edge the samples are taken to go on as they did, but by half their average distance
// only where the edge is further than 1.1 such distances; and a counter is never extended below
// zero. Source: Prometheus, functions.md, rate().
double Extrapolate(const RangeInput& input, std::size_t step, double change, Change kind) {
  const std::size_t begin = input.windows.begin[step];
  const std::size_t last = input.windows.end[step] - 1;
  const model::TimestampMs until = input.reference.At(input.grid.At(step));
  const model::TimestampMs from = until - input.range_ms;
  const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };

  double to_start = seconds(input.timestamps[begin] - from);
  double to_end = seconds(until - input.timestamps[last]);
  const double sampled = seconds(input.timestamps[last] - input.timestamps[begin]);
  const double average = sampled / static_cast<double>(last - begin);
  const double threshold = average * 1.1;

  if (to_start >= threshold) to_start = average / 2;
  if (kind != Change::kDelta) {
    const double first_value = input.values[begin];
    double to_zero = to_start;
    if (change > 0 && first_value >= 0) to_zero = sampled * (first_value / change);
    if (to_zero < to_start) to_start = to_zero;
  }
  if (to_end >= threshold) to_end = average / 2;

  double factor = (sampled + to_start + to_end) / sampled;
  if (kind == Change::kRate) factor /= seconds(input.range_ms);
  return change * factor;
}

// Costs samples + steps + resets within windows.
template <Change kKind>
void ExtrapolatedChange(const RangeInput& input, Row& row) {
  // Positions of samples that are lower than the one before: there a counter began anew.
  std::vector<std::uint32_t> resets;
  if constexpr (kKind != Change::kDelta) {
    for (std::size_t i = 1; i < input.values.size(); ++i) {
      if (input.values[i] < input.values[i - 1]) resets.push_back(static_cast<std::uint32_t>(i));
    }
  }
  std::size_t first_reset = 0;
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const std::uint32_t begin = input.windows.begin[step];
    const std::uint32_t end = input.windows.end[step];
    if (end < begin + 2) continue;
    double change = input.values[end - 1] - input.values[begin];
    while (first_reset < resets.size() && resets[first_reset] <= begin) ++first_reset;
    for (std::size_t i = first_reset; i < resets.size() && resets[i] < end; ++i) {
      change += input.values[resets[i] - 1];
    }
    row.Set(step, Extrapolate(input, step, change, kKind));
  }
}

template <bool kIsRate>
std::optional<double> InstantChange(const Window& window) {
  const std::size_t count = window.values.size();
  if (count < 2) return std::nullopt;
  const double last = window.values[count - 1];
  const double before = window.values[count - 2];
  const double change = kIsRate && last < before ? last : last - before;
  if constexpr (!kIsRate) return change;
  const std::int64_t ms = window.timestamps[count - 1] - window.timestamps[count - 2];
  return change / (static_cast<double>(ms) / 1000);
}

// How often neighbours in the window satisfy F; costs samples + steps.
template <auto F>
void CountNeighbours(const RangeInput& input, Row& row) {
  std::vector<std::uint32_t> count_before(input.values.size() + 1, 0);
  for (std::size_t i = 1; i < input.values.size(); ++i) {
    count_before[i] = count_before[i - 1] + (F(input.values[i - 1], input.values[i]) ? 1 : 0);
  }
  for (std::size_t step = 0; step < input.grid.count; ++step) {
    const std::uint32_t begin = input.windows.begin[step];
    const std::uint32_t end = input.windows.end[step];
    if (begin == end) continue;
    row.Set(step, static_cast<double>(count_before[end - 1] - count_before[begin]));
  }
}

bool IsReset(double before, double after) { return after < before; }
bool IsChange(double before, double after) {
  return before != after && !(std::isnan(before) && std::isnan(after));
}

constexpr RangeFunction kFunctions[] = {
    {"rate", ExtrapolatedChange<Change::kRate>, false, true},
    {"increase", ExtrapolatedChange<Change::kIncrease>, false, true},
    {"delta", ExtrapolatedChange<Change::kDelta>},
    {"irate", EachWindow<InstantChange<true>>},
    {"idelta", EachWindow<InstantChange<false>>},
    {"resets", CountNeighbours<IsReset>},
    {"changes", CountNeighbours<IsChange>},
};

}  // namespace

std::span<const RangeFunction> CounterFunctions() { return kFunctions; }

}  // namespace narthex::engine
