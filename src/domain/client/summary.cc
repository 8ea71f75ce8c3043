#include "client/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/check.h"
#include "base/mutex.h"
#include "exposition/metric_family.h"
#include "model/histogram_buckets.h"
#include "native_buckets.h"

namespace narthex::client {
namespace {

constexpr std::size_t kAgeCount = 5;

// Schema 6: a bucket is 1.1 % wide, so that its middle is off by 0.55 % at most.
NativeOptions WindowBuckets() {
  NativeOptions options;
  options.bucket_factor = 1.0109;
  options.bucket_count_max = 0;
  return options;
}

// Between the bounds in the sense in which buckets grow.
double Middle(const model::HistogramBucket& bucket) {
  if (bucket.lower <= 0 && bucket.upper >= 0) return 0;
  const double size = std::sqrt(std::fabs(bucket.lower)) * std::sqrt(std::fabs(bucket.upper));
  return bucket.upper > 0 ? size : -size;
}

}  // namespace

// The newest observations, in buckets by their age. An age is a fifth of the window; the oldest one
// is emptied to become the newest.
class Summary::Window {
 public:
  Window(SummaryOptions options, const Clock& clock)
      : options_(std::move(options)),
        age_ms_(std::max<TimestampMs>(options_.window.count() / std::int64_t{kAgeCount}, 1)),
        clock_(clock) {
    for (auto& age : ages_) age = std::make_unique<NativeBuckets>(WindowBuckets(), clock);
    number_.store(NumberNow(), std::memory_order_relaxed);
  }

  void Observe(double value) {
    const std::int64_t number = Turn();
    AgeAt(number).Observe(value);
  }

  std::vector<exposition::Quantile> Read() {
    Turn();
    std::vector<std::pair<double, double>> counts;  // value and count, ascending
    double total = 0;
    for (const auto& age : ages_) {
      for (const auto& bucket : model::AllBuckets(age->Read().histogram)) {
        if (bucket.count <= 0) continue;
        counts.emplace_back(Middle(bucket), bucket.count);
        total += bucket.count;
      }
    }
    std::sort(counts.begin(), counts.end());
    std::vector<exposition::Quantile> quantiles;
    for (const double quantile : options_.quantiles) {
      quantiles.push_back({quantile, Find(counts, quantile * total)});
    }
    return quantiles;
  }

 private:
  static double Find(const std::vector<std::pair<double, double>>& counts, double rank) {
    if (counts.empty()) return std::numeric_limits<double>::quiet_NaN();
    double seen = 0;
    for (const auto& [value, count] : counts) {
      seen += count;
      if (seen >= rank) return value;
    }
    return counts.back().first;
  }

  std::int64_t NumberNow() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(clock_.Monotonic()).count() /
           age_ms_;
  }
  NativeBuckets& AgeAt(std::int64_t number) {
    return *ages_[static_cast<std::size_t>(number) % kAgeCount];
  }

  // Empties what has grown too old; the number of the age that it is now.
  std::int64_t Turn() EXCLUDES(mutex_) {
    const std::int64_t now = NumberNow();
    // Relaxed: the ages synchronise themselves.
    if (number_.load(std::memory_order_relaxed) >= now) return now;
    MutexLock lock(mutex_);
    const std::int64_t last = number_.load(std::memory_order_relaxed);
    for (std::int64_t number = std::max(last + 1, now - std::int64_t{kAgeCount} + 1); number <= now;
         ++number) {
      AgeAt(number).Reset();
    }
    number_.store(std::max(last, now), std::memory_order_relaxed);
    return now;
  }

  const SummaryOptions options_;
  const TimestampMs age_ms_;
  const Clock& clock_;
  std::array<std::unique_ptr<NativeBuckets>, kAgeCount> ages_;

  std::atomic<std::int64_t> number_{0};  // of the newest age
  Mutex mutex_;                          // held while ages are emptied
};

Summary::Summary() = default;

Summary::Summary(SummaryOptions options, const Clock& clock)
    : window_(options.quantiles.empty() ? nullptr : std::make_unique<Window>(options, clock)) {
  const bool are_ranks = std::all_of(options.quantiles.begin(), options.quantiles.end(),
                                     [](double rank) { return rank >= 0 && rank <= 1; });
  NARTHEX_CHECK(are_ranks, "quantiles are between 0 and 1");
  NARTHEX_CHECK(options.window.count() > 0, "the window of a summary is longer than nothing");
}

Summary::~Summary() = default;

void Summary::ObserveInWindow(double value) { window_->Observe(value); }

std::uint64_t Summary::count() const {
  std::uint64_t total = 0;
  cells_.ForEach([&total](const Cell* cells) { total += ReadCount(cells[kCount]); });
  return total;
}

double Summary::sum() const {
  double total = 0;
  cells_.ForEach([&total](const Cell* cells) { total += ReadNumber(cells[kSum]); });
  return total;
}

void Summary::Read(exposition::Metric& metric) const {
  exposition::Summary summary;
  summary.count = static_cast<double>(count());
  summary.sum = sum();
  if (window_) summary.quantiles = window_->Read();
  metric.value = std::move(summary);
}

}  // namespace narthex::client
