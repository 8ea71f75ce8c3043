#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "client/counter.h"
#include "client/gauge.h"
#include "client/histogram.h"
#include "client/summary.h"

namespace narthex::client {
namespace {

// Relaxed: a count of its own, read now and then.
std::atomic<std::uint64_t> refused_increments{0};

}  // namespace

Counter::Counter() : total_([] { return std::make_unique<Part>(); }) {}

void Counter::Refuse() { refused_increments.fetch_add(1, std::memory_order_relaxed); }

std::uint64_t Counter::refused_count() {
  return refused_increments.load(std::memory_order_relaxed);
}

double Counter::value() const {
  double total = 0;
  total_.ForEach([&total](const Part& part) { total += part.sum.load(std::memory_order_relaxed); });
  return total;
}

void Counter::Read(exposition::Metric& metric) const { metric.value = value(); }

void Gauge::Read(exposition::Metric& metric) const { metric.value = value(); }

std::vector<double> DefaultBuckets() { return {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}; }

std::vector<double> LinearBuckets(double start, double width, std::size_t count) {
  std::vector<double> bounds(count);
  for (std::size_t i = 0; i < count; ++i) bounds[i] = start + width * static_cast<double>(i);
  return bounds;
}

std::vector<double> ExponentialBuckets(double start, double factor, std::size_t count) {
  NARTHEX_CHECK(start > 0 && factor > 1, "exponential buckets grow from a positive start");
  std::vector<double> bounds(count);
  for (double& bound : bounds) {
    bound = start;
    start *= factor;
  }
  return bounds;
}

namespace {

std::vector<double> WithoutInfinity(std::vector<double> bounds) {
  if (!bounds.empty() && bounds.back() == std::numeric_limits<double>::infinity()) {
    bounds.pop_back();
  }
  const bool is_ascending =
      std::adjacent_find(bounds.begin(), bounds.end(),
                         [](double a, double b) { return !(a < b); }) == bounds.end();
  const bool is_finite =
      std::all_of(bounds.begin(), bounds.end(), [](double bound) { return std::isfinite(bound); });
  NARTHEX_CHECK(is_ascending && is_finite, "bucket bounds must be numbers in ascending order");
  return bounds;
}

}  // namespace

Histogram::Histogram(std::vector<double> bounds)
    : bounds_(WithoutInfinity(std::move(bounds))),
      parts_([size = bounds_.size() + 1] { return std::make_unique<Part>(size); }) {}

std::size_t Histogram::FindBucket(double value) const {
  // Up to some dozens of bounds, counting those below the value beats a search: no branch is
  // missed.
  constexpr std::size_t kScanMax = 32;
  if (std::isnan(value)) return bounds_.size();
  if (bounds_.size() <= kScanMax) {
    std::size_t below = 0;
    for (const double bound : bounds_) below += bound < value ? 1 : 0;
    return below;
  }
  return static_cast<std::size_t>(std::lower_bound(bounds_.begin(), bounds_.end(), value) -
                                  bounds_.begin());
}

std::vector<std::uint64_t> Histogram::BucketCounts() const {
  std::vector<std::uint64_t> counts(bounds_.size() + 1);
  parts_.ForEach([&counts](const Part& part) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      counts[i] += part.counts[i].load(std::memory_order_relaxed);
    }
  });
  return counts;
}

std::uint64_t Histogram::count() const {
  std::uint64_t total = 0;
  for (const std::uint64_t count : BucketCounts()) total += count;
  return total;
}

double Histogram::sum() const {
  double total = 0;
  parts_.ForEach([&total](const Part& part) { total += part.sum.load(std::memory_order_relaxed); });
  return total;
}

void Histogram::Read(exposition::Metric& metric) const {
  exposition::Histogram histogram;
  const auto counts = BucketCounts();
  histogram.buckets.reserve(counts.size());
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    const double bound = i < bounds_.size() ? bounds_[i] : std::numeric_limits<double>::infinity();
    histogram.buckets.push_back({bound, static_cast<double>(cumulative), std::nullopt});
  }
  histogram.count = static_cast<double>(cumulative);
  histogram.sum = sum();
  metric.value = std::move(histogram);
}

Summary::Summary() : parts_([] { return std::make_unique<Part>(); }) {}

std::uint64_t Summary::count() const {
  std::uint64_t total = 0;
  parts_.ForEach(
      [&total](const Part& part) { total += part.count.load(std::memory_order_relaxed); });
  return total;
}

double Summary::sum() const {
  double total = 0;
  parts_.ForEach([&total](const Part& part) { total += part.sum.load(std::memory_order_relaxed); });
  return total;
}

void Summary::Read(exposition::Metric& metric) const {
  exposition::Summary summary;
  summary.count = static_cast<double>(count());
  summary.sum = sum();
  metric.value = std::move(summary);
}

}  // namespace narthex::client
