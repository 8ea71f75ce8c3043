#include "step_counts.h"

#include <algorithm>

namespace narthex::engine {

void StepCounts::Add(const StepCounts& other) {
  total += other.total;
  if (at.size() < other.at.size()) at.resize(other.at.size());
  for (std::size_t i = 0; i < other.at.size(); ++i) at[i] += other.at[i];
}

StepCounts CountsOfSubquery(const StepCounts& counts, const StepGrid& inner, const StepGrid& outer,
                            const SubqueryWindow& window) {
  if (outer.count == 1 || counts.at.empty()) return {counts.total, {counts.total}};
  StepCounts by_outer{0, std::vector<std::size_t>(outer.count, 0)};
  for (std::size_t i = 0; i < counts.at.size(); ++i) {
    const model::TimestampMs time = inner.At(i) + window.offset_ms;
    std::size_t step = 0;
    if (time > outer.start) {
      const std::int64_t after = time - outer.start + outer.interval_ms - 1;
      step = static_cast<std::size_t>(after / outer.interval_ms);
    }
    step = std::min(step, outer.count - 1);
    if (time <= outer.At(step) - window.range_ms) continue;
    by_outer.total += counts.at[i];
    by_outer.at[step] += counts.at[i];
  }
  return by_outer;
}

}  // namespace narthex::engine
