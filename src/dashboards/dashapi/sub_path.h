// Serving below a path, behind a reverse proxy that passes paths on as they are or takes it off.
#pragma once

#include <string>

#include "dashapi/options.h"
#include "http/asset.h"
#include "http/router.h"

namespace narthex::dashapi {

// "/grafana" of root_url "https://host/grafana/": what browsers see in front of every path. Empty
// at the root. Source: Grafana's AppSubUrl, which does not depend on serve_from_sub_path.
std::string SubPath(const DashboardsOptions& options);

// A router that answers what `inner` answers, with redirects that lead below SubPath(options). If
// the options have it serve from there, requests come with that path, and those without are sent
// there; else a proxy has taken it off.
http::Router BelowSubPath(const DashboardsOptions& options, http::Router inner);

// The page `index` for addresses below SubPath(options): its files lie there, and its scripts are
// told the path.
class StartPage {
 public:
  // `index` null: there is no page.
  StartPage(const http::Asset* index, const DashboardsOptions& options);

  bool exists() const { return exists_; }
  http::Response Answer(const http::Request& request) const;

 private:
  bool exists_ = false;
  std::string text_;  // what `asset_` shows, unless that is the program's own
  std::string etag_;
  http::Asset asset_;
};

}  // namespace narthex::dashapi
