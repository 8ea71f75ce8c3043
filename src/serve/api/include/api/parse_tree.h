// A syntax tree as the tree view of the pages reads it.
#pragma once

#include "json/writer.h"
#include "promql/ast.h"

namespace narthex::api {

// As /api/v1/parse_query answers: keys in alphabetical order, durations in milliseconds, and as
// trees of their own where they are calculated.
// Conformance: http_api/parse_query.json.
void WriteParseTree(json::Writer& writer, const promql::Expr& expr);

}  // namespace narthex::api
