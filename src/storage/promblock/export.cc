#include "promblock/export.h"

#include <algorithm>

#include "block/meta.h"
#include "promblock/writer.h"

namespace narthex::promblock {
namespace {

model::TimestampMs AlignDown(model::TimestampMs time, model::TimestampMs range) {
  const model::TimestampMs rest = time % range;
  return time - (rest < 0 ? rest + range : rest);
}

Result<PromBlockMeta> ExportBlock(io::FileSystem& files, storage::Queryable& store,
                                  const ExportOptions& options, PromBlockMeta meta) {
  const model::TimeRange range{std::max(options.range.from, meta.min_time),
                               std::min(options.range.until, meta.max_time - 1)};
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, store.OpenQuerier(range));
  // A store takes one set of matchers; of more than one, each series is looked at below.
  const std::span<const model::Matcher> matchers =
      options.selectors.size() == 1 ? std::span<const model::Matcher>(options.selectors.front())
                                    : std::span<const model::Matcher>();
  NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select(matchers, {.range = range}));
  NARTHEX_ASSIGN_OR_RETURN(const auto writer,
                           PromBlockWriter::Create(files, options.directory, meta));
  while (set->Next()) {
    if (!Accepts(options.selectors, set->labels())) continue;
    NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
    NARTHEX_TRY(writer->Add(set->labels(), columns));
  }
  NARTHEX_TRY(set->status());
  return writer->Finish();
}

}  // namespace

Result<ExportReport> ExportBlocks(io::FileSystem& files, Clock& clock, storage::Queryable& store,
                                  const ExportOptions& options) {
  const model::TimestampMs step = options.block_range.count();
  if (step <= 0) {
    return Error{ErrorCode::kInvalidArgument, "the range of a block must be above 0"};
  }
  NARTHEX_TRY(files.CreateDirectories(options.directory));
  ExportReport report;
  if (options.range.empty()) return report;
  for (model::TimestampMs from = AlignDown(options.range.from, step); from <= options.range.until;
       from += step) {
    PromBlockMeta meta;
    meta.ulid = block::NewBlockId(clock.Now());
    meta.min_time = from;
    meta.max_time = from + step;
    NARTHEX_ASSIGN_OR_RETURN(meta, ExportBlock(files, store, options, meta));
    if (meta.series_count == 0) continue;
    ++report.block_count;
    report.series_count += meta.series_count;
    report.sample_count += meta.sample_count;
    if (options.on_block) options.on_block(meta);
  }
  return report;
}

}  // namespace narthex::promblock
