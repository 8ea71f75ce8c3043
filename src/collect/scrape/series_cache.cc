#include "series_cache.h"

#include <boost/unordered/unordered_flat_map.hpp>

#include "base/check.h"
#include "base/hash.h"

namespace narthex::scrape {
namespace {

struct TextHash {
  using is_avalanching = void;
  std::size_t operator()(std::string_view text) const { return Hash64(text); }
};

}  // namespace

struct SeriesCache::Lookup {
  boost::unordered_flat_map<std::string_view, SeriesIndex, TextHash> by_text;
};

SeriesCache::SeriesCache() : lookup_(std::make_unique<Lookup>()) {}
SeriesCache::~SeriesCache() = default;

std::size_t SeriesCache::size() const { return lookup_->by_text.size(); }

std::optional<SeriesIndex> SeriesCache::Find(std::string_view text) const {
  const auto found = lookup_->by_text.find(text);
  return found == lookup_->by_text.end() ? std::nullopt : std::optional<SeriesIndex>(found->second);
}

SeriesIndex SeriesCache::Add(std::string_view text) {
  SeriesIndex index = 0;
  if (free_.empty()) {
    index = static_cast<SeriesIndex>(series_.size());
    series_.emplace_back();
  } else {
    index = free_.back();
    free_.pop_back();
    series_[index] = CachedSeries();
  }
  series_[index].text = text;
  const bool is_new = lookup_->by_text.emplace(series_[index].text, index).second;
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
  for (const auto& [text, index] : lookup_->by_text) {
    if (series_[index].last_scrape != scrape) unseen.push_back(index);
  }
  for (const SeriesIndex index : unseen) {
    lookup_->by_text.erase(series_[index].text);
    series_[index] = CachedSeries();
    free_.push_back(index);
  }
}

void SeriesCache::ForgetReferences() {
  for (const auto& [text, index] : lookup_->by_text) {
    series_[index].ref = 0;
    series_[index].is_dropped = false;
  }
  order_.clear();
}

}  // namespace narthex::scrape
