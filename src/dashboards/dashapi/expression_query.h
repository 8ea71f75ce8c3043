// Queries of a panel that reckon with the answers of its other queries.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "expression/command.h"
#include "json/value.h"
#include "query_runner.h"
#include "series_answer.h"

namespace narthex::dashapi {

// Whether `query` is one of the data source `__expr__`, by its uid, its type or its old id.
bool IsExpression(const json::Value& query);

// Errors: kInvalidArgument, kUnsupported  "[sse.parseError] failed to parse expression [B]: ..."
Result<expression::Command> ReadExpression(const json::Value& query, std::string_view ref_id,
                                           const QueryRange& range);

// What expressions take from an answer: series of a range, numbers of an instant.
// Errors: kInvalidArgument  text or native histograms, of which nothing can be computed
Result<expression::ValueSet> ReadValues(const SeriesAnswer& answer);

}  // namespace narthex::dashapi
