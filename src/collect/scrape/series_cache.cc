#include "series_cache.h"

#include <boost/unordered/unordered_flat_set.hpp>
#include <random>

#include "base/check.h"

namespace narthex::scrape {
namespace {

// Indexes are hashed and compared by the keys of their series.
struct KeyHash {
  using is_transparent = void;
  using is_avalanching = void;

  std::size_t operator()(const TextKey& key) const { return key.low; }
  std::size_t operator()(SeriesIndex index) const { return (*series)[index].key.low; }

  const std::deque<CachedSeries>* series;
};

struct KeyEqual {
  using is_transparent = void;

  bool operator()(SeriesIndex a, SeriesIndex b) const { return a == b; }
  bool operator()(const TextKey& key, SeriesIndex b) const { return (*series)[b].key == key; }
  bool operator()(SeriesIndex a, const TextKey& key) const { return (*series)[a].key == key; }

  const std::deque<CachedSeries>* series;
};

std::uint64_t ProcessSeed() {
  static const std::uint64_t seed = std::random_device{}();
  return seed;
}

}  // namespace

TextKey KeyOf(std::string_view text) { return Hash128(text, ProcessSeed()); }

struct SeriesCache::Lookup {
  explicit Lookup(const std::deque<CachedSeries>& series)
      : indexes(0, KeyHash{&series}, KeyEqual{&series}) {}

  boost::unordered_flat_set<SeriesIndex, KeyHash, KeyEqual> indexes;
};

SeriesCache::SeriesCache() : lookup_(std::make_unique<Lookup>(series_)) {}
SeriesCache::~SeriesCache() = default;

std::size_t SeriesCache::size() const { return lookup_->indexes.size(); }

std::optional<SeriesIndex> SeriesCache::Find(const TextKey& key) const {
  const auto found = lookup_->indexes.find(key);
  return found == lookup_->indexes.end() ? std::nullopt : std::optional<SeriesIndex>(*found);
}

SeriesIndex SeriesCache::Add(const TextKey& key) {
  SeriesIndex index = 0;
  if (free_.empty()) {
    index = static_cast<SeriesIndex>(series_.size());
    series_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
  }
  series_[index] = CachedSeries();
  series_[index].key = key;
  const bool is_new = lookup_->indexes.insert(index).second;
  NARTHEX_CHECK(is_new, "a series is added once");
  return index;
}

void SeriesCache::SetOrder(std::vector<SeriesIndex> order) {
  order_ = std::move(order);
  for (std::size_t i = 0; i < order_.size(); ++i)
    series_[order_[i]].position = static_cast<std::uint32_t>(i);
}

void SeriesCache::RemoveUnseen(std::uint32_t scrape) {
  std::vector<SeriesIndex> unseen;
  for (const SeriesIndex index : lookup_->indexes) {
    if (series_[index].last_scrape != scrape) unseen.push_back(index);
  }
  for (const SeriesIndex index : unseen) {
    lookup_->indexes.erase(index);
    series_[index] = CachedSeries();
    free_.push_back(index);
  }
}

void SeriesCache::ForgetReferences() {
  for (const SeriesIndex index : lookup_->indexes) {
    series_[index].ref = 0;
    series_[index].is_dropped = false;
  }
  order_.clear();
}

}  // namespace narthex::scrape
