#include "block_merge.h"

#include <algorithm>
#include <limits>

#include "block/writer.h"
#include "storage/merge.h"

namespace narthex::tsdb {
namespace {

using storage::SampleColumns;

block::BlockMeta MetaOf(const MergeRequest& request) {
  block::BlockMeta meta;
  meta.id = request.id;
  meta.min_time = std::numeric_limits<model::TimestampMs>::max();
  meta.max_time = std::numeric_limits<model::TimestampMs>::min();
  meta.level = 1;
  for (const auto& source : request.sources) {
    const block::BlockMeta& from = source->meta();
    meta.min_time = std::min(meta.min_time, from.min_time);
    meta.max_time = std::max(meta.max_time, from.max_time);
    // A rewrite of one block is not a step up.
    meta.level = std::max(meta.level, from.level + (request.sources.size() > 1 ? 1u : 0u));
    meta.sources.push_back(from.id);
    if (from.head_cut_until) {
      meta.head_cut_until =
          std::max(meta.head_cut_until.value_or(*from.head_cut_until), *from.head_cut_until);
    }
  }
  return meta;
}

// The samples that no cut leaves out.
SampleColumns Remaining(SampleColumns columns, const model::LabelSet& labels,
                        std::span<const SampleCut> cuts) {
  std::size_t gone_count = 0;
  for (const SampleCut& cut : cuts) {
    if (!model::MatchesAll(cut.matchers, labels)) continue;
    const auto kept = std::ranges::lower_bound(columns.timestamps, cut.before);
    gone_count = std::max(gone_count, static_cast<std::size_t>(kept - columns.timestamps.begin()));
  }
  if (gone_count == 0) return columns;
  columns.timestamps = columns.timestamps.subspan(gone_count);
  columns.values = columns.values.subspan(gone_count);
  if (!columns.histograms.empty()) columns.histograms = columns.histograms.subspan(gone_count);
  if (!columns.start_timestamps.empty()) {
    columns.start_timestamps = columns.start_timestamps.subspan(gone_count);
  }
  // They are no longer the times that the id stands for.
  columns.time_column_id = 0;
  return columns;
}

}  // namespace

Result<block::BlockMeta> MergeBlocks(io::FileSystem& files, const MergeRequest& request,
                                     std::stop_token stop) {
  std::vector<std::unique_ptr<storage::Querier>> parts;
  for (const auto& source : request.sources) {
    NARTHEX_ASSIGN_OR_RETURN(auto part, source->OpenQuerier({}));
    parts.push_back(std::move(part));
  }
  const auto querier = storage::MergeQueriers(std::move(parts));
  NARTHEX_ASSIGN_OR_RETURN(const auto writer,
                           block::BlockWriter::Create(files, request.directory, MetaOf(request)));
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select({}, {}));
  const Error stopped{ErrorCode::kCanceled, "the merge was stopped"};
  while (set->Next()) {
    if (stop.stop_requested()) return stopped;
    NARTHEX_ASSIGN_OR_RETURN(const SampleColumns columns, set->samples());
    NARTHEX_TRY(writer->Add(set->labels(), Remaining(columns, set->labels(), request.cuts)));
  }
  NARTHEX_TRY(set->status());
  if (stop.stop_requested()) return stopped;
  return writer->Finish();
}

}  // namespace narthex::tsdb
