// Runs the queries of panels.
#pragma once

#include "context.h"
#include "http/message.h"
#include "json/value.h"

namespace narthex::dashapi {

struct QueryRange {
  TimestampMs from = 0;
  TimestampMs to = 0;
};

// "from" and "to" of a body: "now-1h", milliseconds as text or as number; the last hour if absent.
// Errors: kInvalidArgument
Result<QueryRange> ReadQueryRange(const json::Value& body, TimestampMs now);

// The Prometheus data source that a query names: {"uid": ...}, an old-style name, an old-style id,
// or nothing for the default.
// Errors: kNotFound; kUnsupported  it is of another type
Result<dashstore::Datasource> DatasourceOfQuery(Context& context, const Caller& caller,
                                                const json::Value& query);

// What requests to `datasource` have to share for their answers to be the same.
std::string ShareIdentity(const dashstore::Datasource& datasource);

// What an answer says of its queries.
enum class Telling {
  kAll,
  kResultsOnly,  // no text of a query, and of errors only that there was one: both would tell it
};

// Answers `body` as POST /api/ds/query does ("queries", "from", "to"), with the data sources of the
// caller's organisation. `request` gives headers and cancellation only.
http::Response RunQueries(Context& context, const http::Request& request, const Caller& caller,
                          const json::Value& body, Telling telling = Telling::kAll);

}  // namespace narthex::dashapi
