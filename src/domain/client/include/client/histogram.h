// A histogram: observations counted in buckets with fixed bounds, in native ones, or in both.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client/exemplar.h"
#include "client/instrument.h"
#include "client/native_options.h"
#include "client/sharded.h"

namespace narthex::client {

// Seconds of a request, as the Go and Java libraries have them.
std::vector<double> DefaultBuckets();
// The same as the Python library has them.
std::vector<double> PythonBuckets();
// `count` bounds: start, start + width, ...
std::vector<double> LinearBuckets(double start, double width, std::size_t count);
// `count` bounds: start, start * factor, ...; start > 0, factor > 1.
std::vector<double> ExponentialBuckets(double start, double factor, std::size_t count);

struct HistogramOptions {
  // Upper bounds, ascending; the bucket for +Inf is added. None, with native buckets: readers that
  // do not know native histograms see the sum and the count.
  std::vector<double> bounds = DefaultBuckets();
  std::optional<NativeOptions> native = std::nullopt;
  bool asks_for_exemplars = false;  // the trace-context hook
};

class LazyExemplarSlots;
class NativeBuckets;

// Thread-safe; writers take no lock (but see NativeOptions for the limit of buckets). A reading
// under way sees an observation in its bucket and in the count at once; the sum may be an
// observation behind or ahead.
class Histogram final : public Instrument {
 public:
  explicit Histogram(std::vector<double> bounds);
  explicit Histogram(HistogramOptions options);
  // `clock` must outlive the histogram.
  Histogram(HistogramOptions options, const Clock& clock);
  ~Histogram() override;

  // A NaN goes into the last bucket and makes the sum NaN.
  void Observe(double value) {
    if (has_classic_) {
      const std::size_t bucket = FindBucket(value);
      parts_.Write([bucket, value](Part& part, Writers writers) {
        const bool met_in_bucket = AddTo(part.counts[bucket], std::uint64_t{1}, writers);
        return AddTo(part.sum, value, writers) || met_in_bucket;
      });
    }
    if (has_more_) ObserveMore(value);
  }

  // Keeps the labels as exemplar of the bucket, as a counter does.
  void Observe(double value, const Labels& exemplar);

  // Adds `counts[i]` observations to bucket i, the last one that of +Inf, and `sum` to the sum:
  // what another program, or a device, has counted. Only for classic buckets.
  // False, and nothing is added: another number of counts than buckets, or native buckets.
  bool ObserveMultiple(std::span<const std::uint64_t> counts, double sum);

  std::uint64_t count() const;
  double sum() const;
  void Read(exposition::Metric& metric) const override;

 private:
  struct alignas(64) Part {
    explicit Part(std::size_t bucket_count)
        : counts(std::make_unique<std::atomic<std::uint64_t>[]>(bucket_count)) {}
    std::atomic<double> sum{0};
    std::unique_ptr<std::atomic<std::uint64_t>[]> counts;
  };

  std::size_t FindBucket(double value) const;
  void ObserveMore(double value);
  std::vector<std::uint64_t> BucketCounts() const;

  const std::vector<double> bounds_;
  const bool has_classic_;
  const bool asks_;
  const bool has_more_;  // native buckets, or exemplars that are asked for
  const std::unique_ptr<NativeBuckets> native_;
  const std::unique_ptr<LazyExemplarSlots> exemplars_;  // by classic bucket; of a native one: one
  Sharded<Part> parts_;
};

// A gauge histogram: how a set of things is spread right now, each reading as a whole.
//
// Thread-safe; Replace() and Read() take a lock for as long as it takes to exchange the counts.
class GaugeHistogram final : public Instrument {
 public:
  explicit GaugeHistogram(std::vector<double> bounds);
  ~GaugeHistogram() override;

  // The sizes of all things there are now, in place of those before. NaN counts in the last bucket.
  void Replace(std::span<const double> values);
  void Read(exposition::Metric& metric) const override;

 private:
  struct State;
  const std::unique_ptr<State> state_;
};

}  // namespace narthex::client
