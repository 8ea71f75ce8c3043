// Native histograms as series lines write them: `{{schema:1 sum:3 count:2 buckets:[1 1]}}`.
#pragma once

#include "base/result.h"
#include "description_cursor.h"
#include "model/histogram.h"

namespace narthex::promql {

struct HistogramLiteral {
  model::FloatHistogram histogram;
  bool has_reset_hint = false;  // one was written out
};

// Reads a literal at the cursor. Keys come in any order, each once; what is left out is 0 or empty.
// Errors: kInvalidArgument  "LINE:COLUMN: parse error: MESSAGE"
Result<HistogramLiteral> ParseHistogramLiteral(DescriptionCursor& cursor);

// What changes a histogram from step to step.
struct HistogramChange {
  HistogramLiteral literal;
  bool is_negative = false;

  // Errors: kInvalidArgument     `literal` has a lower schema
  //         kFailedPrecondition  one has custom buckets, the other exponential ones
  Result<model::FloatHistogram> Apply(const model::FloatHistogram& histogram) const;
};

}  // namespace narthex::promql
