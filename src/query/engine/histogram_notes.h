// What operations on native histograms tell the user.
#pragma once

#include <string_view>

#include "context.h"
#include "promql/position.h"

namespace narthex::engine {

// About one expression; some notes name a metric.
class HistogramNotes {
 public:
  HistogramNotes(Context& context, promql::PositionRange position)
      : context_(context), position_(position) {}

  // The metric that the next notes are about. The name must outlive them.
  void SetMetric(std::string_view name) { metric_ = name; }

  // Of windows.
  void HasBothKinds() const;
  void HasBothSchemas() const;
  void IsNoCounter() const;
  void IsNoGauge() const;
  void IgnoresHistograms() const;
  void StartsOverlap() const;

  // Of arithmetic: "addition", "subtraction", "aggregation".
  void ReconciledBounds(std::string_view operation) const;
  void ConflictingResets(std::string_view operation) const;

  // Of aggregations: "min", "topk".
  void IgnoresHistogramsIn(std::string_view aggregation) const;
  void AggregatesBothKinds() const;

 private:
  Context& context_;
  const promql::PositionRange position_;
  std::string_view metric_;
};

}  // namespace narthex::engine
