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

Result<std::unique_ptr<LockFile>> LockFile::Acquire(std::string_view path, Note note) {
  const int descriptor = open(std::string(path).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return SystemError(errno, fmt::format("open {}", path));
  // flock(2) and not fcntl(2): it belongs to the open file, so closing another descriptor of the
  // same file in this process does not lose it.
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    const std::string holder = HolderOf(descriptor);
    close(descriptor);
    if (reason != EWOULDBLOCK) return SystemError(reason, fmt::format("lock {}", path));
    return Error{ErrorCode::kFailedPrecondition,
                 fmt::format("{} is held by process {}", path, holder)};
  }
  std::unique_ptr<LockFile> lock(new LockFile(descriptor, note));
  lock->was_left_behind_ = !HolderOf(descriptor).empty();
  if (note == Note::kNone) return lock;
  // The number only serves messages: a disk too full to note it must not keep the program from
  // starting.
  const std::string holder = fmt::format("{}\n", getpid());
  if (ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const ssize_t size = pwrite(descriptor, holder.data(), holder.size(), 0);
  }
  return lock;
}

LockFile::~LockFile() {
  // A number that stays behind is what tells a crash; that it could not be removed is no more than
  // a false alarm.
  [[maybe_unused]] const int cut = note_ == Note::kHolder ? ftruncate(descriptor_, 0) : 0;
  close(descriptor_);
}

}  // namespace narthex::io
