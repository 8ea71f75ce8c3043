// The endpoint that a scraper reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

#include "client/registry.h"
#include "http/router.h"

namespace narthex::exposer {

struct MetricsOptions {
  // Pages made at once; beyond: 503. Each holds some dozen kilobytes of the exposition, or one
  // message of protobuf, and up to 4 MiB for a peer that reads slowly; one longer than that keeps
  // its place until it is read.
  std::size_t scrape_count_max = 16;
  // Set: a scrape that takes longer is answered with 503, while its collectors run on; it counts
  // among the scrapes until they end. Its body is then held whole.
  std::chrono::milliseconds timeout{0};
};

// Answers GET and HEAD with what `registry` gathers, in the format that Accept asks for, restricted
// to the samples that `name[]` parameters name; OPTIONS with the methods allowed; everything else
// with 405.
//
// Registers promhttp_metric_handler_requests_total and promhttp_metric_handler_requests_in_flight,
// the names that dashboards know. `registry` must outlive the handler and its answers, whose bodies
// are made while they are sent, or, if there is a timeout, before; the handler's end waits for
// scrapes that have passed it. Thread-safe.
http::Handler MetricsHandler(client::Registry& registry, MetricsOptions options = {});

// The same answer with its body in it instead of a stream: for handlers that change it, and tests.
// Status 500 if the stream fails.
http::Response WithWholeBody(http::Response response);

// Gives `handler` all that is asked of `path`, with whatever method.
void AddMetricsRoutes(http::Router& router, std::string_view path, const http::Handler& handler);

// What an exposer has besides: GET /-/healthy and an empty /favicon.ico.
void AddExposerRoutes(http::Router& router);

}  // namespace narthex::exposer
