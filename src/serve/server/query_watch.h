// What is kept of the queries that run: metrics, the log, the file of those under way.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "active_queries.h"
#include "base/clock.h"
#include "client/registry.h"
#include "engine/observer.h"
#include "query_log.h"

namespace narthex::server {

// Names as in Prometheus (prometheus_engine_*). Thread-safe once the engine runs queries.
class QueryWatch final : public engine::QueryObserver {
 public:
  QueryWatch(client::Registry& registry, const Clock& clock, std::size_t concurrency_max);

  // Keeps the file of active queries in `folder`, and tells the log which queries the run before
  // left there. To be called before the first query.
  // Errors: as of ActiveQueries::Open
  Status OpenActiveQueries(const std::string& folder);
  // `active_count` is called until this object is gone.
  void WatchActiveCount(std::function<double()> active_count);
  QueryLog& log() { return log_; }

  void Entered(std::size_t place, std::string_view query) override;
  void Left(std::size_t place) override;
  void Ended(const engine::QueryRecord& record) override;

 private:
  // Of one part of the work, as upstream cuts it.
  struct Slice {
    client::Summary& summary;
    client::Histogram& histogram;
    void Observe(double seconds);
  };
  Slice SliceOf(std::string_view name);

  client::Registry& registry_;
  const Clock& clock_;
  const std::size_t concurrency_max_;
  QueryLog log_;
  client::Family<client::Summary>& durations_;
  client::Family<client::Histogram>& duration_buckets_;
  client::Counter& samples_;
  client::Counter& samples_read_;
  Slice queue_;
  Slice preparation_;
  Slice evaluation_;
  Slice sorting_;
  std::vector<client::Registration> registrations_;
  std::unique_ptr<ActiveQueries> active_;  // written before the first query
};

}  // namespace narthex::server
