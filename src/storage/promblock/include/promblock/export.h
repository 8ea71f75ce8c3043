// The samples of a store into Prometheus blocks.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "io/file_system.h"
#include "model/sample.h"
#include "promblock/block.h"
#include "promblock/meta.h"
#include "storage/querier.h"

namespace narthex::promblock {

struct ExportReport {
  std::uint64_t block_count = 0;
  std::uint64_t series_count = 0;  // a series counts once for each block that has it
  std::uint64_t sample_count = 0;
};

struct ExportOptions {
  std::string directory;   // created if missing
  model::TimeRange range;  // both ends have to be known
  Selectors selectors = {};
  // Blocks begin at multiples of this, as those of Prometheus do.
  std::chrono::milliseconds block_range = std::chrono::hours(2);
  // Called behind each block that was written; may be empty.
  std::function<void(const PromBlockMeta&)> on_block = {};
};

// One block for each stretch of time that has samples. Memory: the index of one block, and what the
// store takes to read it.
// Errors: kInvalidArgument  the range of a block is not above 0
//         kNoSpace, kIo, and those of the store
Result<ExportReport> ExportBlocks(io::FileSystem& files, Clock& clock, storage::Queryable& store,
                                  const ExportOptions& options);

}  // namespace narthex::promblock
