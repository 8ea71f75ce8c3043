#include "native_buckets.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>

#include "base/check.h"
#include "model/histogram_buckets.h"

namespace narthex::client {
namespace {

constexpr std::int32_t kSchemaMax = model::kExponentialSchemaMax;
constexpr std::int32_t kSchemaMin = model::kExponentialSchemaMin;
constexpr std::int32_t kPerOctave = 1 << kSchemaMax;
// Room for the buckets of a narrow distribution; grows by the factor.
constexpr std::size_t kCapacityFirst = 32;
constexpr std::size_t kCapacityFactor = 4;
// 768 KiB of table a thread: more buckets than that are merged, whatever the limit.
constexpr std::size_t kCapacityMax = std::size_t{1} << 15;

// Where the buckets of schema 8 end within an octave, and for each of 2048 equal pieces of it the
// first bucket that reaches into the piece: from there one step finds the bucket.
class OctaveTable {
 public:
  static constexpr int kPieceBits = 11;

  OctaveTable() {
    for (std::int32_t i = 0; i < kPerOctave; ++i) {
      bounds_[static_cast<std::size_t>(i)] = model::ExponentialBound(i, kSchemaMax);
    }
    bounds_[kPerOctave] = 2;
    for (std::size_t piece = 0; piece < first_.size(); ++piece) {
      const double begin = 1 + static_cast<double>(piece) / static_cast<double>(first_.size());
      const auto place = std::lower_bound(bounds_.begin(), bounds_.end(), begin);
      first_[piece] = static_cast<std::uint16_t>(place - bounds_.begin());
    }
  }

  // `fraction` in [1, 2).
  std::int32_t Find(double fraction) const {
    const auto bits = std::bit_cast<std::uint64_t>(fraction);
    std::size_t index = first_[(bits >> (52 - kPieceBits)) & ((1u << kPieceBits) - 1)];
    while (bounds_[index] < fraction) ++index;
    return static_cast<std::int32_t>(index);
  }

 private:
  std::array<double, kPerOctave + 1> bounds_{};
  std::array<std::uint16_t, 1u << kPieceBits> first_{};
};

std::int32_t SchemaFor(double bucket_factor) {
  NARTHEX_CHECK(bucket_factor > 1, "the bucket factor of a native histogram is above 1");
  // The coarsest that is fine enough.
  const double schema = -std::floor(std::log2(std::log2(bucket_factor)));
  return static_cast<std::int32_t>(std::clamp<double>(schema, kSchemaMin, kSchemaMax));
}

using Counts = std::map<std::int32_t, std::uint64_t>;

// Gaps of up to two buckets become empty buckets: a span takes more room.
void SetSide(const Counts& counts, std::vector<model::HistogramSpan>& spans,
             std::vector<double>& buckets) {
  constexpr std::int64_t kGapMax = 2;
  std::int64_t next = 0;
  for (const auto& [index, count] : counts) {
    const std::int64_t gap = index - next;
    if (spans.empty() || gap > kGapMax) {
      spans.push_back({static_cast<std::int32_t>(gap), 0});
    } else {
      spans.back().length += static_cast<std::uint32_t>(gap);
      buckets.insert(buckets.end(), static_cast<std::size_t>(gap), 0.0);
    }
    ++spans.back().length;
    buckets.push_back(static_cast<double>(count));
    next = std::int64_t{index} + 1;
  }
}

}  // namespace

std::int32_t IndexAtSchema8(double size) {
  static const OctaveTable table;
  constexpr std::int32_t kInfinityIndex = 1024 * kPerOctave + 1;
  if (std::isinf(size)) return kInfinityIndex;
  auto bits = std::bit_cast<std::uint64_t>(size);
  std::int32_t exponent = static_cast<std::int32_t>((bits >> 52) & 0x7ff) - 1023;
  if (exponent == -1023) {
    // Denormal: no hidden bit.
    const int shift = std::countl_zero(bits) - 11;
    bits <<= shift;
    exponent = -1022 - shift;
  }
  const double fraction = std::bit_cast<double>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  return exponent * kPerOctave + table.Find(fraction);
}

BucketTable::BucketTable(std::size_t capacity)
    : mask_(capacity - 1), lines_(std::make_unique<Line[]>(capacity / kPerLine)) {}

void BucketTable::Clear() {
  for (std::size_t i = 0; i <= mask_; ++i) {
    PlaceAt(i).count.store(0, std::memory_order_relaxed);
    PlaceAt(i).key.store(kNoKey, std::memory_order_release);
  }
  taken_count_.store(0, std::memory_order_relaxed);
}

BucketTable::Added BucketTable::Add(BucketKey key, Writers writers) {
  const std::uint64_t bits = ToBits(key);
  // Fibonacci hashing: neighbours, which are the usual case, land far apart.
  std::size_t index = static_cast<std::size_t>((bits * 0x9e3779b97f4a7c15u) >> 32) & mask_;
  while (true) {
    Place& place = PlaceAt(index);
    std::uint64_t found = place.key.load(std::memory_order_acquire);
    if (found == bits) {
      AddTo(place.count, std::uint64_t{1}, writers);
      return Added::kKnown;
    }
    if (found != kNoKey) {
      index = (index + 1) & mask_;
      continue;
    }
    const std::size_t taken = taken_count_.fetch_add(1, std::memory_order_relaxed);
    if (4 * taken >= 3 * (mask_ + 1)) {
      taken_count_.fetch_sub(1, std::memory_order_relaxed);
      return Added::kFull;
    }
    if (place.key.compare_exchange_strong(found, bits, std::memory_order_acq_rel)) {
      AddTo(place.count, std::uint64_t{1}, writers);
      return Added::kNew;
    }
    // Another thread took the place; perhaps for this very bucket.
    taken_count_.fetch_sub(1, std::memory_order_relaxed);
  }
}

void BucketLayer::Clear() {
  parts.ForEach([](Part& part) {
    part.sum.store(0, std::memory_order_relaxed);
    part.zero_count.store(0, std::memory_order_relaxed);
    part.nan_count.store(0, std::memory_order_relaxed);
    part.table.Clear();
  });
}

NativeBuckets::NativeBuckets(NativeOptions options, const Clock& clock)
    : options_(options), first_schema_(SchemaFor(options.bucket_factor)), clock_(clock) {
  MutexLock lock(mutex_);
  created_ms_ = clock.Now();
  AddLayer(first_schema_, options_.zero_threshold, kCapacityFirst);
}

NativeBuckets::~NativeBuckets() = default;

bool NativeBuckets::TryObserve(BucketLayer& layer, double value) {
  const double size = std::fabs(value);
  auto added = BucketTable::Added::kKnown;
  layer.parts.Write([&](BucketLayer::Part& part, Writers writers) {
    bool is_contended = false;
    if (std::isnan(value)) [[unlikely]] {
      is_contended = AddTo(part.nan_count, std::uint64_t{1}, writers);
    } else if (size <= layer.zero_threshold) {
      is_contended = AddTo(part.zero_count, std::uint64_t{1}, writers);
    } else {
      const std::int32_t index = IndexAtSchema(IndexAtSchema8(size), kSchemaMax, layer.schema);
      added = part.table.Add({index, value < 0}, writers);
      if (added == BucketTable::Added::kFull) return false;
    }
    return AddTo(part.sum, value, writers) || is_contended;
  });
  if (added == BucketTable::Added::kKnown) return true;
  if (added == BucketTable::Added::kFull) return false;
  const std::uint64_t count = bucket_count_.fetch_add(1, std::memory_order_relaxed) + 1;
  if (options_.bucket_count_max > 0 && count > options_.bucket_count_max) CheckLimit();
  return true;
}

void NativeBuckets::AddLayer(std::int32_t schema, double zero_threshold, std::size_t capacity) {
  const auto fits = [&](const std::unique_ptr<BucketLayer>& layer) {
    return layer->schema == schema && layer->zero_threshold == zero_threshold &&
           layer->capacity == capacity;
  };
  const auto spare = std::find_if(spare_.begin(), spare_.end(), fits);
  if (spare != spare_.end()) {
    (*spare)->Clear();
    layers_.push_back(std::move(*spare));
    spare_.erase(spare);
  } else {
    layers_.push_back(std::make_unique<BucketLayer>(schema, zero_threshold, capacity));
  }
  layer_.store(layers_.back().get(), std::memory_order_release);
}

void NativeBuckets::Grow(const BucketLayer& full) {
  MutexLock lock(mutex_);
  if (layers_.back().get() != &full) return;  // another thread was quicker
  if (full.capacity < kCapacityMax || full.schema == kSchemaMin) {
    AddLayer(full.schema, full.zero_threshold, full.capacity * kCapacityFactor);
  } else {
    AddLayer(full.schema - 1, full.zero_threshold, full.capacity);
  }
}

void NativeBuckets::CheckLimit() {
  MutexLock lock(mutex_);
  ReduceUntilWithin();
}

void NativeBuckets::ReduceUntilWithin() {
  while (true) {
    const model::FloatHistogram merged = Merge();
    const auto count_of = [](const std::vector<double>& buckets) {
      return static_cast<std::size_t>(
          std::count_if(buckets.begin(), buckets.end(), [](double count) { return count > 0; }));
    };
    const std::size_t count = count_of(merged.positive_buckets) + count_of(merged.negative_buckets);
    bucket_count_.store(count, std::memory_order_relaxed);
    if (count <= options_.bucket_count_max || ResetIfDue()) return;
    if (WidenZero(merged)) continue;
    const BucketLayer& last = *layers_.back();
    if (last.schema == kSchemaMin) return;
    AddLayer(last.schema - 1, last.zero_threshold, last.capacity);
  }
}

bool NativeBuckets::ResetIfDue() {
  const auto interval = options_.reset_interval_min;
  if (interval.count() == 0 || clock_.Now() - created_ms_ < interval.count()) return false;
  ResetLocked();
  return true;
}

// Up to the end of the bucket that is nearest to zero.
bool NativeBuckets::WidenZero(const model::FloatHistogram& merged) {
  double bound = std::numeric_limits<double>::infinity();
  for (const auto& buckets : {model::PositiveBuckets(merged), model::NegativeBuckets(merged)}) {
    for (const model::HistogramBucket& bucket : buckets) {
      if (bucket.count == 0) continue;
      bound = std::min(bound, std::max(std::fabs(bucket.lower), std::fabs(bucket.upper)));
    }
  }
  if (!(bound <= options_.zero_threshold_max)) return false;
  const BucketLayer& last = *layers_.back();
  AddLayer(last.schema, bound, last.capacity);
  return true;
}

void NativeBuckets::Reset() {
  MutexLock lock(mutex_);
  ResetLocked();
}

void NativeBuckets::ResetLocked() {
  for (auto& layer : retired_) spare_.push_back(std::move(layer));
  retired_ = std::move(layers_);
  layers_.clear();
  const std::size_t capacity = retired_.back()->capacity;
  bucket_count_.store(0, std::memory_order_relaxed);
  created_ms_ = clock_.Now();
  AddLayer(first_schema_, options_.zero_threshold, capacity);
}

model::FloatHistogram NativeBuckets::Merge() const {
  const BucketLayer& last = *layers_.back();
  model::FloatHistogram histogram;
  histogram.schema = last.schema;
  histogram.zero_threshold = last.zero_threshold;
  Counts positive;
  Counts negative;
  std::uint64_t zero_count = 0;
  std::uint64_t nan_count = 0;
  std::uint64_t count = 0;
  for (const auto& layer : layers_) {
    std::as_const(layer->parts).ForEach([&](const BucketLayer::Part& part) {
      histogram.sum += part.sum.load(std::memory_order_relaxed);
      zero_count += part.zero_count.load(std::memory_order_relaxed);
      nan_count += part.nan_count.load(std::memory_order_relaxed);
      part.table.ForEach([&](BucketKey key, std::uint64_t in_bucket) {
        const std::int32_t index = IndexAtSchema(key.index, layer->schema, last.schema);
        if (model::ExponentialBound(index, last.schema) <= last.zero_threshold) {
          zero_count += in_bucket;
          return;
        }
        (key.is_negative ? negative : positive)[index] += in_bucket;
        count += in_bucket;
      });
    });
  }
  histogram.zero_count = static_cast<double>(zero_count);
  histogram.count = static_cast<double>(count + zero_count + nan_count);
  SetSide(positive, histogram.positive_spans, histogram.positive_buckets);
  SetSide(negative, histogram.negative_spans, histogram.negative_buckets);
  return histogram;
}

NativeBuckets::Snapshot NativeBuckets::Read() const {
  MutexLock lock(mutex_);
  return {Merge(), created_ms_};
}

}  // namespace narthex::client
