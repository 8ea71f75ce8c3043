// What an expression looks at of those under it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "promql/ast.h"

namespace narthex::engine {

// What the functions around an expression look at in its histograms.
enum class HistogramNeed { kUnknown, kTotals, kBuckets };

HistogramNeed NeedOf(promql::TokenKind binary_operator);
// Of the instant vector among its arguments.
HistogramNeed NeedOf(const promql::Call& call);

// The labels that are asked of rows: these and, perhaps, more; null: all.
using NeededLabels = std::shared_ptr<const std::vector<std::string>>;

// Of the rows that are aggregated.
NeededLabels NeededOf(const promql::AggregateExpr& aggregate);
// What serves both.
NeededLabels Union(const NeededLabels& a, const NeededLabels& b);

}  // namespace narthex::engine
