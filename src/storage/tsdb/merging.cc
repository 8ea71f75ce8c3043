// Merging blocks, and rewriting those with samples that have aged.
#include <fmt/format.h>

#include "base/log.h"
#include "merge_planner.h"
#include "upkeep.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";
// The log goes on growing while blocks are merged.
constexpr std::uint64_t kReserveSizeBytes = std::uint64_t{64} << 20;
// A disk that was full or failed is given time.
constexpr std::chrono::minutes kRetryInterval{10};
// Prometheus' bounds for the largest block.
constexpr std::chrono::hours kRangeMax{31 * 24};
constexpr int kRetentionShare = 10;

TimestampMs RangeMax(const TsdbOptions& options, const Retention& retention) {
  if (options.block_range_max.count() > 0) return options.block_range_max.count();
  if (retention.time.count() == 0) return std::chrono::milliseconds(kRangeMax).count();
  return std::min(std::chrono::milliseconds(kRangeMax), retention.time / kRetentionShare).count();
}

std::string_view ReasonText(MergeReason reason) {
  switch (reason) {
    case MergeReason::kOverlap:
      return "overlap";
    case MergeReason::kRange:
      return "range";
    case MergeReason::kDeletions:
      return "deletions";
  }
  return "";
}

}  // namespace

bool Upkeep::HasRoom(const Blocks& sources) {
  std::uint64_t needed = kReserveSizeBytes;
  for (const auto& source : sources) needed += source->size_bytes();
  const auto free = files_.FreeBytes(store_.directory());
  const bool has_room = !free.ok() || *free >= needed;
  if (!has_room && had_room_) {
    LogWarn(kComponent, "too little room on the disk for merging blocks; it is tried again",
            {{"free_bytes", *free}, {"needed_bytes", needed}});
  }
  had_room_ = has_room;
  return has_room;
}

void Upkeep::NoteFailure(const Blocks& sources, const Error& error) {
  TsdbCounters::Add(counters_.block_writes_failed);
  if (error.code() == ErrorCode::kCorruption) {
    LogError(kComponent, "blocks cannot be merged and stay as they are",
             {{"err", error.message()}});
    for (const auto& source : sources) excluded_.insert(source->meta().id);
  } else {
    merges_from_ = clock_.Monotonic() + kRetryInterval;
  }
}

std::vector<SampleCut> Upkeep::Cuts(const Blocks& blocks) const {
  const TimestampMs newest = NewestTime(blocks);
  std::vector<SampleCut> cuts;
  for (const RetentionRule& rule : retention().rules) {
    cuts.push_back({rule.matchers, newest - rule.time.count()});
  }
  return cuts;
}

Status Upkeep::Merge(const Blocks& sources, MergeReason reason, std::stop_token stop) {
  const TsdbCounters::Writing writing(counters_);
  const std::chrono::nanoseconds begin = clock_.Monotonic();
  const std::vector<SampleCut> cuts = Cuts(*store_.blocks());
  const MergeRequest request{store_.directory(), block::NewBlockId(clock_.Now()), sources, cuts};
  Result<block::BlockMeta> merged = MergeBlocks(files_, request, stop);
  if (!merged.ok()) {
    if (merged.code() == ErrorCode::kCanceled) {
      ++given_up_count_;
      return Ok();
    }
    NoteFailure(sources, merged.error());
    return std::move(merged).error().Under("merge blocks");
  }
  given_up_count_ = 0;
  const bool is_empty = merged->series_count == 0;
  NARTHEX_TRY(store_.Replace(is_empty ? "" : merged->id, sources));
  TsdbCounters::Add(counters_.blocks_written);
  if (reason == MergeReason::kOverlap) TsdbCounters::Add(counters_.overlap_merges);
  const std::chrono::nanoseconds duration = clock_.Monotonic() - begin;
  TsdbCounters::Observe(counters_.block_seconds, duration);
  LogInfo(
      kComponent, "blocks are merged",
      {{"block", is_empty ? "none: nothing is left" : merged->id},
       {"reason", ReasonText(reason)},
       {"sources", sources.size()},
       {"from", FormatTimestamp(merged->min_time)},
       {"until", FormatTimestamp(merged->max_time)},
       {"series", merged->series_count},
       {"samples", merged->sample_count},
       {"duration_ms", std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()}});
  return Ok();
}

Status Upkeep::MergeBlocksDue(std::stop_token stop) {
  while (!stop.stop_requested() && clock_.Monotonic() >= merges_from_) {
    const auto all = store_.blocks();
    std::vector<BlockFacts> facts;
    for (const auto& one : *all) {
      const block::BlockMeta& meta = one->meta();
      const auto deleted_count = static_cast<double>(one->tombstone_series_count());
      facts.push_back(
          {meta.min_time, meta.max_time,
           deleted_count / static_cast<double>(std::max<std::uint64_t>(meta.series_count, 1)),
           excluded_.contains(meta.id)});
    }
    const auto ranges = MergeRanges(options_.block_range.count(), RangeMax(options_, retention()));
    const auto plan = PlanMerge(facts, ranges);
    // What cannot be removed is known by the block that replaced it, which has to stay.
    if (!plan || store_.has_remains()) break;
    TsdbCounters::Add(counters_.merges_triggered);
    Blocks sources;
    for (const std::size_t i : plan->blocks) sources.push_back((*all)[i]);
    if (!HasRoom(sources)) {
      TsdbCounters::Add(counters_.merges_skipped);
      break;
    }
    NARTHEX_TRY(Merge(sources, plan->reason, stop));
  }
  return Ok();
}

Status Upkeep::RewriteAged(std::stop_token stop) {
  const auto all = store_.blocks();
  const std::vector<SampleCut> cuts = Cuts(*all);
  std::map<std::string, std::size_t> counts;
  for (const auto& one : *all) {
    if (stop.stop_requested() || clock_.Monotonic() < merges_from_) break;
    const block::BlockMeta& meta = one->meta();
    if (excluded_.contains(meta.id) || store_.has_remains()) continue;
    std::size_t due_count = 0;
    bool saves = false;
    for (const SampleCut& cut : cuts) due_count += cut.before >= meta.max_time ? 1 : 0;
    if (const auto known = cut_counts_.find(meta.id);
        known != cut_counts_.end() && known->second == due_count) {
      counts[meta.id] = due_count;
      continue;
    }
    NARTHEX_ASSIGN_OR_RETURN(const auto querier, one->OpenQuerier({}));
    for (const SampleCut& cut : cuts) {
      if (cut.before < meta.max_time || saves) continue;
      storage::SelectHints hints;
      hints.is_labels_only = true;
      hints.series_count_max = 1;
      NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select(cut.matchers, hints));
      saves = set->Next();
    }
    if (saves && !HasRoom({one})) continue;
    if (saves) NARTHEX_TRY(Merge({one}, MergeReason::kDeletions, stop));
    if (stop.stop_requested()) break;
    counts[meta.id] = due_count;
  }
  cut_counts_ = std::move(counts);
  return Ok();
}

}  // namespace narthex::tsdb
