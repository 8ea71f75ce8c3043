// What a query answers.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "model/labels.h"
#include "model/sample.h"
#include "promql/value_type.h"

namespace narthex::engine {

struct StringValue {
  model::TimestampMs timestamp = 0;
  std::string value;
};

// One element of an instant vector.
struct VectorSample {
  model::LabelSet labels;
  model::Sample sample;
};

using Vector = std::vector<VectorSample>;

struct Series {
  model::LabelSet labels;
  std::vector<model::Sample> samples;  // oldest first, never empty
};

// Sorted by labels.
using Matrix = std::vector<Series>;

struct QueryStats {
  std::size_t samples_read = 0;  // samples that selectors took from the store
  std::size_t samples_peak = 0;  // samples held at once
  double queue_seconds = 0;      // waiting for a free place
  double evaluation_seconds = 0;
};

// Complete and independent of the store it was computed from.
struct QueryResult {
  // A scalar is a model::Sample.
  std::variant<model::Sample, StringValue, Vector, Matrix> value;
  // Sorted, no text twice: "PromQL warning: ... (line:column)".
  std::vector<std::string> warnings;
  std::vector<std::string> infos;
  QueryStats stats;

  promql::ValueType type() const {
    static constexpr promql::ValueType kTypes[] = {
        promql::ValueType::kScalar, promql::ValueType::kString, promql::ValueType::kVector,
        promql::ValueType::kMatrix};
    return kTypes[value.index()];
  }
};

}  // namespace narthex::engine
