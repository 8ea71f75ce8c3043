#include "merge_planner.h"

#include <algorithm>

namespace narthex::tsdb {
namespace {

using model::TimestampMs;

// Prometheus' threshold: below it, a rewrite costs more than it gives back.
constexpr double kDeletedShareMax = 0.05;

TimestampMs AlignDown(TimestampMs time, TimestampMs range) {
  const TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

std::optional<MergePlan> PlanOverlap(std::span<const BlockFacts> blocks) {
  for (std::size_t begin = 0; begin < blocks.size();) {
    TimestampMs until = blocks[begin].max_time;
    bool is_excluded = blocks[begin].is_excluded;
    std::size_t end = begin + 1;
    for (; end < blocks.size() && blocks[end].min_time < until; ++end) {
      until = std::max(until, blocks[end].max_time);
      is_excluded = is_excluded || blocks[end].is_excluded;
    }
    if (end - begin > 1 && !is_excluded) {
      MergePlan plan{MergeReason::kOverlap, {}};
      for (std::size_t i = begin; i < end; ++i) plan.blocks.push_back(i);
      return plan;
    }
    begin = end;
  }
  return std::nullopt;
}

// `newest_from`: where the newest of all blocks begins.
std::optional<MergePlan> PlanRange(std::span<const BlockFacts> blocks, TimestampMs range,
                                   TimestampMs newest_from) {
  for (std::size_t begin = 0; begin < blocks.size();) {
    const TimestampMs from = AlignDown(blocks[begin].min_time, range);
    if (blocks[begin].max_time > from + range) {
      ++begin;
      continue;
    }
    std::size_t end = begin;
    bool is_excluded = false;
    TimestampMs until = from;
    for (; end < blocks.size() && blocks[end].min_time < from + range &&
           blocks[end].max_time <= from + range;
         ++end) {
      is_excluded = is_excluded || blocks[end].is_excluded;
      until = std::max(until, blocks[end].max_time);
    }
    const bool is_full = blocks[begin].min_time == from && until == from + range;
    const bool is_past = from + range <= newest_from;
    if (end - begin > 1 && !is_excluded && (is_full || is_past)) {
      MergePlan plan{MergeReason::kRange, {}};
      for (std::size_t i = begin; i < end; ++i) plan.blocks.push_back(i);
      return plan;
    }
    begin = end;
  }
  return std::nullopt;
}

}  // namespace

std::vector<TimestampMs> MergeRanges(TimestampMs block_range, TimestampMs range_max) {
  std::vector<TimestampMs> ranges = {block_range};
  while (ranges.back() <= range_max / 3) ranges.push_back(ranges.back() * 3);
  return ranges;
}

std::optional<MergePlan> PlanMerge(std::span<const BlockFacts> blocks,
                                   std::span<const TimestampMs> ranges) {
  if (blocks.empty()) return std::nullopt;
  if (auto plan = PlanOverlap(blocks)) return plan;

  const auto settled = blocks.first(blocks.size() - 1);
  for (std::size_t i = 1; i < ranges.size(); ++i) {
    if (auto plan = PlanRange(settled, ranges[i], blocks.back().min_time)) return plan;
  }

  for (std::size_t i = blocks.size(); i-- > 0;) {
    const BlockFacts& block = blocks[i];
    if (block.is_excluded) continue;
    const bool is_grown = block.max_time - block.min_time >= ranges[ranges.size() / 2];
    if (block.deleted_share >= 1 || (is_grown && block.deleted_share > kDeletedShareMax)) {
      return MergePlan{MergeReason::kDeletions, {i}};
    }
  }
  return std::nullopt;
}

}  // namespace narthex::tsdb
