// The machine's files through POSIX calls.
#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "io/file_system.h"

namespace narthex::io {
namespace {

Error Failed(std::string_view action, std::string_view path) {
  return SystemError(errno, fmt::format("{} {}", action, path));
}

// Closes on the way out.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor& operator=(Descriptor&&) = delete;

  int get() const { return number_; }
  bool is_open() const { return number_ >= 0; }

 private:
  int number_;
};

class SystemFile final : public File {
 public:
  SystemFile(std::string path, Descriptor descriptor)
      : path_(std::move(path)), descriptor_(std::move(descriptor)) {}

  const std::string& path() const override { return path_; }

  Result<std::size_t> ReadAt(std::uint64_t offset, std::span<char> buffer) const override {
    std::size_t read_size = 0;
    while (read_size < buffer.size()) {
      const ssize_t got = pread(descriptor_.get(), buffer.data() + read_size,
                                buffer.size() - read_size, static_cast<off_t>(offset + read_size));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Failed("read", path_);
      if (got == 0) break;
      read_size += static_cast<std::size_t>(got);
    }
    return read_size;
  }

  Status Append(std::span<const std::string_view> parts) override {
    std::vector<iovec> vectors;
    vectors.reserve(parts.size());
    for (const std::string_view part : parts) {
      // writev(2) takes a non-const pointer and does not write through it.
      if (!part.empty()) vectors.push_back({const_cast<char*>(part.data()), part.size()});
    }
    std::size_t first = 0;
    while (first < vectors.size()) {
      const auto count = std::min<std::size_t>(vectors.size() - first, IOV_MAX);
      const ssize_t put = writev(descriptor_.get(), &vectors[first], static_cast<int>(count));
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) return Failed("write", path_);
      auto left = static_cast<std::size_t>(put);
      while (first < vectors.size() && left >= vectors[first].iov_len) {
        left -= vectors[first].iov_len;
        ++first;
      }
      if (left > 0) {
        vectors[first].iov_base = static_cast<char*>(vectors[first].iov_base) + left;
        vectors[first].iov_len -= left;
      }
    }
    return Ok();
  }

  Status Sync() override {
    if (fdatasync(descriptor_.get()) != 0) return Failed("sync", path_);
    return Ok();
  }

  Status Truncate(std::uint64_t size_bytes) override {
    if (ftruncate(descriptor_.get(), static_cast<off_t>(size_bytes)) != 0) {
      return Failed("truncate", path_);
    }
    return Ok();
  }

  Status Preallocate(std::uint64_t size_bytes) override {
    const int result =
        fallocate(descriptor_.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(size_bytes));
    if (result != 0 && errno != EOPNOTSUPP && errno != ENOSYS) return Failed("preallocate", path_);
    return Ok();
  }

  Result<std::uint64_t> Size() const override {
    struct stat status {};
    if (fstat(descriptor_.get(), &status) != 0) return Failed("stat", path_);
    return static_cast<std::uint64_t>(status.st_size);
  }

 private:
  const std::string path_;
  const Descriptor descriptor_;
};

int OpenFlags(OpenMode mode) {
  switch (mode) {
    case OpenMode::kRead:
      return O_RDONLY | O_CLOEXEC;
    case OpenMode::kCreate:
    case OpenMode::kCreatePrivate:
      return O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
    case OpenMode::kAppend:
      return O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC;
  }
  return O_RDONLY | O_CLOEXEC;
}

class SystemFileSystem final : public FileSystem {
 public:
  Result<std::unique_ptr<File>> Open(std::string_view path, OpenMode mode) override {
    std::string name(path);
    Descriptor descriptor(
        open(name.c_str(), OpenFlags(mode), mode == OpenMode::kCreatePrivate ? 0600 : 0644));
    if (!descriptor.is_open()) return Failed("open", path);
    return std::make_unique<SystemFile>(std::move(name), std::move(descriptor));
  }

  Result<Mapping> Map(std::string_view path) override {
    const Descriptor descriptor(open(std::string(path).c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor.is_open()) return Failed("open", path);
    struct stat status {};
    if (fstat(descriptor.get(), &status) != 0) return Failed("stat", path);
    if (status.st_size == 0) return Mapping();
    const auto size = static_cast<std::size_t>(status.st_size);
    void* address = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor.get(), 0);
    if (address == MAP_FAILED) return Failed("map", path);
    return Mapping(address, size);
  }

  Result<std::vector<DirectoryEntry>> List(std::string_view directory) override {
    DIR* stream = opendir(std::string(directory).c_str());
    if (stream == nullptr) return Failed("list", directory);
    std::vector<DirectoryEntry> entries;
    for (errno = 0; const dirent* entry = readdir(stream); errno = 0) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..") continue;
      bool is_directory = entry->d_type == DT_DIR;
      if (entry->d_type == DT_UNKNOWN) {
        struct stat status {};
        is_directory =
            lstat(JoinPath(directory, name).c_str(), &status) == 0 && S_ISDIR(status.st_mode);
      }
      entries.push_back({std::string(name), is_directory});
    }
    const int fault = errno;
    closedir(stream);
    if (fault != 0) return SystemError(fault, fmt::format("list {}", directory));
    std::ranges::sort(entries, {}, &DirectoryEntry::name);
    return entries;
  }

  Status CreateDirectories(std::string_view path) override {
    if (mkdir(std::string(path).c_str(), 0755) == 0) return Ok();
    if (errno == EEXIST) {
      struct stat status {};
      if (stat(std::string(path).c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return Ok();
      return SystemError(ENOTDIR, fmt::format("create folder {}", path));
    }
    const std::string_view parent = ParentPath(path);
    if (errno != ENOENT || parent == path || parent == ".") return Failed("create folder", path);
    NARTHEX_TRY(CreateDirectories(parent));
    if (mkdir(std::string(path).c_str(), 0755) != 0 && errno != EEXIST) {
      return Failed("create folder", path);
    }
    return Ok();
  }

  Status Rename(std::string_view from, std::string_view to) override {
    if (rename(std::string(from).c_str(), std::string(to).c_str()) != 0) {
      return Failed(fmt::format("rename {} to", from), to);
    }
    return Ok();
  }

  Status Remove(std::string_view path) override {
    if (remove(std::string(path).c_str()) != 0) return Failed("remove", path);
    return Ok();
  }

  Status SyncDirectory(std::string_view directory) override {
    const Descriptor descriptor(
        open(std::string(directory).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!descriptor.is_open()) return Failed("open folder", directory);
    if (fsync(descriptor.get()) != 0) return Failed("sync folder", directory);
    return Ok();
  }

  Result<std::uint64_t> FileSize(std::string_view path) override {
    struct stat status {};
    if (stat(std::string(path).c_str(), &status) != 0) return Failed("stat", path);
    return static_cast<std::uint64_t>(status.st_size);
  }

  Result<std::uint64_t> FreeBytes(std::string_view path) override {
    struct statvfs status {};
    if (statvfs(std::string(path).c_str(), &status) != 0) return Failed("free space of", path);
    return static_cast<std::uint64_t>(status.f_bavail) * status.f_frsize;
  }

  Result<std::uint64_t> TotalBytes(std::string_view path) override {
    struct statvfs status {};
    if (statvfs(std::string(path).c_str(), &status) != 0) return Failed("size of", path);
    if (status.f_blocks == 0) {
      return Error{ErrorCode::kUnsupported, fmt::format("{}: its file system has no size", path)};
    }
    return static_cast<std::uint64_t>(status.f_blocks) * status.f_frsize;
  }

  Status Link(std::string_view from, std::string_view to) override {
    if (link(std::string(from).c_str(), std::string(to).c_str()) == 0) return Ok();
    // Disks that know no second names say so in many ways; a copy does as well there.
    if (errno == EPERM || errno == EXDEV || errno == EMLINK || errno == EOPNOTSUPP) {
      return Error{ErrorCode::kUnsupported, fmt::format("link {}: {}", to, std::strerror(errno))};
    }
    return Failed("link", to);
  }
};

}  // namespace

FileSystem& SystemFiles() {
  static SystemFileSystem files;
  return files;
}

}  // namespace narthex::io
