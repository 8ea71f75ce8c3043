// An exemplar: one observation behind a sample, with labels that lead to its trace.
#pragma once

#include "model/labels.h"
#include "model/sample.h"

namespace narthex::model {

// Source: OpenMetrics 1.0, "Exemplars".
struct Exemplar {
  LabelSet labels;
  double value = 0;
  TimestampMs timestamp = 0;

  friend bool operator==(const Exemplar&, const Exemplar&) = default;
};

}  // namespace narthex::model
