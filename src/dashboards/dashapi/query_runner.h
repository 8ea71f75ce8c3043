// Runs the queries of panels.
#pragma once

#include "context.h"
#include "http/message.h"
#include "json/value.h"

namespace narthex::dashapi {

// Answers `body` as POST /api/ds/query does ("queries", "from", "to"), with the data sources of the
// caller's organisation. `request` gives headers and cancellation only.
http::Response RunQueries(Context& context, const http::Request& request, const Caller& caller,
                          const json::Value& body);

}  // namespace narthex::dashapi
