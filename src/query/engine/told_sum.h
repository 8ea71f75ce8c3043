// Sums of native histograms that tell the user what did not fit.
#pragma once

#include <string_view>

#include "histogram_notes.h"
#include "model/histogram_math.h"

namespace narthex::engine {

// Both return false if there is no sum: one has custom buckets, the other exponential ones.
class ToldSum {
 public:
  // `notes` must outlive it.
  ToldSum(const model::FloatHistogram& first, const HistogramNotes& notes)
      : sum_(first), notes_(notes) {}

  bool Add(const model::FloatHistogram& histogram) { return Tell(sum_.Add(histogram), "addition"); }
  bool Subtract(const model::FloatHistogram& histogram) {
    return Tell(sum_.Subtract(histogram), "subtraction");
  }
  model::FloatHistogram Get() const { return sum_.Get(); }

 private:
  // Resets are looked after by the caller: that hints differ is no surprise.
  bool Tell(const Result<model::HistogramMerge>& merge, std::string_view operation) const {
    if (!merge.ok()) {
      notes_.HasBothSchemas();
      return false;
    }
    if (merge->has_reconciled_bounds) notes_.ReconciledBounds(operation);
    return true;
  }

  model::HistogramSum sum_;
  const HistogramNotes& notes_;
};

}  // namespace narthex::engine
