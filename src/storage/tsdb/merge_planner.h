// Which blocks are merged next.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "model/sample.h"

namespace narthex::tsdb {

// What a plan needs to know of a block. Its samples are in [min_time, max_time).
struct BlockFacts {
  model::TimestampMs min_time = 0;
  model::TimestampMs max_time = 0;
  double deleted_share = 0;  // series of which something is deleted, 0 to 1
  bool is_excluded = false;  // reading or merging it failed before
};

enum class MergeReason {
  kOverlap,    // their times overlap
  kRange,      // they fill a larger range
  kDeletions,  // much of the block is deleted
};

struct MergePlan {
  MergeReason reason = MergeReason::kRange;
  std::vector<std::size_t> blocks;  // positions in what the plan was made of, ascending

  friend bool operator==(const MergePlan&, const MergePlan&) = default;
};

// The sizes that blocks grow to: `block_range`, and three times the one before as long as that is
// not above `range_max`.
std::vector<model::TimestampMs> MergeRanges(model::TimestampMs block_range,
                                            model::TimestampMs range_max);

// One merge, or none if all is well. `blocks` are in order of min_time; `ranges` as MergeRanges
// gives them.
//
// Blocks that overlap come first. Then, from the smallest range up, the first aligned range that
// holds two blocks or more and is full, or lies before the newest block: that one is left alone, so
// that late blocks can still come beside it. Last, from the newest down, a block of at least a
// middle range with deletions in more than a twentieth of its series, or any with some in all. An
// excluded block keeps the range that it is in from being merged.
// Source: Prometheus, storage documentation, "Compaction"; spec TSD-023, TSD-024.
std::optional<MergePlan> PlanMerge(std::span<const BlockFacts> blocks,
                                   std::span<const model::TimestampMs> ranges);

}  // namespace narthex::tsdb
