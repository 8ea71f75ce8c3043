// Which series of the store a label set as sent is.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/mutex.h"
#include "storage/appender.h"
#include "write_request.h"

namespace narthex::remote {

struct KnownSeries {
  storage::SeriesRef series = 0;
  storage::GroupRef group = 0;
  // Of the labels that name a target, job and instance: series of one origin have their samples at
  // the same times.
  std::uint32_t origin = 0;
};

// Thread-safe. Remembers at least half of `series_count_max` series and at most all: when one
// generation of them is full, those that were not asked for since the last time are forgotten.
//
// Memory: 40 bytes a slot; tables are between three eighths and three quarters full.
class SeriesCache {
 public:
  explicit SeriesCache(std::size_t series_count_max);

  std::optional<KnownSeries> Find(const SeriesKey& key);
  // Replaces what was known under `key`.
  void Put(const SeriesKey& key, const KnownSeries& known);
  std::size_t size() const;

 private:
  struct Slot {
    SeriesKey key;
    KnownSeries known;  // series 0: the slot is free
  };
  // Open addressing, linear probing; the number of slots is a power of two.
  class Table {
   public:
    const KnownSeries* Find(const SeriesKey& key) const;
    void Put(const SeriesKey& key, const KnownSeries& known);
    std::size_t size() const { return size_; }

   private:
    std::size_t Locate(const SeriesKey& key) const;

    std::vector<Slot> slots_;
    std::size_t size_ = 0;
  };
  struct Shard {
    mutable Mutex mutex;
    Table young GUARDED_BY(mutex);
    Table old GUARDED_BY(mutex);
  };
  // As many as cores that a server has: requests are handled side by side.
  static constexpr std::size_t kShardCount = 64;

  void PutYoung(Shard& shard, const SeriesKey& key, const KnownSeries& known) REQUIRES(shard.mutex);
  Shard& ShardOf(const SeriesKey& key) { return shards_[key.high % kShardCount]; }

  const std::size_t generation_size_max_;  // of a shard
  std::array<Shard, kShardCount> shards_;
};

}  // namespace narthex::remote
