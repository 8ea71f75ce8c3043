// One line of samples as test scripts write them: `up{job="a"} 1 2+1x3 _ stale`.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/labels.h"

namespace narthex::promql {

struct DescribedValue {
  enum class Kind { kOmitted, kFloat, kHistogram };

  Kind kind = Kind::kOmitted;
  double value = 0;  // of a kFloat; `stale` is the staleness marker
};

struct SeriesDescription {
  model::LabelSet labels;
  std::vector<DescribedValue> values;  // one for each step
};

// Values beyond this count are refused.
constexpr std::size_t kDescribedValuesMax = 10'000'000;

// Source: Prometheus, unit testing for rules, "series". The content of histogram literals is
// skipped: they give values of kind kHistogram. Errors: kInvalidArgument  "LINE:COLUMN: parse
// error: MESSAGE"
Result<SeriesDescription> ParseSeriesDescription(std::string_view line);

}  // namespace narthex::promql
