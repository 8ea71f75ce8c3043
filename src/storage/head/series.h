// One series of the head: sealed pages, an open end, and what few series have.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "chunk/page.h"
#include "chunk/value_tail.h"
#include "index/label_index.h"
#include "model/histogram.h"
#include "model/sample.h"
#include "time_column.h"

namespace narthex::head {

// Ordinals that a page spans at most, left out ones included.
inline constexpr std::size_t kSpanMax = chunk::kPageSampleCountMax;
// Which ordinals of a span have a value; bit i is ordinal first + i.
using Presence = std::array<unsigned char, kSpanMax / 8>;

inline bool IsPresent(std::string_view presence, std::size_t i) {
  return (static_cast<unsigned char>(presence[i / 8]) >> (i % 8) & 1) != 0;
}

// Shared by the open end, the log record and the queries that read it.
using HistogramPtr = std::shared_ptr<const model::FloatHistogram>;

// Values at some ordinals of a column, encoded. The bytes never change and live until no querier
// that could have seen them is open.
struct SealedPage {
  TimeColumn* column = nullptr;
  std::uint32_t first = 0;
  std::uint16_t span = 0;
  std::uint16_t count = 0;
  std::uint32_t size = 0;  // of `bytes`
  bool has_histograms = false;
  std::unique_ptr<char[]> bytes;  // the presence if count < span, then the page

  std::size_t presence_size() const { return count < span ? (std::size_t{span} + 7) / 8 : 0; }
  std::string_view presence() const { return {bytes.get(), presence_size()}; }
  std::string_view page() const { return {bytes.get() + presence_size(), size - presence_size()}; }
};

// A sample older than the newest of its series when it came.
struct LateSample {
  model::TimestampMs time = 0;
  std::uint64_t batch = 0;  // queriers see it from this batch on
  double value = 0;
  HistogramPtr histogram;
};

// From the sample at `from` on the samples count since `start`; 0: not known.
struct StartChange {
  model::TimestampMs from = 0;
  model::TimestampMs start = 0;
};

// What few series have.
struct SeriesExtras {
  std::unique_ptr<TimeColumn> own_column;   // for samples that come with times of their own
  std::unique_ptr<Presence> open_presence;  // of the open end; null while no ordinal is left out
  std::vector<HistogramPtr> open_histograms;
  HistogramPtr newest_histogram;    // if the newest sample is one
  std::vector<LateSample> late;     // by time, none twice
  std::vector<StartChange> starts;  // by time
};

// Samples of one series, oldest first, and beside them those that came late.
//
// Guarded by the stripe of its reference for all but `id`; written under the lock of appends too,
// so an append may read without the stripe. Memory: about 120 bytes and what the samples take.
class Series {
 public:
  explicit Series(index::SeriesId series_id) : id(series_id) {}

  // Adds values of ordinals that follow one another, from `ordinal` on, the last one at
  // `last_time`; the caller has checked the order.
  void Append(TimeColumn& column, std::uint32_t ordinal, std::span<const double> values,
              model::TimestampMs last_time);
  void Append(TimeColumn& column, std::uint32_t ordinal, model::TimestampMs time,
              HistogramPtr histogram);
  // False, and nothing is done, if there is a late sample of that time.
  bool AddLate(LateSample sample);
  // For samples behind those that are there.
  void SetStart(StartChange change);
  // Closes the open end into a page, or one for each block that it reaches into.
  void Seal();
  // Takes a page of a snapshot, whose last value is of `last_time`; false if it does not decode or
  // is not behind those that are there.
  [[nodiscard]] bool Restore(SealedPage page, model::TimestampMs last_time);

  SeriesExtras& Extras();
  // For samples with times of their own; made if there is none.
  TimeColumn& OwnColumn(model::TimestampMs block_range_ms);
  std::size_t open_count() const {
    return is_open_of_histograms ? extras->open_histograms.size() : tail.count();
  }
  std::size_t chunk_count() const { return pages.size() + (open_count() > 0 ? 1 : 0); }
  bool has_late() const { return extras != nullptr && !extras->late.empty(); }
  const Presence* open_presence() const {
    return extras == nullptr ? nullptr : extras->open_presence.get();
  }
  // Null if the newest sample is a float.
  const model::FloatHistogram* newest_histogram() const {
    return extras == nullptr ? nullptr : extras->newest_histogram.get();
  }
  // Of the newest sample; 0 if not known.
  model::TimestampMs newest_start() const {
    return extras == nullptr || extras->starts.empty() ? 0 : extras->starts.back().start;
  }
  bool is_stale() const { return model::IsStaleNan(newest_value); }

  const index::SeriesId id;
  std::uint32_t batch_position = 0;  // in the last batch that had it: finds repeats within one
  model::TimestampMs newest_time = std::numeric_limits<model::TimestampMs>::min();
  double newest_value = 0;
  std::unique_ptr<SeriesExtras> extras;  // null while there are none
  std::vector<SealedPage> pages;
  // The open end: `tail` or the histograms of `extras` hold the values, these say when.
  TimeColumn* open_column = nullptr;
  std::uint32_t open_first = 0;
  std::uint16_t open_span : 15 = 0;
  std::uint16_t is_open_of_histograms : 1 = 0;
  // Of BatchLogger: when the newest value was last logged, and as a decimal of which exponent. The
  // lock of appends alone guards these, so they must not share a memory location with those above.
  std::uint16_t : 0;
  std::uint16_t log_epoch : 12 = 0;
  std::uint16_t log_exponent : 4 = 0;
  chunk::ValueTail tail;

 private:
  enum class Kind { kFloat, kHistogram };
  std::size_t OpenCountMax(Kind kind) const;
  // Makes room for values of `kind` from the ordinal on; how many, at least one and at most
  // `count`.
  std::size_t Extend(TimeColumn& column, std::uint32_t ordinal, Kind kind, std::size_t count);
  // Ordinals of the open end, and which of them have a value.
  struct Stretch {
    std::uint32_t first = 0;
    std::uint32_t span = 0;
    std::uint32_t count = 0;
    Presence presence = {};
  };
  Stretch PresentIn(std::uint32_t first, std::uint32_t end) const;
  void EncodeOpen(std::size_t begin, std::size_t end, std::string& page) const;
  void AddPage(const Stretch& stretch, std::string_view page);
};

// Series ahead of the one that is worked on, to be called into the cache: each lies somewhere else.
inline constexpr std::size_t kPrefetchDistance = 8;

inline void Prefetch(const Series* series) {
  const auto* bytes = reinterpret_cast<const char*>(series);
  for (std::size_t at = 0; at < sizeof(Series); at += 64) __builtin_prefetch(bytes + at, 1);
}

}  // namespace narthex::head
