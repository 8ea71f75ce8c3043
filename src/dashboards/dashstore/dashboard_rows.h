// Reading the rows of dashboards.
#pragma once

#include "dashstore/dashboards.h"
#include "database.h"

namespace narthex::dashstore {

// `where` follows the joins (the dashboard is d, its file p), or is a whole SELECT with the same
// columns.
struct DashboardQuery {
  std::string where;
  std::vector<Bound> values;
};

Result<std::vector<DashboardRecord>> SelectDashboards(Connection& connection, DashboardQuery query);
Result<std::optional<DashboardRecord>> SelectDashboard(Connection& connection,
                                                       DashboardQuery query);

// A whole SELECT. `search` and `like` must outlive it.
DashboardQuery SearchQuery(const DashboardSearch& search, const std::string& like);

}  // namespace narthex::dashstore
