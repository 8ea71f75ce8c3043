// A histogram: observations counted in buckets with fixed bounds, in native ones, or in both.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "client/cells.h"
#include "client/exemplar.h"
#include "client/instrument.h"
#include "client/native_options.h"

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

class ExemplarSlots;
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

  // What many histograms have in common, so that it is held once.
  struct Shape;
  static std::shared_ptr<const Shape> MakeShape(HistogramOptions options, const Clock& clock);
  explicit Histogram(std::shared_ptr<const Shape> shape);
  ~Histogram() override;

  // A NaN goes into the last bucket and makes the sum NaN.
  void Observe(double value) {
    if (has_classic_) {
      const std::uint32_t bucket = FindBucket(value);
      cells_.Write([bucket, value](Cell* cells, Writers writers) {
        AddCount(cells[kBuckets + bucket], 1, writers);
        AddNumber(cells[kSum], value, writers);
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
  static constexpr std::uint32_t kSum = 0;
  static constexpr std::uint32_t kBuckets = 1;  // the first one

  std::uint32_t FindBucket(double value) const;
  void ObserveMore(double value);
  std::vector<std::uint64_t> BucketCounts() const;

  const std::shared_ptr<const Shape> shape_;
  const double* const padded_bounds_;  // of shape_
  CellBlock cells_;
  const bool has_classic_;
  const bool has_more_;  // native buckets, or exemplars that are asked for
  const std::unique_ptr<NativeBuckets> native_;
  // By classic bucket; of a native one: one. Owned; made with the first exemplar.
  std::atomic<ExemplarSlots*> exemplars_{nullptr};
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
