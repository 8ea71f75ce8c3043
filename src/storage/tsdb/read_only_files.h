// Files that are read and never changed, for looking at a store without touching it.
#pragma once

#include "io/file_system.h"

namespace narthex::tsdb {

// Reads pass through; every change succeeds and does nothing. What is written cannot be read back.
// Thread-safe.
class ReadOnlyFiles final : public io::FileSystem {
 public:
  // `files` must outlive it.
  explicit ReadOnlyFiles(io::FileSystem& files) : files_(files) {}

  Result<std::unique_ptr<io::File>> Open(std::string_view path, io::OpenMode mode) override;
  Result<io::Mapping> Map(std::string_view path) override { return files_.Map(path); }
  Result<std::vector<io::DirectoryEntry>> List(std::string_view directory) override {
    return files_.List(directory);
  }
  Status CreateDirectories(std::string_view) override { return Ok(); }
  Status Rename(std::string_view, std::string_view) override { return Ok(); }
  Status Remove(std::string_view) override { return Ok(); }
  Status SyncDirectory(std::string_view) override { return Ok(); }
  Result<std::uint64_t> FileSize(std::string_view path) override { return files_.FileSize(path); }
  Result<std::uint64_t> FreeBytes(std::string_view path) override { return files_.FreeBytes(path); }
  Result<std::uint64_t> TotalBytes(std::string_view path) override {
    return files_.TotalBytes(path);
  }
  Status Link(std::string_view, std::string_view) override { return Ok(); }

 private:
  io::FileSystem& files_;
};

}  // namespace narthex::tsdb
