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

HistogramOptions ClassicOptions(std::vector<double> bounds) {
  HistogramOptions options;
  options.bounds = std::move(bounds);
  return options;
}

// How many bounds FindIn() compares at once.
constexpr std::size_t kStep = 4;

// `bounds` with infinities behind them, up to a multiple of kStep.
std::vector<double> Padded(std::vector<double> bounds) {
  bounds.resize((bounds.size() + kStep - 1) / kStep * kStep, kInfinity);
  bounds.shrink_to_fit();
  return bounds;
}

// The first of `count` bounds, padded, that is not below the value; `count` for NaN.
std::size_t FindIn(const double* bounds, std::size_t count, double value) {
  // Up to some dozens of bounds, counting those below the value beats a search: no branch is
  // missed.
  constexpr std::size_t kScanMax = 32;
  if (std::isnan(value)) [[unlikely]]
    return count;
  if (count > kScanMax) {
    return static_cast<std::size_t>(std::lower_bound(bounds, bounds + count, value) - bounds);
  }
  using Pair [[gnu::vector_size(16)]] = double;
  using Counts [[gnu::vector_size(16)]] = std::int64_t;
  const Pair values = {value, value};
  Counts below = {0, 0};
  Counts more_below = {0, 0};
  for (std::size_t i = 0; i < count; i += kStep) {
    const Pair first = {bounds[i], bounds[i + 1]};
    const Pair second = {bounds[i + 2], bounds[i + 3]};
    below -= first < values;  // true is -1
    more_below -= second < values;
  }
  below += more_below;
  return static_cast<std::size_t>(below[0] + below[1]);
}

// Makes `histogram` one of these counts by bucket.
void SetBuckets(exposition::Histogram& histogram, std::span<const double> bounds,
                std::span<const std::uint64_t> counts) {
  histogram.buckets.resize(counts.size());
  std::uint64_t cumulative = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    cumulative += counts[i];
    histogram.buckets[i].upper_bound = i < bounds.size() ? bounds[i] : kInfinity;
    histogram.buckets[i].cumulative_count = static_cast<double>(cumulative);
    histogram.buckets[i].exemplar.reset();
  }
  histogram.count = static_cast<double>(cumulative);
}

// What `metric` holds, if it is a histogram: its memory is used again.
exposition::Histogram& HistogramIn(exposition::Metric& metric) {
  if (auto* known = std::get_if<exposition::Histogram>(&metric.value)) return *known;
  return metric.value.emplace<exposition::Histogram>();
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

struct Histogram::Shape {
  std::vector<double> bounds;
  std::vector<double> padded_bounds;
  std::optional<NativeOptions> native;
  bool asks_for_exemplars = false;
  const Clock* clock = nullptr;
};

std::shared_ptr<const Histogram::Shape> Histogram::MakeShape(HistogramOptions options,
                                                             const Clock& clock) {
  auto shape = std::make_shared<Shape>();
  shape->bounds = WithoutInfinity(std::move(options.bounds));
  shape->padded_bounds = Padded(shape->bounds);
  shape->native = options.native;
  shape->asks_for_exemplars = options.asks_for_exemplars;
  shape->clock = &clock;
  return shape;
}

Histogram::Histogram(std::vector<double> bounds) : Histogram(ClassicOptions(std::move(bounds))) {}
Histogram::Histogram(HistogramOptions options) : Histogram(std::move(options), SystemClock()) {}
Histogram::Histogram(HistogramOptions options, const Clock& clock)
    : Histogram(MakeShape(std::move(options), clock)) {}

Histogram::Histogram(std::shared_ptr<const Shape> shape)
    : shape_(std::move(shape)),
      padded_bounds_(shape_->padded_bounds.data()),
      cells_(static_cast<std::uint32_t>(kBuckets + shape_->bounds.size() + 1)),
      has_classic_(!shape_->bounds.empty() || !shape_->native),
      has_more_(shape_->asks_for_exemplars || shape_->native.has_value()),
      native_(shape_->native ? std::make_unique<NativeBuckets>(*shape_->native, *shape_->clock)
                             : nullptr) {}

Histogram::~Histogram() { EndExemplarSlots(exemplars_); }

std::uint32_t Histogram::FindBucket(double value) const {
  return static_cast<std::uint32_t>(FindIn(padded_bounds_, cells_.size() - kBuckets - 1, value));
}

void Histogram::ObserveMore(double value) {
  if (native_) native_->Observe(value);
  if (!shape_->asks_for_exemplars) return;
  MakeExemplarSlots(exemplars_, shape_->bounds.size() + 1).Offer(FindBucket(value), value);
}

void Histogram::Observe(double value, const Labels& exemplar) {
  Observe(value);
  if (exemplar.empty()) return;
  MakeExemplarSlots(exemplars_, shape_->bounds.size() + 1).Put(FindBucket(value), value, exemplar);
}

bool Histogram::ObserveMultiple(std::span<const std::uint64_t> counts, double sum) {
  if (native_ || counts.size() != shape_->bounds.size() + 1) return false;
  cells_.Write([counts, sum](Cell* cells, Writers writers) {
    for (std::size_t i = 0; i < counts.size(); ++i) {
      AddCount(cells[kBuckets + i], counts[i], writers);
    }
    AddNumber(cells[kSum], sum, writers);
  });
  return true;
}

std::vector<std::uint64_t> Histogram::BucketCounts() const {
  std::vector<std::uint64_t> counts(shape_->bounds.size() + 1);
  cells_.ForEach([&counts](const Cell* cells) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += ReadCount(cells[kBuckets + i]);
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
  cells_.ForEach([&total](const Cell* cells) { total += ReadNumber(cells[kSum]); });
  return total;
}

void Histogram::Read(exposition::Metric& metric) const {
  exposition::Histogram& histogram = HistogramIn(metric);
  ExemplarSlots* const slots = exemplars_.load(std::memory_order_acquire);
  if (has_classic_) {
    double sum = 0;
    thread_local std::vector<std::uint64_t> counts;  // kept for its memory
    counts.assign(shape_->bounds.size() + 1, 0);
    cells_.ForEach([&sum](const Cell* cells) {
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += ReadCount(cells[kBuckets + i]);
      sum += ReadNumber(cells[kSum]);
    });
    SetBuckets(histogram, shape_->bounds, counts);
    histogram.sum = sum;
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
    for (std::size_t i = 0; slots != nullptr && !has_classic_ && i <= shape_->bounds.size(); ++i) {
      if (auto exemplar = slots->Get(i)) native->exemplars.push_back(*std::move(exemplar));
    }
    histogram.native = std::move(native);
  }
}

struct GaugeHistogram::State {
  explicit State(std::vector<double> bounds_of) : bounds(WithoutInfinity(std::move(bounds_of))) {}

  const std::vector<double> bounds;
  const std::vector<double> padded_bounds = Padded(bounds);
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
    ++counts[FindIn(state_->padded_bounds.data(), state_->bounds.size(), value)];
    sum += value;
  }
  MutexLock lock(state_->mutex);
  state_->counts.swap(counts);
  state_->sum = sum;
}

void GaugeHistogram::Read(exposition::Metric& metric) const {
  MutexLock lock(state_->mutex);
  exposition::Histogram& histogram = HistogramIn(metric);
  SetBuckets(histogram, state_->bounds, state_->counts);
  histogram.sum = state_->sum;
}

}  // namespace narthex::client
