#include "tsdb/inspector.h"

#include <fmt/format.h>

#include "analysis.h"
#include "base/number.h"
#include "block/block.h"
#include "model/histogram_buckets.h"
#include "read_only_files.h"
#include "storage/merge.h"
#include "tsdb/tsdb.h"

namespace narthex::tsdb {
namespace {

constexpr std::size_t kWriteSize = std::size_t{1} << 16;

// Collects lines, so that they are not written one by one.
class LineWriter {
 public:
  explicit LineWriter(const WriteText& write) : write_(write) {}

  Status Add(std::string_view line) {
    text_.append(line);
    text_.push_back('\n');
    return text_.size() < kWriteSize ? Ok() : Flush();
  }
  Status Flush() {
    if (text_.empty()) return Ok();
    NARTHEX_TRY(write_(text_));
    text_.clear();
    return Ok();
  }

 private:
  const WriteText& write_;
  std::string text_;
};

// As promtool prints them.
Status DumpProm(const model::LabelSet& labels, const storage::SampleColumns& columns,
                LineWriter& lines) {
  const std::string name = labels.ToString();
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    const bool is_histogram = !columns.histograms.empty() && columns.histograms[i] != nullptr;
    const std::string value =
        is_histogram ? model::ToString(*columns.histograms[i]) : FormatDouble(columns.values[i]);
    NARTHEX_TRY(lines.Add(fmt::format("{} {} {}", name, value, columns.timestamps[i])));
  }
  return Ok();
}

std::string SecondsText(model::TimestampMs time) {
  return FormatDouble(static_cast<double>(time) / 1000, FloatFormat::kPlain);
}

Status DumpOpenMetrics(const model::LabelSet& labels, const storage::SampleColumns& columns,
                       LineWriter& lines) {
  const std::string name = labels.ToMetricString();
  for (std::size_t i = 0; i < columns.values.size(); ++i) {
    if (!columns.histograms.empty() && columns.histograms[i] != nullptr) continue;
    if (model::IsStaleNan(columns.values[i])) continue;
    NARTHEX_TRY(lines.Add(fmt::format("{} {} {}", name, FormatDouble(columns.values[i]),
                                      SecondsText(columns.timestamps[i]))));
  }
  return Ok();
}

bool IsAcceptedByAny(const std::vector<std::vector<model::Matcher>>& selectors, std::size_t count,
                     const model::LabelSet& labels) {
  for (std::size_t i = 0; i < count; ++i) {
    if (model::MatchesAll(selectors[i], labels)) return true;
  }
  return false;
}

}  // namespace

Inspector::Inspector() = default;
Inspector::~Inspector() = default;

Result<std::unique_ptr<Inspector>> Inspector::Open(io::FileSystem& files, Clock& clock,
                                                   const std::string& directory) {
  std::unique_ptr<Inspector> inspector(new Inspector);
  inspector->files_ = std::make_unique<ReadOnlyFiles>(files);
  TsdbOptions options;
  options.directory = directory;
  options.upkeep_interval = std::chrono::milliseconds(0);
  options.is_read_only = true;
  NARTHEX_ASSIGN_OR_RETURN(inspector->store_,
                           Tsdb::Open(*inspector->files_, clock, std::move(options)));
  return inspector;
}

Status Inspector::Dump(const DumpOptions& options, const WriteText& write) {
  LineWriter lines(write);
  NARTHEX_ASSIGN_OR_RETURN(const auto querier, store_->OpenQuerier(options.range));
  std::vector<std::vector<model::Matcher>> selectors = options.selectors;
  if (selectors.empty()) selectors.emplace_back();
  storage::SelectHints hints;
  hints.range = options.range;
  for (std::size_t s = 0; s < selectors.size(); ++s) {
    NARTHEX_ASSIGN_OR_RETURN(const auto set, querier->Select(selectors[s], hints));
    while (set->Next()) {
      // What an earlier selector accepts stands there already.
      if (IsAcceptedByAny(selectors, s, set->labels())) continue;
      NARTHEX_ASSIGN_OR_RETURN(const storage::SampleColumns columns, set->samples());
      NARTHEX_TRY(options.format == DumpOptions::Format::kProm
                      ? DumpProm(set->labels(), columns, lines)
                      : DumpOpenMetrics(set->labels(), columns, lines));
    }
    NARTHEX_TRY(set->status());
  }
  if (options.format == DumpOptions::Format::kOpenMetrics) NARTHEX_TRY(lines.Add("# EOF"));
  return lines.Flush();
}

Status Inspector::Analyze(const AnalyzeOptions& options, const WriteText& write) {
  bool is_found = options.block.empty();
  for (const auto& block : store_->blocks()) {
    const block::BlockMeta& meta = block->meta();
    if (!options.block.empty() && options.block != meta.id) continue;
    is_found = true;
    NARTHEX_ASSIGN_OR_RETURN(const auto querier, block->OpenQuerier({}));
    const AnalyzedPart part{meta.id, {meta.min_time, meta.max_time - 1}, block->size_bytes()};
    NARTHEX_TRY(AnalyzePart(part, *querier, options, write));
  }
  const model::TimeRange held = store_->stats().head.range;
  if (!held.empty() && (options.block.empty() || options.block == "head")) {
    is_found = true;
    NARTHEX_ASSIGN_OR_RETURN(const auto querier, store_->OpenHeadQuerier({}));
    NARTHEX_TRY(AnalyzePart({"head", held, 0}, *querier, options, write));
  }
  if (is_found) return Ok();
  return Error{ErrorCode::kNotFound, fmt::format("there is no block {}", options.block)};
}

}  // namespace narthex::tsdb
