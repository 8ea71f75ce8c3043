// One series of the head: sealed pages and an open end.
#pragma once

#include <array>
#include <bitset>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include "chunk/page.h"
#include "chunk/value_tail.h"
#include "index/label_index.h"
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

// Values at some ordinals of a column, encoded. The bytes never change and live until no querier
// that could have seen them is open.
struct SealedPage {
  TimeColumn* column = nullptr;
  std::uint32_t first = 0;
  std::uint16_t span = 0;
  std::uint16_t count = 0;
  std::uint32_t size = 0;         // of `bytes`
  std::unique_ptr<char[]> bytes;  // the presence if count < span, then the page

  std::size_t presence_size() const { return count < span ? (std::size_t{span} + 7) / 8 : 0; }
  std::string_view presence() const { return {bytes.get(), presence_size()}; }
  std::string_view page() const { return {bytes.get() + presence_size(), size - presence_size()}; }
};

// Samples of one series, oldest first.
//
// Guarded by the stripe of its reference for all but `id`; written under the lock of appends too,
// so an append may read without the stripe. Memory: about 130 bytes and what the samples take.
class Series {
 public:
  explicit Series(index::SeriesId series_id) : id(series_id) {}

  // Adds a value; the caller has checked the order.
  void Append(TimeColumn& column, std::uint32_t ordinal, model::Sample sample);
  // Closes the open end into a page.
  void Seal();
  // Takes a page of a snapshot; false if it does not decode or has no times.
  [[nodiscard]] bool Restore(SealedPage page);

  std::size_t chunk_count() const { return pages.size() + (tail.count() > 0 ? 1 : 0); }

  const index::SeriesId id;
  std::uint32_t batch_mark = 0;  // of the last batch that had it: finds repeats within one
  model::TimestampMs newest_time = std::numeric_limits<model::TimestampMs>::min();
  double newest_value = 0;
  std::unique_ptr<TimeColumn> own_column;  // for samples that come with times of their own
  std::vector<SealedPage> pages;
  // The open end: `tail` holds the values, these say when.
  TimeColumn* open_column = nullptr;
  std::uint32_t open_first = 0;
  std::uint16_t open_span = 0;
  // Of BatchLogger: when the newest value was last logged, and as a decimal of which exponent.
  std::uint16_t log_epoch : 12 = 0;
  std::uint16_t log_exponent : 4 = 0;
  std::unique_ptr<Presence> open_presence;  // null while no ordinal is left out
  chunk::ValueTail tail;

 private:
  std::size_t TailCountMax() const;
};

}  // namespace narthex::head
