// Prometheus blocks into Narthex blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "io/file_system.h"
#include "promblock/block.h"
#include "promblock/meta.h"

namespace narthex::promblock {

struct ImportReport {
  std::uint64_t block_count = 0;          // written
  std::uint64_t skipped_block_count = 0;  // imported before
  std::uint64_t series_count = 0;         // a series counts once for each block that has it
  std::uint64_t sample_count = 0;
};

struct ImportOptions {
  std::string source;          // a data folder or snapshot of Prometheus, or one block
  std::string data_directory;  // of Narthex; created if missing
  Selectors selectors = {};    // empty: all series
  // Blocks are cut where the time is a multiple of this.
  std::chrono::milliseconds block_range = std::chrono::hours(24);
  // Called behind each block of Prometheus that was read; may be empty.
  std::function<void(const PromBlockMeta&, const ImportReport&)> on_block = {};
};

// Reads all blocks of the source. What has been imported stands in the file "imported" of the data
// folder, so that a second run, also one behind a run that was ended in the middle, goes on with
// what is missing. Nothing in the source is changed.
//
// Holds the lock of the data folder. Memory: the index of one block, and the samples of one series
// over one `block_range`.
// Errors: kFailedPrecondition  another process has the data folder, or it is one of Prometheus
//         kNotFound            the source holds no block
//         kCorruption          with file and offset; blocks read before it stay imported
//         kOutOfRange          samples of a block lie more than a hundred years apart
//         kUnsupported, kNoSpace, kIo
Result<ImportReport> ImportBlocks(io::FileSystem& files, const ImportOptions& options);

}  // namespace narthex::promblock
