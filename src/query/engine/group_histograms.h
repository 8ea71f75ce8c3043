// The native histograms that one group of an aggregation adds up.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "histogram_aggregate.h"
#include "histogram_notes.h"
#include "steps.h"

namespace narthex::engine {

// At each step a sum or mean. Tells the user of what does not fit together.
class GroupHistograms {
 public:
  GroupHistograms(HistogramAggregate::Kind kind, std::size_t step_count,
                  const HistogramNotes& notes)
      : kind_(kind), notes_(notes), steps_(step_count) {}

  // Adds the histograms of `row`, not its floats.
  void Add(const Row& row);

  // Puts the results into `row`, which has the floats of the group: a step with both drops out.
  void Finish(Row& row) const;

 private:
  struct Step {
    std::optional<HistogramAggregate> aggregate;
    bool is_incompatible = false;
  };

  const HistogramAggregate::Kind kind_;
  HistogramNotes notes_;
  std::vector<Step> steps_;
};

}  // namespace narthex::engine
