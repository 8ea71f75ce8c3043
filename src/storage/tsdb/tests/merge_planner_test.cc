#include "merge_planner.h"

#include <gtest/gtest.h>

namespace narthex::tsdb {
namespace {

using Blocks = std::vector<BlockFacts>;
using Plan = std::optional<MergePlan>;

TEST(MergeRanges, GrowByThreeUpToTheLargest) {
  using Ranges = std::vector<model::TimestampMs>;
  const struct {
    model::TimestampMs range;
    model::TimestampMs range_max;
    Ranges want;
  } cases[] = {
      {20, 20, {20}},           {20, 59, {20}}, {20, 60, {20, 60}},
      {20, 200, {20, 60, 180}}, {20, 0, {20}},  {1, 9, {1, 3, 9}},
  };
  for (const auto& c : cases) EXPECT_EQ(MergeRanges(c.range, c.range_max), c.want) << c.range_max;
}

TEST(PlanMerge, ChoosesTheBlocksToMerge) {
  const BlockFacts bad40{.min_time = 40, .max_time = 60, .is_excluded = true};
  const auto deleted = [](model::TimestampMs from, model::TimestampMs until, double share) {
    return BlockFacts{.min_time = from, .max_time = until, .deleted_share = share};
  };
  const struct {
    std::string name;
    Blocks blocks;
    Plan want;
  } cases[] = {
      {"nothing", {}, {}},
      {"one", {{0, 20}}, {}},
      {"the newest is left alone", {{0, 20}, {20, 40}, {40, 60}}, {}},
      {"a full range before the newest",
       {{0, 20}, {20, 40}, {40, 60}, {60, 80}},
       MergePlan{MergeReason::kRange, {0, 1, 2}}},
      {"a full range, the newest far on",
       {{0, 20}, {20, 40}, {40, 60}, {60, 80}, {80, 100}},
       MergePlan{MergeReason::kRange, {0, 1, 2}}},
      {"a range with a gap is merged when it is past",
       {{0, 20}, {40, 60}, {60, 80}},
       MergePlan{MergeReason::kRange, {0, 1}}},
      {"a range that may still fill waits", {{60, 80}, {80, 100}, {100, 120}}, {}},
      {"one block alone in its range", {{0, 20}, {60, 80}, {120, 140}}, {}},
      {"the smaller range first",
       {{0, 60}, {60, 120}, {120, 180}, {180, 200}, {200, 220}, {220, 240}, {240, 260}},
       MergePlan{MergeReason::kRange, {3, 4, 5}}},
      {"then the larger",
       {{0, 60}, {60, 120}, {120, 180}, {180, 240}},
       MergePlan{MergeReason::kRange, {0, 1, 2}}},
      {"a block of each size in one range",
       {{0, 60}, {60, 80}, {180, 200}},
       MergePlan{MergeReason::kRange, {0, 1}}},
      {"before 1970",
       {{-60, -40}, {-40, -20}, {-20, 0}, {0, 20}},
       MergePlan{MergeReason::kRange, {0, 1, 2}}},
      {"not beyond the largest range", {{0, 180}, {180, 360}, {360, 540}, {540, 560}}, {}},
      {"a block over the edge of a range",
       {{50, 70}, {70, 90}, {90, 110}, {110, 130}, {180, 200}},
       MergePlan{MergeReason::kRange, {1, 2}}},
      {"overlap", {{0, 20}, {10, 30}}, MergePlan{MergeReason::kOverlap, {0, 1}}},
      {"the same times", {{0, 20}, {0, 20}}, MergePlan{MergeReason::kOverlap, {0, 1}}},
      {"overlap comes before ranges, and is a chain",
       {{0, 20}, {20, 40}, {40, 60}, {60, 80}, {70, 90}, {85, 100}, {100, 120}},
       MergePlan{MergeReason::kOverlap, {3, 4, 5}}},
      {"one large block over small ones",
       {{0, 60}, {0, 20}, {40, 60}, {60, 80}},
       MergePlan{MergeReason::kOverlap, {0, 1, 2}}},
      {"neighbours do not overlap", {{0, 20}, {20, 40}}, {}},
      {"an excluded block stops its range",
       {{0, 20}, {20, 40}, bad40, {60, 80}, {80, 100}, {100, 120}, {120, 140}},
       MergePlan{MergeReason::kRange, {3, 4, 5}}},
      {"an excluded block stops its overlap", {bad40, {50, 70}, {120, 140}, {140, 160}}, {}},
      {"much of a grown block is deleted",
       {deleted(0, 60, 0.06), {60, 80}},
       MergePlan{MergeReason::kDeletions, {0}}},
      {"little of it is", {deleted(0, 60, 0.05), {60, 80}}, {}},
      {"a small block is merged soon anyway", {deleted(0, 20, 0.5), {60, 80}}, {}},
      {"unless nothing is left of it",
       {deleted(0, 20, 1), {60, 80}},
       MergePlan{MergeReason::kDeletions, {0}}},
      {"the newest too", {{0, 20}, deleted(20, 40, 1)}, MergePlan{MergeReason::kDeletions, {1}}},
  };
  const std::vector<model::TimestampMs> ranges = MergeRanges(20, 200);
  for (const auto& c : cases) {
    const Plan plan = PlanMerge(c.blocks, ranges);
    ASSERT_EQ(plan.has_value(), c.want.has_value()) << c.name;
    if (!plan) continue;
    EXPECT_EQ(plan->reason, c.want->reason) << c.name;
    EXPECT_EQ(plan->blocks, c.want->blocks) << c.name;
  }
}

// Plans are carried out until there is none: that ends, and the blocks left do not overlap.
TEST(PlanMerge, EndsWithFewBlocksWithoutOverlap) {
  const std::vector<model::TimestampMs> ranges = MergeRanges(20, 5000);
  Blocks blocks;
  for (model::TimestampMs t = 0; t < 5000; t += 20) {
    blocks.push_back({t, t + 20});
    if (t % 140 == 0) blocks.push_back({t, t + 20});
    for (int round = 0;; ++round) {
      ASSERT_LT(round, 20);
      const Plan plan = PlanMerge(blocks, ranges);
      if (!plan) break;
      BlockFacts merged = blocks[plan->blocks.front()];
      for (const std::size_t i : plan->blocks) {
        merged.max_time = std::max(merged.max_time, blocks[i].max_time);
      }
      for (std::size_t i = plan->blocks.size(); i-- > 0;) {
        blocks.erase(blocks.begin() + static_cast<std::ptrdiff_t>(plan->blocks[i]));
      }
      blocks.push_back(merged);
      std::ranges::sort(blocks, {}, &BlockFacts::min_time);
    }
    for (std::size_t i = 1; i < blocks.size(); ++i) {
      ASSERT_LE(blocks[i - 1].max_time, blocks[i].min_time);
    }
  }
  EXPECT_LT(blocks.size(), 16u);
}

}  // namespace
}  // namespace narthex::tsdb
