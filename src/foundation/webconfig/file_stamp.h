// What tells that a file has changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace narthex::webconfig {

struct FileStamp {
  std::uint64_t inode = 0;
  std::int64_t size_bytes = 0;
  std::int64_t written_ns = 0;  // since the Unix epoch
  std::int64_t changed_ns = 0;  // of the inode: also tells of a file moved into its place

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Empty if there is no such file, or it cannot be asked for.
std::optional<FileStamp> StampOf(const std::string& path);

}  // namespace narthex::webconfig
