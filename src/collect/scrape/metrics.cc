#include "metrics.h"

namespace narthex::scrape {
namespace {

client::Counter& NewCounter(client::Registry& registry, std::string name, std::string help) {
  return registry
      .NewCounter({.name = std::move(name), .help = std::move(help), .unit = {}, .label_names = {}})
      .With();
}

client::FamilyOptions ByJob(std::string name, std::string help) {
  return {
      .name = std::move(name), .help = std::move(help), .unit = {}, .label_names = {"scrape_job"}};
}

}  // namespace

Metrics::Metrics(client::Registry& registry)
    : pool_count(registry
                     .NewGauge({.name = "prometheus_target_scrape_pools",
                                .help = "Current number of scrape pools.",
                                .unit = {},
                                .label_names = {}})
                     .With()),
      pool_targets(registry.NewGauge(ByJob("prometheus_target_scrape_pool_targets",
                                           "Current number of targets in this scrape pool."))),
      pool_sync(
          registry.NewCounter(ByJob("prometheus_target_scrape_pool_sync_total",
                                    "Total number of syncs that were executed on a scrape pool."))),
      sync_failed(registry.NewCounter(
          ByJob("prometheus_target_sync_failed_total", "Total number of target sync failures."))),
      interval_length(registry.NewSummary({.name = "prometheus_target_interval_length_seconds",
                                           .help = "Actual intervals between scrapes.",
                                           .unit = {},
                                           .label_names = {"interval"}},
                                          {.quantiles = {.01, .05, .5, .9, .99}})),
      exceeded_target_limit(NewCounter(registry,
                                       "prometheus_target_scrape_pool_exceeded_target_limit_total",
                                       "Total number of times scrape pools hit the target limit, "
                                       "during sync or config reload.")),
      exceeded_label_limits(NewCounter(registry,
                                       "prometheus_target_scrape_pool_exceeded_label_limits_total",
                                       "Total number of times scrape pools hit the label limits, "
                                       "during sync or config reload.")),
      exceeded_body_size(NewCounter(registry,
                                    "prometheus_target_scrapes_exceeded_body_size_limit_total",
                                    "Total number of scrapes that hit the body size limit.")),
      exceeded_sample_limit(
          NewCounter(registry, "prometheus_target_scrapes_exceeded_sample_limit_total",
                     "Total number of scrapes that hit the sample limit and were rejected.")),
      sample_duplicate(NewCounter(
          registry, "prometheus_target_scrapes_sample_duplicate_timestamp_total",
          "Total number of samples rejected due to duplicate timestamps but different values.")),
      sample_out_of_bounds(NewCounter(
          registry, "prometheus_target_scrapes_sample_out_of_bounds_total",
          "Total number of samples rejected due to timestamp falling outside of the time bounds.")),
      sample_out_of_order(NewCounter(
          registry, "prometheus_target_scrapes_sample_out_of_order_total",
          "Total number of samples rejected due to not being out of the expected order.")),
      exemplar_out_of_order(NewCounter(
          registry, "prometheus_target_scrapes_exemplar_out_of_order_total",
          "Total number of exemplars rejected due to not being out of the expected order.")) {}

}  // namespace narthex::scrape
