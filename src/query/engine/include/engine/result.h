// What a query answers.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "model/histogram.h"
#include "model/labels.h"
#include "model/sample.h"
#include "promql/value_type.h"

namespace narthex::engine {

struct StringValue {
  model::TimestampMs timestamp = 0;
  std::string value;
};

// Never changed once it is made: many steps and results may share one.
using HistogramPtr = std::shared_ptr<const model::FloatHistogram>;

struct HistogramSample {
  model::TimestampMs timestamp = 0;
  HistogramPtr histogram;
};

// One element of an instant vector.
struct VectorSample {
  model::LabelSet labels;
  model::Sample sample;
  HistogramPtr histogram = nullptr;  // in place of the sample's value; null: a float
};

using Vector = std::vector<VectorSample>;

struct Series {
  model::LabelSet labels;
  // Both oldest first, at different times; at least one is not empty.
  std::vector<model::Sample> samples;
  std::vector<HistogramSample> histograms = {};
};

// Sorted by labels.
using Matrix = std::vector<Series>;

// Samples counted at one step.
struct StepSamples {
  model::TimestampMs timestamp = 0;
  std::size_t read = 0;
  std::size_t queryable = 0;
};

// Of a query that failed: what it had taken from the store, counted as it was taken (samples that
// an
// @ pins once, those in gaps between the windows of a subquery, too), and as the peak what it held.
struct QueryStats {
  std::size_t samples_read = 0;  // samples that selectors took from the store
  // The same, those of a window that moves on once for each step that sees them; of subqueries what
  // they gave, not what that was made of.
  std::size_t samples_queryable = 0;
  std::size_t samples_peak = 0;         // samples held at once, by upstream's rules
  std::size_t samples_held_peak = 0;    // samples really held at once, which is mostly far less
  std::vector<StepSamples> steps = {};  // the first two by step, where that was asked for
  double queue_seconds = 0;             // waiting for a free place
  double preparation_seconds = 0;       // opening the store
  double evaluation_seconds = 0;        // without the two above
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
