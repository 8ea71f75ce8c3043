// From the place of a record to decoded vectors.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "frame_table.h"
#include "model/histogram.h"
#include "model/sample.h"
#include "series_entry.h"

namespace narthex::block {

// The record of a series, and where its items stand.
struct Record {
  ItemPlace place;
  RecordHead head;
  std::vector<ItemPlace> pages;   // of each vector
  std::vector<ItemPlace> starts;  // empty if it has no start times
};

// Not thread-safe. Memory: the frames decompressed last, 512 KiB, and up to 16 MiB of buckets that
// others may be differences to: those of the some hundred histograms whose series a query in order
// of labels goes through bound by bound.
class PageReader {
 public:
  // `frames` must outlive the reader.
  explicit PageReader(const FrameTable& frames) : frames_(frames) {}

  // The record of `count` samples. Errors: kCorruption, as of all below
  Status Open(ItemPlace place, std::uint64_t count, Record& record);
  // Vector `i`, which must be one of floats, into `values`, which is as long.
  Status ReadValues(const Record& record, std::size_t i, std::span<double> values);
  Status ReadHistograms(const Record& record, std::size_t i,
                        std::vector<model::FloatHistogram>& histograms);
  Status ReadStartTimes(const Record& record, std::size_t i, std::span<model::TimestampMs> times);

 private:
  using Values = std::vector<double>;
  using VectorKey = std::array<std::uint32_t, 3>;  // frame and offset of the record, vector

  // The bytes of a frame of pages; they live until the next call.
  Result<std::string_view> Frame(std::uint32_t number);
  Result<std::string_view> Item(ItemPlace place, std::uint32_t size);
  Status Decode(const Record& record, std::size_t i, std::size_t depth, std::span<double> values);
  // Those of the parent of vector `i`; they live until the next call of ReadValues.
  Result<std::span<const double>> ParentValues(const Record& record, std::size_t i,
                                               std::size_t depth);
  static std::uint64_t SampleCountOf(const Record& record);
  // Null if it is not remembered.
  const Values* Remembered(const VectorKey& key);
  const Values& Remember(const VectorKey& key, Values values);

  struct Decompressed {
    std::uint32_t number = UINT32_MAX;
    std::uint64_t used_at = 0;
    std::string bytes;
  };

  const FrameTable& frames_;
  std::array<Decompressed, 8> decompressed_;
  std::uint64_t clock_ = 0;
  // What was used lately, and before that: the older half is forgotten as a whole.
  std::map<VectorKey, Values> recent_buckets_;
  std::map<VectorKey, Values> older_buckets_;
  std::size_t recent_value_count_ = 0;
};

}  // namespace narthex::block
