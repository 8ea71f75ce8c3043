#include "io/file_system.h"

#include <fmt/format.h>

namespace narthex::io {

Result<std::uint64_t> FileSystem::TotalBytes(std::string_view path) {
  return Error{ErrorCode::kUnsupported, fmt::format("size of the file system of {}", path)};
}

Status FileSystem::Link(std::string_view from, std::string_view to) {
  return Error{ErrorCode::kUnsupported, fmt::format("link {} to {}", from, to)};
}

bool Exists(FileSystem& files, std::string_view path) {
  return files.FileSize(path).code() != ErrorCode::kNotFound;
}

Result<std::string> ReadFile(FileSystem& files, std::string_view path,
                             std::uint64_t size_bytes_max) {
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<File> file, files.Open(path, OpenMode::kRead));
  NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size, file->Size());
  if (size > size_bytes_max) {
    return Error{ErrorCode::kResourceExhausted,
                 fmt::format("read {}: {} bytes, the limit is {}", path, size, size_bytes_max)};
  }
  std::string bytes(static_cast<std::size_t>(size), '\0');
  NARTHEX_ASSIGN_OR_RETURN(const std::size_t read_size, file->ReadAt(0, bytes));
  bytes.resize(read_size);
  return bytes;
}

Status WriteFileAtomically(FileSystem& files, std::string_view path, std::string_view bytes) {
  const std::string temporary = fmt::format("{}.tmp", path);
  const auto write = [&]() -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                             files.Open(temporary, OpenMode::kAppend));
    // One that a crash left behind may hold bytes already.
    NARTHEX_TRY(file->Truncate(0));
    NARTHEX_TRY(file->Append(bytes));
    NARTHEX_TRY(file->Sync());
    return files.Rename(temporary, path);
  };
  if (Status written = write(); !written.ok()) {
    if (Exists(files, temporary)) (void)files.Remove(temporary);
    return written;
  }
  return files.SyncDirectory(ParentPath(path));
}

Status CopyFile(FileSystem& files, std::string_view from, std::string_view to) {
  constexpr std::size_t kPieceSize = std::size_t{1} << 20;
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<File> source, files.Open(from, OpenMode::kRead));
  NARTHEX_ASSIGN_OR_RETURN(const std::unique_ptr<File> copy, files.Open(to, OpenMode::kCreate));
  std::string piece(kPieceSize, '\0');
  for (std::uint64_t offset = 0;;) {
    NARTHEX_ASSIGN_OR_RETURN(const std::size_t size, source->ReadAt(offset, piece));
    if (size == 0) break;
    NARTHEX_TRY(copy->Append(std::string_view(piece).substr(0, size)));
    offset += size;
  }
  return copy->Sync();
}

Status RemoveAll(FileSystem& files, std::string_view path) {
  Result<std::vector<DirectoryEntry>> entries = files.List(path);
  if (entries.ok()) {
    for (const DirectoryEntry& entry : *entries) {
      const std::string child = JoinPath(path, entry.name);
      NARTHEX_TRY(entry.is_directory ? RemoveAll(files, child) : files.Remove(child));
    }
  }
  Status removed = files.Remove(path);
  if (removed.code() == ErrorCode::kNotFound) return Ok();
  return removed;
}

Result<std::uint64_t> DirectorySize(FileSystem& files, std::string_view directory) {
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<DirectoryEntry> entries, files.List(directory));
  std::uint64_t total = 0;
  for (const DirectoryEntry& entry : entries) {
    const std::string child = JoinPath(directory, entry.name);
    Result<std::uint64_t> size =
        entry.is_directory ? DirectorySize(files, child) : files.FileSize(child);
    // A file may go away between the listing and the look at it.
    if (size.code() == ErrorCode::kNotFound) continue;
    NARTHEX_ASSIGN_OR_RETURN(const std::uint64_t size_bytes, std::move(size));
    total += size_bytes;
  }
  return total;
}

std::string JoinPath(std::string_view directory, std::string_view name) {
  if (directory.empty()) return std::string(name);
  if (directory.ends_with('/')) return fmt::format("{}{}", directory, name);
  return fmt::format("{}/{}", directory, name);
}

std::string_view ParentPath(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return ".";
  return slash == 0 ? path.substr(0, 1) : path.substr(0, slash);
}

}  // namespace narthex::io
