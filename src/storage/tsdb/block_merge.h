// Several blocks as one.
#pragma once

#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "block/block.h"
#include "block/meta.h"
#include "io/file_system.h"
#include "model/matcher.h"

namespace narthex::tsdb {

// Samples that a merge leaves out: those before `before` of the series that all matchers accept.
struct SampleCut {
  std::vector<model::Matcher> matchers;
  model::TimestampMs before = 0;
};

struct MergeRequest {
  std::string directory;  // where the new block is written
  std::string id;         // of the new block
  std::span<const std::shared_ptr<block::Block>> sources;
  std::span<const SampleCut> cuts = {};
};

// Writes the block `request.id` with the samples of `sources` that are not deleted and not cut, and
// names them as its sources. Of samples with one timestamp the one of the earlier source holds. If
// nothing is left, no block is written: the count of series says so.
//
// Memory: the index of the new block and the columns of one series.
// Errors: kCanceled    stopped; nothing is left behind
//         kCorruption  a source is damaged
//         kNoSpace, kIo
Result<block::BlockMeta> MergeBlocks(io::FileSystem& files, const MergeRequest& request,
                                     std::stop_token stop);

}  // namespace narthex::tsdb
