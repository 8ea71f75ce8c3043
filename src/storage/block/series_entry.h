// What the index says of a series, and the head of its record among the pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "format.h"

namespace narthex::block {

// Which ordinals of a time column a series has samples at.
struct Ordinals {
  std::uint32_t column = 0;
  bool is_whole = true;  // every ordinal of the column; else of [first, first + span)
  std::uint64_t first = 0;
  std::uint64_t span = 0;
  // Lengths as varints: present, missing, present, ... of the span; empty if none is missing.
  std::string runs;

  friend bool operator==(const Ordinals&, const Ordinals&) = default;
};

// The payload of a series in the index. Source: docs/formats/block.md, "Series"
struct SeriesEntry {
  Ordinals ordinals;
  // The bytes of every page of the series, if they are few; else its record is at `record`.
  std::string_view inline_page;
  ItemPlace record;
};

void PutSeriesEntry(std::string& out, const SeriesEntry& entry);
// `inline_page` is a view of `payload`. Errors: kCorruption
Result<SeriesEntry> ReadSeriesEntry(std::string_view payload);

// The samples of a page: a vector of the series.
struct VectorEntry {
  std::uint32_t length = 0;  // samples
  bool is_histogram = false;
  std::uint32_t size = 0;  // bytes of the page

  friend bool operator==(const VectorEntry&, const VectorEntry&) = default;
};

// In front of the pages of a series. Source: docs/formats/block.md, "Record"
struct RecordHead {
  // From the start of the parent's record to this one, in the same frame; 0: no parent.
  std::uint32_t parent_distance = 0;
  std::vector<VectorEntry> vectors;
  std::vector<std::uint32_t> start_sizes;  // of the columns of start times; empty or one a vector
};

// Appends the head. `count`: samples of all vectors.
void PutRecordHead(std::string& out, const RecordHead& head, std::uint64_t count);
// Reads the head of a record of `count` samples from the front of `bytes` into `head`; gives its
// size. Errors: kCorruption
Result<std::size_t> ReadRecordHead(std::string_view bytes, std::uint64_t count, RecordHead& head);

// A part of the samples of a series, by position among them; the end is not included.
struct Positions {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  bool empty() const { return begin >= end; }
};

// How many samples there are. Errors: kCorruption  the runs are not of the span
Result<std::uint64_t> SampleCount(const Ordinals& ordinals);
// The samples whose ordinals are in [begin, end); if `present` is not null, the ordinals of these
// are appended to it. The runs must be sound, see SampleCount.
Positions PositionsWithin(const Ordinals& ordinals, std::uint64_t begin, std::uint64_t end,
                          std::vector<std::uint64_t>* present);

}  // namespace narthex::block
