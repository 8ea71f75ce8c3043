// Functions of change: rate, increase, delta, their instant forms, resets and changes.
#include <cmath>

#include "range_function.h"
#include "row_kernels.h"

namespace narthex::engine {
namespace {

enum class Change { kRate, kIncrease, kDelta };

double Seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

double FactorOf(double sampled, double to_start, double to_end, std::int64_t rate_range_ms) {
  const double factor = (sampled + to_start + to_end) / sampled;
  return rate_range_ms == 0 ? factor : factor / Seconds(rate_range_ms);
}

// The change between the first and the last sample, extended to the edges of the window.
//
// Towards an edge the samples are taken to go on as they did, but by half their average distance
// only where the edge is further than 1.1 such distances. Source: Prometheus, functions.md, rate().
Extrapolation MakeExtrapolation(const RangeInput& input, std::int64_t rate_range_ms) {
  Extrapolation out;
  const std::size_t count = input.grid.count;
  out.presence.Reset(count);
  out.first.assign(count, 0);
  out.last.assign(count, 0);
  out.first_value.resize(count);
  out.change.resize(count);
  for (auto* column : {&out.sampled, &out.to_start, &out.to_end, &out.factor}) {
    column->assign(count, 1);
  }
  for (std::size_t step = 0; step < count; ++step) {
    const std::uint32_t begin = input.windows.begin[step];
    const std::uint32_t end = input.windows.end[step];
    if (end < begin + 2) continue;
    const std::uint32_t last = end - 1;
    const model::TimestampMs until = input.reference.At(input.grid.At(step));
    const model::TimestampMs from = until - input.range_ms;
    double to_start = Seconds(input.timestamps[begin] - from);
    double to_end = Seconds(until - input.timestamps[last]);
    const double sampled = Seconds(input.timestamps[last] - input.timestamps[begin]);
    const double average = sampled / static_cast<double>(last - begin);
    const double threshold = average * 1.1;
    if (to_start >= threshold) to_start = average / 2;
    if (to_end >= threshold) to_end = average / 2;
    out.presence.Set(step);
    out.first[step] = begin;
    out.last[step] = last;
    out.sampled[step] = sampled;
    out.to_start[step] = to_start;
    out.to_end[step] = to_end;
    out.factor[step] = FactorOf(sampled, to_start, to_end, rate_range_ms);
  }
  return out;
}

// Adds what resets within the windows took away; costs samples + steps + resets within windows.
void AddResets(const RangeInput& input, const Extrapolation& parts, std::vector<double>& changes) {
  // Positions of samples that are lower than the one before: there a counter began anew.
  std::vector<std::uint32_t> resets;
  AppendFalls(input.values, resets);
  if (resets.empty()) return;
  std::size_t first_reset = 0;
  parts.presence.ForEach([&](std::size_t step) {
    while (first_reset < resets.size() && resets[first_reset] <= parts.first[step]) ++first_reset;
    for (std::size_t i = first_reset; i < resets.size() && resets[i] <= parts.last[step]; ++i) {
      changes[step] += input.values[resets[i] - 1];
    }
  });
}

// A counter is never extended below zero: of the rows that touch it, step by step.
void StopAtZero(const Extrapolation& parts, std::int64_t rate_range_ms, Row& row) {
  for (std::size_t step = 0; step < parts.change.size(); ++step) {
    const double change = parts.change[step];
    const double first_value = parts.first_value[step];
    if (!(change > 0 && first_value >= 0)) continue;
    const double to_zero = parts.sampled[step] * (first_value / change);
    if (!(to_zero < parts.to_start[step])) continue;
    row.values[step] =
        change * FactorOf(parts.sampled[step], to_zero, parts.to_end[step], rate_range_ms);
  }
}

template <Change kKind>
void ExtrapolatedChange(const RangeInput& input, Row& row) {
  const std::int64_t rate_range_ms = kKind == Change::kRate ? input.range_ms : 0;
  auto& made = input.windows.extrapolation;
  if (!made) made = MakeExtrapolation(input, rate_range_ms);
  Extrapolation& parts = *made;
  row.presence = parts.presence;
  for (std::size_t step = 0; step < parts.change.size(); ++step) {
    parts.first_value[step] = input.values[parts.first[step]];
    parts.change[step] = input.values[parts.last[step]] - parts.first_value[step];
  }
  if (kKind != Change::kDelta) AddResets(input, parts, parts.change);
  const bool touches_zero = Multiply(
      {parts.first_value, parts.change, parts.sampled, parts.to_start, parts.factor}, row.values);
  if (kKind != Change::kDelta && touches_zero) StopAtZero(parts, rate_range_ms, row);
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
