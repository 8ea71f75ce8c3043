// Parts of the printed form that the one-line and the multi-line printer share.
#pragma once

#include <string>
#include <vector>

#include "promql/ast.h"

namespace narthex::promql {

// "a, b", names quoted that must be.
std::string LabelNames(const std::vector<std::string>& labels);

// "sum by (a) ": all before the parenthesis; "sum" alone if there is no grouping.
std::string AggregateText(const AggregateExpr& aggregate);

// " bool on (a) group_left (b)": all between the operator and the right side; may be empty.
std::string MatchingText(const BinaryExpr& binary);

// "[5m:1m] @ start() offset 1h".
std::string SubqueryRangeText(const SubqueryExpr& subquery);

// An argument of a function. Matchers of info() that are none print as `{}`: nothing at all would
// be read as a missing argument.
std::string PrintArgument(const Expr& argument);

}  // namespace narthex::promql
