// What the server as a whole says of itself.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "api/backend.h"
#include "base/mutex.h"
#include "client/registry.h"
#include "http/server.h"

namespace narthex::server {

// Names as in Prometheus, which dashboards and alerts expect. Thread-safe.
class SelfMetrics {
 public:
  SelfMetrics(client::Registry& registry, const api::BuildFacts& build);

  void NoteRequest(const http::Served& served);
  void NoteReload(bool is_successful, TimestampMs now);
  void SetReady(bool is_ready) { ready_.Set(is_ready ? 1 : 0); }

  // What discovery has found for a job, each time it tells.
  void NoteDiscovered(const std::string& job, std::size_t target_count) EXCLUDES(jobs_mutex_);
  // The other jobs are gone (MET-007).
  void KeepJobs(const std::set<std::string>& jobs) EXCLUDES(jobs_mutex_);

  // Numbers that are asked for at each scrape; the functions are called until this object is gone.
  void WatchDiscovery(std::function<double()> failure_count);

 private:
  client::Registry& registry_;
  client::Family<client::Counter>& requests_;
  client::Family<client::Histogram>& durations_;
  client::Family<client::Histogram>& sizes_;
  client::Gauge& reload_successful_;
  client::Gauge& reload_time_;
  client::Gauge& ready_;
  client::Family<client::Gauge>& discovered_;  // by config (a job) and name
  client::Counter& discovery_received_;
  client::Counter& discovery_updates_;
  Mutex jobs_mutex_;
  std::set<std::string> jobs_ GUARDED_BY(jobs_mutex_);  // that have a child in `discovered_`
  std::vector<client::Registration> registrations_;
};

}  // namespace narthex::server
