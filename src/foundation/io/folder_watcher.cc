#include "io/folder_watcher.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

namespace narthex::io {
namespace {

constexpr std::uint32_t kEvents = IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |
                                  IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ATTRIB |
                                  IN_ONLYDIR;

Error WatchError(int system_errno, std::string_view what) {
  if (system_errno == ENOSPC || system_errno == EMFILE || system_errno == ENFILE) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("{}: the system's limit of watches is reached", what));
  }
  return SystemError(system_errno, what);
}

}  // namespace

Result<std::unique_ptr<FolderWatcher>> FolderWatcher::Create() {
  const int notify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  if (notify < 0) return WatchError(errno, "watch folders");
  const int wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  if (wake < 0) {
    const int reason = errno;
    close(notify);
    return WatchError(reason, "watch folders");
  }
  return std::unique_ptr<FolderWatcher>(new FolderWatcher(notify, wake));
}

FolderWatcher::~FolderWatcher() {
  close(notify_);
  close(wake_);
}

Status FolderWatcher::Watch(std::span<const std::string> folders) {
  std::unordered_map<std::string, int> kept;
  std::set<int> numbers;
  Status status;
  for (const std::string& folder : folders) {
    const int number = inotify_add_watch(notify_, folder.c_str(), kEvents);
    if (number >= 0) {
      kept.insert_or_assign(folder, number);
      numbers.insert(number);
    } else if (errno != ENOENT && errno != ENOTDIR && status.ok()) {
      status = WatchError(errno, fmt::format("watch {}", folder));
    }
  }
  for (const auto& [folder, number] : watched_) {
    if (numbers.count(number) == 0) inotify_rm_watch(notify_, number);
  }
  watched_ = std::move(kept);
  return status;
}

FolderWatcher::Event FolderWatcher::Wait(std::chrono::milliseconds timeout, std::stop_token stop) {
  const std::stop_callback wake_up(stop, [this] {
    const std::uint64_t one = 1;
    // A full counter has woken the poll already.
    [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
  });
  if (stop.stop_requested()) return Event::kStopped;
  pollfd polled[] = {{notify_, POLLIN, 0}, {wake_, POLLIN, 0}};
  const auto wait_ms = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, 1 << 30));
  const int ready = poll(polled, 2, wait_ms);
  if (stop.stop_requested()) return Event::kStopped;
  if (ready <= 0) return Event::kTimeout;
  return Drain() ? Event::kChanged : Event::kTimeout;
}

bool FolderWatcher::Drain() {
  alignas(inotify_event) char buffer[4096];
  bool is_changed = false;
  while (read(notify_, buffer, sizeof(buffer)) > 0) is_changed = true;
  return is_changed;
}

}  // namespace narthex::io
