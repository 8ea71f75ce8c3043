// What a query counts against the samples limit, by upstream's rules.
//
// Upstream holds the result of every expression whole, and a limit is set with that in mind: the
// rows here flow through, so what is really held says little. From the samples that each expression
// gave (ledger.h) this tells what upstream would have held.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "context.h"
#include "promql/ast.h"
#include "step_counts.h"
#include "steps.h"

namespace narthex::engine {

struct Usage {
  std::size_t peak = 0;  // samples held at once
  std::size_t left = 0;  // still held at the end: mostly the result
  StepCounts queryable;  // samples that steps looked at; of subqueries their results only
  StepCounts read;       // samples taken from the store
};

// Whether what is read can only be told by counting it by step: steps of a subquery that no window
// of its function holds do not count.
// Errors: those of PlanSubquery()
Result<bool> NeedsStepCounts(const promql::Expr& expr, const StepGrid& grid,
                             const Context& context);

// Of `expr` once it has been evaluated over `grid`; less if that was not ended.
// Errors: those of PlanSubquery()
Result<Usage> UsageOf(const promql::Expr& expr, const StepGrid& grid, Context& context);

}  // namespace narthex::engine
