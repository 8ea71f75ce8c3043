// The endpoint that a scraper reads.
#pragma once

#include <cstddef>

#include "client/registry.h"
#include "http/router.h"

namespace narthex::exposer {

struct MetricsOptions {
  // Scrapes answered at once; beyond: 503. Each holds the whole exposition in memory.
  std::size_t scrape_count_max = 16;
};

// Answers GET and HEAD with what `registry` gathers, in the format that Accept asks for (text 0.0.4
// or OpenMetrics), restricted to the samples that `name[]` parameters name; OPTIONS with the
// methods allowed; everything else with 405.
//
// Registers promhttp_metric_handler_requests_total and promhttp_metric_handler_requests_in_flight,
// the names that dashboards know. `registry` must outlive the handler. Thread-safe.
http::Handler MetricsHandler(client::Registry& registry, MetricsOptions options = {});

// What an exposer has besides: GET /-/healthy and an empty /favicon.ico.
void AddExposerRoutes(http::Router& router);

}  // namespace narthex::exposer
