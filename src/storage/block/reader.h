// What the cursors of one querier share: the block, what is deleted of it, the times decoded so
// far.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "bucket_cache.h"
#include "parts.h"
#include "tombstones.h"

namespace narthex::block {

// The part of a column that lies in the querier's range: times[i] is of ordinal first + i.
struct TimeWindow {
  std::uint64_t first = 0;
  std::vector<model::TimestampMs> times;
  std::uint64_t column_length = 0;  // of the whole column

  std::uint64_t end() const { return first + times.size(); }
};

// Thread-safe. Memory: up to 64 MiB of times, and 16 MiB of buckets.
class BlockReader {
 public:
  BlockReader(std::shared_ptr<const Block> block, model::TimeRange range,
              std::shared_ptr<const Tombstones> tombstones)
      : block_(std::move(block)), range_(range), tombstones_(std::move(tombstones)) {}

  const index::IndexFile& index() const { return *block_->parts_->index; }
  const FrameTable& frames() const { return *block_->parts_->frames; }
  model::TimeRange range() const { return range_; }
  BucketCache& buckets() { return buckets_; }
  // Whether all times of the block are in the range: every series has samples then.
  bool is_whole() const {
    const BlockMeta& meta = block_->meta();
    return range_.from <= meta.min_time && range_.until >= meta.max_time - 1;
  }

  // What is deleted of the series; null if nothing.
  const std::vector<model::TimeRange>* DeletedOf(index::SeriesId id) const;
  // Whether nothing that the querier could give is left of the series.
  bool IsGone(index::SeriesId id) const;

  // The same column gives the same window as long as the querier lives.
  // Errors: kCorruption
  Result<std::shared_ptr<const TimeWindow>> Window(std::uint32_t column) EXCLUDES(mutex_);

  // Counts the error and says where it is.
  Error Damaged(Error error) const;
  // Errors: kCorruption  a read of the index met damage, and what it gave may lack something
  Status IndexStatus() const;

 private:
  Result<TimeWindow> MakeWindow(std::uint32_t column) const;
  // The times of a vector that are in the range, behind those of the window.
  Status AddVector(std::string_view bytes, std::size_t length, std::uint64_t ordinal,
                   TimeWindow& window) const;

  const std::shared_ptr<const Block> block_;
  const model::TimeRange range_;
  const std::shared_ptr<const Tombstones> tombstones_;  // null: nothing is deleted
  BucketCache buckets_;
  Mutex mutex_;
  std::unordered_map<std::uint32_t, std::shared_ptr<const TimeWindow>> windows_ GUARDED_BY(mutex_);
  std::size_t time_count_ GUARDED_BY(mutex_) = 0;  // in windows_
};

}  // namespace narthex::block
