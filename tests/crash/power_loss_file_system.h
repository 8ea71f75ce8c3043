// A file system that loses power: what was not synced may be there, partly there, or not.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "io/file_system.h"

namespace narthex::crash {

// Keeps, beside the machine's files below one folder, what of them a loss of power is sure to
// leave: the bytes that were synced, under the names that were synced. LosePower() puts that on the
// disk, with any part of the rest: unsynced bytes cut short, some of their pages missing (zeros), a
// bit of them flipped; unsynced creations, renames and removals of a folder up to any one of them.
//
// A "change" is an operation that alters the disk. Thread-safe, but for LosePower().
class PowerLossFileSystem final : public io::FileSystem {
 public:
  // What is in `root` now counts as synced.
  explicit PowerLossFileSystem(std::string root);
  ~PowerLossFileSystem() override;

  // From the change with this number on (0 is the next one) every change fails with kIo.
  void StopAfter(std::int64_t change_count) EXCLUDES(mutex_);
  bool has_stopped() const EXCLUDES(mutex_);
  std::int64_t change_count() const EXCLUDES(mutex_);
  // Called before the newest segment of the log in `directory` is synced; what it returns is kept
  // as synced_mark() once that sync has succeeded.
  void SetMark(std::string directory, std::function<std::int64_t()> mark) EXCLUDES(mutex_);
  std::int64_t synced_mark() const EXCLUDES(mutex_);

  // Rewrites `root` as a machine would find it that lost power now; then everything counts as
  // synced, and changes work again. Nobody may have files or maps of it open.
  void LosePower(std::mt19937_64& random) EXCLUDES(mutex_);

  Result<std::unique_ptr<io::File>> Open(std::string_view path, io::OpenMode mode) override;
  Result<io::Mapping> Map(std::string_view path) override;
  Result<std::vector<io::DirectoryEntry>> List(std::string_view directory) override;
  Status CreateDirectories(std::string_view path) override;
  Status Rename(std::string_view from, std::string_view to) override;
  Status Link(std::string_view from, std::string_view to) override;
  Status Remove(std::string_view path) override;
  Status SyncDirectory(std::string_view directory) override;
  Result<std::uint64_t> FileSize(std::string_view path) override;
  Result<std::uint64_t> FreeBytes(std::string_view path) override;

 private:
  class TrackedFile;
  struct Write {  // bytes at an offset; or, with has_size, a cut or a filling up to it
    std::uint64_t offset = 0;
    std::string bytes;
    bool has_size = false;
  };
  struct Node {
    std::string durable;
    std::vector<Write> pending;
  };
  // An entry of a folder that came (`node`, null for a folder), went, or got its name from another.
  struct EntryChange {
    enum class Kind { kAdd, kRemove, kRename };
    Kind kind = Kind::kAdd;
    std::string path;
    std::shared_ptr<Node> node = nullptr;
    std::string old_path = {};
  };
  using Names = std::map<std::string, std::shared_ptr<Node>, std::less<>>;

  bool IsNewestOfLog(std::string_view path) const EXCLUDES(mutex_);
  Status Change(std::string_view action, std::string_view path) EXCLUDES(mutex_);
  void Load(const std::string& directory) REQUIRES(mutex_);
  void Note(EntryChange change) REQUIRES(mutex_);
  static void Apply(const EntryChange& change, Names& names);
  static std::string Content(const Node& node, std::mt19937_64& random);
  void WriteOut(std::mt19937_64& random) REQUIRES(mutex_);

  const std::string root_;
  std::string mark_directory_;
  std::function<std::int64_t()> mark_;
  mutable Mutex mutex_;
  std::int64_t changes_left_ GUARDED_BY(mutex_);
  std::int64_t change_count_ GUARDED_BY(mutex_) = 0;
  std::int64_t synced_mark_ GUARDED_BY(mutex_) = -1;
  Names names_ GUARDED_BY(mutex_);    // as the running process sees them
  Names durable_ GUARDED_BY(mutex_);  // as they are synced
  // By folder, in order.
  std::map<std::string, std::vector<EntryChange>, std::less<>> pending_ GUARDED_BY(mutex_);
};

}  // namespace narthex::crash
