// The index of a Prometheus block, versions 1 and 2.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "format.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::promblock {

struct ChunkEntry {
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
  std::uint64_t place = 0;  // number of the segment in the upper half, offset in the lower
};

struct SeriesEntry {
  std::uint64_t id = 0;  // as tombstones name it
  model::LabelSet labels;
  std::vector<ChunkEntry> chunks;
};

enum class IndexVersion : std::uint8_t { kOne = 1, kTwo = 2 };

// Immutable, thread-safe. Does not own the bytes, which must outlive it.
//
// Memory: 4 bytes for a symbol.
class IndexReader {
 public:
  // `is_two` holds whatever version the file says.
  // Errors: kCorruption   a checksum fails, or a section is out of bounds
  //         kUnsupported  a version we do not know
  static Result<IndexReader> Open(std::string_view bytes, bool is_two = false);

  // Where the first series begins, for Next().
  std::uint64_t begin() const { return contents_.series; }
  // Reads the series at `offset`, which moves behind it; false at the end of the series.
  // Errors: kCorruption
  Result<bool> Next(std::uint64_t& offset, SeriesEntry& series) const;

  std::uint64_t symbol_count() const { return symbols_.size(); }

 private:
  IndexReader(std::string_view bytes, IndexVersion version) : bytes_(bytes), version_(version) {}

  // The bytes of the section at `offset` without length and checksum.
  Result<std::string_view> Section(std::uint64_t offset) const;
  Status ReadContents();
  Status ReadSymbols();
  Result<std::string_view> Symbol(std::uint64_t reference) const;
  Status ReadLabels(ByteReader& reader, SeriesEntry& series) const;

  std::string_view bytes_;
  IndexVersion version_;
  TableOfContents contents_;
  std::uint64_t series_end_ = 0;
  std::uint64_t symbols_end_ = 0;       // of version 1
  std::vector<std::uint32_t> symbols_;  // where each begins; of version 2
};

}  // namespace narthex::promblock
