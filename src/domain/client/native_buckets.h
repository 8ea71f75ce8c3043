// The buckets of a native histogram while many threads count in them.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "client/native_options.h"
#include "client/sharded.h"
#include "model/histogram.h"

namespace narthex::client {

// A bucket: the index of upstream's native histograms, of positive or negative values.
//
// Index i of schema s reaches from 2^((i-1)/2^s), exclusive, to 2^(i/2^s), inclusive.
struct BucketKey {
  std::int32_t index = 0;
  bool is_negative = false;
};

// The index of `size` > 0, not NaN, at schema 8. Infinity lies in the bucket behind the last one.
std::int32_t IndexAtSchema8(double size);

// The bucket of `schema` that holds bucket `index` of `from`, where schema <= from.
inline std::int32_t IndexAtSchema(std::int32_t index, std::int32_t from, std::int32_t schema) {
  return ((index - 1) >> (from - schema)) + 1;
}

// Counts by bucket, for one thread that writes or many: an open hash table of fixed size.
class BucketTable {
 public:
  explicit BucketTable(std::size_t capacity);

  // Nobody else may look at it meanwhile, but for a late Add().
  void Clear();

  enum class Added { kKnown, kNew, kFull };
  // kFull: nothing was counted, since more than three quarters of the room are taken.
  Added Add(BucketKey key, Writers writers);

  // Calls visit(BucketKey, count) for each bucket.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (std::size_t i = 0; i <= mask_; ++i) {
      const Place& place = PlaceAt(i);
      const std::uint64_t key = place.key.load(std::memory_order_acquire);
      if (key == kNoKey) continue;
      const std::uint64_t count = place.count.load(std::memory_order_relaxed);
      if (count > 0) visit(FromBits(key), count);
    }
  }

 private:
  static constexpr std::uint64_t kNoKey = std::numeric_limits<std::uint64_t>::max();
  static std::uint64_t ToBits(BucketKey key) {
    return (std::uint64_t{key.is_negative} << 32) | static_cast<std::uint32_t>(key.index);
  }
  static BucketKey FromBits(std::uint64_t bits) {
    return {static_cast<std::int32_t>(static_cast<std::uint32_t>(bits)), (bits >> 32) != 0};
  }

  struct Place {
    std::atomic<std::uint64_t> key{kNoKey};
    std::atomic<std::uint64_t> count{0};
  };
  // A cache line, which no other table shares.
  static constexpr std::size_t kPerLine = 4;
  struct alignas(64) Line {
    std::array<Place, kPerLine> places;
  };

  Place& PlaceAt(std::size_t index) const {
    return lines_[index / kPerLine].places[index % kPerLine];
  }

  const std::size_t mask_;
  const std::unique_ptr<Line[]> lines_;
  std::atomic<std::size_t> taken_count_{0};
};

// Observations at one resolution. When the resolution changes, or the table is full, another layer
// takes its place; what was counted stays where it is and is put together when it is read.
struct BucketLayer {
  BucketLayer(std::int32_t schema_of, double threshold, std::size_t capacity_of)
      : schema(schema_of),
        zero_threshold(threshold),
        capacity(capacity_of),
        parts([capacity_of] { return std::make_unique<Part>(capacity_of); }) {}

  struct alignas(64) Part {
    explicit Part(std::size_t capacity) : table(capacity) {}
    std::atomic<double> sum{0};
    std::atomic<std::uint64_t> zero_count{0};
    std::atomic<std::uint64_t> nan_count{0};
    BucketTable table;
  };

  // For another use. Not while a reader looks at it.
  void Clear();

  const std::int32_t schema;
  const double zero_threshold;
  const std::size_t capacity;
  Sharded<Part> parts;
};

// Thread-safe; Observe() takes no lock but when a bucket is the first of its kind and the limit may
// be exceeded. Memory: 16 bytes for each place in a table, 32 places for each writing thread at
// first; a table that is too small, or a resolution that was reduced, leaves another one behind.
class NativeBuckets {
 public:
  // `clock` tells when the counting starts, and is asked when the limit is exceeded.
  NativeBuckets(NativeOptions options, const Clock& clock);
  ~NativeBuckets();
  NativeBuckets(const NativeBuckets&) = delete;
  NativeBuckets& operator=(const NativeBuckets&) = delete;

  void Observe(double value) {
    while (true) {
      // Acquire: the layer was made by another thread.
      BucketLayer* const layer = layer_.load(std::memory_order_acquire);
      if (TryObserve(*layer, value)) return;
      Grow(*layer);
    }
  }

  struct Snapshot {
    model::FloatHistogram histogram;  // with count and sum
    std::int64_t created_ms = 0;
  };
  // All that was counted, at the resolution that holds now.
  Snapshot Read() const EXCLUDES(mutex_);

  // Forgets everything. A thread that is amid an observation may count it in what is forgotten.
  void Reset() EXCLUDES(mutex_);

 private:
  bool TryObserve(BucketLayer& layer, double value);
  void Grow(const BucketLayer& full) EXCLUDES(mutex_);
  void CheckLimit() EXCLUDES(mutex_);
  model::FloatHistogram Merge() const REQUIRES(mutex_);
  void AddLayer(std::int32_t schema, double zero_threshold, std::size_t capacity) REQUIRES(mutex_);
  void ReduceUntilWithin() REQUIRES(mutex_);
  bool WidenZero(const model::FloatHistogram& merged) REQUIRES(mutex_);
  bool ResetIfDue() REQUIRES(mutex_);
  void ResetLocked() REQUIRES(mutex_);

  const NativeOptions options_;
  const std::int32_t first_schema_;
  const Clock& clock_;

  std::atomic<BucketLayer*> layer_{nullptr};    // the last of layers_
  std::atomic<std::uint64_t> bucket_count_{0};  // at most so many, of all threads together

  mutable Mutex mutex_;
  std::vector<std::unique_ptr<BucketLayer>> layers_ GUARDED_BY(mutex_);
  // Of before the last reset, and of before that. They are used again and never freed: a thread
  // may still be about to count in one, which must go wrong by a count at most.
  std::vector<std::unique_ptr<BucketLayer>> retired_ GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<BucketLayer>> spare_ GUARDED_BY(mutex_);
  std::int64_t created_ms_ GUARDED_BY(mutex_) = 0;
};

}  // namespace narthex::client
