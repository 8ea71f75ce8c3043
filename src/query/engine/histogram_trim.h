// Cutting observations off native histograms: the operators </ and >/.
#pragma once

#include "model/histogram.h"

namespace narthex::engine {

enum class KeptSide { kBelow, kAbove };

// `histogram` with the observations on one side of `limit` only, as far as its buckets tell. The
// bucket around the limit is split by interpolation; count and sum are estimated anew if anything
// was cut off. Source: Prometheus, operators.md, "Histogram trim operators".
model::FloatHistogram Trim(model::FloatHistogram histogram, double limit, KeptSide side);

}  // namespace narthex::engine
