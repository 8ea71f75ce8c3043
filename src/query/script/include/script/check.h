// Comparing results with what a script expects, and rewriting queries for its further checks.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "promql/series_description.h"

namespace narthex::script {

struct ExpectedRow {
  const model::LabelSet& labels;
  const std::vector<promql::DescribedValue>& values;
};

// Equal within 1e-6, as the corpus' README defines it.
bool SameValue(double got, double wanted);
// Counts equal as above, once both are without empty buckets; the reset hint does not matter.
bool SameHistogram(const model::FloatHistogram& got, const model::FloatHistogram& wanted);

// Empty if equal, else the difference.
std::string CompareVector(const std::vector<ExpectedRow>& wanted, const engine::Vector& got,
                          bool is_ordered);
std::string CompareMatrix(const std::vector<ExpectedRow>& wanted, const engine::Matrix& got,
                          const engine::RangeSpec& range);

// The query with `@ time` at all selectors and subqueries; empty if its result hangs on the time of
// evaluation in other ways, too.
std::optional<std::string> PinToTime(std::string_view query, model::TimestampMs time,
                                     const promql::ParseOptions& options);

bool CallsAny(std::string_view query, std::initializer_list<std::string_view> functions,
              const promql::ParseOptions& options);

// What a range query's result shows at `time`, as an instant vector.
engine::QueryResult MiddleStep(const engine::QueryResult& result, model::TimestampMs time);

}  // namespace narthex::script
