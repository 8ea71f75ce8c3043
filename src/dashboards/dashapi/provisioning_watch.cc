// The part of Provisioner that follows changes and tells what is in force.
#include <algorithm>
#include <set>

#include "base/log.h"
#include "io/file_system.h"
#include "io/folder_watcher.h"
#include "provisioner.h"

namespace narthex::dashapi {
namespace {

using std::chrono::milliseconds;
using Event = io::FolderWatcher::Event;

// Editors and version control write in bursts; files are read when it has been quiet for this long.
constexpr milliseconds kQuiet{150};
constexpr int kQuietRoundsMax = 20;
// File systems without change notices (network mounts) are looked through this often.
constexpr milliseconds kPollInterval{60'000};
// The same where the system grants no watches at all, and for folders that are missing.
constexpr milliseconds kPollIntervalUnwatched{10'000};

}  // namespace

std::vector<FileState> Provisioner::States() const {
  const MutexLock lock(state_mutex_);
  std::vector<FileState> all;
  for (const auto& [kinds, states] : states_) all.insert(all.end(), states.begin(), states.end());
  return all;
}

TimestampMs Provisioner::last_applied() const {
  const MutexLock lock(state_mutex_);
  return last_applied_;
}

// Faults are logged when they appear or change, not at every look.
void Provisioner::Publish(std::string_view kinds, std::vector<FileState> states) {
  std::vector<FileState> before;
  {
    const MutexLock lock(state_mutex_);
    before = std::exchange(states_[std::string(kinds)], states);
    last_applied_ = clock_.Now();
  }
  std::set<std::string> known;
  for (const FileState& state : before) {
    known.insert(state.path + '\n' + state.error);
    for (const std::string& warning : state.warnings) known.insert(state.path + '\n' + warning);
  }
  for (const FileState& state : states) {
    if (!state.error.empty() && known.count(state.path + '\n' + state.error) == 0) {
      LogError("provisioning", "file refused",
               {{"kind", state.kind}, {"file", state.path}, {"error", state.error}});
    }
    for (const std::string& warning : state.warnings) {
      if (known.count(state.path + '\n' + warning) > 0) continue;
      LogWarn("provisioning", "file accepted with a warning",
              {{"file", state.path}, {"warning", warning}});
    }
  }
}

std::vector<std::string> Provisioner::WatchedFolders() const {
  std::vector<std::string> folders = {options_.provisioning_folder,
                                      io::JoinPath(options_.provisioning_folder, "datasources"),
                                      io::JoinPath(options_.provisioning_folder, "dashboards")};
  const MutexLock lock(state_mutex_);
  folders.insert(folders.end(), provider_folders_.begin(), provider_folders_.end());
  return folders;
}

void Provisioner::StartWatching(std::function<void(const dashstore::DashboardRecord&)> when_saved) {
  {
    const MutexLock lock(apply_mutex_);
    when_saved_ = std::move(when_saved);
  }
  watcher_ = std::jthread([this](std::stop_token stop) { Watch(std::move(stop)); });
}

void Provisioner::StopWatching() {
  watcher_ = {};  // stops and joins
  const MutexLock lock(apply_mutex_);
  when_saved_ = nullptr;
}

void Provisioner::Watch(std::stop_token stop) {
  auto watcher = io::FolderWatcher::Create();
  if (!watcher.ok())
    LogWarn("provisioning", "changes are polled for", {{"error", watcher.error().message()}});
  std::vector<std::string> watched;
  while (!stop.stop_requested()) {
    Event event = Event::kTimeout;
    if (watcher.ok()) {
      std::vector<std::string> folders = WatchedFolders();
      const Status status = (*watcher)->Watch(folders);
      // What was written to a folder before it was watched gives no event: look at once.
      const bool is_new = std::exchange(watched, std::move(folders)) != watched;
      const milliseconds timeout = status.ok() ? kPollInterval : kPollIntervalUnwatched;
      event = (*watcher)->Wait(is_new ? milliseconds(0) : timeout, stop);
      for (int round = 0; event == Event::kChanged && round < kQuietRoundsMax; ++round) {
        if ((*watcher)->Wait(kQuiet, stop) == Event::kTimeout) break;
      }
    } else {
      clock_.WaitFor(kPollIntervalUnwatched, stop);
    }
    if (event == Event::kStopped || stop.stop_requested()) return;
    if (const Status status = ApplyDatasources(When::kIfChanged); !status.ok()) {
      LogError("provisioning", "data sources stay as they were",
               {{"error", status.error().message()}});
    }
    if (const Status status = ApplyDashboards(); !status.ok()) {
      LogError("provisioning", "dashboards could not be applied",
               {{"error", status.error().message()}});
    }
  }
}

}  // namespace narthex::dashapi
