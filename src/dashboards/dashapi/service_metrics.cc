#include "service_metrics.h"

#include <cmath>
#include <string>

#include "client/process_collector.h"
#include "exposer/metrics_handler.h"
#include "live_hub.h"

namespace narthex::dashapi {

ServiceMetrics::ServiceMetrics(const DashboardsOptions& options, dashstore::Store& store,
                               const LiveHub& live)
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
  AddTotal("grafana_stat_totals_dashboard", "Number of dashboards.",
           [&store] { return store.dashboards().Count(); });
  AddTotal("grafana_stat_totals_folder", "Number of folders.",
           [&store] { return store.CountRows(dashstore::Table::kFolders); });
  AddTotal("grafana_stat_totals_datasource", "Number of data sources.",
           [&store] { return store.CountRows(dashstore::Table::kDatasources); });
  AddTotal("grafana_stat_totals_annotations", "Number of annotations.",
           [&store] { return store.CountRows(dashstore::Table::kAnnotations); });
  AddTotal("grafana_stat_total_orgs", "Number of organisations.",
           [&store] { return store.CountRows(dashstore::Table::kOrgs); });
  AddTotal("grafana_stat_total_users", "Number of users, with service accounts.",
           [&store] { return store.CountRows(dashstore::Table::kUsers); });
  AddTotal("grafana_stat_total_teams", "Number of teams.",
           [&store] { return store.CountRows(dashstore::Table::kTeams); });
  AddLive(live);
  registrations_.push_back(registry_.Register(client::MakeProcessCollector()));
}

void ServiceMetrics::AddTotal(const char* name, const char* help,
                              std::function<Result<std::int64_t>()> count) {
  registrations_.push_back(registry_.NewGaugeCallback(
      {.name = name, .help = help, .unit = {}, .label_names = {}}, [count = std::move(count)] {
        const Result<std::int64_t> counted = count();
        return counted.ok() ? static_cast<double>(*counted) : std::nan("");
      }));
}

void ServiceMetrics::AddLive(const LiveHub& live) {
  const auto add = [&](const char* name, const char* help, auto count) {
    AddTotal(name, help, [&live, count]() -> Result<std::int64_t> {
      return static_cast<std::int64_t>(count(live.counts()));
    });
  };
  add("grafana_live_node_num_clients", "Open live connections.",
      [](const LiveHub::Counts& counts) { return counts.clients; });
  add("grafana_live_node_num_channels", "Queries that are asked for live connections.",
      [](const LiveHub::Counts& counts) { return counts.channels; });
  add("grafana_live_node_num_subscriptions", "Channels, counted for each connection.",
      [](const LiveHub::Counts& counts) { return counts.subscriptions; });
  const auto add_counter = [&](const char* name, const char* help, auto count) {
    registrations_.push_back(registry_.NewCounterCallback(
        {.name = name, .help = help, .unit = {}, .label_names = {}},
        [&live, count] { return static_cast<double>(count(live.counts())); }));
  };
  add_counter("narthex_live_slow_clients_total", "Live connections dropped as too slow.",
              [](const LiveHub::Counts& counts) { return counts.slow_clients; });
  add_counter("narthex_live_requests_total", "Requests to data sources for live connections.",
              [](const LiveHub::Counts& counts) { return counts.requests; });
}

void ServiceMetrics::Observe(const http::Served& served) {
  const std::string_view handler = served.pattern.empty() ? "notfound" : served.pattern;
  const std::string status = std::to_string(served.status);
  request_duration_.With({handler, served.method, status})
      .Observe(std::chrono::duration<double>(served.duration).count());
}

http::Handler ServiceMetrics::Handler() { return exposer::MetricsHandler(registry_); }

}  // namespace narthex::dashapi
