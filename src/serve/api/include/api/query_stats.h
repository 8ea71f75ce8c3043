// What a query cost, as answers and the query log tell it.
#pragma once

#include "engine/result.h"
#include "json/writer.h"

namespace narthex::api {

// {"timings":{...},"samples":{...}}, upstream's keys. Source: spec API-049.
void WriteQueryStats(json::Writer& writer, const engine::QueryStats& stats);

}  // namespace narthex::api
