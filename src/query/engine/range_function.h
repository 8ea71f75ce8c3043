// Functions of range vectors: one value for each window of samples.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "context.h"
#include "selector.h"
#include "steps.h"
#include "stream.h"
#include "work_meter.h"

namespace narthex::engine {

// How far the change between the first and the last sample of each window is extended.
struct Extrapolation {
  Presence
      presence;  // windows with two samples or more; of the others, what is below means nothing
  std::vector<std::uint32_t> first;
  std::vector<std::uint32_t> last;
  std::vector<double> sampled;   // seconds between the two
  std::vector<double> to_start;  // seconds to add on either side
  std::vector<double> to_end;
  std::vector<double> factor;       // of the change, in all
  std::vector<double> first_value;  // scratch
  std::vector<double> change;       // scratch
};

// For each step, the samples [begin, end) of a series that its window (reference - range,
// reference] holds.
struct Windows {
  std::vector<std::uint32_t> begin;
  std::vector<std::uint32_t> end;
  // Of rate and its like: what is the same for all series with these windows. Empty until it is
  // first asked for.
  mutable std::optional<Extrapolation> extrapolation = {};
};

// The samples of one series, its windows, and what a function may ask besides.
struct RangeInput {
  std::span<const model::TimestampMs> timestamps;
  std::span<const double> values;
  const Windows& windows;
  const StepGrid& grid;
  ReferenceTime reference;
  std::int64_t range_ms;
  // How far beyond a window the edges of anchored and smoothed ranges may look.
  std::int64_t lookback_ms;
  // Scalar arguments, one value for each step.
  std::span<const std::vector<double>> parameters;
  WorkMeter* meter = nullptr;  // null: too little to do for a question

  // As of WorkMeter. A kernel that gets false may leave the row as it is.
  bool MayGoOn(std::size_t sample_count) const {
    return meter == nullptr || meter->MayGoOn(sample_count);
  }
};

// The samples of one step.
struct Window {
  std::span<const model::TimestampMs> timestamps;  // never empty
  std::span<const double> values;
  model::TimestampMs step;
  std::span<const std::vector<double>> parameters;
  std::size_t step_index;

  double Parameter(std::size_t index) const { return parameters[index][step_index]; }
};

// Computes every step of a series into `row`, which is empty before.
using RangeKernel = void (*)(const RangeInput& input, Row& row);

struct RangeFunction {
  std::string_view name;
  RangeKernel kernel;
  bool keeps_name = false;
  // Rates of what does not look like a counter get a note.
  bool expects_counter = false;
};

// Null if `name` is no function of range vectors (or none of ranges with such edges).
const RangeFunction* FindRangeFunction(std::string_view name,
                                       promql::RangeEdges edges = promql::RangeEdges::kPlain);

// The groups the functions are kept in.
std::span<const RangeFunction> CounterFunctions();
std::span<const RangeFunction> OverTimeFunctions();
std::span<const RangeFunction> TrendFunctions();
// Those that know what to do with such edges; none for kPlain.
std::span<const RangeFunction> EdgedFunctions(promql::RangeEdges edges);

// The samples of (from, until] with those that such edges put at `from` and `until`; empty where
// the edges cannot be told. Not for kPlain.
std::vector<model::Sample> SamplesWithEdges(const SeriesColumns& columns, model::TimeRange range,
                                            promql::RangeEdges edges, std::int64_t lookback_ms);

// `function` of each series of `source`.
RowStreamPtr ApplyRangeFunction(const RangeFunction& function, RangeSource source,
                                const StepGrid& grid, std::vector<std::vector<double>> parameters,
                                Context& context);

// The same for a range selector and no parameters, by several threads where there are many series.
RowStreamPtr ApplyRangeFunction(const RangeFunction& function, MatrixSelection selection,
                                const StepGrid& grid, Context& context);

// A kernel that computes each window by itself. F: Window -> std::optional<double>.
template <auto F>
void EachWindow(const RangeInput& input, Row& row) {
  for (std::size_t i = 0; i < input.grid.count; ++i) {
    const std::uint32_t begin = input.windows.begin[i];
    const std::uint32_t end = input.windows.end[i];
    if (begin == end) continue;
    if (!input.MayGoOn(end - begin)) return;
    const Window window = {input.timestamps.subspan(begin, end - begin),
                           input.values.subspan(begin, end - begin), input.grid.At(i),
                           input.parameters, i};
    if (const std::optional<double> value = F(window)) row.Set(i, *value);
  }
}

}  // namespace narthex::engine
