#include "query_watch.h"

#include "base/log.h"
#include "io/file_system.h"

namespace narthex::server {
namespace {

client::FamilyOptions Named(std::string name, std::string help,
                            std::vector<std::string> labels = {}) {
  return {.name = "prometheus_engine_" + std::move(name),
          .help = std::move(help),
          .unit = {},
          .label_names = std::move(labels)};
}

// Source: upstream, promql/engine.go; MET-005.
client::SummaryOptions DurationQuantiles() { return {.quantiles = {.5, .9, .99}}; }
client::HistogramOptions DurationBuckets() {
  return {.bounds = {.01, .1, 1, 10},
          .native = client::NativeOptions{.bucket_factor = 1.1,
                                          .bucket_count_max = 100,
                                          .reset_interval_min = std::chrono::hours(1)}};
}

}  // namespace

void QueryWatch::Slice::Observe(double seconds) {
  summary.Observe(seconds);
  histogram.Observe(seconds);
}

QueryWatch::Slice QueryWatch::SliceOf(std::string_view name) {
  return {durations_.With({name}), duration_buckets_.With({name})};
}

QueryWatch::QueryWatch(client::Registry& registry, const Clock& clock, std::size_t concurrency_max)
    : registry_(registry),
      clock_(clock),
      concurrency_max_(concurrency_max),
      log_(clock),
      durations_(registry.NewSummary(Named("query_duration_seconds", "Query timings", {"slice"}),
                                     DurationQuantiles())),
      duration_buckets_(registry.NewHistogram(
          Named("query_duration_histogram_seconds",
                "The duration of various parts of PromQL query execution.", {"slice"}),
          DurationBuckets())),
      samples_(registry
                   .NewCounter(Named("query_samples_total",
                                     "The total number of samples loaded by all queries."))
                   .With()),
      samples_read_(registry
                        .NewCounter(Named("query_samples_read_total",
                                          "The total number of samples read by all queries."))
                        .With()),
      queue_(SliceOf("queue_time")),
      preparation_(SliceOf("prepare_time")),
      evaluation_(SliceOf("inner_eval")),
      sorting_(SliceOf("result_sort")) {
  registry.NewGauge(Named("queries_concurrent_max", "The max number of concurrent queries."))
      .With()
      .Set(static_cast<double>(concurrency_max));
  registrations_.push_back(
      registry.NewGaugeCallback(Named("query_log_enabled", "State of the query log."),
                                [this] { return log_.is_on() ? 1.0 : 0.0; }));
  registrations_.push_back(registry.NewCounterCallback(
      Named("query_log_failures_total", "The number of query log failures."),
      [this] { return static_cast<double>(log_.failure_count()); }));
}

Status QueryWatch::OpenActiveQueries(const std::string& folder) {
  NARTHEX_ASSIGN_OR_RETURN(active_, ActiveQueries::Open(io::JoinPath(folder, "queries.active"),
                                                        concurrency_max_, clock_));
  if (!active_->unfinished().empty()) {
    LogInfo("activeQueryTracker", "These queries didn't finish in prometheus' last run:",
            {{"queries", active_->unfinished()}});
  }
  return Ok();
}

void QueryWatch::WatchActiveCount(std::function<double()> active_count) {
  registrations_.push_back(registry_.NewGaugeCallback(
      Named("queries", "The current number of queries being executed or waiting."),
      std::move(active_count)));
}

void QueryWatch::Entered(std::size_t place, std::string_view query) {
  if (active_ != nullptr) active_->Add(place, query);
}

void QueryWatch::Left(std::size_t place) {
  if (active_ != nullptr) active_->Remove(place);
}

void QueryWatch::Ended(const engine::QueryRecord& record) {
  queue_.Observe(record.stats.queue_seconds);
  if (record.is_admitted) {
    preparation_.Observe(record.stats.preparation_seconds);
    evaluation_.Observe(record.stats.evaluation_seconds);
    // Results are sorted while they are collected.
    if (record.step.count() > 0) sorting_.Observe(0);
  }
  samples_.Increment(static_cast<double>(record.stats.samples_queryable));
  samples_read_.Increment(static_cast<double>(record.stats.samples_read));
  log_.Note(record);
}

}  // namespace narthex::server
