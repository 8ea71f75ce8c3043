#include "block/block.h"

#include <fmt/format.h>

#include <algorithm>

#include "parts.h"
#include "reader.h"
#include "series_entry.h"
#include "tombstones.h"

namespace narthex::block {
namespace {

constexpr std::uint64_t kTombstonesSizeMax = std::uint64_t{1} << 30;

}  // namespace

Block::Block(io::FileSystem& files, std::string directory, BlockMeta meta)
    : files_(files),
      directory_(std::move(directory)),
      meta_(std::move(meta)),
      parts_(std::make_unique<Parts>()) {}

Block::~Block() = default;

Result<std::shared_ptr<Block>> Block::Open(io::FileSystem& files, std::string directory) {
  const auto open = [&]() -> Result<std::shared_ptr<Block>> {
    NARTHEX_ASSIGN_OR_RETURN(const std::string text,
                             io::ReadFile(files, io::JoinPath(directory, kMetaName), 1 << 16));
    NARTHEX_ASSIGN_OR_RETURN(BlockMeta meta, ParseMeta(text));
    std::shared_ptr<Block> block(new Block(files, directory, std::move(meta)));
    Parts& parts = *block->parts_;
    NARTHEX_ASSIGN_OR_RETURN(parts.index_map, files.Map(io::JoinPath(directory, kIndexName)));
    NARTHEX_ASSIGN_OR_RETURN(parts.pages_map, files.Map(io::JoinPath(directory, kPagesName)));
    NARTHEX_ASSIGN_OR_RETURN(parts.index, index::IndexFile::Open(parts.index_map.bytes()));
    NARTHEX_ASSIGN_OR_RETURN(parts.frames, FrameTable::Open(parts.pages_map.bytes()));
    block->size_bytes_ =
        text.size() + parts.index_map.bytes().size() + parts.pages_map.bytes().size();
    const std::string tombstones_path = io::JoinPath(directory, kTombstonesName);
    if (io::Exists(files, tombstones_path)) {
      NARTHEX_ASSIGN_OR_RETURN(const std::string bytes,
                               io::ReadFile(files, tombstones_path, kTombstonesSizeMax));
      NARTHEX_ASSIGN_OR_RETURN(Tombstones tombstones,
                               Tombstones::Decode(bytes, parts.index->series_count()));
      block->size_bytes_ += bytes.size();
      MutexLock lock(block->tombstones_mutex_);
      block->tombstones_ = std::make_shared<const Tombstones>(std::move(tombstones));
    }
    return block;
  };
  Result<std::shared_ptr<Block>> block = open();
  if (!block.ok()) return std::move(block).error().Under("block " + directory);
  return block;
}

std::shared_ptr<const Tombstones> Block::tombstones() const {
  MutexLock lock(tombstones_mutex_);
  return tombstones_;
}

void Block::ReadAhead() const { parts_->pages_map.ReadAhead(); }

std::size_t Block::tombstone_count() const {
  const auto deleted = tombstones();
  return deleted == nullptr ? 0 : deleted->range_count();
}

std::size_t Block::tombstone_series_count() const {
  const auto deleted = tombstones();
  return deleted == nullptr ? 0 : deleted->series_count();
}

void Block::AddTombstone(Tombstones& tombstones, std::uint32_t series, model::TimeRange range,
                         model::TimeRange held) const {
  tombstones.Add(series, range);
  const auto* deleted = tombstones.Of(series);
  const bool is_all = std::ranges::any_of(*deleted, [&](model::TimeRange one) {
    return one.from <= held.from && one.until >= held.until;
  });
  if (is_all) tombstones.Add(series, {meta_.min_time, meta_.max_time - 1});
}

Result<std::size_t> Block::Delete(model::TimeRange range,
                                  std::span<const model::Matcher> matchers) {
  range.from = std::max(range.from, meta_.min_time);
  range.until = std::min(range.until, meta_.max_time - 1);
  if (range.empty()) return std::size_t{0};

  MutexLock lock(delete_mutex_);
  const auto before = tombstones();
  Tombstones changed = before == nullptr ? Tombstones() : *before;
  BlockReader reader(shared_from_this(), {}, before);
  std::size_t count = 0;
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<index::SeriesId> ids,
                           index::SelectSeries(reader.index(), matchers));
  NARTHEX_TRY(reader.IndexStatus());
  for (const index::SeriesId id : ids) {
    if (reader.IsGone(id)) continue;
    // Of a series whose times cannot be read nothing can be said but that they are in the block.
    model::TimeRange held{meta_.min_time, meta_.max_time - 1};
    const auto entry = ReadSeriesEntry(reader.index().Payload(id));
    if (entry.ok()) {
      const Ordinals& ordinals = entry->ordinals;
      const auto window = reader.Window(ordinals.column);
      if (window.ok() && !(*window)->times.empty()) {
        const auto& times = (*window)->times;
        const std::uint64_t span = ordinals.is_whole ? times.size() : ordinals.span;
        if (ordinals.first + span <= times.size()) {
          held = {times[ordinals.first], times[ordinals.first + span - 1]};
        }
      }
    }
    if (!held.Overlaps(range)) continue;
    AddTombstone(changed, id, range, held);
    ++count;
  }
  if (count == 0) return count;
  NARTHEX_TRY(
      io::WriteFileAtomically(files_, io::JoinPath(directory_, kTombstonesName), changed.Encode()));
  MutexLock swap(tombstones_mutex_);
  tombstones_ = std::make_shared<const Tombstones>(std::move(changed));
  return count;
}

}  // namespace narthex::block
