// Decoded buckets that others may be differences to.
#pragma once

#include <array>
#include <boost/unordered/unordered_flat_map.hpp>
#include <cstdint>
#include <memory>
#include <span>

#include "base/mutex.h"

namespace narthex::block {

// Decoded values of a record. Shared: whoever reads them may go on after the cache has forgotten
// them.
struct BucketValues {
  std::shared_ptr<const double[]> first;  // null: there are none
  std::size_t count = 0;

  std::span<const double> span() const { return {first.get(), count}; }
};

// What the cursors of a querier decoded lately: a query in order of labels goes through some
// hundred histograms bound by bound, and its threads share the work.
//
// Thread-safe. Memory: up to 16 MiB of values.
class BucketCache {
 public:
  // Frame and offset of the record, the first of its vectors that was decoded and how many were.
  using Key = std::array<std::uint32_t, 4>;

  BucketValues Find(const Key& key) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    if (const auto known = recent_.find(key); known != recent_.end()) return known->second;
    const auto older = older_.find(key);
    if (older == older_.end()) return {};
    BucketValues values = std::move(older->second);
    older_.erase(older);
    Put(key, values);
    return values;
  }

  void Add(const Key& key, BucketValues values) EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    Put(key, std::move(values));
  }

 private:
  struct KeyHash {
    std::size_t operator()(const Key& key) const {
      const std::uint64_t place = std::uint64_t{key[0]} << 32 | key[1];
      const std::uint64_t vectors = std::uint64_t{key[2]} << 20 ^ std::uint64_t{key[3]} << 40;
      return static_cast<std::size_t>((place ^ vectors) * 0x9e3779b97f4a7c15u);
    }
  };
  using Map = boost::unordered_flat_map<Key, BucketValues, KeyHash>;

  void Put(const Key& key, BucketValues values) REQUIRES(mutex_) {
    constexpr std::size_t kRecentValueCountMax = std::size_t{1} << 20;
    if (recent_value_count_ >= kRecentValueCountMax) {
      // The older half is forgotten as a whole.
      older_ = std::move(recent_);
      recent_.clear();
      recent_value_count_ = 0;
    }
    recent_value_count_ += values.count;
    recent_.insert_or_assign(key, std::move(values));
  }

  Mutex mutex_;
  Map recent_ GUARDED_BY(mutex_);
  Map older_ GUARDED_BY(mutex_);
  std::size_t recent_value_count_ GUARDED_BY(mutex_) = 0;
};

}  // namespace narthex::block
