#include "collected_source.h"

#include <chrono>
#include <utility>

namespace prometheus::detail {
namespace {

namespace exposition = narthex::exposition;

exposition::Histogram ToHistogram(const ClientMetric::Histogram& collected) {
  exposition::Histogram histogram;
  for (const ClientMetric::Bucket& bucket : collected.bucket) {
    histogram.buckets.push_back(
        {bucket.upper_bound, static_cast<double>(bucket.cumulative_count), std::nullopt});
  }
  histogram.count = static_cast<double>(collected.sample_count);
  histogram.sum = collected.sample_sum;
  return histogram;
}

exposition::Summary ToSummary(const ClientMetric::Summary& collected) {
  exposition::Summary summary;
  for (const ClientMetric::Quantile& quantile : collected.quantile) {
    summary.quantiles.push_back({quantile.quantile, quantile.value});
  }
  summary.count = static_cast<double>(collected.sample_count);
  summary.sum = collected.sample_sum;
  return summary;
}

}  // namespace

CollectedSource::CollectedSource(MetricFamily family) : family_(std::move(family)) {}

void CollectedSource::Read(std::size_t index, exposition::Metric& metric) const {
  const ClientMetric& collected = family_.metric[index];
  exposition::LabelPairs labels;
  for (const ClientMetric::Label& label : collected.label)
    labels.emplace_back(label.name, label.value);
  metric = {};
  metric.labels = labels;
  if (collected.timestamp_ms != 0) metric.timestamp = collected.timestamp_ms;
  switch (family_.type) {
    case MetricType::Counter:
      metric.value = collected.counter.value;
      break;
    case MetricType::Gauge:
      metric.value = collected.gauge.value;
      break;
    case MetricType::Summary:
      metric.value = ToSummary(collected.summary);
      break;
    case MetricType::Untyped:
      metric.value = collected.untyped.value;
      break;
    case MetricType::Histogram:
      metric.value = ToHistogram(collected.histogram);
      break;
    case MetricType::Info:
      metric.value = collected.info.value;
      break;
  }
}

}  // namespace prometheus::detail
