// The records of the log, as structs and as bytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/labels.h"
#include "model/sample.h"

namespace narthex::wal {

enum class RecordType : std::uint8_t {
  kSeries = 1,
  kBatch = 2,      // wal/batch.h
  kTombstone = 3,  // reserved; readers count it as unknown
  kColumn = 4,     // checkpoints only, as the next two
  kPage = 5,
  kEnd = 6,
  kHistograms = 7,      // SampleRecord: native histograms of one append
  kLate = 8,            // SampleRecord: samples older than the newest of their series
  kStartTimes = 9,      // StartRecord
  kExemplars = 10,      // ExemplarRecord
  kHistogramPage = 11,  // PageRecord, its page of histograms; checkpoints only
  kTogether = 12        // wal/record_list.h; readers are given the records in it
};

// Series that came into being, or moved to another group.
struct SeriesRecord {
  struct Series {
    std::uint64_t ref = 0;
    model::LabelSet labels;
  };
  std::uint64_t group = 0;
  std::vector<Series> series;
};

// A stretch of a time column: of a group, or of one series that has its own times.
struct ColumnRecord {
  std::uint64_t column = 0;         // unique in the checkpoint
  std::uint64_t group = 0;          // 0: of one series
  std::uint32_t first_ordinal = 0;  // of times[0]
  std::vector<model::TimestampMs> times;
};

// A page of a series: values at some ordinals of a column.
struct PageRecord {
  std::uint64_t ref = 0;
  std::uint64_t column = 0;
  std::uint32_t first_ordinal = 0;
  std::uint16_t span = 0;     // ordinals from the first to the last that has a value, both included
  std::uint16_t count = 0;    // of values; fewer than `span` if ordinals are left out
  std::string_view presence;  // a bit per ordinal of the span if some are left out, else empty
  std::string_view page;      // chunk::EncodeValues, or EncodeHistograms, of the values
};

// Each appends its bytes to `out`; the reader's errors are kCorruption with what is malformed.
// Source: docs/formats/wal.md, "Records"
void EncodeSeries(const SeriesRecord& record, std::string& out);
Result<SeriesRecord> DecodeSeries(std::string_view bytes);

void EncodeColumn(const ColumnRecord& record, std::string& out);
Result<ColumnRecord> DecodeColumn(std::string_view bytes);

void EncodePage(const PageRecord& record, std::string& out);
// The views are into `bytes`.
Result<PageRecord> DecodePage(std::string_view bytes);

}  // namespace narthex::wal
