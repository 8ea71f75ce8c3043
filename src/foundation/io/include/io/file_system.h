// The file system: the machine's, or one that a test makes fail.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/file.h"

namespace narthex::io {

enum class OpenMode {
  kRead,           // must exist
  kCreate,         // for appending; must not exist
  kCreatePrivate,  // as kCreate, and nobody but the owner may read it (mode 0600)
  kAppend,         // for appending; created if missing
};

struct DirectoryEntry {
  std::string name;
  bool is_directory = false;

  friend bool operator==(const DirectoryEntry&, const DirectoryEntry&) = default;
};

// Thread-safe. Paths as the system has them. Every error names the path and the system's reason.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Errors: kNotFound, kAlreadyExists, kPermissionDenied, kNoSpace, kIo
  virtual Result<std::unique_ptr<File>> Open(std::string_view path, OpenMode mode) = 0;
  virtual Result<Mapping> Map(std::string_view path) = 0;

  // Sorted by name, without "." and "..".
  virtual Result<std::vector<DirectoryEntry>> List(std::string_view directory) = 0;
  // With all missing parents; an existing folder is no error.
  virtual Status CreateDirectories(std::string_view path) = 0;
  // Replaces `to` in one step if it exists and is a file.
  virtual Status Rename(std::string_view from, std::string_view to) = 0;
  // A file or an empty folder.
  virtual Status Remove(std::string_view path) = 0;
  // Makes creations, renames and removals inside `directory` survive a loss of power.
  virtual Status SyncDirectory(std::string_view directory) = 0;
  virtual Result<std::uint64_t> FileSize(std::string_view path) = 0;
  // What an unprivileged process may still write below `path`.
  virtual Result<std::uint64_t> FreeBytes(std::string_view path) = 0;
  // Size of the file system that `path` is on.
  // Errors: kUnsupported  it has none
  virtual Result<std::uint64_t> TotalBytes(std::string_view path);
  // A second name for a file, on the same file system.
  // Errors: kUnsupported  there are none here
  virtual Status Link(std::string_view from, std::string_view to);
};

// The machine's; lives as long as the process.
FileSystem& SystemFiles();

// Whether there is anything at `path`.
bool Exists(FileSystem& files, std::string_view path);
// Errors: kResourceExhausted  the file is larger than `size_bytes_max`
Result<std::string> ReadFile(FileSystem& files, std::string_view path,
                             std::uint64_t size_bytes_max = std::uint64_t{1} << 30);
// Writes "<path>.tmp", syncs it, renames it to `path` and syncs the folder: whoever reads `path`
// sees the old content or the new one, never a mixture. On an error the old file stands.
Status WriteFileAtomically(FileSystem& files, std::string_view path, std::string_view bytes);
// A file, or a folder with all it holds; nothing there is no error. Symbolic links are removed, not
// followed.
Status RemoveAll(FileSystem& files, std::string_view path);
// Copies a file, and syncs the copy.
Status CopyFile(FileSystem& files, std::string_view from, std::string_view to);
// Sizes of all files below.
Result<std::uint64_t> DirectorySize(FileSystem& files, std::string_view directory);

// "a/b" of "a" and "b".
std::string JoinPath(std::string_view directory, std::string_view name);
// Everything before the last slash, "." if there is none.
std::string_view ParentPath(std::string_view path);

}  // namespace narthex::io
