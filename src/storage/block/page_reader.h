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

// Vectors of a record; the end is not included.
struct VectorRange {
  std::size_t begin = 0;
  std::size_t end = 0;
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
  // Vectors of floats of a record that has a parent. They are remembered: the neighbour of the
  // series may be asked for next, as a difference to it.
  Result<BucketValues> ReadLinked(const Record& record, VectorRange vectors) {
    return ReadLinked(record, vectors, 0);
  }
  Status ReadHistograms(const Record& record, std::size_t i,
                        std::vector<model::FloatHistogram>& histograms);
  Status ReadStartTimes(const Record& record, std::size_t i, std::span<model::TimestampMs> times);

 private:
  // The bytes of a frame of pages; they live until the next call.
  Result<std::string_view> Frame(std::uint32_t number);
  Result<std::string_view> Item(ItemPlace place, std::uint32_t size);
  Result<BucketValues> ReadLinked(const Record& record, VectorRange vectors, std::size_t depth);
  // The same vectors of the record's parent.
  Result<BucketValues> ReadParent(const Record& record, VectorRange vectors, std::size_t depth);
  // `page`: of the record; `parent`: the values that it is the difference to, if it is one.
  Status Decode(const Record& record, std::string_view page, std::span<const double> parent,
                std::span<double> values);
  static std::uint64_t SampleCountOf(const Record& record);

  struct Decompressed {
    std::uint32_t number = UINT32_MAX;
    std::uint64_t used_at = 0;
    std::string bytes;
  };

  const FrameTable& frames_;
  BucketCache& buckets_;
  std::array<Decompressed, 8> decompressed_;
  std::array<Record, kParentChainMax> parents_;  // for their memory, by depth
  std::uint64_t clock_ = 0;
};

}  // namespace narthex::block
