#include "scrape/manager.h"

#include <fmt/format.h>

#include <map>

#include "base/log.h"
#include "base/mutex.h"
#include "loop.h"

namespace narthex::scrape {
namespace {

// Scrapes that wait for a worker; more than any server has targets.
constexpr std::size_t kQueueLengthMax = 1'000'000;

struct Job {
  std::shared_ptr<const JobRules> rules;
  std::map<std::uint64_t, std::shared_ptr<Loop>>
      loops;  // by identity; a loop outlives its job while it ends
  std::vector<model::LabelSet> dropped;
  std::size_t dropped_count = 0;
};

class ManagerImpl final : public Manager {
 public:
  ManagerImpl(Environment environment, Options options, std::unique_ptr<http::Client> client)
      : environment_(environment),
        seed_(options.seed),
        features_(options.features),
        metrics_(environment.registry),
        client_(std::move(client)),
        workers_({.thread_count = options.worker_count, .queue_length_max = kQueueLengthMax}),
        scheduler_(environment.clock) {}

  ~ManagerImpl() override { Stop(); }

  void Apply(const std::vector<config::ScrapeConfig>& jobs) override {
    MutexLock lock(mutex_);
    std::map<std::string, Job> before = std::move(jobs_);
    jobs_.clear();
    for (const config::ScrapeConfig& config : jobs) {
      Job& job = jobs_[config.job_name];
      if (const auto found = before.find(config.job_name); found != before.end()) {
        job = std::move(found->second);
        before.erase(found);
      }
      if (!job.rules || !(job.rules->config == config))
        job.rules = std::make_shared<JobRules>(config, features_);
    }
    for (const auto& [name, job] : before) {
      for (const auto& [identity, loop] : job.loops) loop->End();
      metrics_.pool_targets.Remove({name});
    }
    metrics_.pool_count.Set(static_cast<double>(jobs_.size()));
  }

  void SetGroups(const std::string& job_name,
                 const std::vector<discovery::TargetGroup>& groups) override {
    MutexLock lock(mutex_);
    const auto found = jobs_.find(job_name);
    if (found == jobs_.end() || stop_.stop_requested()) return;
    Sync(found->second, groups);
  }

  std::vector<std::string> job_names() const override {
    MutexLock lock(mutex_);
    std::vector<std::string> names;
    for (const auto& [name, job] : jobs_) names.push_back(name);
    return names;
  }

  std::vector<TargetState> targets() const override {
    std::vector<TargetState> states;
    for (const std::shared_ptr<Loop>& loop : Loops()) states.push_back(loop->state());
    std::sort(states.begin(), states.end(), [](const TargetState& a, const TargetState& b) {
      return std::tie(a.job_name, a.target->url, a.target->labels) <
             std::tie(b.job_name, b.target->url, b.target->labels);
    });
    return states;
  }

  std::vector<DroppedTargets> dropped() const override {
    MutexLock lock(mutex_);
    std::vector<DroppedTargets> all;
    for (const auto& [name, job] : jobs_) all.push_back({name, job.dropped, job.dropped_count});
    return all;
  }

  std::vector<TargetMetadata> metadata(std::string_view metric) const override {
    std::vector<TargetMetadata> all;
    for (const std::shared_ptr<Loop>& loop : Loops()) {
      const std::shared_ptr<const MetadataMap> families = loop->metadata();
      const std::shared_ptr<const Target> target = loop->state().target;
      if (metric.empty()) {
        for (const auto& [name, metadata] : *families) all.push_back({target, name, metadata});
      } else if (const auto found = families->find(metric); found != families->end()) {
        all.push_back({target, found->first, found->second});
      }
    }
    return all;
  }

  void Stop() override {
    scheduler_.Stop();
    stop_.request_stop();
    MutexLock stop_lock(stop_mutex_);
    // Ends the fetches under way; their callbacks still reach the workers.
    client_.reset();
    workers_.Stop();
  }

 private:
  std::vector<std::shared_ptr<Loop>> Loops() const {
    MutexLock lock(mutex_);
    std::vector<std::shared_ptr<Loop>> loops;
    for (const auto& [name, job] : jobs_) {
      for (const auto& [identity, loop] : job.loops) loops.push_back(loop);
    }
    return loops;
  }

  void Sync(Job& job, const std::vector<discovery::TargetGroup>& groups) REQUIRES(mutex_) {
    const config::ScrapeConfig& config = job.rules->config;
    TargetSet set = BuildTargets(config, groups);
    metrics_.pool_sync.With({config.job_name}).Increment();
    for (const std::string& fault : set.faults) {
      metrics_.sync_failed.With({config.job_name}).Increment();
      LogError("scrape", "Creating target failed",
               {{"scrape_pool", config.job_name}, {"error", fault}});
    }
    job.dropped_count = set.dropped.size();
    job.dropped = std::move(set.dropped);
    const std::uint64_t kept_count = config.limits.keep_dropped_targets;
    if (kept_count > 0 && job.dropped.size() > kept_count) job.dropped.resize(kept_count);

    const std::string forced_error = CheckTargetLimit(config, set.active.size());
    std::map<std::uint64_t, std::shared_ptr<Loop>> before = std::move(job.loops);
    job.loops.clear();
    for (const std::shared_ptr<const Target>& target : set.active) {
      std::shared_ptr<Loop>& loop = job.loops[target->identity];
      if (const auto found = before.find(target->identity); found != before.end()) {
        loop = std::move(found->second);
        before.erase(found);
        loop->Update(job.rules, target, forced_error);
        continue;
      }
      loop = std::make_shared<Loop>(
          LoopServices{environment_.appender, environment_.clock, *client_, scheduler_, workers_,
                       metrics_, seed_, stop_.get_token()},
          job.rules, target);
      loop->Update(job.rules, target, forced_error);
      loop->Start();
    }
    for (const auto& [identity, loop] : before) loop->End();
    metrics_.pool_targets.With({config.job_name}).Set(static_cast<double>(job.loops.size()));
  }

  std::string CheckTargetLimit(const config::ScrapeConfig& config, std::size_t target_count) {
    const std::uint64_t limit = config.limits.target_limit;
    if (limit == 0 || target_count <= limit) return "";
    metrics_.exceeded_target_limit.Increment();
    return fmt::format("target_limit exceeded (number of targets: {}, limit: {})", target_count,
                       limit);
  }

  const Environment environment_;
  const std::uint64_t seed_;
  const Features features_;

  Metrics metrics_;
  std::stop_source stop_;
  Mutex stop_mutex_;  // one Stop at a time
  std::unique_ptr<http::Client> client_;
  io::WorkerPool workers_;
  Scheduler scheduler_;

  mutable Mutex mutex_;
  std::map<std::string, Job> jobs_ GUARDED_BY(mutex_);
};

}  // namespace

std::string_view HealthText(Health health) {
  switch (health) {
    case Health::kUp:
      return "up";
    case Health::kDown:
      return "down";
    case Health::kUnknown:
      break;
  }
  return "unknown";
}

Result<std::unique_ptr<Manager>> Manager::Make(Environment environment, Options options) {
  NARTHEX_ASSIGN_OR_RETURN(std::unique_ptr<http::Client> client, http::Client::Make(options.http));
  return std::make_unique<ManagerImpl>(environment, std::move(options), std::move(client));
}

}  // namespace narthex::scrape
