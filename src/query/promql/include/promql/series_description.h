// Lines of samples as test scripts write them: `up{job="a"} 1 2+1x3 _ stale {{sum:2 count:1}}`.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/histogram.h"
#include "model/labels.h"

namespace narthex::promql {

struct DescribedValue {
  enum class Kind { kOmitted, kFloat, kHistogram };

  Kind kind = Kind::kOmitted;
  double value = 0;  // of a kFloat; `stale` is the staleness marker
  // Of a kHistogram; one value stands at many steps, so they share it.
  std::shared_ptr<const model::FloatHistogram> histogram = nullptr;
  bool has_reset_hint = false;  // the literal names one
};

struct SeriesDescription {
  model::LabelSet labels;
  std::vector<DescribedValue> values;  // one for each step
};

// Values beyond this count are refused.
constexpr std::size_t kDescribedValuesMax = 10'000'000;

// Source: Prometheus, unit testing for rules, "series".
// Errors: kInvalidArgument  "LINE:COLUMN: parse error: MESSAGE"
Result<SeriesDescription> ParseSeriesDescription(std::string_view line);

// `-1m _ 30s-10sx2`: since when samples count, in milliseconds from the time of each; empty where
// it is not told. Conformance: promql/st_sequence
// Errors: kInvalidArgument  names the item
Result<std::vector<std::optional<std::int64_t>>> ParseStartOffsets(std::string_view text);

}  // namespace narthex::promql
