#include "file_stamp.h"

#include <sys/stat.h>

namespace narthex::webconfig {
namespace {

std::int64_t Nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

std::optional<FileStamp> StampOf(const std::string& path) {
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return std::nullopt;
  return FileStamp{.inode = found.st_ino,
                   .size_bytes = found.st_size,
                   .written_ns = Nanoseconds(found.st_mtim),
                   .changed_ns = Nanoseconds(found.st_ctim)};
}

}  // namespace narthex::webconfig
