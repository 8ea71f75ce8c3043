// An open block.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "block/meta.h"
#include "io/file_system.h"
#include "storage/querier.h"

namespace narthex::block {

// Immutable, thread-safe. Its queriers keep it open.
//
// Memory: the directory of time columns, 32 bytes for 1024 timestamps; all else is mapped.
class Block final : public storage::Queryable, public std::enable_shared_from_this<Block> {
 public:
  // Errors: kCorruption  a file does not pass its checks
  //         kNotFound, kIo
  static Result<std::shared_ptr<Block>> Open(io::FileSystem& files, std::string directory);
  ~Block() override;

  const BlockMeta& meta() const { return meta_; }
  const std::string& directory() const { return directory_; }
  std::uint64_t size_bytes() const { return size_bytes_; }
  // Pages that failed their checks since the block was opened, each time they were read.
  std::uint64_t damaged_page_count() const {
    // Relaxed: a number for display.
    return damaged_page_count_.load(std::memory_order_relaxed);
  }

  Result<std::unique_ptr<storage::Querier>> OpenQuerier(model::TimeRange range) override;

 private:
  friend class BlockReader;
  friend class BlockQuerier;
  friend class BlockSeriesSet;
  struct Parts;  // maps, index, directory of columns

  Block(std::string directory, BlockMeta meta);

  const std::string directory_;
  const BlockMeta meta_;
  std::uint64_t size_bytes_ = 0;
  std::unique_ptr<Parts> parts_;
  mutable std::atomic<std::uint64_t> damaged_page_count_ = 0;
};

}  // namespace narthex::block
