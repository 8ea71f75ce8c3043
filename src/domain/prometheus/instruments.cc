#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "base/clock.h"
#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/info.h"
#include "prometheus/summary.h"

namespace prometheus {
namespace {

namespace client = narthex::client;
namespace exposition = narthex::exposition;

// The shape of histograms with these bounds: the same for all of them, as long as one lives.
std::shared_ptr<const client::Histogram::Shape> ShapeWith(const std::vector<double>& bounds) {
  const bool has_nan = std::any_of(bounds.begin(), bounds.end(), [](double bound) {
    return std::isnan(bound) || bound == -std::numeric_limits<double>::infinity();
  });
  const bool is_ascending =
      std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>()) == bounds.end();
  if (has_nan || !is_ascending) {
    throw std::invalid_argument("bucket bounds must be numbers in ascending order");
  }

  struct Known {
    narthex::Mutex mutex;
    std::map<std::vector<double>, std::weak_ptr<const client::Histogram::Shape>> shapes
        GUARDED_BY(mutex);
  };
  // Never destroyed: histograms may be made by other destructors.
  static Known& known = *std::make_unique<Known>().release();
  narthex::MutexLock lock(known.mutex);
  std::weak_ptr<const client::Histogram::Shape>& place = known.shapes[bounds];
  if (auto shape = place.lock()) return shape;
  std::erase_if(known.shapes, [&bounds](const auto& entry) {
    return entry.second.expired() && entry.first != bounds;
  });
  client::HistogramOptions options;
  options.bounds = bounds;
  auto shape = client::Histogram::MakeShape(std::move(options), narthex::SystemClock());
  known.shapes[bounds] = shape;
  return shape;
}

client::SummaryOptions OptionsFor(const Summary::Quantiles& quantiles,
                                  std::chrono::milliseconds window) {
  if (window.count() <= 0) throw std::invalid_argument("the window of a summary has no length");
  client::SummaryOptions options;
  options.window = window;
  for (const auto& quantile : quantiles) {
    if (!(quantile.quantile >= 0 && quantile.quantile <= 1)) {
      throw std::invalid_argument("quantiles are between 0 and 1");
    }
    options.quantiles.push_back(quantile.quantile);
  }
  return options;
}

std::uint64_t WholeCount(double increment) {
  return increment > 0 ? static_cast<std::uint64_t>(increment) : 0;
}

}  // namespace

ClientMetric Counter::Collect() const {
  ClientMetric metric;
  metric.counter.value = Value();
  return metric;
}

void Gauge::SetToCurrentTime() { Set(static_cast<double>(narthex::SystemClock().Now() / 1000)); }

ClientMetric Gauge::Collect() const {
  ClientMetric metric;
  metric.gauge.value = Value();
  return metric;
}

struct Histogram::Start {
  narthex::Mutex mutex;
  std::vector<double> cumulative_counts GUARDED_BY(mutex);  // by bucket; none before a Reset()
  double sum GUARDED_BY(mutex) = 0;
};

Histogram::Histogram(const BucketBoundaries& bounds)
    : histogram_(ShapeWith(bounds)), start_(std::make_unique<Start>()) {}
Histogram::~Histogram() = default;

void Histogram::ObserveMultiple(const std::vector<double>& increments, double sum) {
  std::vector<std::uint64_t> counts(increments.size());
  std::transform(increments.begin(), increments.end(), counts.begin(), WholeCount);
  if (!histogram_.ObserveMultiple(counts, sum)) {
    throw std::length_error("there must be an increment for each bucket");
  }
}

void Histogram::Reset() {
  exposition::Metric now;
  narthex::MutexLock lock(start_->mutex);
  histogram_.Read(now);
  const auto& histogram = std::get<exposition::Histogram>(now.value);
  start_->cumulative_counts.clear();
  for (const auto& bucket : histogram.buckets) {
    start_->cumulative_counts.push_back(bucket.cumulative_count);
  }
  start_->sum = histogram.sum;
}

void Histogram::Read(exposition::Metric& metric) const {
  narthex::MutexLock lock(start_->mutex);
  histogram_.Read(metric);
  if (start_->cumulative_counts.empty()) return;
  auto& histogram = std::get<exposition::Histogram>(metric.value);
  for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
    histogram.buckets[i].cumulative_count -= start_->cumulative_counts[i];
  }
  histogram.count -= start_->cumulative_counts.back();
  histogram.sum -= start_->sum;
}

ClientMetric Histogram::Collect() const {
  exposition::Metric now;
  Read(now);
  const auto& histogram = std::get<exposition::Histogram>(now.value);
  ClientMetric metric;
  for (const auto& bucket : histogram.buckets) {
    metric.histogram.bucket.push_back(
        {static_cast<std::uint64_t>(bucket.cumulative_count), bucket.upper_bound});
  }
  metric.histogram.sample_count = static_cast<std::uint64_t>(histogram.count);
  metric.histogram.sample_sum = histogram.sum;
  return metric;
}

Summary::Summary(const Quantiles& quantiles, std::chrono::milliseconds max_age, int /*age_buckets*/)
    : summary_(OptionsFor(quantiles, max_age), narthex::SystemClock()) {}

ClientMetric Summary::Collect() const {
  exposition::Metric now;
  Read(now);
  const auto& summary = std::get<exposition::Summary>(now.value);
  ClientMetric metric;
  metric.summary.sample_count = static_cast<std::uint64_t>(summary.count);
  metric.summary.sample_sum = summary.sum;
  for (const auto& [rank, value] : summary.quantiles)
    metric.summary.quantile.push_back({rank, value});
  return metric;
}

}  // namespace prometheus
