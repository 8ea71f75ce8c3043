#include "client/collector.h"

#include <algorithm>

#include "exposition/metric_family.h"
#include "model/labels.h"
#include "refused.h"

namespace narthex::client {
namespace {

using model::MetricType;

bool AreValid(const Description& description, const Labels& labels) {
  return model::IsValidMetricName(description.name, model::NameValidation::kUtf8) &&
         std::all_of(labels.begin(), labels.end(), [](const auto& label) {
           return model::IsValidLabelName(label.first, model::NameValidation::kUtf8) &&
                  model::IsUtf8(label.second);
         });
}

exposition::Histogram ToHistogram(const CollectedHistogram& collected) {
  exposition::Histogram histogram;
  for (const auto& [bound, count] : collected.buckets) {
    histogram.buckets.push_back({bound, count, std::nullopt});
  }
  histogram.count = collected.count;
  histogram.sum = collected.sum;
  return histogram;
}

}  // namespace

struct FamilySink::State {
  std::vector<exposition::MetricFamily> families;

  void Add(const Description& description, MetricType type, exposition::Metric metric,
           Labels labels) {
    if (!AreValid(description, labels)) {
      CountRefused(Refusal::kCollected);
      return;
    }
    metric.labels = std::move(labels);
    const auto is_same = [&](const exposition::MetricFamily& family) {
      return family.name == description.name && family.type == type;
    };
    // Mostly the last one.
    const auto found = std::find_if(families.rbegin(), families.rend(), is_same);
    if (found != families.rend()) {
      found->metrics.push_back(std::move(metric));
      return;
    }
    families.push_back(
        {description.name, description.help, description.unit, type, {std::move(metric)}});
  }

  template <typename Value>
  void AddValue(const Description& description, MetricType type, Value value, Labels labels) {
    exposition::Metric metric;
    metric.value = std::move(value);
    Add(description, type, std::move(metric), std::move(labels));
  }
};

FamilySink::FamilySink() : state_(std::make_unique<State>()) {}
FamilySink::~FamilySink() = default;

void FamilySink::AddCounter(const Description& description, double value, Labels labels) {
  state_->AddValue(description, MetricType::kCounter, value, std::move(labels));
}
void FamilySink::AddGauge(const Description& description, double value, Labels labels) {
  state_->AddValue(description, MetricType::kGauge, value, std::move(labels));
}
void FamilySink::AddUntyped(const Description& description, double value, Labels labels) {
  state_->AddValue(description, MetricType::kUnknown, value, std::move(labels));
}
void FamilySink::AddHistogram(const Description& description, const CollectedHistogram& histogram,
                              Labels labels) {
  state_->AddValue(description, MetricType::kHistogram, ToHistogram(histogram), std::move(labels));
}
void FamilySink::AddGaugeHistogram(const Description& description,
                                   const CollectedHistogram& histogram, Labels labels) {
  state_->AddValue(description, MetricType::kGaugeHistogram, ToHistogram(histogram),
                   std::move(labels));
}
void FamilySink::AddSummary(const Description& description, const CollectedSummary& collected,
                            Labels labels) {
  exposition::Summary summary;
  for (const auto& [rank, value] : collected.quantiles) summary.quantiles.push_back({rank, value});
  summary.count = collected.count;
  summary.sum = collected.sum;
  state_->AddValue(description, MetricType::kSummary, std::move(summary), std::move(labels));
}

std::vector<exposition::MetricFamily>& FamilySink::families() { return state_->families; }

}  // namespace narthex::client
