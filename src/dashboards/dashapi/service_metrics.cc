#include "service_metrics.h"

#include <cmath>
#include <string>

#include "client/process_collector.h"
#include "exposer/metrics_handler.h"

namespace narthex::dashapi {

ServiceMetrics::ServiceMetrics(const DashboardsOptions& options, dashstore::Store& store)
    : request_duration_(
          registry_.NewHistogram({.name = "grafana_http_request_duration_seconds",
                                  .help = "Time from the request's arrival to its answer.",
                                  .unit = {},
                                  .label_names = {"handler", "method", "status_code"}})) {
  registry_
      .NewGauge({.name = "grafana_build_info",
                 .help = "1, with the version that the service is compatible with.",
                 .unit = {},
                 .label_names = {"version", "revision", "edition"}})
      .With({options.version, options.commit, "narthex"})
      .Set(1);
  registrations_.push_back(
      registry_.NewGaugeCallback({.name = "grafana_stat_totals_dashboard",
                                  .help = "Number of dashboards.",
                                  .unit = {},
                                  .label_names = {}},
                                 [&store] {
                                   const Result<std::int64_t> count = store.dashboards().Count();
                                   return count.ok() ? static_cast<double>(*count) : std::nan("");
                                 }));
  registrations_.push_back(registry_.Register(client::MakeProcessCollector()));
}

void ServiceMetrics::Observe(const http::Served& served) {
  const std::string_view handler = served.pattern.empty() ? "notfound" : served.pattern;
  const std::string status = std::to_string(served.status);
  request_duration_.With({handler, served.method, status})
      .Observe(std::chrono::duration<double>(served.duration).count());
}

http::Handler ServiceMetrics::Handler() { return exposer::MetricsHandler(registry_); }

}  // namespace narthex::dashapi
