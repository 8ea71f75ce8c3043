// A histogram: observations counted in buckets with fixed bounds.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "client/instrument.h"
#include "client/sharded.h"

namespace narthex::client {

// Seconds of a request, as the Go and Java libraries have them.
std::vector<double> DefaultBuckets();
// `count` bounds: start, start + width, ...
std::vector<double> LinearBuckets(double start, double width, std::size_t count);
// `count` bounds: start, start * factor, ...; start > 0, factor > 1.
std::vector<double> ExponentialBuckets(double start, double factor, std::size_t count);

// Thread-safe, lock-free. A reading under way sees an observation in its bucket and in the count at
// once; the sum may be an observation behind or ahead.
class Histogram final : public Instrument {
 public:
  // Upper bounds, ascending; the bucket for +Inf is added.
  explicit Histogram(std::vector<double> bounds);

  // A NaN goes into the last bucket and makes the sum NaN.
  void Observe(double value) {
    const std::size_t bucket = FindBucket(value);
    parts_.Write([bucket, value](Part& part, Writers writers) {
      const bool met_in_bucket = AddTo(part.counts[bucket], std::uint64_t{1}, writers);
      return AddTo(part.sum, value, writers) || met_in_bucket;
    });
  }

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
  std::vector<std::uint64_t> BucketCounts() const;

  const std::vector<double> bounds_;
  Sharded<Part> parts_;
};

}  // namespace narthex::client
