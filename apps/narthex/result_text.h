// Results of queries as people read them.
#pragma once

#include <string>

#include "json/value.h"

namespace narthex::apps {

// `data` of an answer to a query: `name{label="value"} => 1 @[1435781451.781]`, a line a sample.
// Empty if the result is. Source: promtool query, format promql.
std::string ResultText(const json::Value& data);

// `{__name__="up", job="a"}`: a label set of an answer to /api/v1/series.
std::string SeriesText(const json::Value& labels);

}  // namespace narthex::apps
