#include "client/histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/mutex.h"
#include "exemplar_slots.h"
#include "exposition/metric_family.h"
#include "native_buckets.h"

namespace narthex::client {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> WithoutInfinity(std::vector<double> bounds) {
  if (!bounds.empty() && bounds.back() == kInfinity) bounds.pop_back();
  const bool is_ascending =
      std::adjacent_find(bounds.begin(), bounds.end(),
                         [](double a, double b) { return !(a < b); }) == bounds.end();
  const bool is_finite =
      std::all_of(bounds.begin(), bounds.end(), [](double bound) { return std::isfinite(bound); });
  NARTHEX_CHECK(is_ascending && is_finite, "bucket bounds must be numbers in ascending order");
  return bounds;
}

std::unique_ptr<NativeBuckets> MakeNative(const HistogramOptions& options, const Clock& clock) {
  return options.native ? std::make_unique<NativeBuckets>(*options.native, clock) : nullptr;
}

HistogramOptions ClassicOptions(std::vector<double> bounds) {
  HistogramOptions options;
  options.bounds = std::move(bounds);
  return options;
}

// The first bucket whose bound is not below the value; the last one for NaN.
std::size_t FindIn(const std::vector<double>& bounds, double value) {
  // Up to some dozens of bounds, counting those below the value beats a search: no branch is
  // missed.
  constexpr std::size_t kScanMax = 32;
  if (std::isnan(value)) return bounds.size();
  if (bounds.size() <= kScanMax) {
    std::size_t below = 0;
    for (const double bound : bounds) below += bound < value ? 1 : 0;
    return below;
  }
  return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), value) -
                                  bounds.begin());
}

exposition::Histogram Cumulate(const std::vector<double>& bounds,
                               const std::vector<std::uint64_t>& counts) {
  exposition::Histogram histogram;
  histogram.buckets.reserve(counts.size());
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    const double bound = i < bounds.size() ? bounds[i] : kInfinity;
    histogram.buckets.push_back({bound, static_cast<double>(cumulative), std::nullopt});
  }
  histogram.count = static_cast<double>(cumulative);
  return histogram;
}

}  // namespace

std::vector<double> DefaultBuckets() { return {.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}; }

std::vector<double> PythonBuckets() {
  return {.005, .01, .025, .05, .075, .1, .25, .5, .75, 1, 2.5, 5, 7.5, 10};
}

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

Histogram::Histogram(std::vector<double> bounds) : Histogram(ClassicOptions(std::move(bounds))) {}
Histogram::Histogram(HistogramOptions options) : Histogram(std::move(options), SystemClock()) {}

Histogram::Histogram(HistogramOptions options, const Clock& clock)
    : bounds_(WithoutInfinity(std::move(options.bounds))),
      has_classic_(!bounds_.empty() || !options.native),
      asks_(options.asks_for_exemplars),
      has_more_(asks_ || options.native.has_value()),
      native_(MakeNative(options, clock)),
      exemplars_(std::make_unique<LazyExemplarSlots>(bounds_.size() + 1)),
      parts_([size = bounds_.size() + 1] { return std::make_unique<Part>(size); }) {}

Histogram::~Histogram() = default;

std::size_t Histogram::FindBucket(double value) const { return FindIn(bounds_, value); }

void Histogram::ObserveMore(double value) {
  if (native_) native_->Observe(value);
  if (asks_) exemplars_->Make().Offer(FindBucket(value), value);
}

void Histogram::Observe(double value, const Labels& exemplar) {
  Observe(value);
  if (!exemplar.empty()) exemplars_->Make().Put(FindBucket(value), value, exemplar);
}

bool Histogram::ObserveMultiple(std::span<const std::uint64_t> counts, double sum) {
  if (native_ || counts.size() != bounds_.size() + 1) return false;
  parts_.Write([counts, sum](Part& part, Writers writers) {
    bool is_contended = false;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      is_contended = AddTo(part.counts[i], counts[i], writers) || is_contended;
    }
    return AddTo(part.sum, sum, writers) || is_contended;
  });
  return true;
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
  if (!has_classic_) return static_cast<std::uint64_t>(native_->Read().histogram.count);
  std::uint64_t total = 0;
  for (const std::uint64_t count : BucketCounts()) total += count;
  return total;
}

double Histogram::sum() const {
  if (!has_classic_) return native_->Read().histogram.sum;
  double total = 0;
  parts_.ForEach([&total](const Part& part) { total += part.sum.load(std::memory_order_relaxed); });
  return total;
}

void Histogram::Read(exposition::Metric& metric) const {
  exposition::Histogram histogram;
  ExemplarSlots* const slots = exemplars_->get();
  if (has_classic_) {
    histogram = Cumulate(bounds_, BucketCounts());
    histogram.sum = sum();
    for (std::size_t i = 0; slots != nullptr && i < histogram.buckets.size(); ++i) {
      histogram.buckets[i].exemplar = slots->Get(i);
    }
  }
  if (native_) {
    auto snapshot = native_->Read();
    // A message has one count and one sum for both kinds of buckets: those of the native ones,
    // which were read last and so have seen no less.
    histogram.count = snapshot.histogram.count;
    histogram.sum = snapshot.histogram.sum;
    if (has_classic_) histogram.buckets.back().cumulative_count = histogram.count;
    metric.created = std::chrono::milliseconds(snapshot.created_ms);
    auto native = std::make_shared<exposition::NativeBuckets>();
    native->histogram = std::move(snapshot.histogram);
    for (std::size_t i = 0; slots != nullptr && !has_classic_ && i <= bounds_.size(); ++i) {
      if (auto exemplar = slots->Get(i)) native->exemplars.push_back(*std::move(exemplar));
    }
    histogram.native = std::move(native);
  }
  metric.value = std::move(histogram);
}

struct GaugeHistogram::State {
  explicit State(std::vector<double> bounds_of) : bounds(WithoutInfinity(std::move(bounds_of))) {}

  const std::vector<double> bounds;
  Mutex mutex;
  std::vector<std::uint64_t> counts GUARDED_BY(mutex);
  double sum GUARDED_BY(mutex) = 0;
};

GaugeHistogram::GaugeHistogram(std::vector<double> bounds)
    : state_(std::make_unique<State>(std::move(bounds))) {
  Replace({});
}
GaugeHistogram::~GaugeHistogram() = default;

void GaugeHistogram::Replace(std::span<const double> values) {
  std::vector<std::uint64_t> counts(state_->bounds.size() + 1);
  double sum = 0;
  for (const double value : values) {
    ++counts[FindIn(state_->bounds, value)];
    sum += value;
  }
  MutexLock lock(state_->mutex);
  state_->counts.swap(counts);
  state_->sum = sum;
}

void GaugeHistogram::Read(exposition::Metric& metric) const {
  MutexLock lock(state_->mutex);
  exposition::Histogram histogram = Cumulate(state_->bounds, state_->counts);
  histogram.sum = state_->sum;
  metric.value = std::move(histogram);
}

}  // namespace narthex::client
