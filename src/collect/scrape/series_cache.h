// What a target's lines were last time, so that a known line costs a hash of its bytes.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "start_cache.h"
#include "storage/appender.h"
#include "text_key.h"

namespace narthex::scrape {

// What a series as a body writes it (`up{job="a"}`) became.
struct CachedSeries {
  TextKey key;
  storage::SeriesRef ref = 0;     // 0: not resolved, or dropped
  std::uint32_t last_scrape = 0;  // number of the scrape that had it last
  std::uint32_t position = 0;     // its place among the samples of the last good scrape
  bool is_dropped = false;        // by relabelling
  bool is_histogram = false;      // its last sample was a native histogram
  bool is_tracked = true;         // a staleness marker is due when it vanishes
};

// The series of one target and the order of the last good scrape. Not thread-safe.
//
// Memory: about 60 bytes for each series, however long its text.
class SeriesCache {
 public:
  SeriesCache();
  ~SeriesCache();

  CachedSeries& at(SeriesIndex index) { return series_[index]; }
  std::optional<SeriesIndex> Find(const TextKey& key) const;
  // `key` is not there yet.
  SeriesIndex Add(const TextKey& key);
  std::size_t size() const;

  // The samples of the last good scrape, in order, none twice. Empty after a failed one.
  const std::vector<SeriesIndex>& order() const { return order_; }
  void SetOrder(std::vector<SeriesIndex> order);

  // Forgets the series that the scrape numbered `scrape` did not have.
  void RemoveUnseen(std::uint32_t scrape);

  StartCache& starts() { return starts_; }

  // Forgets what became of the series: all are parsed, relabelled and resolved again.
  void ForgetReferences();

 private:
  struct Lookup;

  std::deque<CachedSeries> series_;  // a deque: it grows without copies and spare room
  std::vector<SeriesIndex> free_;
  std::vector<SeriesIndex> order_;
  std::unique_ptr<Lookup> lookup_;
  StartCache starts_;
};

}  // namespace narthex::scrape
