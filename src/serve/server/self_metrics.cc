#include "self_metrics.h"

#include "client/process_collector.h"

namespace narthex::server {
namespace {

client::FamilyOptions Named(std::string name, std::string help,
                            std::vector<std::string> labels = {}) {
  return {.name = std::move(name),
          .help = std::move(help),
          .unit = {},
          .label_names = std::move(labels)};
}

// Who discovery works for: nobody else asks for targets.
constexpr std::string_view kScrape = "scrape";

// Source: upstream, web/web.go.
std::vector<double> DurationBounds() { return {.1, .2, .4, 1, 3, 8, 20, 60, 120}; }
std::vector<double> SizeBounds() { return client::ExponentialBuckets(100, 10, 8); }

}  // namespace

SelfMetrics::SelfMetrics(client::Registry& registry, const api::BuildFacts& build)
    : registry_(registry),
      requests_(registry.NewCounter(Named("prometheus_http_requests_total",
                                          "Counter of HTTP requests.", {"code", "handler"}))),
      durations_(
          registry.NewHistogram(Named("prometheus_http_request_duration_seconds",
                                      "Histogram of latencies for HTTP requests.", {"handler"}),
                                DurationBounds())),
      sizes_(
          registry.NewHistogram(Named("prometheus_http_response_size_bytes",
                                      "Histogram of response size for HTTP requests.", {"handler"}),
                                SizeBounds())),
      reload_successful_(
          registry
              .NewGauge(Named("prometheus_config_last_reload_successful",
                              "Whether the last configuration reload attempt was successful."))
              .With()),
      reload_time_(registry
                       .NewGauge(Named("prometheus_config_last_reload_success_timestamp_seconds",
                                       "Timestamp of the last successful configuration reload."))
                       .With()),
      ready_(registry
                 .NewGauge(Named("prometheus_ready",
                                 "Whether Prometheus startup was fully completed and the server is "
                                 "ready for normal operation."))
                 .With()),
      discovered_(
          registry.NewGauge(Named("prometheus_sd_discovered_targets",
                                  "Current number of discovered targets.", {"config", "name"}))),
      discovery_received_(registry
                              .NewCounter(Named("prometheus_sd_received_updates_total",
                                                "Total number of update events received from the "
                                                "SD providers.",
                                                {"name"}))
                              .With({kScrape})),
      discovery_updates_(registry
                             .NewCounter(Named("prometheus_sd_updates_total",
                                               "Total number of update events sent to the SD "
                                               "consumers.",
                                               {"name"}))
                             .With({kScrape})) {
  client::AddBuildInfo(registry, "prometheus_build_info",
                       {{"version", build.version},
                        {"revision", build.revision},
                        {"branch", build.branch},
                        {"goversion", build.runtime_version}});
  registrations_.push_back(registry.Register(client::MakeProcessCollector()));
}

void SelfMetrics::NoteRequest(const http::Served& served) {
  const std::string_view handler = served.pattern.empty() ? "none" : served.pattern;
  const std::string code = std::to_string(served.status);
  requests_.With({code, handler}).Increment();
  durations_.With({handler}).Observe(std::chrono::duration<double>(served.duration).count());
  sizes_.With({handler}).Observe(static_cast<double>(served.response_size_bytes));
}

void SelfMetrics::NoteReload(bool is_successful, TimestampMs now) {
  reload_successful_.Set(is_successful ? 1 : 0);
  if (is_successful) reload_time_.Set(static_cast<double>(now) / 1000);
}

void SelfMetrics::NoteDiscovered(const std::string& job, std::size_t target_count) {
  MutexLock lock(jobs_mutex_);
  jobs_.insert(job);
  discovered_.With({job, kScrape}).Set(static_cast<double>(target_count));
  discovery_received_.Increment();
  discovery_updates_.Increment();
}

void SelfMetrics::KeepJobs(const std::set<std::string>& jobs) {
  MutexLock lock(jobs_mutex_);
  for (auto job = jobs_.begin(); job != jobs_.end();) {
    if (jobs.contains(*job)) {
      ++job;
      continue;
    }
    discovered_.Remove({*job, kScrape});
    job = jobs_.erase(job);
  }
}

void SelfMetrics::WatchDiscovery(std::function<double()> failure_count) {
  registrations_.push_back(registry_.NewCounterCallback(
      Named("prometheus_sd_file_read_errors_total", "The number of File-SD read errors."),
      std::move(failure_count)));
}

}  // namespace narthex::server
