// What selectors need to know of columns with native histograms.
#pragma once

#include <cstddef>
#include <vector>

#include "histogram_notes.h"
#include "plan.h"
#include "storage/querier.h"
#include "stream.h"

namespace narthex::engine {

// Upstream's figures: the fixed part, then eight bytes for each entry of a list.
inline std::size_t HistogramSizeBytes(const model::FloatHistogram& histogram) {
  constexpr std::size_t kFixedSize = 168;
  const std::size_t entry_count =
      histogram.positive_spans.size() + histogram.negative_spans.size() +
      histogram.positive_buckets.size() + histogram.negative_buckets.size() +
      histogram.custom_values.size();
  return kFixedSize + 8 * entry_count;
}
// How many floats take as much memory, as the samples limit counts.
inline std::size_t SampleWeight(const model::FloatHistogram& histogram) {
  return (HistogramSizeBytes(histogram) + 8) / 16;
}
// The same as an element of a vector, for which upstream rounds otherwise.
inline std::size_t VectorWeight(const model::FloatHistogram& histogram) {
  return 1 + HistogramSizeBytes(histogram) / 16;
}

// Makes of histograms what functions of their totals need: count, sum, schema; and whether the
// counter was reset, which without buckets could no longer be told.
class TotalsOnly {
 public:
  // The result lives until the next call, and as long as `columns`.
  storage::SampleColumns Of(const storage::SampleColumns& columns);

 private:
  std::vector<model::FloatHistogram> totals_;
  std::vector<const model::FloatHistogram*> pointers_;
};

// The steps of an instant selector that is smoothed: values on the line between the samples around
// each step, both not further than the lookback; behind the last sample, its value. Histograms are
// taken for counters unless both say that they are gauges.
struct SmoothedSteps {
  ReferenceTime reference;
  StepGrid grid;
  std::int64_t lookback_ms = 0;
};
void FillSmoothed(const storage::SampleColumns& columns, const SmoothedSteps& steps,
                  const HistogramNotes& notes, Row& row);

}  // namespace narthex::engine
