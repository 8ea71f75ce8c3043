// One query of a panel, from its JSON to requests to a Prometheus server.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "context.h"
#include "http/client.h"
#include "json/value.h"
#include "step.h"

namespace narthex::dashapi {

struct PrometheusQuery {
  std::string ref_id;
  std::string expr;  // variables of the step replaced
  std::string legend_format;
  milliseconds step{0};
  TimestampMs from = 0;  // aligned to the step
  TimestampMs to = 0;
  TimestampMs instant = 0;
  bool is_range = true;
  bool is_instant = false;
};

// Errors: kInvalidArgument  no expression
Result<PrometheusQuery> ReadPrometheusQuery(const json::Value& query,
                                            const dashstore::Datasource& datasource,
                                            TimestampMs from, TimestampMs to);

// One request, for the range or for the instant.
Result<http::ClientRequest> QueryRequest(Context& context, const dashstore::Datasource& datasource,
                                         const PrometheusQuery& query, bool is_range);

}  // namespace narthex::dashapi
