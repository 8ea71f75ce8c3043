// The handlers, grouped as the files that define them.
#pragma once

#include "api/api.h"
#include "api/backend.h"
#include "base/clock.h"
#include "http/router.h"

namespace narthex::api {

// Where routes are put: paths below /api/v1, guarded until the server is ready where they need it.
class Routes {
 public:
  Routes(http::Router& router, const Backend& backend, std::string route_prefix)
      : router_(router), backend_(backend), route_prefix_(std::move(route_prefix)) {}

  // `path` below /api/v1. Answers 503 until the server is ready.
  void Get(std::string_view path, http::Handler handler);
  // The same for GET and for POST with a form.
  void GetAndPost(std::string_view path, const http::Handler& handler);
  void Post(std::string_view path, http::Handler handler);
  // For POST and PUT.
  void PostAndPut(std::string_view path, const http::Handler& handler);
  // Any path below the prefix, ready or not.
  void Plain(http::Method method, std::string_view path, http::Handler handler,
             http::RunOn run_on = http::RunOn::kInline);
  const std::string& route_prefix() const { return route_prefix_; }

  struct Added {
    http::Method method;
    std::string path;  // without the prefix
  };
  // All so far.
  const std::vector<Added>& added() const { return added_; }

 private:
  http::Handler Guard(http::Handler handler) const;
  void Add(http::Method method, std::string path, http::Handler handler, http::RunOn run_on);

  http::Router& router_;
  const Backend& backend_;
  const std::string route_prefix_;
  std::vector<Added> added_;
};

// All of the groups below.
void AddAllRoutes(Routes& routes, Backend& backend, const Clock& clock, const ApiOptions& options);

void AddQueryRoutes(Routes& routes, Backend& backend, const Clock& clock);           // query.cc
void AddExemplarRoutes(Routes& routes, Backend& backend);                            // exemplars.cc
void AddFeatureRoutes(Routes& routes, Backend& backend, const ApiOptions& options);  // features.cc
void AddDescriptionRoute(Routes& routes, Backend& backend,
                         const ApiOptions& options);                                // openapi.cc
void AddSeriesRoutes(Routes& routes, Backend& backend, const Clock& clock);         // series.cc
void AddTargetRoutes(Routes& routes, Backend& backend, const ApiOptions& options);  // targets.cc
void AddRelabelRoutes(Routes& routes, Backend& backend);   // relabel_steps.cc
void AddMetadataRoutes(Routes& routes, Backend& backend);  // metadata.cc
void AddSearchRoutes(Routes& routes, Backend& backend, const Clock& clock,
                     const ApiOptions& options);                             // search.cc
void AddStatusRoutes(Routes& routes, Backend& backend, const Clock& clock);  // status.cc
void AddManagementRoutes(Routes& routes, Backend& backend,
                         const ApiOptions& options);                               // management.cc
void AddAdminRoutes(Routes& routes, Backend& backend, const ApiOptions& options);  // admin.cc
void AddPageRoutes(Routes& routes, const ApiOptions& options);                     // pages.cc
void AddRemoteRoutes(Routes& routes, const ApiOptions& options);                   // remote.cc

}  // namespace narthex::api
