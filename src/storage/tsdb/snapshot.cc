// A copy of the store at one moment, in a folder of its own.
#include "base/log.h"
#include "block/writer.h"
#include "upkeep.h"

namespace narthex::tsdb {
namespace {

// As a second name where the disk knows such: files of blocks never change.
Status LinkOrCopy(io::FileSystem& files, const std::string& from, const std::string& to) {
  Status linked = files.Link(from, to);
  if (linked.code() != ErrorCode::kUnsupported) return linked;
  return io::CopyFile(files, from, to);
}

// Under a temporary name until it is whole, so that a copy of half a block is none.
Status CopyBlock(io::FileSystem& files, const block::Block& block, const std::string& directory) {
  const std::string place = io::JoinPath(directory, block.meta().id);
  const std::string temporary = place + ".tmp";
  NARTHEX_TRY(files.CreateDirectories(temporary));
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, files.List(block.directory()));
  for (const io::DirectoryEntry& entry : entries) {
    if (entry.is_directory || entry.name.ends_with(".tmp")) continue;
    NARTHEX_TRY(LinkOrCopy(files, io::JoinPath(block.directory(), entry.name),
                           io::JoinPath(temporary, entry.name)));
  }
  NARTHEX_TRY(files.SyncDirectory(temporary));
  return files.Rename(temporary, place);
}

}  // namespace

Status Upkeep::WriteSnapshot(const std::string& directory, HeadInSnapshot head) {
  const std::string blocks = io::JoinPath(directory, "blocks");
  NARTHEX_TRY(files_.CreateDirectories(blocks));
  const auto all = store_.blocks();
  for (const auto& one : *all) NARTHEX_TRY(CopyBlock(files_, *one, blocks));
  if (const model::TimeRange held = HeldByHead();
      head == HeadInSnapshot::kIncluded && !held.empty()) {
    NARTHEX_TRY(WriteHead(blocks, held));
  }
  NARTHEX_TRY(files_.SyncDirectory(blocks));
  return files_.SyncDirectory(directory);
}

Status Upkeep::Snapshot(const std::string& directory, HeadInSnapshot head) {
  StopRound();
  MutexLock lock(mutex_);
  const std::string temporary = directory + std::string(kHalfSnapshotSuffix);
  Status taken = WriteSnapshot(temporary, head);
  if (taken.ok()) taken = files_.Rename(temporary, directory);
  if (!taken.ok()) {
    if (const Status removed = io::RemoveAll(files_, temporary); !removed.ok()) {
      LogWarn("tsdb", "cannot remove half a snapshot", {{"err", removed.error().message()}});
    }
    return taken;
  }
  // The folder of all snapshots may be new too.
  const std::string_view snapshots = io::ParentPath(directory);
  NARTHEX_TRY(files_.SyncDirectory(snapshots));
  return files_.SyncDirectory(io::ParentPath(snapshots));
}

}  // namespace narthex::tsdb
