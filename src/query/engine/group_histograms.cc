#include "group_histograms.h"

#include "model/labels.h"

namespace narthex::engine {

void GroupHistograms::Add(const Row& row) {
  row.presence.ForEach([&](std::size_t index) {
    const model::FloatHistogram* histogram = row.HistogramAt(index);
    if (histogram == nullptr) return;
    Step& step = steps_[index];
    if (step.is_incompatible) return;
    if (!step.aggregate) {
      step.aggregate.emplace(kind_, *histogram);
    } else if (!step.aggregate->Add(*histogram)) {
      step.is_incompatible = true;
      notes_.SetMetric(row.labels.Get(model::kMetricName));
      notes_.HasBothSchemas();
    }
  });
}

void GroupHistograms::Finish(Row& row) const {
  for (std::size_t index = 0; index < steps_.size(); ++index) {
    const Step& step = steps_[index];
    if (!step.aggregate) continue;
    if (step.aggregate->has_reconciled_bounds()) notes_.ReconciledBounds("aggregation");
    if (row.presence.Has(index)) {
      row.presence.Clear(index);
      notes_.AggregatesBothKinds();
      continue;
    }
    if (step.is_incompatible) continue;
    if (step.aggregate->has_reset_collision()) notes_.ConflictingResets("aggregation");
    row.SetHistogram(index, std::make_shared<const model::FloatHistogram>(step.aggregate->Get()));
  }
}

}  // namespace narthex::engine
