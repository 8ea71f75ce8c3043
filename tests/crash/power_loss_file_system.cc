#include "power_loss_file_system.h"

#include <algorithm>
#include <cerrno>
#include <limits>

#include "base/check.h"

namespace narthex::crash {
namespace {

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
// What a disk writes as a whole.
constexpr std::size_t kSectorSize = 512;

// A number from 0 to `count` - 1.
std::size_t Below(std::mt19937_64& random, std::size_t count) {
  return count == 0 ? 0 : static_cast<std::size_t>(random() % count);
}

void PutAt(std::string& content, std::uint64_t offset, std::string_view bytes) {
  const auto begin = static_cast<std::size_t>(offset);
  if (content.size() < begin + bytes.size()) content.resize(begin + bytes.size());
  content.replace(begin, bytes.size(), bytes);
}

bool IsBelow(std::string_view path, std::string_view directory) {
  return path.size() > directory.size() && path.starts_with(directory) &&
         path[directory.size()] == '/';
}

}  // namespace

class PowerLossFileSystem::TrackedFile final : public io::File {
 public:
  TrackedFile(PowerLossFileSystem& owner, std::unique_ptr<io::File> file,
              std::shared_ptr<Node> node)
      : owner_(owner), file_(std::move(file)), node_(std::move(node)) {}

  const std::string& path() const override { return file_->path(); }
  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const override {
    return file_->ReadAt(offset, buffer);
  }

  Status Append(std::span<const std::string_view> parts) override {
    std::string bytes;
    for (const std::string_view part : parts) bytes.append(part);
    const Status change = owner_.Change("write", path());
    // The write that the machine stops at may still be on its way to the disk.
    MutexLock lock(owner_.mutex_);
    if (!change.ok() && owner_.changes_left_ < -1) return change;
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size, file_->Size());
    NARTHEX_TRY(file_->Append(std::string_view(bytes)));
    node_->pending.push_back({size, std::move(bytes), false});
    return change;
  }

  Status Sync() override {
    // In this order: what is acknowledged before the newest segment is looked for is in it or
    // before it.
    const std::int64_t mark = owner_.mark_ ? owner_.mark_() : -1;
    const bool is_marked = owner_.IsNewestOfLog(path());
    NARTHEX_TRY(owner_.Change("sync", path()));
    MutexLock lock(owner_.mutex_);
    for (const Write& write : node_->pending) {
      if (write.has_size) node_->durable.resize(static_cast<std::size_t>(write.offset));
      PutAt(node_->durable, write.offset, write.bytes);
    }
    node_->pending.clear();
    if (is_marked) owner_.synced_mark_ = std::max(owner_.synced_mark_, mark);
    return Ok();
  }

  Status Truncate(std::uint64_t size_bytes) override {
    NARTHEX_TRY(owner_.Change("truncate", path()));
    MutexLock lock(owner_.mutex_);
    NARTHEX_TRY(file_->Truncate(size_bytes));
    node_->pending.push_back({size_bytes, {}, true});
    return Ok();
  }

  Status Preallocate(std::uint64_t) override { return owner_.Change("preallocate", path()); }
  Result<std::uint64_t> Size() const override { return file_->Size(); }

 private:
  PowerLossFileSystem& owner_;
  const std::unique_ptr<io::File> file_;
  const std::shared_ptr<Node> node_;
};

PowerLossFileSystem::PowerLossFileSystem(std::string root)
    : root_(std::move(root)), changes_left_(kNever) {
  MutexLock lock(mutex_);
  Load(root_);
  durable_ = names_;
}

PowerLossFileSystem::~PowerLossFileSystem() = default;

void PowerLossFileSystem::Load(const std::string& directory) {
  const auto entries = io::SystemFiles().List(directory);
  NARTHEX_CHECK(entries.ok(), "a test reads its own folder");
  for (const io::DirectoryEntry& entry : *entries) {
    const std::string path = io::JoinPath(directory, entry.name);
    if (entry.is_directory) {
      names_[path] = nullptr;
      Load(path);
      continue;
    }
    auto content = io::ReadFile(io::SystemFiles(), path);
    NARTHEX_CHECK(content.ok(), "a test reads its own files");
    names_[path] = std::make_shared<Node>(Node{*std::move(content), {}});
  }
}

void PowerLossFileSystem::StopAfter(std::int64_t change_count) {
  MutexLock lock(mutex_);
  changes_left_ = change_count;
}

bool PowerLossFileSystem::has_stopped() const {
  MutexLock lock(mutex_);
  return changes_left_ < 0;
}

std::int64_t PowerLossFileSystem::change_count() const {
  MutexLock lock(mutex_);
  return change_count_;
}

bool PowerLossFileSystem::IsNewestOfLog(std::string_view path) const {
  constexpr std::string_view kSuffix = ".wal";
  if (!mark_ || !IsBelow(path, mark_directory_) || !path.ends_with(kSuffix)) return false;
  MutexLock lock(mutex_);
  return std::none_of(names_.upper_bound(path), names_.end(), [&](const auto& name) {
    return IsBelow(name.first, mark_directory_) && name.first.ends_with(kSuffix);
  });
}

void PowerLossFileSystem::SetMark(std::string directory, std::function<std::int64_t()> mark) {
  mark_directory_ = std::move(directory);
  mark_ = std::move(mark);
  MutexLock lock(mutex_);
  synced_mark_ = -1;
}

std::int64_t PowerLossFileSystem::synced_mark() const {
  MutexLock lock(mutex_);
  return synced_mark_;
}

Status PowerLossFileSystem::Change(std::string_view action, std::string_view path) {
  MutexLock lock(mutex_);
  ++change_count_;
  if (changes_left_ == kNever) return Ok();
  if (changes_left_ > 0) {
    --changes_left_;
    return Ok();
  }
  --changes_left_;
  return SystemError(EIO, std::string(action) + " " + std::string(path));
}

void PowerLossFileSystem::Apply(const EntryChange& change, Names& names) {
  switch (change.kind) {
    case EntryChange::Kind::kAdd:
      names[change.path] = change.node;
      return;
    case EntryChange::Kind::kRemove:
      // A folder that is gone has nothing in it, whatever was not synced of that.
      std::erase_if(names, [&](const auto& name) {
        return name.first == change.path || IsBelow(name.first, change.path);
      });
      return;
    case EntryChange::Kind::kRename:
      break;
  }
  // What is below a folder goes with it.
  Names moved;
  for (auto name = names.begin(); name != names.end();) {
    if (name->first != change.old_path && !IsBelow(name->first, change.old_path)) {
      ++name;
      continue;
    }
    moved[change.path + name->first.substr(change.old_path.size())] = name->second;
    name = names.erase(name);
  }
  for (auto& [path, node] : moved) names[path] = node;
}

void PowerLossFileSystem::Note(EntryChange change) {
  Apply(change, names_);
  pending_[std::string(io::ParentPath(change.path))].push_back(std::move(change));
}

Result<std::unique_ptr<io::File>> PowerLossFileSystem::Open(std::string_view path,
                                                            io::OpenMode mode) {
  if (mode == io::OpenMode::kRead) {
    // Readers cut torn tails, so they are followed too.
    NARTHEX_ASSIGN_OR_RETURN(auto file, io::SystemFiles().Open(path, mode));
    MutexLock lock(mutex_);
    const auto name = names_.find(path);
    NARTHEX_CHECK(name != names_.end(), "every file is known");
    return std::make_unique<TrackedFile>(*this, std::move(file), name->second);
  }
  NARTHEX_TRY(Change("open", path));
  MutexLock lock(mutex_);
  NARTHEX_ASSIGN_OR_RETURN(auto file, io::SystemFiles().Open(path, mode));
  if (!names_.contains(path))
    Note({EntryChange::Kind::kAdd, std::string(path), std::make_shared<Node>()});
  return std::make_unique<TrackedFile>(*this, std::move(file), names_.find(path)->second);
}

Result<io::Mapping> PowerLossFileSystem::Map(std::string_view path) {
  return io::SystemFiles().Map(path);
}

Result<std::vector<io::DirectoryEntry>> PowerLossFileSystem::List(std::string_view directory) {
  return io::SystemFiles().List(directory);
}

Status PowerLossFileSystem::CreateDirectories(std::string_view path) {
  if (io::Exists(io::SystemFiles(), path)) return Ok();
  NARTHEX_TRY(CreateDirectories(io::ParentPath(path)));
  NARTHEX_TRY(Change("create folder", path));
  MutexLock lock(mutex_);
  NARTHEX_TRY(io::SystemFiles().CreateDirectories(path));
  Note({EntryChange::Kind::kAdd, std::string(path)});
  return Ok();
}

Status PowerLossFileSystem::Rename(std::string_view from, std::string_view to) {
  NARTHEX_TRY(Change("rename", from));
  MutexLock lock(mutex_);
  NARTHEX_TRY(io::SystemFiles().Rename(from, to));
  NARTHEX_CHECK(pending_[std::string(from)].empty(), "a folder is synced before it is renamed");
  Note({EntryChange::Kind::kRename, std::string(to), nullptr, std::string(from)});
  return Ok();
}

Status PowerLossFileSystem::Link(std::string_view from, std::string_view to) {
  NARTHEX_TRY(Change("link", to));
  MutexLock lock(mutex_);
  NARTHEX_TRY(io::SystemFiles().Link(from, to));
  Note({EntryChange::Kind::kAdd, std::string(to), names_.find(from)->second});
  return Ok();
}

Status PowerLossFileSystem::Remove(std::string_view path) {
  NARTHEX_TRY(Change("remove", path));
  MutexLock lock(mutex_);
  NARTHEX_TRY(io::SystemFiles().Remove(path));
  Note({EntryChange::Kind::kRemove, std::string(path)});
  return Ok();
}

Status PowerLossFileSystem::SyncDirectory(std::string_view directory) {
  NARTHEX_TRY(Change("sync folder", directory));
  MutexLock lock(mutex_);
  const auto changes = pending_.find(directory);
  if (changes == pending_.end()) return Ok();
  const std::vector<EntryChange> applied = std::move(changes->second);
  pending_.erase(changes);
  for (const EntryChange& change : applied) {
    Apply(change, durable_);
    if (change.kind != EntryChange::Kind::kRemove) continue;
    std::erase_if(pending_, [&](const auto& folder) {
      return folder.first == change.path || IsBelow(folder.first, change.path);
    });
  }
  return Ok();
}

Result<std::uint64_t> PowerLossFileSystem::FileSize(std::string_view path) {
  return io::SystemFiles().FileSize(path);
}

Result<std::uint64_t> PowerLossFileSystem::FreeBytes(std::string_view path) {
  return io::SystemFiles().FreeBytes(path);
}

std::string PowerLossFileSystem::Content(const Node& node, std::mt19937_64& random) {
  std::string content = node.durable;
  if (node.pending.empty()) return content;
  enum { kNothing, kEverything, kCutShort, kSomeSectors, kBitFlipped, kKindCount };
  const std::size_t kind = Below(random, kKindCount);
  if (kind == kNothing) return content;
  const std::size_t written = kind == kCutShort || kind == kBitFlipped
                                  ? Below(random, node.pending.size() + 1)
                                  : node.pending.size();
  std::uint64_t lowest = content.size();
  for (std::size_t i = 0; i < written; ++i) {
    const Write& write = node.pending[i];
    if (write.has_size) content.resize(static_cast<std::size_t>(write.offset));
    lowest = std::min<std::uint64_t>(lowest, write.offset);
    if (kind != kSomeSectors) {
      PutAt(content, write.offset, write.bytes);
      continue;
    }
    for (std::size_t at = 0; at < write.bytes.size(); at += kSectorSize) {
      if (Below(random, 4) == 0) continue;
      PutAt(content, write.offset + at, std::string_view(write.bytes).substr(at, kSectorSize));
    }
  }
  if (kind == kCutShort && written < node.pending.size()) {
    const Write& torn = node.pending[written];
    PutAt(content, torn.offset,
          std::string_view(torn.bytes).substr(0, Below(random, torn.bytes.size())));
  }
  if (kind == kBitFlipped && content.size() > lowest) {
    const std::size_t at =
        static_cast<std::size_t>(lowest) + Below(random, content.size() - lowest);
    content[at] = static_cast<char>(content[at] ^ (1 << Below(random, 8)));
  }
  return content;
}

void PowerLossFileSystem::WriteOut(std::mt19937_64& random) {
  io::FileSystem& files = io::SystemFiles();
  const auto entries = files.List(root_);
  for (const auto& entry : *entries) {
    NARTHEX_CHECK(io::RemoveAll(files, io::JoinPath(root_, entry.name)).ok(), "a test's own files");
  }
  // Folders come before what is in them.
  for (const auto& [path, node] : names_) {
    if (!io::Exists(files, io::ParentPath(path))) continue;
    if (node == nullptr) {
      NARTHEX_CHECK(files.CreateDirectories(path).ok(), "a test's own folders");
      continue;
    }
    const auto file = files.Open(path, io::OpenMode::kCreate);
    NARTHEX_CHECK(file.ok() && (*file)->Append(Content(*node, random)).ok(), "a test's own files");
  }
}

void PowerLossFileSystem::LosePower(std::mt19937_64& random) {
  MutexLock lock(mutex_);
  for (const auto& [directory, changes] : pending_) {
    const std::size_t kept = Below(random, changes.size() + 1);
    for (std::size_t i = 0; i < kept; ++i) Apply(changes[i], durable_);
  }
  pending_.clear();
  names_ = std::move(durable_);
  WriteOut(random);
  names_.clear();
  Load(root_);
  durable_ = names_;
  changes_left_ = kNever;
}

}  // namespace narthex::crash
