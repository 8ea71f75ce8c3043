// Serving below a path, behind a reverse proxy that passes paths on as they are.
#pragma once

#include <string>

#include "dashapi/options.h"
#include "http/router.h"

namespace narthex::dashapi {

// "/grafana" of root_url "https://host/grafana/" if the options say so, else empty.
std::string SubPath(const DashboardsOptions& options);

// A router that answers below `sub_path` what `inner` answers below the root; other paths are sent
// there. Redirects of `inner` lead below it, too.
http::Router BelowSubPath(const std::string& sub_path, http::Router inner);

}  // namespace narthex::dashapi
