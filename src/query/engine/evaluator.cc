#include "evaluator.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "aggregate.h"
#include "arithmetic.h"
#include "base/number.h"
#include "binary.h"
#include "float_sum.h"
#include "label_change.h"
#include "model/histogram_math.h"
#include "range_function.h"
#include "row_function.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;
using promql::TokenKind;
using promql::ValueType;

constexpr std::string_view kTypeLabel = "__type__";

// The one step of a step-invariant input, shown at every step.
class BroadcastStream : public RowStream {
 public:
  BroadcastStream(RowStreamPtr input, std::size_t step_count)
      : input_(std::move(input)), step_count_(step_count) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (!has_row) return false;
    const double value = row.values[0];
    row.values.assign(step_count_, value);
    if (row.has_histograms()) {
      const HistogramPtr histogram = row.histograms[0];
      row.histograms.assign(step_count_, histogram);
    }
    row.presence.Reset(step_count_);
    row.presence.SetAll(step_count_);
    return true;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  const RowStreamPtr input_;
  const std::size_t step_count_;
};

// A single element without labels.
class VectorOfScalar : public RowStream {
 public:
  explicit VectorOfScalar(ScalarValues values) : values_(std::move(values)) {}

  Result<bool> Next(Row& row) override {
    if (values_.empty()) return false;
    row.Reset(0);
    row.labels = {};
    row.drops_name = false;
    row.presence.Reset(values_.size());
    row.presence.SetAll(values_.size());
    row.values = std::move(values_);
    values_.clear();
    return true;
  }

 private:
  ScalarValues values_;
};

class NegationStream : public RowStream {
 public:
  NegationStream(RowStreamPtr input, Context& context)
      : input_(std::move(input)), context_(context) {}

  Result<bool> Next(Row& row) override {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input_->Next(row));
    if (!has_row) return false;
    row.presence.ForEach([&](std::size_t step) { row.values[step] = -row.values[step]; });
    if (row.has_histograms()) NegateHistograms(row);
    DropName(row, context_);
    return true;
  }
  StreamTraits traits() const override { return input_->traits(); }

 private:
  static void NegateHistograms(Row& row) {
    row.presence.ForEach([&](std::size_t step) {
      if (row.HistogramAt(step) == nullptr) return;
      model::FloatHistogram negated = *row.HistogramAt(step);
      model::Multiply(negated, -1);
      row.SetHistogram(step, std::make_shared<const model::FloatHistogram>(std::move(negated)));
    });
  }

  const RowStreamPtr input_;
  Context& context_;
};

ScalarValues StepTimes(const StepGrid& grid) {
  ScalarValues times(grid.count);
  for (std::size_t i = 0; i < grid.count; ++i) times[i] = static_cast<double>(grid.At(i)) / 1000;
  return times;
}

promql::RangeEdges EdgesOf(const promql::Expr& range) {
  const promql::Expr& inner = promql::Unwrap(range);
  return inner.kind == NodeKind::kMatrixSelector ? As<promql::MatrixSelector>(inner).vector().edges
                                                 : promql::RangeEdges::kPlain;
}

// The labels of the series that a range function needs for rows that show `needed`.
NeededLabels NeededOf(const RangeFunction& function, const promql::MatrixSelector& matrix,
                      const NeededLabels& needed, const Context& context) {
  if (needed == nullptr) return nullptr;
  // Rows that differ in nothing but their names would collide, which whole label sets tell.
  const bool may_collide =
      !function.keeps_name && !context.delays_name_removal() && !HasOneName(matrix.vector());
  if (may_collide) return nullptr;
  std::vector<std::string> names = *needed;
  names.insert(names.end(), {std::string(model::kMetricName), std::string(kTypeLabel)});
  return std::make_shared<const std::vector<std::string>>(std::move(names));
}

// An expression evaluated for one reader alone.
class SeparateRows : public RowStream {
 public:
  static Result<RowStreamPtr> Open(const CommonRows& common, const NeededLabels& labels,
                                   Context& context) {
    auto separate = std::make_unique<SeparateRows>(context);
    NARTHEX_ASSIGN_OR_RETURN(separate->rows_,
                             separate->evaluator_.OpenVector(*common.expr, common.grid, labels));
    return RowStreamPtr(std::move(separate));
  }
  explicit SeparateRows(Context& context) : evaluator_(context) {}

  Result<bool> Next(Row& row) override { return rows_->Next(row); }
  StreamTraits traits() const override { return rows_->traits(); }

 private:
  Evaluator evaluator_;
  RowStreamPtr rows_;
};

constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

// Whether all rows of `expr` count against the samples limit.
bool IsHeldWhole(const promql::Expr& expr) {
  if (expr.kind == NodeKind::kVectorSelector) {
    return As<promql::VectorSelector>(expr).edges != promql::RangeEdges::kSmoothed;
  }
  return expr.kind != NodeKind::kCall ||
         As<promql::Call>(expr).function->name != "absent_over_time";
}

Status CheckSmoothing(double smoothing, double trend) {
  const auto check = [](double factor, std::string_view name, std::string_view short_name) {
    if (factor > 0 && factor < 1) return Ok();
    return Status(ExecutionError(fmt::format("invalid {} factor. Expected: 0 < {} < 1, got: {:.6f}",
                                             name, short_name, factor)));
  };
  NARTHEX_TRY(check(smoothing, "smoothing", "sf"));
  return check(trend, "trend", "tf");
}

void WarnOfQuantile(double q, promql::PositionRange position, Context& context) {
  if (q >= 0 && q <= 1) return;
  context.Warn(fmt::format("quantile value should be between 0 and 1, got {}", FormatDouble(q)),
               position);
}

}  // namespace

Result<RowStreamPtr> Evaluator::OpenVector(const promql::Expr& expr, const StepGrid& grid,
                                           const NeededLabels& needed) {
  if (grid.count == 1 || !invariance_.Holds(expr)) return OpenOnce(expr, grid, needed);
  NARTHEX_ASSIGN_OR_RETURN(auto once, OpenOnce(expr, grid.First(), needed));
  return std::make_unique<BroadcastStream>(std::move(once), grid.count);
}

Result<RowStreamPtr> Evaluator::OpenOnce(const promql::Expr& expr, const StepGrid& grid,
                                         const NeededLabels& needed) {
  const CommonRows* common = common_.Find(expr);
  if (common == nullptr) return OpenCounted(expr, grid, needed);
  const bool is_as_planned = common->grid == grid &&
                             common->is_totals_only == context_.needs_totals_only() &&
                             common->is_in_subquery == context_.is_in_subquery();
  if (!is_as_planned) return Error{ErrorCode::kInternal, "common rows over other steps"};
  Shared& shared = shared_[common];
  if (shared.rows == nullptr) {
    NARTHEX_ASSIGN_OR_RETURN(auto rows, OpenCounted(*common->expr, grid, common->labels));
    shared.rows = std::make_shared<SharedRows>(std::move(rows), grid.count, context_);
  }
  if (&expr != common->expr) context_.ledger().Equate(expr, *common->expr);
  const auto again = [common, labels = needed](Context& own) {
    return SeparateRows::Open(*common, labels, own);
  };
  // The last reader leaves nobody to keep rows for.
  ++shared.reader_count;
  if (shared.reader_count < common->place_count) return ReadShared(shared.rows, again, context_);
  return ReadShared(std::move(shared.rows), again, context_);
}

Result<RowStreamPtr> Evaluator::OpenCounted(const promql::Expr& expr, const StepGrid& grid,
                                            const NeededLabels& needed) {
  NARTHEX_ASSIGN_OR_RETURN(auto rows, OpenVectorAtSteps(expr, grid, needed));
  if (expr.kind == NodeKind::kParen) return rows;
  const std::size_t limit = IsHeldWhole(expr) ? context_.options().samples_max : kNoLimit;
  return CountRows(std::move(rows), &expr, {grid.count, limit}, context_);
}

Result<RowStreamPtr> Evaluator::OpenVectorAtSteps(const promql::Expr& expr, const StepGrid& grid,
                                                  const NeededLabels& needed) {
  switch (expr.kind) {
    case NodeKind::kVectorSelector:
      return OpenSelector(As<promql::VectorSelector>(expr), grid, {SelectedValue::kValue, needed},
                          context_);
    case NodeKind::kParen:
      return OpenVector(*As<promql::ParenExpr>(expr).expr, grid, needed);
    case NodeKind::kUnary:
      return OpenUnary(As<promql::UnaryExpr>(expr), grid);
    case NodeKind::kBinary:
      return OpenBinary(As<promql::BinaryExpr>(expr), grid);
    case NodeKind::kAggregate:
      return OpenAggregate(As<promql::AggregateExpr>(expr), grid);
    case NodeKind::kCall:
      return OpenCall(As<promql::Call>(expr), grid, needed);
    case NodeKind::kNumber:
    case NodeKind::kString:
    case NodeKind::kMatrixSelector:
    case NodeKind::kSubquery:
      break;
  }
  return Error{ErrorCode::kInternal, "expression is no instant vector"};
}

Result<RowStreamPtr> Evaluator::OpenUnary(const promql::UnaryExpr& unary, const StepGrid& grid) {
  NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*unary.expr, grid));
  if (unary.op == TokenKind::kAdd) return input;
  return MergeIfNamesCollide(std::make_unique<NegationStream>(std::move(input), context_),
                             grid.count, context_);
}

Result<RowStreamPtr> Evaluator::OpenBinary(const promql::BinaryExpr& binary, const StepGrid& grid) {
  if (!binary.matching) return OpenVectorScalar(binary, grid);
  const Context::HistogramUse use(context_, NeedOf(binary.op));
  Sides sides;
  NARTHEX_ASSIGN_OR_RETURN(sides.left, OpenVector(*binary.left, grid));
  {
    const Context::EarlyEnd early(context_);
    NARTHEX_ASSIGN_OR_RETURN(sides.right, OpenVector(*binary.right, grid));
  }
  if (promql::IsSetOperator(binary.op)) {
    return ApplySetOperator(binary, std::move(sides), grid, context_);
  }
  return ApplyVectorVector(binary, std::move(sides), grid, context_);
}

Result<RowStreamPtr> Evaluator::OpenVectorScalar(const promql::BinaryExpr& binary,
                                                 const StepGrid& grid) {
  const Context::HistogramUse use(context_, NeedOf(binary.op));
  VectorScalarParts parts;
  parts.is_scalar_left = promql::TypeOf(*binary.left) == ValueType::kScalar;
  const promql::Expr& scalar = parts.is_scalar_left ? *binary.left : *binary.right;
  const promql::Expr& vector = parts.is_scalar_left ? *binary.right : *binary.left;
  NARTHEX_ASSIGN_OR_RETURN(parts.scalar, EvaluateScalar(scalar, grid));
  NARTHEX_ASSIGN_OR_RETURN(parts.vector, OpenVector(vector, grid));
  return ApplyVectorScalar(binary, std::move(parts), grid, context_);
}

Result<RowStreamPtr> Evaluator::OpenAggregate(const promql::AggregateExpr& aggregate,
                                              const StepGrid& grid) {
  RowStreamPtr input;
  {
    const Context::EarlyEnd early(context_);
    NARTHEX_ASSIGN_OR_RETURN(input, OpenVector(*aggregate.expr, grid, NeededOf(aggregate)));
  }
  if (aggregate.parameter == nullptr) {
    return ApplyAccumulation(aggregate, std::move(input), grid, context_);
  }
  if (aggregate.op == TokenKind::kCountValues) {
    return ApplyCountValues(aggregate, std::move(input), StringOf(*aggregate.parameter), grid,
                            context_);
  }
  NARTHEX_ASSIGN_OR_RETURN(ScalarValues parameter, EvaluateScalar(*aggregate.parameter, grid));
  if (aggregate.op == TokenKind::kQuantile) {
    return ApplyQuantile(aggregate, std::move(input), std::move(parameter), grid, context_);
  }
  return ApplySelection(aggregate, std::move(input), std::move(parameter), grid, context_);
}

Result<std::vector<ScalarValues>> Evaluator::ScalarArguments(const promql::Call& call,
                                                             std::size_t first,
                                                             const StepGrid& grid) {
  std::vector<ScalarValues> out;
  for (std::size_t i = first; i < call.arguments.size(); ++i) {
    if (promql::TypeOf(*call.arguments[i]) != ValueType::kScalar) continue;
    NARTHEX_ASSIGN_OR_RETURN(ScalarValues values, EvaluateScalar(*call.arguments[i], grid));
    out.push_back(std::move(values));
  }
  return out;
}

Result<RowStreamPtr> Evaluator::OpenCall(const promql::Call& call, const StepGrid& grid,
                                         const NeededLabels& needed) {
  const std::string_view name = call.function->name;
  if (name == "vector") {
    NARTHEX_ASSIGN_OR_RETURN(ScalarValues values, EvaluateScalar(*call.arguments[0], grid));
    return std::make_unique<VectorOfScalar>(std::move(values));
  }
  if (const ValueFunction math = FindMathFunction(name)) {
    NARTHEX_ASSIGN_OR_RETURN(auto parameters, ScalarArguments(call, 1, grid));
    NARTHEX_ASSIGN_OR_RETURN(auto input, OpenVector(*call.arguments[0], grid));
    return ApplyValueFunction(math, std::move(input), std::move(parameters), grid, context_);
  }
  if (const ValueFunction date = FindDateFunction(name)) {
    RowStreamPtr input = std::make_unique<VectorOfScalar>(StepTimes(grid));
    if (!call.arguments.empty()) {
      NARTHEX_ASSIGN_OR_RETURN(input, OpenVector(*call.arguments[0], grid));
    }
    return ApplyValueFunction(date, std::move(input), {}, grid, context_);
  }
  if (FindRangeFunction(name) != nullptr) return OpenRangeCall(call, grid, needed);
  if (IsNativeFunction(name)) return OpenNativeCall(call, grid);
  if (name == "timestamp" || name == "start_timestamp") return OpenTimestamp(call, grid);
  if (name == "absent" || name == "absent_over_time") return OpenAbsent(call, grid);
  if (name.starts_with("histogram_")) return OpenHistogramCall(call, grid);
  if (name == "label_replace" || name == "label_join") return OpenLabelCall(call, grid);
  if (name.starts_with("sort")) return OpenSort(call, grid);
  if (name == "info") return OpenInfo(call, grid);
  return Error{ErrorCode::kUnsupported, fmt::format("function {}() is not supported", name)};
}

Result<RowStreamPtr> Evaluator::OpenRangeCall(const promql::Call& call, const StepGrid& grid,
                                              const NeededLabels& needed) {
  const auto range = std::ranges::find_if(call.arguments, [](const promql::ExprPtr& argument) {
    return promql::TypeOf(*argument) == ValueType::kMatrix;
  });
  const RangeFunction* found = FindRangeFunction(call.function->name, EdgesOf(**range));
  NARTHEX_CHECK(found != nullptr, "other edges were refused before");
  const RangeFunction& function = *found;
  NARTHEX_ASSIGN_OR_RETURN(auto parameters, ScalarArguments(call, 0, grid));
  const promql::Expr& inner = promql::Unwrap(**range);
  // Those that judge their parameters series by series do so in one place.
  if (inner.kind == NodeKind::kMatrixSelector && parameters.empty()) {
    const auto& matrix = As<promql::MatrixSelector>(inner);
    NARTHEX_ASSIGN_OR_RETURN(
        MatrixSelection selection,
        SelectMatrix(matrix, grid, NeededOf(function, matrix, needed, context_), context_));
    return ApplyRangeFunction(function, std::move(selection), grid, context_);
  }
  NARTHEX_ASSIGN_OR_RETURN(RangeSource source, OpenRange(**range, grid));
  if (function.name == "double_exponential_smoothing") {
    source.check_step = [sf = parameters[0], tf = parameters[1]](std::size_t step) {
      return CheckSmoothing(sf[step], tf[step]);
    };
  }
  if (function.name == "quantile_over_time") {
    source.is_check_for_floats = true;
    // As upstream, which shows all notes at the first argument.
    source.position = promql::Unwrap(*call.arguments[0]).position;
    source.check_step = [q = parameters[0], position = promql::Unwrap(*call.arguments[0]).position,
                         this](std::size_t step) {
      WarnOfQuantile(q[step], position, context_);
      return Ok();
    };
  }
  return ApplyRangeFunction(function, std::move(source), grid, std::move(parameters), context_);
}

Result<RangeSource> Evaluator::OpenRange(const promql::Expr& expr, const StepGrid& grid) {
  const promql::Expr& inner = promql::Unwrap(expr);
  if (inner.kind == NodeKind::kMatrixSelector) {
    return OpenMatrix(As<promql::MatrixSelector>(inner), grid, context_);
  }
  const auto& subquery = As<promql::SubqueryExpr>(inner);
  NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan, PlanSubquery(subquery, grid, context_));
  RowStreamPtr rows;
  // Resets between the steps of a subquery can be told by buckets only.
  const Context::HistogramUse use(context_, HistogramNeed::kBuckets);
  if (plan.grid) {
    NARTHEX_TRY(context_.CheckStepCount(plan.grid->count));
    const Context::SubqueryScope scope(context_);
    NARTHEX_ASSIGN_OR_RETURN(rows, OpenVector(*subquery.expr, *plan.grid));
  }
  // Notes on a subquery are shown at the beginning of the query, as upstream does.
  RangeSource source = MakeSubquerySource(std::move(rows), plan, context_);
  source.expr = &inner;
  return source;
}

const std::string& Evaluator::StringOf(const promql::Expr& expr) {
  return As<promql::StringLiteral>(promql::Unwrap(expr)).value;
}

}  // namespace narthex::engine
