// What is known of a query before it runs.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/result.h"
#include "context.h"
#include "model/sample.h"
#include "promql/ast.h"
#include "steps.h"

namespace narthex::engine {

// Times beyond these (146 million years) are taken for these: adding a range must not overflow.
constexpr model::TimestampMs kTimeLimit = std::int64_t{1} << 62;

// The time a selector or subquery refers to: the step's own, or that of @; moved by the offset.
struct ReferenceTime {
  std::optional<model::TimestampMs> anchor;
  std::int64_t offset_ms = 0;

  model::TimestampMs At(model::TimestampMs step) const { return anchor.value_or(step) - offset_ms; }
};

Result<ReferenceTime> ResolveShift(const promql::TimeShift& shift, const Context& context);

// The steps of a subquery that has to serve all of `grid`: multiples of its step within its range.
// Empty if there is none.
struct SubqueryPlan {
  ReferenceTime reference;
  std::int64_t range_ms = 0;
  std::optional<StepGrid> grid;
};
Result<SubqueryPlan> PlanSubquery(const promql::SubqueryExpr& subquery, const StepGrid& grid,
                                  const Context& context);

// The times of all samples that evaluating `expr` over `grid` can touch; empty if it touches none.
Result<model::TimeRange> NeededTimes(const promql::Expr& expr, const StepGrid& grid,
                                     const Context& context);

// Whether an expression gives the same at every step. Answers are kept: asking for every node of a
// tree costs one walk.
class StepInvariance {
 public:
  bool Holds(const promql::Expr& expr);

 private:
  bool Decide(const promql::Expr& expr);

  std::unordered_map<const promql::Expr*, bool> known_;
};

// Refuses calculated durations that are none, whether or not evaluation would come to them: of
// several the first in upstream's order, from the root down, a range before the offset behind it.
Status CheckDurations(const promql::Expr& expr, const Context& context);

// Refuses what the engine cannot evaluate, before it starts.
Status CheckSupported(const promql::Expr& expr);

}  // namespace narthex::engine
