#include "plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "info.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;

// Functions that look at the step's time, or whose result hangs on it.
constexpr std::string_view kTimeDependent[] = {
    "days_in_month", "day_of_month",   "day_of_week", "day_of_year", "hour", "minute",
    "month",         "predict_linear", "time",        "timestamp",   "year",
};

constexpr std::string_view kAnchoredFunctions[] = {"changes", "delta", "increase", "rate",
                                                   "resets"};
constexpr std::string_view kSmoothedFunctions[] = {"delta", "increase", "rate"};

bool Contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

std::int64_t FloorDivide(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

model::TimeRange Join(model::TimeRange a, model::TimeRange b) {
  if (a.empty()) return b;
  if (b.empty()) return a;
  return {std::min(a.from, b.from), std::max(a.until, b.until)};
}

constexpr model::TimeRange kNoTimes = {1, 0};

// All (reference - length, reference] over the grid.
model::TimeRange Covered(const ReferenceTime& reference, const StepGrid& grid,
                         std::int64_t length_ms) {
  return {reference.At(grid.start) - length_ms + 1, reference.At(grid.last())};
}

// A range function takes a modifier of the range's edges only if it knows what to do with it.
Status CheckEdges(const promql::Call& call, const promql::MatrixSelector& matrix) {
  const promql::RangeEdges edges = matrix.vector().edges;
  if (edges == promql::RangeEdges::kPlain) return Ok();
  const bool is_anchored = edges == promql::RangeEdges::kAnchored;
  const std::span<const std::string_view> allowed =
      is_anchored ? std::span<const std::string_view>(kAnchoredFunctions) : kSmoothedFunctions;
  const std::string_view word = is_anchored ? "anchored" : "smoothed";
  if (Contains(allowed, call.function->name)) return Ok();
  return ExecutionError(fmt::format("{} modifier can only be used with: {} - not with {}", word,
                                    fmt::join(allowed, ", "), call.function->name));
}

Status CheckCall(const promql::Call& call) {
  for (const auto& argument : call.arguments) {
    const promql::Expr& inner = promql::Unwrap(*argument);
    if (inner.kind != NodeKind::kMatrixSelector) continue;
    NARTHEX_TRY(CheckEdges(call, As<promql::MatrixSelector>(inner)));
  }
  return Ok();
}

Status CheckNode(const promql::Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kCall:
      return CheckCall(As<promql::Call>(expr));
    case NodeKind::kVectorSelector:
      if (As<promql::VectorSelector>(expr).edges != promql::RangeEdges::kAnchored) return Ok();
      return ExecutionError("anchored modifier can only be used with range vectors");
    default:
      return Ok();
  }
}

}  // namespace

Result<ReferenceTime> ResolveShift(const promql::TimeShift& shift, const Context& context) {
  ReferenceTime reference;
  NARTHEX_ASSIGN_OR_RETURN(reference.offset_ms, context.Resolve(shift.offset, false));
  const auto clamped = std::clamp(shift.time, -kTimeLimit, kTimeLimit);
  switch (shift.anchor) {
    case promql::TimeShift::Anchor::kNone:
      break;
    case promql::TimeShift::Anchor::kTime:
      reference.anchor = clamped;
      break;
    case promql::TimeShift::Anchor::kStart:
      reference.anchor = context.times().start;
      break;
    case promql::TimeShift::Anchor::kEnd:
      reference.anchor = context.times().end;
      break;
  }
  return reference;
}

Result<SubqueryPlan> PlanSubquery(const promql::SubqueryExpr& subquery, const StepGrid& grid,
                                  const Context& context) {
  SubqueryPlan plan;
  NARTHEX_ASSIGN_OR_RETURN(plan.reference, ResolveShift(subquery.shift, context));
  NARTHEX_ASSIGN_OR_RETURN(plan.range_ms, context.Resolve(subquery.range, true));
  NARTHEX_ASSIGN_OR_RETURN(std::int64_t step_ms, context.Resolve(subquery.step, true));
  // None is given, or one of less than a millisecond.
  if (step_ms == 0) step_ms = context.options().subquery_step.count();
  const model::TimestampMs after = plan.reference.At(grid.start) - plan.range_ms;
  const model::TimestampMs until = plan.reference.At(grid.last());
  const std::int64_t first = FloorDivide(after, step_ms) + 1;
  const std::int64_t last = FloorDivide(until, step_ms);
  if (last < first) return plan;
  plan.grid = StepGrid{first * step_ms, step_ms, static_cast<std::size_t>(last - first) + 1};
  return plan;
}

Result<model::TimeRange> NeededTimes(const promql::Expr& expr, const StepGrid& grid,
                                     const Context& context) {
  if (expr.kind == NodeKind::kVectorSelector) {
    NARTHEX_ASSIGN_OR_RETURN(const ReferenceTime reference,
                             ResolveShift(As<promql::VectorSelector>(expr).shift, context));
    model::TimeRange range = Covered(reference, grid, context.lookback_ms());
    const bool is_smoothed =
        As<promql::VectorSelector>(expr).edges == promql::RangeEdges::kSmoothed;
    if (is_smoothed) range.until += context.lookback_ms();
    return range;
  }
  if (expr.kind == NodeKind::kMatrixSelector) {
    const auto& matrix = As<promql::MatrixSelector>(expr);
    NARTHEX_ASSIGN_OR_RETURN(const ReferenceTime reference,
                             ResolveShift(matrix.vector().shift, context));
    NARTHEX_ASSIGN_OR_RETURN(const std::int64_t range_ms, context.Resolve(matrix.range, true));
    const promql::RangeEdges edges = matrix.vector().edges;
    model::TimeRange range = Covered(reference, grid, range_ms);
    if (edges != promql::RangeEdges::kPlain) range.from -= context.lookback_ms();
    if (edges == promql::RangeEdges::kSmoothed) range.until += context.lookback_ms();
    return range;
  }
  StepGrid inner_grid = grid;
  if (expr.kind == NodeKind::kSubquery) {
    NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan,
                             PlanSubquery(As<promql::SubqueryExpr>(expr), grid, context));
    if (!plan.grid) return kNoTimes;
    inner_grid = *plan.grid;
  }
  model::TimeRange range = kNoTimes;
  const bool is_info =
      expr.kind == NodeKind::kCall && As<promql::Call>(expr).function->name == "info";
  if (is_info) {
    NARTHEX_ASSIGN_OR_RETURN(const auto selector,
                             MakeInfoSelector(As<promql::Call>(expr), context));
    NARTHEX_ASSIGN_OR_RETURN(range, NeededTimes(*selector, inner_grid, context));
  }
  for (const promql::Expr* child : promql::Children(expr)) {
    NARTHEX_ASSIGN_OR_RETURN(const model::TimeRange part, NeededTimes(*child, inner_grid, context));
    range = Join(range, part);
  }
  return range;
}

bool StepInvariance::Holds(const promql::Expr& expr) {
  if (const auto found = known_.find(&expr); found != known_.end()) return found->second;
  const bool holds = Decide(expr);
  known_.emplace(&expr, holds);
  return holds;
}

bool StepInvariance::Decide(const promql::Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kVectorSelector:
      return As<promql::VectorSelector>(expr).shift.anchor != promql::TimeShift::Anchor::kNone;
    case NodeKind::kSubquery:
      if (As<promql::SubqueryExpr>(expr).shift.anchor == promql::TimeShift::Anchor::kNone) {
        return false;
      }
      return true;
    case NodeKind::kCall:
      if (Contains(kTimeDependent, As<promql::Call>(expr).function->name)) return false;
      break;
    default:
      break;
  }
  bool holds = true;
  for (const promql::Expr* child : promql::Children(expr)) holds = Holds(*child) && holds;
  return holds;
}

Status CheckDurations(const promql::Expr& expr, const Context& context) {
  const auto check = [&context](const promql::DurationValue& duration, bool must_be_positive) {
    const Result<std::int64_t> ms = context.Resolve(duration, must_be_positive);
    return ms.ok() ? Ok() : Status(ms.error());
  };
  switch (expr.kind) {
    case NodeKind::kVectorSelector:
      return check(As<promql::VectorSelector>(expr).shift.offset, false);
    case NodeKind::kMatrixSelector:
      NARTHEX_TRY(check(As<promql::MatrixSelector>(expr).range, true));
      break;
    case NodeKind::kSubquery: {
      const auto& subquery = As<promql::SubqueryExpr>(expr);
      NARTHEX_TRY(check(subquery.shift.offset, false));
      NARTHEX_TRY(check(subquery.step, true));
      NARTHEX_TRY(check(subquery.range, true));
      break;
    }
    default:
      break;
  }
  for (const promql::Expr* child : promql::Children(expr)) {
    NARTHEX_TRY(CheckDurations(*child, context));
  }
  return Ok();
}

Status CheckSupported(const promql::Expr& expr) {
  NARTHEX_TRY(CheckNode(expr));
  // The edges of a range are for the function around it to judge.
  if (expr.kind == NodeKind::kMatrixSelector) return Ok();
  for (const promql::Expr* child : promql::Children(expr)) NARTHEX_TRY(CheckSupported(*child));
  return Ok();
}

}  // namespace narthex::engine
