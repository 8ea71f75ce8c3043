#include "interchange_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "base/clock.h"
#include "base/log.h"
#include "block/meta.h"
#include "model/duration.h"
#include "promblock/export.h"
#include "promblock/import.h"
#include "promql/parser.h"
#include "tsdb/tsdb.h"

namespace narthex::apps {
namespace {

int Failed(const Error& error) {
  std::fprintf(stderr, "FAILED: %s\n", error.message().c_str());
  return 1;
}

Result<promblock::Selectors> ParseSelectors(const std::vector<std::string>& texts) {
  promblock::Selectors selectors;
  for (const std::string& text : texts) {
    auto matchers = promql::ParseMetricSelector(text);
    if (!matchers.ok()) return std::move(matchers).error().Under("--match " + text);
    selectors.push_back(std::move(matchers).value());
  }
  return selectors;
}

// The part of the store that has samples: blocks and head.
Result<model::TimeRange> RangeOf(const std::string& storage_path, const tsdb::TsdbStats& stats) {
  model::TimeRange range = stats.head.range;
  const std::string directory = io::JoinPath(storage_path, "blocks");
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, io::SystemFiles().List(directory));
  for (const io::DirectoryEntry& entry : entries) {
    const std::string path = io::JoinPath(io::JoinPath(directory, entry.name), "meta");
    const auto text = io::ReadFile(io::SystemFiles(), path);
    if (!text.ok()) continue;  // said when the store was opened
    const auto meta = block::ParseMeta(*text);
    if (!meta.ok()) continue;
    const bool is_first = range.empty();
    range.from = is_first ? meta->min_time : std::min(range.from, meta->min_time);
    range.until = is_first ? meta->max_time - 1 : std::max(range.until, meta->max_time - 1);
  }
  return range;
}

void TellOfTheLog(const std::string& source) {
  io::FileSystem& files = io::SystemFiles();
  if (!io::Exists(files, io::JoinPath(source, "wal")) &&
      !io::Exists(files, io::JoinPath(source, "chunks_head"))) {
    return;
  }
  std::printf(
      "Note: the newest samples, which Prometheus keeps in its log until it writes a block, are\n"
      "not imported. To have them too, start it with --web.enable-admin-api, ask for a snapshot\n"
      "(POST /api/v1/admin/tsdb/snapshot) and import the folder below snapshots/ as well.\n");
}

}  // namespace

void InterchangeCommand::AddTo(CLI::App& tsdb) {
  import_ = tsdb.add_subcommand("import", "Take over the blocks of a Prometheus");
  import_->add_option("prometheus", source_, "Its data folder, a snapshot, or one block")
      ->required();
  export_ = tsdb.add_subcommand("export", "Write blocks that Prometheus reads");
  export_->add_option("folder", target_, "Where the blocks are written")->required();
  for (CLI::App* const command : {import_, export_}) {
    command->add_option("--storage.tsdb.path", storage_path_, "Folder of Narthex' samples")
        ->capture_default_str();
    command->add_option("--match", matches_, "Only these series, {job=\"a\"}; may be repeated");
  }
  export_->add_option("--min-time", min_time_, "First time, milliseconds since 1970");
  export_->add_option("--max-time", max_time_, "Last time, milliseconds since 1970");
  export_->add_option("--block-duration", block_range_, "Time that a block spans")
      ->capture_default_str();
}

std::optional<int> InterchangeCommand::Run() const {
  if (import_->parsed()) return Import();
  if (export_->parsed()) return Export();
  return std::nullopt;
}

int InterchangeCommand::Import() const {
  promblock::ImportOptions options;
  options.source = source_;
  options.data_directory = storage_path_;
  auto selectors = ParseSelectors(matches_);
  if (!selectors.ok()) return Failed(selectors.error());
  options.selectors = std::move(selectors).value();
  options.on_block = [](const promblock::PromBlockMeta& meta,
                        const promblock::ImportReport& report) {
    std::printf("%s  %s to %s  samples so far: %llu\n", meta.ulid.c_str(),
                FormatTimestamp(meta.min_time).c_str(), FormatTimestamp(meta.max_time).c_str(),
                static_cast<unsigned long long>(report.sample_count));
    std::fflush(stdout);
  };
  const auto report = promblock::ImportBlocks(io::SystemFiles(), options);
  if (!report.ok()) return Failed(report.error());
  fmt::print("SUCCESS: {} blocks written with {} samples; {} were there already\n",
             report->block_count, report->sample_count, report->skipped_block_count);
  TellOfTheLog(source_);
  return 0;
}

int InterchangeCommand::Export() const {
  promblock::ExportOptions options;
  options.directory = target_;
  auto selectors = ParseSelectors(matches_);
  if (!selectors.ok()) return Failed(selectors.error());
  options.selectors = std::move(selectors).value();
  const auto block_range = model::ParseDuration(block_range_);
  if (!block_range.ok()) return Failed(Error(block_range.error()).Under("--block-duration"));
  options.block_range = *block_range;
  if (!io::Exists(io::SystemFiles(), storage_path_)) {
    return Failed({ErrorCode::kNotFound, storage_path_ + ": there is no such folder"});
  }

  ConfigureLog({.level = LogLevel::kWarn});
  tsdb::TsdbOptions store_options;
  store_options.directory = storage_path_;
  store_options.upkeep_interval = std::chrono::milliseconds(0);
  const auto store = tsdb::Tsdb::Open(io::SystemFiles(), SystemClock(), std::move(store_options));
  if (!store.ok()) return Failed(store.error());
  const auto held = RangeOf(storage_path_, (*store)->stats());
  if (!held.ok()) return Failed(held.error());
  options.range = {std::max(min_time_, held->from), std::min(max_time_, held->until)};
  options.on_block = [](const promblock::PromBlockMeta& meta) {
    std::printf("%s  %s to %s  samples: %llu\n", meta.ulid.c_str(),
                FormatTimestamp(meta.min_time).c_str(), FormatTimestamp(meta.max_time).c_str(),
                static_cast<unsigned long long>(meta.sample_count));
    std::fflush(stdout);
  };
  const auto report = promblock::ExportBlocks(io::SystemFiles(), SystemClock(), **store, options);
  if (!report.ok()) return Failed(report.error());
  fmt::print("SUCCESS: {} blocks written with {} samples\n", report->block_count,
             report->sample_count);
  return 0;
}

}  // namespace narthex::apps
