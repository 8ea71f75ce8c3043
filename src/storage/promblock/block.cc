#include "promblock/block.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "base/bytes.h"
#include "base/number.h"
#include "block_parts.h"
#include "format.h"

namespace narthex::promblock {
namespace {

constexpr std::uint64_t kMetaFileSizeMax = std::uint64_t{64} << 20;

Error At(Error error, const std::string& path) { return std::move(error).Under(path); }

Status CheckSegment(const std::string& path, std::string_view bytes) {
  ByteReader reader(bytes);
  const auto magic = reader.ReadBigEndian32();
  const auto version = reader.ReadByte();
  if (bytes.size() < kChunksHeaderSize || *magic != kChunksMagic) {
    return At({ErrorCode::kCorruption, "not a segment of chunks"}, path);
  }
  if (*version != kChunksVersion) {
    return At({ErrorCode::kUnsupported, fmt::format("version {} of the chunks", *version)}, path);
  }
  return Ok();
}

}  // namespace

bool Accepts(std::span<const std::vector<model::Matcher>> selectors,
             const model::LabelSet& labels) {
  return selectors.empty() || std::ranges::any_of(selectors, [&](const auto& matchers) {
           return model::MatchesAll(matchers, labels);
         });
}

PromBlock::PromBlock(std::string directory, PromBlockMeta meta)
    : directory_(std::move(directory)), meta_(std::move(meta)), parts_(std::make_unique<Parts>()) {}

PromBlock::~PromBlock() = default;

Status PromBlock::OpenFiles(io::FileSystem& files) {
  const std::string index_path = io::JoinPath(directory_, kIndexName);
  NARTHEX_ASSIGN_OR_RETURN(parts_->index_map, files.Map(index_path));
  Result<IndexReader> index = IndexReader::Open(parts_->index_map.bytes(), meta_.version == 2);
  if (!index.ok()) return At(std::move(index).error(), index_path);
  parts_->index.emplace(std::move(index).value());

  const std::string tombstones_path = io::JoinPath(directory_, kTombstonesName);
  if (io::Exists(files, tombstones_path)) {
    NARTHEX_ASSIGN_OR_RETURN(const io::Mapping map, files.Map(tombstones_path));
    Result<Tombstones> tombstones = ParseTombstones(map.bytes());
    if (!tombstones.ok()) return At(std::move(tombstones).error(), tombstones_path);
    parts_->tombstones = std::move(tombstones).value();
  }

  const std::string chunks_path = io::JoinPath(directory_, kChunksName);
  // Where it is missing a series that has a chunk says so.
  if (!io::Exists(files, chunks_path)) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files.List(chunks_path));
  for (const io::DirectoryEntry& entry : entries) {
    if (!ParseUint64(entry.name)) continue;
    const std::string path = io::JoinPath(chunks_path, entry.name);
    NARTHEX_ASSIGN_OR_RETURN(io::Mapping map, files.Map(path));
    NARTHEX_TRY(CheckSegment(path, map.bytes()));
    parts_->segments.push_back({path, std::move(map)});
  }
  return Ok();
}

Result<std::unique_ptr<PromBlock>> PromBlock::Open(io::FileSystem& files, std::string directory) {
  const std::string meta_path = io::JoinPath(directory, kMetaName);
  NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                           io::ReadFile(files, meta_path, kMetaFileSizeMax));
  Result<PromBlockMeta> meta = ParseMeta(text);
  if (!meta.ok()) return At(std::move(meta).error(), meta_path);
  std::unique_ptr<PromBlock> block(new PromBlock(std::move(directory), std::move(meta).value()));
  NARTHEX_TRY(block->OpenFiles(files));
  return block;
}

Result<model::TimeRange> PromBlock::SampleRange() const {
  model::TimeRange range{std::numeric_limits<model::TimestampMs>::max(),
                         std::numeric_limits<model::TimestampMs>::min()};
  std::uint64_t offset = parts_->index->begin();
  SeriesEntry series;
  while (true) {
    const Result<bool> has_one = parts_->index->Next(offset, series);
    if (!has_one.ok()) return At(Error(has_one.error()), io::JoinPath(directory_, kIndexName));
    if (!*has_one) return range;
    if (series.chunks.empty()) continue;
    range.from = std::min(range.from, series.chunks.front().min_time);
    range.until = std::max(range.until, series.chunks.back().max_time);
  }
}

Result<std::vector<std::string>> FindBlocks(io::FileSystem& files, const std::string& directory) {
  if (io::Exists(files, io::JoinPath(directory, kMetaName))) return std::vector{directory};
  struct Found {
    std::string path;
    PromBlockMeta meta;
  };
  std::vector<Found> found;
  std::set<std::string> replaced;
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files.List(directory));
  for (const io::DirectoryEntry& entry : entries) {
    if (!entry.is_directory || !IsBlockName(entry.name)) continue;
    const std::string path = io::JoinPath(directory, entry.name);
    const std::string meta_path = io::JoinPath(path, kMetaName);
    // What is left of a block that was being deleted.
    if (!io::Exists(files, meta_path)) continue;
    NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                             io::ReadFile(files, meta_path, kMetaFileSizeMax));
    Result<PromBlockMeta> meta = ParseMeta(text);
    if (!meta.ok()) return At(std::move(meta).error(), meta_path);
    replaced.insert(meta->parents.begin(), meta->parents.end());
    found.push_back({path, std::move(meta).value()});
  }
  if (found.empty()) {
    return Error{ErrorCode::kNotFound, fmt::format("{} holds no block of Prometheus", directory)};
  }
  std::erase_if(found, [&](const Found& one) { return replaced.contains(one.meta.ulid); });
  std::ranges::sort(found, {}, [](const Found& one) { return one.meta.min_time; });
  std::vector<std::string> paths;
  for (Found& one : found) paths.push_back(std::move(one.path));
  return paths;
}

}  // namespace narthex::promblock
