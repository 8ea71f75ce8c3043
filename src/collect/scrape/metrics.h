// What the scraping says of itself.
#pragma once

#include "client/registry.h"

namespace narthex::scrape {

// Names as in Prometheus, which dashboards and alerts expect.
struct Metrics {
  explicit Metrics(client::Registry& registry);

  client::Gauge& pool_count;
  client::Family<client::Gauge>& pool_targets;       // by scrape_job
  client::Family<client::Counter>& pool_sync;        // by scrape_job
  client::Family<client::Counter>& sync_failed;      // by scrape_job
  client::Family<client::Summary>& interval_length;  // by interval
  client::Counter& exceeded_target_limit;
  client::Counter& exceeded_label_limits;
  client::Counter& exceeded_body_size;
  client::Counter& exceeded_sample_limit;
  client::Counter& sample_duplicate;
  client::Counter& sample_out_of_bounds;
  client::Counter& sample_out_of_order;
  client::Counter& exemplar_out_of_order;
};

}  // namespace narthex::scrape
