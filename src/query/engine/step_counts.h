// How many samples an evaluation counts, in all and by step.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "steps.h"

namespace narthex::engine {

struct StepCounts {
  std::size_t total = 0;
  // Of each step of the grid; empty where they are not asked for, or none was counted.
  std::vector<std::size_t> at;

  void Add(const StepCounts& other);
};

// How a function looks at the results of a subquery: at each step those within `range_ms` before
// it, the step taken `offset_ms` earlier.
struct SubqueryWindow {
  std::int64_t offset_ms = 0;
  std::int64_t range_ms = 0;
};

// What was counted over the steps `inner` of a subquery, by the steps that look at them: each step
// of `inner` belongs to the first of `outer` that is not before it, and to none if it lies in a gap
// between two windows. Without counts by step all of it belongs to the first step.
StepCounts CountsOfSubquery(const StepCounts& counts, const StepGrid& inner, const StepGrid& outer,
                            const SubqueryWindow& window);

}  // namespace narthex::engine
