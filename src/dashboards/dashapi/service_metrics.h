// What the service tells of itself at /metrics, under the names that dashboards for Grafana expect.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "client/registry.h"
#include "context.h"
#include "http/router.h"
#include "http/server.h"

namespace narthex::dashapi {

// Thread-safe. `store`, `options` and `live` must outlive it.
class ServiceMetrics {
 public:
  ServiceMetrics(const DashboardsOptions& options, dashstore::Store& store, const LiveHub& live);

  // After each answer, from the thread of its connection.
  void Observe(const http::Served& served);
  // Answers a scrape.
  http::Handler Handler();

 private:
  void AddLive(const LiveHub& live);
  void AddTotal(const char* name, const char* help, std::function<Result<std::int64_t>()> count);

  client::Registry registry_;
  client::Family<client::Histogram>& request_duration_;
  std::vector<client::Registration> registrations_;
};

}  // namespace narthex::dashapi
