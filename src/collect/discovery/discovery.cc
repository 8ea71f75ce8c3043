#include "discovery/discovery.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/log.h"
#include "config/load.h"

namespace narthex::discovery {
namespace {

namespace fs = std::filesystem;

// What tells whether a file changed without reading it.
struct Stamp {
  std::uintmax_t size = 0;
  fs::file_time_type time{};

  friend bool operator==(const Stamp&, const Stamp&) = default;
};

std::vector<std::string> Expand(const std::string& pattern) {
  const fs::path path(pattern);
  const std::string name = path.filename().string();
  const std::size_t star = name.find('*');
  if (star == std::string::npos) return {pattern};
  const std::string_view prefix = std::string_view(name).substr(0, star);
  const std::string_view suffix = std::string_view(name).substr(star + 1);
  std::vector<std::string> files;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path.parent_path(), error)) {
    const std::string candidate = entry.path().filename().string();
    if (candidate.size() >= prefix.size() + suffix.size() && candidate.starts_with(prefix) &&
        candidate.ends_with(suffix)) {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

TargetGroup GroupOf(const config::StaticConfig& written, std::string source) {
  TargetGroup group{std::move(source), {}, written.labels};
  for (const std::string& address : written.targets) {
    group.targets.push_back(model::LabelSet{{"__address__", address}});
  }
  return group;
}

Result<std::vector<TargetGroup>> ReadGroups(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return Error{ErrorCode::kIo, "cannot open the file"};
  std::ostringstream text;
  text << file.rdbuf();
  NARTHEX_ASSIGN_OR_RETURN(const std::vector<config::StaticConfig> written,
                           config::ParseTargetGroups(text.str()));
  std::vector<TargetGroup> groups;
  for (std::size_t i = 0; i < written.size(); ++i) {
    TargetGroup group = GroupOf(written[i], fmt::format("{}:{}", path, i));
    group.labels = model::LabelSetBuilder(group.labels).Set("__meta_filepath", path).Build();
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

struct Discovery::FileState {
  Stamp stamp;
  std::chrono::nanoseconds read_at{0};
  std::vector<TargetGroup> groups;
};

struct Discovery::Job {
  config::ScrapeConfig config;
  std::map<std::string, FileState> files;  // by path
};

Discovery::Discovery(Clock& clock, OnGroups on_groups, Options options)
    : clock_(clock), on_groups_(std::move(on_groups)), options_(options) {}

Discovery::~Discovery() = default;

void Discovery::Apply(const std::vector<config::ScrapeConfig>& jobs) {
  MutexLock apply_lock(apply_mutex_);
  std::vector<std::pair<std::string, std::vector<TargetGroup>>> told;
  bool has_files = false;
  {
    MutexLock lock(mutex_);
    std::map<std::string, Job> before = std::move(jobs_);
    jobs_.clear();
    for (const config::ScrapeConfig& config : jobs) {
      Job& job = jobs_[config.job_name];
      job.config = config;
      // What a file gave last stays good if it cannot be read just now.
      if (const auto old = before.find(config.job_name); old != before.end())
        job.files = std::move(old->second.files);
      PollJob(job);
      has_files = has_files || !config.file_sd_configs.empty();
      told.emplace_back(config.job_name, GroupsOf(job));
    }
  }
  for (const auto& [name, groups] : told) on_groups_(name, groups);
  if (has_files && !thread_.joinable())
    thread_ = std::jthread([this](std::stop_token stop) { Run(std::move(stop)); });
}

std::uint64_t Discovery::failure_count() const {
  MutexLock lock(mutex_);
  return failure_count_;
}

void Discovery::Run(std::stop_token stop) {
  while (clock_.WaitFor(options_.file_poll_interval, stop)) PollFiles();
}

void Discovery::PollFiles() {
  MutexLock apply_lock(apply_mutex_);
  std::vector<std::pair<std::string, std::vector<TargetGroup>>> told;
  {
    MutexLock lock(mutex_);
    for (auto& [name, job] : jobs_) {
      if (PollJob(job)) told.emplace_back(name, GroupsOf(job));
    }
  }
  for (const auto& [name, groups] : told) on_groups_(name, groups);
}

bool Discovery::PollJob(Job& job) {
  const std::chrono::nanoseconds now = clock_.Monotonic();
  bool is_changed = false;
  std::map<std::string, FileState> files;
  for (const config::FileSdConfig& config : job.config.file_sd_configs) {
    for (const std::string& pattern : config.files) {
      for (const std::string& path : Expand(pattern)) {
        FileState state;
        const auto known = job.files.find(path);
        if (known != job.files.end()) state = known->second;
        std::error_code error;
        const Stamp stamp{fs::file_size(path, error), fs::last_write_time(path, error)};
        const bool is_due = known == job.files.end() || !(stamp == state.stamp) ||
                            now - state.read_at >= config.refresh_interval;
        if (is_due) {
          Result<std::vector<TargetGroup>> groups = ReadGroups(path);
          if (groups.ok()) {
            is_changed = is_changed || *groups != state.groups;
            state.groups = *std::move(groups);
          } else {
            ++failure_count_;
            LogError("discovery", "Error reading file",
                     {{"path", path}, {"error", groups.error().message()}});
          }
          state.stamp = stamp;
          state.read_at = now;
        }
        files[path] = std::move(state);
      }
    }
  }
  is_changed = is_changed || files.size() != job.files.size();
  job.files = std::move(files);
  return is_changed;
}

std::vector<TargetGroup> Discovery::GroupsOf(const Job& job) {
  std::vector<TargetGroup> groups;
  for (std::size_t i = 0; i < job.config.static_configs.size(); ++i) {
    groups.push_back(GroupOf(job.config.static_configs[i], std::to_string(i)));
  }
  for (const auto& [path, state] : job.files)
    groups.insert(groups.end(), state.groups.begin(), state.groups.end());
  return groups;
}

}  // namespace narthex::discovery
