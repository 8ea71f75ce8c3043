// Finds the targets of all jobs and tells when they change.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "config/scrape_config.h"
#include "discovery/target_group.h"

namespace narthex::discovery {

// Thread-safe; owns one thread, which runs only while a job has file_sd_configs.
//
// Static groups are told at once. Files are looked at every `file_poll_interval` and read again
// when their size or time changed, or after their refresh_interval; a file that cannot be read or
// parsed keeps the groups it gave last, is logged, and counts as a failure.
class Discovery {
 public:
  // All groups of one job. Called from Apply() and from the thread of the files, never
  // concurrently.
  using OnGroups =
      std::function<void(const std::string& job_name, const std::vector<TargetGroup>& groups)>;

  struct Options {
    std::chrono::milliseconds file_poll_interval = std::chrono::seconds(5);
  };

  Discovery(Clock& clock, OnGroups on_groups, Options options);
  Discovery(Clock& clock, OnGroups on_groups) : Discovery(clock, std::move(on_groups), Options()) {}
  ~Discovery();

  // Replaces the jobs and tells the groups of each, also of those that did not change.
  void Apply(const std::vector<config::ScrapeConfig>& jobs) EXCLUDES(apply_mutex_, mutex_);

  // Reads of files that failed so far.
  std::uint64_t failure_count() const EXCLUDES(mutex_);

 private:
  struct FileState;
  struct Job;

  void Run(std::stop_token stop);
  void PollFiles() EXCLUDES(mutex_);
  bool PollJob(Job& job) REQUIRES(mutex_);
  static std::vector<TargetGroup> GroupsOf(const Job& job);

  Clock& clock_;
  const OnGroups on_groups_;
  const Options options_;

  Mutex apply_mutex_;  // one Apply or poll at a time; taken before mutex_
  mutable Mutex mutex_;
  std::map<std::string, Job> jobs_ GUARDED_BY(mutex_);
  std::uint64_t failure_count_ GUARDED_BY(mutex_) = 0;
  std::jthread thread_;  // written under apply_mutex_
};

}  // namespace narthex::discovery
