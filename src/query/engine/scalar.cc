// Scalar expressions.
#include <fmt/format.h>

#include <cmath>
#include <numbers>

#include "arithmetic.h"
#include "evaluator.h"
#include "float_sum.h"
#include "promql/printer.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;

ScalarValues Constant(double value, const StepGrid& grid) {
  return ScalarValues(grid.count, value);
}

}  // namespace

Result<ScalarValues> Evaluator::EvaluateScalar(const promql::Expr& expr, const StepGrid& grid) {
  if (grid.count == 1 || !invariance_.Holds(expr)) return EvaluateScalarAtSteps(expr, grid);
  NARTHEX_ASSIGN_OR_RETURN(const ScalarValues once, EvaluateScalarAtSteps(expr, grid.First()));
  return Constant(once[0], grid);
}

Result<ScalarValues> Evaluator::EvaluateScalarAtSteps(const promql::Expr& expr,
                                                      const StepGrid& grid) {
  switch (expr.kind) {
    case NodeKind::kNumber:
      return Constant(As<promql::NumberLiteral>(expr).value, grid);
    case NodeKind::kParen:
      return EvaluateScalar(*As<promql::ParenExpr>(expr).expr, grid);
    case NodeKind::kBinary:
      return EvaluateScalarBinary(As<promql::BinaryExpr>(expr), grid);
    case NodeKind::kCall:
      return EvaluateScalarCall(As<promql::Call>(expr), grid);
    case NodeKind::kUnary: {
      const auto& unary = As<promql::UnaryExpr>(expr);
      NARTHEX_ASSIGN_OR_RETURN(ScalarValues values, EvaluateScalar(*unary.expr, grid));
      if (unary.op == promql::TokenKind::kSub) {
        for (double& value : values) value = -value;
      }
      return values;
    }
    case NodeKind::kString:
    case NodeKind::kVectorSelector:
    case NodeKind::kMatrixSelector:
    case NodeKind::kSubquery:
    case NodeKind::kAggregate:
      break;
  }
  return Error{ErrorCode::kInternal, "expression is no scalar"};
}

Result<ScalarValues> Evaluator::EvaluateScalarBinary(const promql::BinaryExpr& binary,
                                                     const StepGrid& grid) {
  NARTHEX_ASSIGN_OR_RETURN(ScalarValues left, EvaluateScalar(*binary.left, grid));
  NARTHEX_ASSIGN_OR_RETURN(const ScalarValues right, EvaluateScalar(*binary.right, grid));
  const bool is_trim =
      binary.op == promql::TokenKind::kTrimLower || binary.op == promql::TokenKind::kTrimUpper;
  if (is_trim && !left.empty()) {
    return ExecutionError(fmt::format("operator \"{}\" not allowed for Scalar operations",
                                      promql::OperatorText(binary.op)));
  }
  for (std::size_t i = 0; i < left.size(); ++i) left[i] = Calculate(binary.op, left[i], right[i]);
  return left;
}

Result<ScalarValues> Evaluator::EvaluateScalarCall(const promql::Call& call, const StepGrid& grid) {
  const std::string_view name = call.function->name;
  const QueryTimes& times = context_.times();
  const auto seconds = [](std::int64_t ms) { return static_cast<double>(ms) / 1000; };
  if (name == "scalar") return OnlyValue(*call.arguments[0], grid);
  if (name == "pi") return Constant(std::numbers::pi, grid);
  if (name == "start") return Constant(seconds(times.start), grid);
  if (name == "end") return Constant(seconds(times.end), grid);
  if (name == "step") return Constant(seconds(times.step_ms), grid);
  if (name == "range") return Constant(seconds(times.end - times.start), grid);
  if (name == "time") {
    ScalarValues values(grid.count);
    for (std::size_t i = 0; i < grid.count; ++i) values[i] = seconds(grid.At(i));
    return values;
  }
  if (name == "max_of" || name == "min_of") {
    NARTHEX_ASSIGN_OR_RETURN(auto sides, ScalarArguments(call, 0, grid));
    for (std::size_t i = 0; i < grid.count; ++i) {
      const double a = sides[0][i];
      const double b = sides[1][i];
      const bool is_nan = std::isnan(a) || std::isnan(b);
      const bool takes_a = name == "max_of" ? a >= b : a <= b;
      sides[0][i] = is_nan ? kNaN : (takes_a ? a : b);
    }
    return std::move(sides[0]);
  }
  return Error{ErrorCode::kUnsupported, fmt::format("function {}() is not supported", name)};
}

Result<ScalarValues> Evaluator::OnlyValue(const promql::Expr& expr, const StepGrid& grid) {
  NARTHEX_ASSIGN_OR_RETURN(const RowStreamPtr input, OpenVector(expr, grid));
  ScalarValues values(grid.count, kNaN);
  Presence seen;
  seen.Reset(grid.count);
  Row row;
  while (true) {
    NARTHEX_ASSIGN_OR_RETURN(const bool has_row, input->Next(row));
    if (!has_row) return values;
    row.DropHistograms();
    row.presence.ForEach(
        [&](std::size_t step) { values[step] = seen.Has(step) ? kNaN : row.values[step]; });
    seen.Union(row.presence);
  }
}

}  // namespace narthex::engine
