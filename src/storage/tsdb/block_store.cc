#include "block_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/log.h"

namespace narthex::tsdb {
namespace {

constexpr std::string_view kComponent = "tsdb";
constexpr std::string_view kTemporarySuffix = ".tmp";

// Keeps the first error of several steps.
void Keep(Status& kept, Status status) {
  if (kept.ok()) kept = std::move(status);
}

std::string FolderName(const block::Block& block) {
  return block.directory().substr(block.directory().rfind('/') + 1);
}

}  // namespace

BlockStore::BlockStore(io::FileSystem& files, std::string directory)
    : files_(files), directory_(std::move(directory)), blocks_(std::make_shared<const Blocks>()) {}

std::shared_ptr<const Blocks> BlockStore::blocks() const {
  MutexLock lock(mutex_);
  return blocks_;
}

void BlockStore::Publish(Blocks list) {
  // By id where two begin together: which one's samples hold must not hang on chance.
  std::ranges::sort(list, [](const auto& a, const auto& b) {
    const block::BlockMeta& left = a->meta();
    const block::BlockMeta& right = b->meta();
    return left.min_time != right.min_time ? left.min_time < right.min_time : left.id < right.id;
  });
  auto shared = std::make_shared<const Blocks>(std::move(list));
  MutexLock lock(mutex_);
  blocks_.swap(shared);
}

bool BlockStore::has_remains() const {
  return !std::ranges::all_of(
      remains_, [](const std::string& name) { return name.ends_with(kTemporarySuffix); });
}

Status BlockStore::Open() { return TakeUp(true); }

Status BlockStore::Refresh() {
  refresh_count_.fetch_add(1, std::memory_order_relaxed);
  Status status = TakeUp(false);
  if (!status.ok()) refresh_failed_count_.fetch_add(1, std::memory_order_relaxed);
  return status;
}

void BlockStore::ReadAhead(std::uint64_t size_bytes_max) const {
  const auto all = blocks();
  std::uint64_t left = size_bytes_max;
  for (auto one = all->rbegin(); one != all->rend() && (*one)->size_bytes() <= left; ++one) {
    (*one)->ReadAhead();
    left -= (*one)->size_bytes();
  }
}

void BlockStore::OpenOne(const std::string& name, Blocks& into) {
  auto one = block::Block::Open(files_, io::JoinPath(directory_, name));
  if (one.ok()) {
    damaged_.erase(name);
    into.push_back(std::move(one).value());
    return;
  }
  if (!damaged_.insert(name).second) return;
  damaged_count_.fetch_add(1, std::memory_order_relaxed);
  LogError(kComponent, "block cannot be read; its samples are missing",
           {{"err", one.error().message()}});
}

Status BlockStore::TakeUp(bool is_start) {
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files_.List(directory_));
  const auto known = blocks();
  Blocks list;
  for (const io::DirectoryEntry& entry : entries) {
    // Half written or half deleted when the process ended; later on, in the making.
    const bool is_temporary = entry.name.ends_with(kTemporarySuffix);
    if (is_temporary && is_start) remains_.insert(entry.name);
    if (!entry.is_directory || is_temporary || remains_.contains(entry.name)) continue;
    const auto held =
        std::ranges::find(*known, entry.name, [](const auto& one) { return FolderName(*one); });
    if (held != known->end()) {
      list.push_back(*held);
    } else if (is_start || !damaged_.contains(entry.name)) {
      OpenOne(entry.name, list);
    }
  }
  RemoveReplaced(list);
  if (list.size() != known->size() || !std::ranges::all_of(list, [&](const auto& one) {
        return std::ranges::find(*known, one) != known->end();
      })) {
    Publish(std::move(list));
  }
  Status status = Ok();
  const std::set<std::string> remains = remains_;
  for (const std::string& name : remains) Keep(status, RemoveFolder(name));
  if (is_start && !status.ok()) {
    LogWarn(kComponent, "cannot remove the rest of a block", {{"err", status.error().message()}});
    return Ok();
  }
  return status;
}

void BlockStore::RemoveReplaced(Blocks& list) {
  std::set<std::string> replaced;
  for (const auto& one : list) {
    replaced.insert(one->meta().sources.begin(), one->meta().sources.end());
  }
  std::erase_if(list, [&](const auto& one) {
    if (!replaced.contains(one->meta().id)) return false;
    LogInfo(kComponent, "block is removed: another one has replaced it",
            {{"block", one->meta().id}});
    remains_.insert(FolderName(*one));
    return true;
  });
  // One that cannot be read is not needed either.
  std::erase_if(damaged_, [&](const std::string& name) {
    if (!replaced.contains(name)) return false;
    remains_.insert(name);
    return true;
  });
}

Status BlockStore::RemoveFolder(const std::string& name) {
  remains_.insert(name);
  std::string path = io::JoinPath(directory_, name);
  if (!name.ends_with(kTemporarySuffix) && io::Exists(files_, path)) {
    // Under another name first: a stop in between leaves nothing that looks like a block.
    const std::string temporary = path + std::string(kTemporarySuffix);
    NARTHEX_TRY(files_.Rename(path, temporary));
    remains_.erase(name);
    remains_.insert(name + std::string(kTemporarySuffix));
    NARTHEX_TRY(files_.SyncDirectory(directory_));
    path = temporary;
  }
  NARTHEX_TRY(io::RemoveAll(files_, path));
  remains_.erase(std::string(path.substr(directory_.size() + 1)));
  return Ok();
}

Status BlockStore::Replace(const std::string& id,
                           std::span<const std::shared_ptr<block::Block>> sources) {
  Blocks list = *blocks();
  std::erase_if(list,
                [&](const auto& one) { return std::ranges::find(sources, one) != sources.end(); });
  if (!id.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(auto opened, block::Block::Open(files_, io::JoinPath(directory_, id)));
    list.push_back(std::move(opened));
  }
  Publish(std::move(list));
  Status status = Ok();
  for (const auto& source : sources) Keep(status, RemoveFolder(FolderName(*source)));
  return status;
}

Status BlockStore::Remove(const std::shared_ptr<block::Block>& block) {
  LogInfo(kComponent, "block is deleted",
          {{"block", block->meta().id}, {"from", FormatTimestamp(block->meta().min_time)}});
  return Replace({}, std::span(&block, 1));
}

model::TimestampMs NewestTime(const Blocks& blocks) {
  model::TimestampMs newest = std::numeric_limits<model::TimestampMs>::min();
  for (const auto& one : blocks) newest = std::max(newest, one->meta().max_time);
  return newest;
}

}  // namespace narthex::tsdb
