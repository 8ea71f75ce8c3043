#include "io/lock_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace narthex::io {
namespace {

// What the holder wrote about itself; empty if that cannot be read.
std::string HolderOf(int descriptor) {
  std::array<char, 32> text{};
  const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
  std::string holder(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
  while (!holder.empty() && holder.back() == '\n') holder.pop_back();
  return holder;
}

}  // namespace

Result<std::unique_ptr<LockFile>> LockFile::Acquire(std::string_view path) {
  const int descriptor = open(std::string(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError(errno, fmt::format("open {}", path));
  std::unique_ptr<LockFile> lock(new LockFile(descriptor));

  // flock(2) and not fcntl(2): it belongs to the open file, so closing another descriptor of the
  // same file in this process does not lose it.
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return SystemError(errno, fmt::format("lock {}", path));
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("{} is held by process {}", path, HolderOf(descriptor))};
  }
  // The number only serves messages: a disk too full to note it must not keep the program from
  // starting.
  const std::string holder = fmt::format("{}\n", getpid());
  if (ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const ssize_t size = pwrite(descriptor, holder.data(), holder.size(), 0);
  }
  return lock;
}

LockFile::~LockFile() { close(descriptor_); }

}  // namespace narthex::io
