// From the place of a record to decoded vectors.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bucket_cache.h"
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

// Not thread-safe. Memory: the frames decompressed last, 512 KiB.
class PageReader {
 public:
  // Both must outlive the reader; `buckets` is of readers of the same frames.
  PageReader(const FrameTable& frames, BucketCache& buckets) : frames_(frames), buckets_(buckets) {}

  // The record of `count` samples. Errors: kCorruption, as of all below
  Status Open(ItemPlace place, std::uint64_t count, Record& record);
  // Vector `i`, which must be one of floats, into `values`, which is as long.
  Status ReadValues(const Record& record, std::size_t i, std::span<double> values);
  Status ReadHistograms(const Record& record, std::size_t i,
                        std::vector<model::FloatHistogram>& histograms);
  Status ReadStartTimes(const Record& record, std::size_t i, std::span<model::TimestampMs> times);

 private:
  static BucketCache::Key KeyOf(ItemPlace record, std::size_t vector) {
    return {record.frame, record.offset, static_cast<std::uint32_t>(vector)};
  }

  // The bytes of a frame of pages; they live until the next call.
  Result<std::string_view> Frame(std::uint32_t number);
  Result<std::string_view> Item(ItemPlace place, std::uint32_t size);
  Status Decode(const Record& record, std::size_t i, std::size_t depth, std::span<double> values);
  // Those of the parent of vector `i`.
  Result<BucketCache::Values> ParentValues(const Record& record, std::size_t i, std::size_t depth);
  static std::uint64_t SampleCountOf(const Record& record);

  struct Decompressed {
    std::uint32_t number = UINT32_MAX;
    std::uint64_t used_at = 0;
    std::string bytes;
  };

  const FrameTable& frames_;
  BucketCache& buckets_;
  std::array<Decompressed, 8> decompressed_;
  std::uint64_t clock_ = 0;
};

}  // namespace narthex::block
