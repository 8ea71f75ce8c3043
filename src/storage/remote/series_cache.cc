#include "series_cache.h"

#include <algorithm>
#include <utility>

namespace narthex::remote {
namespace {

constexpr std::size_t kSlotCountMin = 16;

}  // namespace

std::size_t SeriesCache::Table::Locate(const SeriesKey& key) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = key.low & mask;
  while (slots_[at].known.series != 0 && slots_[at].key != key) at = (at + 1) & mask;
  return at;
}

const KnownSeries* SeriesCache::Table::Find(const SeriesKey& key) const {
  if (slots_.empty()) return nullptr;
  const Slot& slot = slots_[Locate(key)];
  return slot.known.series == 0 ? nullptr : &slot.known;
}

void SeriesCache::Table::Put(const SeriesKey& key, const KnownSeries& known) {
  if ((size_ + 1) * 4 > slots_.size() * 3) {
    std::vector<Slot> before(std::max(kSlotCountMin, slots_.size() * 2));
    std::swap(before, slots_);
    for (const Slot& slot : before) {
      if (slot.known.series != 0) slots_[Locate(slot.key)] = slot;
    }
  }
  Slot& slot = slots_[Locate(key)];
  size_ += slot.known.series == 0 ? 1 : 0;
  slot = {key, known};
}

SeriesCache::SeriesCache(std::size_t series_count_max)
    : generation_size_max_(std::max<std::size_t>(1, series_count_max / 2 / kShardCount)) {}

void SeriesCache::PutYoung(Shard& shard, const SeriesKey& key, const KnownSeries& known) {
  if (shard.young.size() >= generation_size_max_ && shard.young.Find(key) == nullptr) {
    shard.old = std::exchange(shard.young, Table());
  }
  shard.young.Put(key, known);
}

std::optional<KnownSeries> SeriesCache::Find(const SeriesKey& key) {
  Shard& shard = ShardOf(key);
  MutexLock lock(shard.mutex);
  if (const KnownSeries* known = shard.young.Find(key)) return *known;
  const KnownSeries* known = shard.old.Find(key);
  if (known == nullptr) return std::nullopt;
  const KnownSeries found = *known;
  PutYoung(shard, key, found);
  return found;
}

void SeriesCache::Put(const SeriesKey& key, const KnownSeries& known) {
  Shard& shard = ShardOf(key);
  MutexLock lock(shard.mutex);
  PutYoung(shard, key, known);
}

std::size_t SeriesCache::size() const {
  std::size_t size = 0;
  for (const Shard& shard : shards_) {
    MutexLock lock(shard.mutex);
    size += shard.young.size() + shard.old.size();
  }
  return size;
}

}  // namespace narthex::remote
