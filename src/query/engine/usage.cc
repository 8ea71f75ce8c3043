#include "usage.h"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "ledger.h"
#include "plan.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;
using promql::ValueType;

// Steps that are counted between two looks at whether the query may go on.
constexpr std::size_t kAliveInterval = 1u << 16;

// What is held while an expression is evaluated, in the order of upstream's steps.
class Meter {
 public:
  void Hold(std::size_t count) {
    usage_.left += count;
    usage_.peak = std::max(usage_.peak, usage_.left);
  }
  void Release(std::size_t count) { usage_.left -= std::min(count, usage_.left); }
  // An expression evaluated now; what it leaves stays.
  void Add(const Usage& inner) {
    Reach(inner.peak);
    usage_.left += inner.left;
    usage_.queryable.Add(inner.queryable);
    usage_.read.Add(inner.read);
  }
  // `count` more than now are held for a moment.
  void Reach(std::size_t count) { usage_.peak = std::max(usage_.peak, usage_.left + count); }
  // Only the result is left.
  void EndWith(std::size_t result) {
    usage_.left = result;
    usage_.peak = std::max(usage_.peak, result);
  }
  Usage& usage() { return usage_; }

 private:
  Usage usage_;
};

const promql::Expr& WithoutSigns(const promql::Expr& expr) {
  const promql::Expr& inner = promql::Unwrap(expr);
  if (inner.kind != NodeKind::kUnary) return inner;
  return WithoutSigns(*As<promql::UnaryExpr>(inner).expr);
}

bool IsLiteral(const promql::Expr& expr) {
  const NodeKind kind = WithoutSigns(expr).kind;
  return kind == NodeKind::kNumber || kind == NodeKind::kString;
}

class Walk {
 public:
  explicit Walk(Context& context) : context_(context) {}

  Result<Usage> Of(const promql::Expr& expr, const StepGrid& grid) {
    const bool is_once = grid.count > 1 && invariance_.Holds(expr) && !IsLiteral(expr);
    if (!is_once) return AtSteps(expr, grid);
    NARTHEX_ASSIGN_OR_RETURN(const Usage once, AtSteps(expr, grid.First()));
    Meter meter;
    meter.Add(once);
    meter.Hold(Total(expr, grid.First()) * (grid.count - 1));
    // Every step sees the same; it was read for the first.
    StepCounts& queryable = meter.usage().queryable;
    queryable = {once.queryable.total * grid.count, StepsOf(grid, once.queryable.total)};
    return meter.usage();
  }

  // Of a whole query, which may be a range vector.
  Result<Usage> OfQuery(const promql::Expr& expr, const StepGrid& grid) {
    if (promql::TypeOf(expr) != ValueType::kMatrix) return Of(expr, grid);
    const promql::Expr& inner = promql::Unwrap(expr);
    if (inner.kind == NodeKind::kSubquery) {
      NARTHEX_ASSIGN_OR_RETURN(Usage usage, OfSubquery(As<promql::SubqueryExpr>(inner), grid));
      // All of its steps are the one step of the query.
      usage.queryable.at = {usage.queryable.total};
      usage.read.at = {usage.read.total};
      return usage;
    }
    const WindowTally& samples = context_.ledger().WindowsOf(&inner);
    return Usage{samples.peak, samples.given, samples.queryable, samples.read};
  }

 private:
  Result<Usage> AtSteps(const promql::Expr& expr, const StepGrid& grid) {
    switch (expr.kind) {
      case NodeKind::kNumber:
        return Stepwise(expr, grid, {});
      case NodeKind::kParen:
        return Of(*As<promql::ParenExpr>(expr).expr, grid);
      case NodeKind::kUnary:
        return Of(*As<promql::UnaryExpr>(expr).expr, grid);
      case NodeKind::kVectorSelector:
        return OfSelector(As<promql::VectorSelector>(expr), grid);
      case NodeKind::kBinary: {
        const auto& binary = As<promql::BinaryExpr>(expr);
        return Stepwise(expr, grid, {binary.left.get(), binary.right.get()});
      }
      case NodeKind::kAggregate:
        return OfAggregate(As<promql::AggregateExpr>(expr), grid);
      case NodeKind::kCall:
        return OfCall(As<promql::Call>(expr), grid);
      case NodeKind::kString:
      case NodeKind::kMatrixSelector:
      case NodeKind::kSubquery:
        break;
    }
    return Usage();
  }

  Usage OfSelector(const promql::VectorSelector& selector, const StepGrid& grid) {
    // Upstream does not count them.
    if (selector.edges == promql::RangeEdges::kSmoothed) return {};
    return OfSamples(context_.ledger().RowsOf(&selector), grid);
  }

  // Of the samples of a selector, which are held from the step on that has them.
  Usage OfSamples(const RowTally& rows, const StepGrid& grid) {
    StepCounts counts{rows.sample_count(), {}};
    if (context_.counts_steps()) counts.at = rows.SeriesSampleCounts(grid.count);
    return {counts.total, counts.total, counts, counts};
  }

  // That many at each step, if they are asked for.
  std::vector<std::size_t> StepsOf(const StepGrid& grid, std::size_t count) const {
    return std::vector<std::size_t>(context_.counts_steps() ? grid.count : 0, count);
  }

  Result<Usage> OfAggregate(const promql::AggregateExpr& aggregate, const StepGrid& grid) {
    if (aggregate.op == promql::TokenKind::kCountValues) {
      return Stepwise(aggregate, grid, {aggregate.expr.get()});
    }
    Meter meter;
    if (aggregate.parameter != nullptr) {
      NARTHEX_ASSIGN_OR_RETURN(const Usage parameter, Of(*aggregate.parameter, grid));
      meter.Add(parameter);
    }
    NARTHEX_ASSIGN_OR_RETURN(const Usage input, Of(*aggregate.expr, grid));
    meter.Add(input);
    meter.EndWith(Total(aggregate, grid));
    return meter.usage();
  }

  Result<Usage> OfCall(const promql::Call& call, const StepGrid& grid) {
    const std::string_view name = call.function->name;
    if (name == "label_replace" || name == "label_join") return Of(*call.arguments[0], grid);
    if (name == "info") return OfInfo(call, grid);
    if (name == "timestamp" || name == "start_timestamp") {
      const promql::Expr& argument = promql::Unwrap(*call.arguments[0]);
      if (argument.kind == NodeKind::kVectorSelector) {
        return OfTimestamp(call, As<promql::VectorSelector>(argument), grid);
      }
    }
    for (const promql::ExprPtr& argument : call.arguments) {
      if (promql::TypeOf(*argument) == ValueType::kMatrix) return OfRangeCall(call, grid);
    }
    std::vector<const promql::Expr*> arguments;
    for (const promql::ExprPtr& argument : call.arguments) arguments.push_back(argument.get());
    return Stepwise(call, grid, arguments);
  }

  // Samples of the store and elements of the result are held step by step.
  Usage OfTimestamp(const promql::Call& call, const promql::VectorSelector& selector,
                    const StepGrid& grid) {
    const std::vector<std::size_t> counts = ElementCounts(call, grid);
    Meter meter;
    // The times of a pinned selector are taken at the first step only.
    const bool is_pinned = selector.shift.anchor != promql::TimeShift::Anchor::kNone;
    for (std::size_t i = 0; i < counts.size(); ++i) {
      meter.Reach(is_pinned && i > 0 ? counts[i] : 2 * counts[i]);
      meter.Hold(counts[i]);
    }
    const std::size_t total = std::accumulate(counts.begin(), counts.end(), std::size_t{0});
    meter.usage().queryable = meter.usage().read = {total, counts};
    return meter.usage();
  }

  Result<Usage> OfInfo(const promql::Call& call, const StepGrid& grid) {
    Meter meter;
    NARTHEX_ASSIGN_OR_RETURN(const Usage base, Of(*call.arguments[0], grid));
    meter.Add(base);
    meter.Add(OfSamples(context_.ledger().RowsOf(InfoSeriesKey(call)), grid));
    meter.Hold(Total(call, grid));
    return meter.usage();
  }

  // The samples of a subquery's results are held until the function around it is done.
  Result<Usage> OfRangeCall(const promql::Call& call, const StepGrid& grid) {
    Meter meter;
    std::size_t subquery_count = 0;
    const promql::Expr* range = nullptr;
    for (const promql::ExprPtr& argument : call.arguments) {
      if (promql::TypeOf(*argument) == ValueType::kMatrix) range = &promql::Unwrap(*argument);
    }
    const bool is_subquery = range->kind == NodeKind::kSubquery;
    if (is_subquery) {
      const auto& subquery = As<promql::SubqueryExpr>(*range);
      NARTHEX_ASSIGN_OR_RETURN(Usage inner, OfSubquery(subquery, grid));
      // The windows look at its results.
      inner.queryable = {};
      NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan, PlanSubquery(subquery, grid, context_));
      if (plan.grid) {
        subquery_count = Total(*subquery.expr, *plan.grid);
        inner.read = CountsOfSubquery(inner.read, *plan.grid, grid,
                                      {plan.reference.offset_ms, plan.range_ms});
      }
      meter.Add(inner);
    }
    for (const promql::ExprPtr& argument : call.arguments) {
      if (promql::TypeOf(*argument) != ValueType::kScalar) continue;
      NARTHEX_ASSIGN_OR_RETURN(const Usage scalar, Of(*argument, grid));
      meter.Add(scalar);
    }
    const WindowTally& windows = context_.ledger().WindowsOf(range);
    meter.Add({windows.peak, windows.given, windows.queryable,
               is_subquery ? StepCounts() : windows.read});
    meter.Release(subquery_count);
    return meter.usage();
  }

  Result<Usage> OfSubquery(const promql::SubqueryExpr& subquery, const StepGrid& grid) {
    NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan, PlanSubquery(subquery, grid, context_));
    if (!plan.grid) return Usage();
    return Of(*subquery.expr, *plan.grid);
  }

  // What takes its inputs and gives its result step by step: at each step both are held beside the
  // inputs of all steps and the results so far.
  Result<Usage> Stepwise(const promql::Expr& expr, const StepGrid& grid,
                         const std::vector<const promql::Expr*>& inputs) {
    Meter meter;
    std::vector<std::size_t> input_counts(grid.count, 0);
    for (const promql::Expr* input : inputs) {
      if (promql::TypeOf(*input) == ValueType::kString) continue;
      NARTHEX_ASSIGN_OR_RETURN(const Usage usage, Of(*input, grid));
      meter.Add(usage);
      const std::vector<std::size_t> counts = ElementCounts(*input, grid);
      NARTHEX_TRY(context_.CheckAlive());
      for (std::size_t i = 0; i < grid.count; ++i) input_counts[i] += counts[i];
    }
    const std::vector<std::size_t> results = SampleCounts(expr, grid);
    for (std::size_t i = 0; i < grid.count; ++i) {
      if (i % kAliveInterval == 0) NARTHEX_TRY(context_.CheckAlive());
      meter.Reach(input_counts[i] + results[i]);
      meter.Hold(results[i]);
    }
    meter.EndWith(Total(expr, grid));
    return meter.usage();
  }

  // Whether the value of the first step was taken for all.
  bool IsOnce(const promql::Expr& expr, const StepGrid& grid) {
    return grid.count > 1 && invariance_.Holds(expr);
  }

  // Of the result of `expr`, samples in all.
  std::size_t Total(const promql::Expr& expr, const StepGrid& grid) {
    const promql::Expr& inner = promql::Unwrap(expr);
    if (promql::TypeOf(inner) == ValueType::kScalar) return grid.count;
    const std::size_t count = context_.ledger().RowsOf(&inner).sample_count();
    return IsOnce(inner, grid) ? count * grid.count : count;
  }

  using CountsOfRows = std::vector<std::size_t> (RowTally::*)(std::size_t) const;

  std::vector<std::size_t> Counts(const promql::Expr& expr, const StepGrid& grid,
                                  CountsOfRows counts_of) {
    const promql::Expr& inner = promql::Unwrap(expr);
    if (promql::TypeOf(inner) == ValueType::kScalar) return std::vector<std::size_t>(grid.count, 1);
    const RowTally& rows = context_.ledger().RowsOf(&inner);
    if (!IsOnce(inner, grid)) return (rows.*counts_of)(grid.count);
    return std::vector<std::size_t>(grid.count, (rows.*counts_of)(1)[0]);
  }
  std::vector<std::size_t> ElementCounts(const promql::Expr& expr, const StepGrid& grid) {
    return Counts(expr, grid, &RowTally::ElementCounts);
  }
  std::vector<std::size_t> SampleCounts(const promql::Expr& expr, const StepGrid& grid) {
    return Counts(expr, grid, &RowTally::SampleCounts);
  }

  Context& context_;
  StepInvariance invariance_;
};

}  // namespace

Result<bool> NeedsStepCounts(const promql::Expr& expr, const StepGrid& grid,
                             const Context& context) {
  StepGrid inner_grid = grid;
  if (expr.kind == NodeKind::kSubquery) {
    NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan,
                             PlanSubquery(As<promql::SubqueryExpr>(expr), grid, context));
    if (!plan.grid) return false;
    const bool has_gaps = plan.reference.anchor || plan.range_ms < grid.interval_ms;
    if (grid.count > 1 && has_gaps) return true;
    inner_grid = *plan.grid;
  }
  for (const promql::Expr* child : promql::Children(expr)) {
    NARTHEX_ASSIGN_OR_RETURN(const bool needs, NeedsStepCounts(*child, inner_grid, context));
    if (needs) return true;
  }
  return false;
}

Result<Usage> UsageOf(const promql::Expr& expr, const StepGrid& grid, Context& context) {
  return Walk(context).OfQuery(expr, grid);
}

}  // namespace narthex::engine
