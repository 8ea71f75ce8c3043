#include "histogram_notes.h"

#include <fmt/format.h>

#include "model/labels.h"

namespace narthex::engine {

void HistogramNotes::HasBothKinds() const {
  context_.Warn(fmt::format("encountered a mix of histograms and floats for metric name {}",
                            model::Quote(metric_)),
                position_);
}

void HistogramNotes::HasBothSchemas() const {
  context_.Warn(fmt::format("vector contains a mix of histograms with exponential and custom "
                            "buckets schemas for metric name {}",
                            model::Quote(metric_)),
                position_);
}

void HistogramNotes::IsNoCounter() const {
  context_.Warn(
      fmt::format("this native histogram metric is not a counter: {}", model::Quote(metric_)),
      position_);
}

void HistogramNotes::IsNoGauge() const {
  context_.Warn(
      fmt::format("this native histogram metric is not a gauge: {}", model::Quote(metric_)),
      position_);
}

void HistogramNotes::IgnoresHistograms() const {
  context_.Inform(fmt::format("ignored histograms in a range containing both floats and histograms "
                              "for metric name {}",
                              model::Quote(metric_)),
                  position_);
}

void HistogramNotes::StartsOverlap() const {
  context_.WarnCounted(
      fmt::format(
          "sample has start time that overlaps with previous sample timestamp for metric {}",
          model::Quote(metric_)),
      position_);
}

void HistogramNotes::ReconciledBounds(std::string_view operation) const {
  context_.Inform(fmt::format("mismatched custom buckets were reconciled during {}", operation),
                  position_);
}

void HistogramNotes::ConflictingResets(std::string_view operation) const {
  context_.Warn(fmt::format("conflicting counter resets during histogram {}", operation),
                position_);
}

void HistogramNotes::IgnoresHistogramsIn(std::string_view aggregation) const {
  context_.Inform(fmt::format("ignored histogram in {} aggregation", aggregation), position_);
}

void HistogramNotes::AggregatesBothKinds() const {
  context_.Warn("encountered a mix of histograms and floats for aggregation", position_);
}

}  // namespace narthex::engine
