// The routes of the server: HTTP API v1, management, pages.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "api/backend.h"
#include "base/clock.h"
#include "http/asset.h"
#include "http/router.h"

namespace narthex::api {

// What /api/v1/features tells of the parts behind the API: "tsdb", "native_histograms".
struct Feature {
  std::string group;
  std::string name;
  bool is_on = false;
};

struct ApiOptions {
  // "" or "/prefix": what every path begins with, and what links and redirects are built with.
  std::string route_prefix;
  std::string external_host = "localhost:9090";  // for globalUrl
  std::string external_scheme = "http";
  std::string external_path;                    // "" or "/prefix", as other machines write it
  std::string listen_address = "0.0.0.0:9090";  // the first one
  // A regular expression, anchored; must have been checked. Which origins may read answers.
  std::string cors_origin = ".*";
  bool has_lifecycle = false;            // /-/reload and /-/quit
  bool has_admin = false;                // admin/tsdb/*
  bool has_search = false;               // search/*
  std::size_t search_limit_max = 10000;  // most results of a search; 0: no limit
  std::vector<Feature> features;
  http::AssetTable assets;     // the pages; must have /index.html
  http::Handler metrics;       // GET /metrics
  http::Handler remote_write;  // POST /api/v1/write; empty: off
};

// Errors: kInvalidArgument  cors_origin is no regular expression
Status CheckOptions(const ApiOptions& options);

// Adds all routes and what stands before them (CORS). `backend` and `clock` outlive the router.
//
// Answers have upstream's envelope, error types, status codes and number formats; large results are
// streamed. While the backend is not ready, all that needs the store answers 503.
// Source: Prometheus, "HTTP API"; spec 5.1 to 5.3.
void AddRoutes(http::Router& router, Backend& backend, const Clock& clock,
               const ApiOptions& options);

}  // namespace narthex::api
