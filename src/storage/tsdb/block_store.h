// The blocks of a store: those that are open, and their folders.
#pragma once

#include <atomic>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "block/block.h"
#include "io/file_system.h"

namespace narthex::tsdb {

using Blocks = std::vector<std::shared_ptr<block::Block>>;

// The list is thread-safe; changes are made by one thread at a time.
class BlockStore {
 public:
  // `files` must outlive the store; `directory` must exist from Open() on.
  BlockStore(io::FileSystem& files, std::string directory);

  const std::string& directory() const { return directory_; }

  // Removes what a crash left: half blocks, and blocks that others have replaced. Opens the rest.
  Status Open() EXCLUDES(mutex_);
  // Takes up blocks that were put into the folder, lets go of those that were taken out of it, and
  // tries again to remove what could not be removed.
  Status Refresh() EXCLUDES(mutex_);

  // Has the system fetch the newest blocks from the disk, up to `size_bytes_max` of them: first
  // questions after a start are mostly about the newest samples. Does not wait for the disk.
  void ReadAhead(std::uint64_t size_bytes_max) const EXCLUDES(mutex_);

  // In order of min_time. Never changed, only replaced: whoever has it may go on reading.
  std::shared_ptr<const Blocks> blocks() const EXCLUDES(mutex_);

  // Opens the block `id`, which names `sources` as its sources, puts it into the list in their
  // place and removes their folders. Without an id they are only removed.
  // Errors: kCorruption and others of opening; the list is as before
  Status Replace(const std::string& id, std::span<const std::shared_ptr<block::Block>> sources)
      EXCLUDES(mutex_);
  // Takes the block out of the list and removes its folder.
  Status Remove(const std::shared_ptr<block::Block>& block) EXCLUDES(mutex_);

  // Folders of blocks that are gone from the list and could not be removed. While there are any,
  // blocks that replaced them must stay.
  bool has_remains() const;

  // Numbers for display.
  std::uint64_t damaged_count() const { return damaged_count_.load(std::memory_order_relaxed); }
  std::uint64_t refresh_count() const { return refresh_count_.load(std::memory_order_relaxed); }
  std::uint64_t refresh_failed_count() const {
    return refresh_failed_count_.load(std::memory_order_relaxed);
  }

 private:
  Status TakeUp(bool is_start) EXCLUDES(mutex_);
  void OpenOne(const std::string& name, Blocks& into);
  void RemoveReplaced(Blocks& list);
  Status RemoveFolder(const std::string& name);
  void Publish(Blocks list) EXCLUDES(mutex_);

  io::FileSystem& files_;
  const std::string directory_;
  std::set<std::string> damaged_;  // names of folders
  std::set<std::string> remains_;
  std::atomic<std::uint64_t> damaged_count_ = 0;
  std::atomic<std::uint64_t> refresh_count_ = 0;
  std::atomic<std::uint64_t> refresh_failed_count_ = 0;

  mutable Mutex mutex_;
  std::shared_ptr<const Blocks> blocks_ GUARDED_BY(mutex_);
};

// The time behind the newest sample that a block may hold; the lowest time if there is no block.
model::TimestampMs NewestTime(const Blocks& blocks);

}  // namespace narthex::tsdb
