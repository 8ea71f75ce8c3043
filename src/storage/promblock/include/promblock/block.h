// Reading a block that Prometheus wrote.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "io/file_system.h"
#include "model/matcher.h"
#include "promblock/meta.h"
#include "storage/querier.h"

namespace narthex::promblock {

// Sets of matchers; a series is meant if all of any set accept it, and if there is no set at all.
using Selectors = std::vector<std::vector<model::Matcher>>;

bool Accepts(std::span<const std::vector<model::Matcher>> selectors, const model::LabelSet& labels);

// An open block: index versions 1 and 2, all kinds of chunks, tombstones. Immutable, thread-safe.
//
// Memory: 4 bytes for a symbol; all else is mapped.
class PromBlock {
 public:
  // Errors: kCorruption   a file does not pass its checks; the message names file and offset
  //         kUnsupported  a version we do not know
  //         kNotFound, kIo
  static Result<std::unique_ptr<PromBlock>> Open(io::FileSystem& files, std::string directory);
  ~PromBlock();

  const PromBlockMeta& meta() const { return meta_; }
  const std::string& directory() const { return directory_; }
  // From the first to the last sample, deleted ones too, as the index has them; empty without
  // series. Cost: reads the whole index. Errors: kCorruption
  Result<model::TimeRange> SampleRange() const;

  // In order of labels, with the samples of `range` that are not deleted; series that have no chunk
  // there are left out. Must not outlive the block. A sample before which samples of its chunk have
  // been left out does not know of a counter reset.
  //
  // Errors of Next() and samples(): kCorruption, kUnsupported, kResourceExhausted, with file and
  // offset.
  std::unique_ptr<storage::SeriesSet> Select(Selectors selectors, model::TimeRange range) const;

 private:
  friend class PromSeriesSet;
  struct Parts;  // maps, index, tombstones

  PromBlock(std::string directory, PromBlockMeta meta);
  Status OpenFiles(io::FileSystem& files);

  const std::string directory_;
  const PromBlockMeta meta_;
  std::unique_ptr<Parts> parts_;
};

// The folders of blocks in `directory`: a data folder or a snapshot of Prometheus, or one block
// itself. Those that another one stands for (see PromBlockMeta::parents) are left out. In order of
// time. Errors: kNotFound  there is no block
//         kCorruption, kIo
Result<std::vector<std::string>> FindBlocks(io::FileSystem& files, const std::string& directory);

}  // namespace narthex::promblock
