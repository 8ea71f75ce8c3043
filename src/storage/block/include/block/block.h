// An open block.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "block/meta.h"
#include "io/file_system.h"
#include "model/matcher.h"
#include "storage/querier.h"

namespace narthex::block {

class Tombstones;

// What reading every byte of a block found.
struct VerifyReport {
  std::uint64_t frame_count = 0;
  std::uint64_t damaged_frame_count = 0;
  std::uint64_t series_count = 0;
  std::uint64_t damaged_series_count = 0;  // cannot be read, or not as the index says
  std::uint64_t sample_count = 0;          // that can be read, deleted ones included
  bool is_index_damaged = false;
  std::vector<std::string> errors;  // of the first that are damaged

  bool is_sound() const {
    return damaged_frame_count == 0 && damaged_series_count == 0 && !is_index_damaged;
  }
};

// Thread-safe. Its queriers keep it open; samples never change, but they can be deleted.
//
// Memory: a bit for 64 KiB of pages, and what has been deleted; all else is mapped.
class Block final : public storage::Queryable, public std::enable_shared_from_this<Block> {
 public:
  // `files` must outlive the block.
  // Errors: kCorruption   a file does not pass its checks
  //         kUnsupported  the block is of another version; the message says what to do
  //         kNotFound, kIo
  static Result<std::shared_ptr<Block>> Open(io::FileSystem& files, std::string directory);
  ~Block() override;

  const BlockMeta& meta() const { return meta_; }
  const std::string& directory() const { return directory_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  // Series that could not be read, each time they were read, since the block was opened.
  std::uint64_t damaged_page_count() const {
    // Relaxed: a number for display.
    return damaged_page_count_.load(std::memory_order_relaxed);
  }

  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override
      EXCLUDES(tombstones_mutex_);

  // Hides the samples of `range` of the series that all `matchers` accept from every querier opened
  // from now on, also after the next start; gives the number of series that had such samples. The
  // bytes go when the block is written anew from a querier.
  // Errors: kNoSpace, kIo  nothing is deleted
  Result<std::size_t> Delete(model::TimeRange range, std::span<const model::Matcher> matchers)
      EXCLUDES(delete_mutex_, tombstones_mutex_);
  // Ranges of series that are deleted, and series of which something is.
  std::size_t tombstone_count() const EXCLUDES(tombstones_mutex_);
  std::size_t tombstone_series_count() const EXCLUDES(tombstones_mutex_);

  // Has the system fetch the pages from the disk before anybody asks for them; does not wait.
  void ReadAhead() const;

  // Reads everything and checks it against the index and the meta file.
  VerifyReport Verify();

 private:
  friend class BlockReader;
  friend class BlockQuerier;
  struct Parts;  // maps, index, frames

  Block(io::FileSystem& files, std::string directory, BlockMeta meta);
  std::shared_ptr<const Tombstones> tombstones() const EXCLUDES(tombstones_mutex_);
  // What of `range` is deleted when the series is: all of the block if nothing else is left.
  void AddTombstone(Tombstones& tombstones, std::uint32_t series, model::TimeRange range,
                    model::TimeRange held) const;

  io::FileSystem& files_;
  const std::string directory_;
  const BlockMeta meta_;
  std::uint64_t size_bytes_ = 0;  // written while opening, as the next
  std::unique_ptr<Parts> parts_;
  mutable std::atomic<std::uint64_t> damaged_page_count_ = 0;

  // Held while the file of tombstones is written: deletions are rare and one after the other.
  // Taken before tombstones_mutex_.
  Mutex delete_mutex_;
  mutable Mutex tombstones_mutex_;
  // Replaced, never changed.
  std::shared_ptr<const Tombstones> tombstones_ GUARDED_BY(tombstones_mutex_);
};

}  // namespace narthex::block
