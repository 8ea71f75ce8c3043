// Keeps the store in step with the provisioning files.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "dashapi/options.h"
#include "dashboard/provisioning_file.h"
#include "dashstore/store.h"

namespace narthex::dashapi {

// What became of one file.
struct FileState {
  std::string kind;  // "datasources", "providers" or "dashboard"
  std::string path;
  std::string provider;  // of a dashboard
  std::string uid;       // of a dashboard that was read
  std::string title;
  std::string error;  // empty: the file is in force
  std::vector<std::string> warnings;
};

// Thread-safe; files are applied by one thread at a time. A file that is wrong keeps what was in
// force before.
class Provisioner {
 public:
  Provisioner(const DashboardsOptions& options, dashstore::Store& store, Clock& clock)
      : options_(options), store_(store), clock_(clock) {}
  ~Provisioner();

  enum class When { kAlways, kIfChanged };
  // Reads all data source files and applies them together, or none.
  // Errors: of the first file that is wrong, with its name; those of the store
  Status ApplyDatasources(When when = When::kAlways) EXCLUDES(apply_mutex_);

  // Reads the providers and their dashboards. Wrong files are passed over and reported by States().
  // Errors: those of the store
  Status ApplyDashboards() EXCLUDES(apply_mutex_);

  // Applies again whenever a file changes, until StopWatching() or destruction. From now on
  // `when_saved` is told of each dashboard that was taken from its file; under the lock of
  // applying, so it must not call back.
  void StartWatching(std::function<void(const dashstore::DashboardRecord&)> when_saved);
  // After it nobody is told any more.
  void StopWatching() EXCLUDES(apply_mutex_);

  // Of the last time; by kind and path.
  std::vector<FileState> States() const EXCLUDES(state_mutex_);
  TimestampMs last_applied() const EXCLUDES(state_mutex_);

 private:
  struct Candidate;
  using Providers = std::vector<dashboard::Provider>;

  Providers ReadProviders(std::vector<FileState>& states, bool& is_complete);
  void Scan(const dashboard::Provider& provider, std::vector<Candidate>& candidates,
            std::vector<FileState>& states);
  void Read(Candidate& candidate);
  void RefuseDuplicates(std::vector<Candidate>& candidates);
  Status Apply(Candidate& candidate) REQUIRES(apply_mutex_);
  Status RemoveStale(const std::vector<Candidate>& candidates, const Providers& providers,
                     bool is_complete);
  Result<std::string> FolderUid(const Candidate& candidate);
  std::string ProviderFolder(const dashboard::Provider& provider) const;
  dashboard::VariableSource Variables() const;

  void Publish(std::string_view kinds, std::vector<FileState> states) EXCLUDES(state_mutex_);
  void Watch(std::stop_token stop);
  std::vector<std::string> WatchedFolders() const EXCLUDES(state_mutex_);

  const DashboardsOptions& options_;
  dashstore::Store& store_;
  Clock& clock_;

  // Held while files are read and applied, which is its purpose.
  Mutex apply_mutex_;
  std::string datasource_texts_
      GUARDED_BY(apply_mutex_);  // names and digests of the files last applied
  std::function<void(const dashstore::DashboardRecord&)> when_saved_ GUARDED_BY(apply_mutex_);

  mutable Mutex state_mutex_;
  std::map<std::string, std::vector<FileState>, std::less<>> states_ GUARDED_BY(state_mutex_);
  std::vector<std::string> provider_folders_ GUARDED_BY(state_mutex_);
  TimestampMs last_applied_ GUARDED_BY(state_mutex_) = 0;

  std::jthread watcher_;  // last: it uses all of the above
};

}  // namespace narthex::dashapi
