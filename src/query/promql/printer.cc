#include "promql/printer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "label_text.h"
#include "model/duration.h"
#include "model/labels.h"

namespace narthex::promql {
namespace {

std::string PrintDuration(const DurationExpr& expr);

// Go's %v: an exponent below 1e-4 and from 1e21 on.
std::string PrintFloat(double value) {
  const double magnitude = std::fabs(value);
  const bool is_plain = magnitude == 0 || (magnitude >= 1e-4 && magnitude < 1e21);
  return FormatDouble(value, is_plain ? FloatFormat::kPlain : FloatFormat::kCompact);
}

std::string PrintMilliseconds(std::chrono::milliseconds duration) {
  return duration.count() < 0 ? "-" + model::FormatDuration(-duration)
                              : model::FormatDuration(duration);
}

std::string PrintSeconds(double seconds) {
  return PrintMilliseconds(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

std::string PrintDurationBare(const DurationExpr& expr) {
  using Op = DurationExpr::Op;
  const auto sides = [&](std::string_view op) {
    return fmt::format("{} {} {}", PrintDuration(*expr.left), op, PrintDuration(*expr.right));
  };
  const auto call = [&](std::string_view name) {
    return fmt::format("{}({}, {})", name, PrintDuration(*expr.left), PrintDuration(*expr.right));
  };
  switch (expr.op) {
    case Op::kNumber:
      return expr.is_written_as_duration ? PrintSeconds(expr.seconds) : PrintFloat(expr.seconds);
    case Op::kAdd:
      return expr.left == nullptr ? PrintDuration(*expr.right) : sides("+");
    case Op::kSub:
      return expr.left == nullptr ? "-" + PrintDuration(*expr.right) : sides("-");
    case Op::kMul:
      return sides("*");
    case Op::kDiv:
      return sides("/");
    case Op::kMod:
      return sides("%");
    case Op::kPow:
      return sides("^");
    case Op::kStep:
      return "step()";
    case Op::kRange:
      return "range()";
    case Op::kMinOf:
      return call("min_of");
    case Op::kMaxOf:
      return call("max_of");
  }
  return {};
}

std::string PrintDuration(const DurationExpr& expr) {
  return expr.is_wrapped ? fmt::format("({})", PrintDurationBare(expr)) : PrintDurationBare(expr);
}

std::string PrintDuration(const DurationValue& duration) {
  return duration.expr != nullptr ? PrintDuration(*duration.expr)
                                  : PrintMilliseconds(duration.value);
}

// In a form that is read back: the grammar ends an offset with its first operand, unless it begins
// with a parenthesis.
std::string PrintOffset(const DurationValue& offset) {
  std::string text = PrintDuration(offset);
  const bool is_cut = offset.expr != nullptr && offset.expr->left != nullptr &&
                      offset.expr->op < DurationExpr::Op::kStep && !text.starts_with('(');
  return is_cut ? fmt::format("({})", text) : text;
}

std::string PrintShift(const TimeShift& shift) {
  std::string out;
  switch (shift.anchor) {
    case TimeShift::Anchor::kNone:
      break;
    case TimeShift::Anchor::kTime:
      out = fmt::format(" @ {:.3f}", static_cast<double>(shift.time) / 1000);
      break;
    case TimeShift::Anchor::kStart:
      out = " @ start()";
      break;
    case TimeShift::Anchor::kEnd:
      out = " @ end()";
      break;
  }
  if (shift.offset.expr != nullptr || shift.offset.value.count() != 0) {
    out += " offset " + PrintOffset(shift.offset);
  }
  return out;
}

std::string_view PrintEdges(RangeEdges edges) {
  switch (edges) {
    case RangeEdges::kPlain:
      return "";
    case RangeEdges::kAnchored:
      return " anchored";
    case RangeEdges::kSmoothed:
      return " smoothed";
  }
  return "";
}

// Name and matchers only.
std::string PrintSelector(const VectorSelector& selector) {
  std::vector<std::string> texts;
  for (const model::Matcher& matcher : selector.matchers) {
    const bool is_the_name = !selector.name.empty() && matcher.name() == model::kMetricName &&
                             matcher.type() == model::MatchType::kEqual &&
                             matcher.value() == selector.name;
    if (!is_the_name) texts.push_back(matcher.ToString());
  }
  std::ranges::sort(texts);
  if (texts.empty()) return selector.name;
  return fmt::format("{}{{{}}}", selector.name, fmt::join(texts, ","));
}

std::string PrintVectorSelector(const VectorSelector& selector) {
  return PrintSelector(selector) + std::string(PrintEdges(selector.edges)) +
         PrintShift(selector.shift);
}

std::string PrintMatrix(const MatrixSelector& matrix) {
  const VectorSelector& selector = matrix.vector();
  return fmt::format("{}[{}]{}{}", PrintSelector(selector), PrintDuration(matrix.range),
                     PrintEdges(selector.edges), PrintShift(selector.shift));
}

std::string PrintNumber(const NumberLiteral& number) {
  if (!number.is_written_as_duration) return PrintFloat(number.value);
  return PrintSeconds(number.value);
}

std::string PrintBinary(const BinaryExpr& binary) {
  return fmt::format("{} {}{} {}", Print(*binary.left), OperatorText(binary.op),
                     MatchingText(binary), Print(*binary.right));
}

std::string PrintAggregate(const AggregateExpr& aggregate) {
  std::string out = AggregateText(aggregate) + "(";
  if (aggregate.parameter != nullptr) out += Print(*aggregate.parameter) + ", ";
  return out + Print(*aggregate.expr) + ")";
}

std::string PrintCall(const Call& call) {
  std::vector<std::string> arguments;
  for (const ExprPtr& argument : call.arguments) arguments.push_back(PrintArgument(*argument));
  return fmt::format("{}({})", call.function->name, fmt::join(arguments, ", "));
}

}  // namespace

std::string LabelNames(const std::vector<std::string>& labels) {
  std::vector<std::string> texts;
  for (const std::string& label : labels) {
    texts.push_back(model::IsLegacyLabelName(label) ? label : model::Quote(label));
  }
  return fmt::format("{}", fmt::join(texts, ", "));
}

std::string PrintArgument(const Expr& argument) {
  const bool is_empty = argument.kind == NodeKind::kVectorSelector &&
                        PrintSelector(As<VectorSelector>(argument)).empty();
  return is_empty ? "{}" + Print(argument) : Print(argument);
}

std::string SubqueryRangeText(const SubqueryExpr& subquery) {
  const bool has_step = subquery.step.expr != nullptr || subquery.step.value.count() != 0;
  return fmt::format("[{}:{}]{}", PrintDuration(subquery.range),
                     has_step ? PrintDuration(subquery.step) : std::string(),
                     PrintShift(subquery.shift));
}

std::string AggregateText(const AggregateExpr& aggregate) {
  const std::string_view op = OperatorText(aggregate.op);
  if (aggregate.is_without)
    return fmt::format("{} without ({}) ", op, LabelNames(aggregate.grouping));
  if (aggregate.grouping.empty()) return std::string(op);
  return fmt::format("{} by ({}) ", op, LabelNames(aggregate.grouping));
}

std::string MatchingText(const BinaryExpr& binary) {
  std::string out = binary.returns_bool ? " bool" : "";
  if (!binary.matching) return out;
  const VectorMatching& matching = *binary.matching;
  const bool is_grouped = matching.cardinality == Cardinality::kManyToOne ||
                          matching.cardinality == Cardinality::kOneToMany;
  if (!matching.labels.empty() || matching.is_on || is_grouped) {
    out += fmt::format(" {} ({})", matching.is_on ? "on" : "ignoring", LabelNames(matching.labels));
  }
  if (is_grouped) {
    const bool is_left = matching.cardinality == Cardinality::kManyToOne;
    out += fmt::format(" {} ({})", is_left ? "group_left" : "group_right",
                       LabelNames(matching.include));
  }
  const auto& left = matching.fill_left;
  const auto& right = matching.fill_right;
  if (left && right && *left == *right) return out + fmt::format(" fill ({})", FormatDouble(*left));
  if (left) out += fmt::format(" fill_left ({})", FormatDouble(*left));
  if (right) out += fmt::format(" fill_right ({})", FormatDouble(*right));
  return out;
}

std::string Print(const Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kNumber:
      return PrintNumber(As<NumberLiteral>(expr));
    case NodeKind::kString:
      return model::Quote(As<StringLiteral>(expr).value);
    case NodeKind::kVectorSelector:
      return PrintVectorSelector(As<VectorSelector>(expr));
    case NodeKind::kMatrixSelector:
      return PrintMatrix(As<MatrixSelector>(expr));
    case NodeKind::kSubquery:
      return Print(*As<SubqueryExpr>(expr).expr) + SubqueryRangeText(As<SubqueryExpr>(expr));
    case NodeKind::kUnary:
      return std::string(OperatorText(As<UnaryExpr>(expr).op)) + Print(*As<UnaryExpr>(expr).expr);
    case NodeKind::kBinary:
      return PrintBinary(As<BinaryExpr>(expr));
    case NodeKind::kAggregate:
      return PrintAggregate(As<AggregateExpr>(expr));
    case NodeKind::kCall:
      return PrintCall(As<Call>(expr));
    case NodeKind::kParen:
      return fmt::format("({})", Print(*As<ParenExpr>(expr).expr));
  }
  return {};
}

std::string_view OperatorText(TokenKind op) {
  switch (op) {
    case TokenKind::kAdd:
      return "+";
    case TokenKind::kSub:
      return "-";
    case TokenKind::kMul:
      return "*";
    case TokenKind::kDiv:
      return "/";
    case TokenKind::kMod:
      return "%";
    case TokenKind::kPow:
      return "^";
    case TokenKind::kAtan2:
      return "atan2";
    case TokenKind::kEqlc:
      return "==";
    case TokenKind::kNeq:
      return "!=";
    case TokenKind::kLte:
      return "<=";
    case TokenKind::kLss:
      return "<";
    case TokenKind::kGte:
      return ">=";
    case TokenKind::kGtr:
      return ">";
    case TokenKind::kTrimUpper:
      return "</";
    case TokenKind::kTrimLower:
      return ">/";
    case TokenKind::kAnd:
      return "and";
    case TokenKind::kOr:
      return "or";
    case TokenKind::kUnless:
      return "unless";
    case TokenKind::kSum:
      return "sum";
    case TokenKind::kAvg:
      return "avg";
    case TokenKind::kCount:
      return "count";
    case TokenKind::kMin:
      return "min";
    case TokenKind::kMax:
      return "max";
    case TokenKind::kGroup:
      return "group";
    case TokenKind::kStddev:
      return "stddev";
    case TokenKind::kStdvar:
      return "stdvar";
    case TokenKind::kTopk:
      return "topk";
    case TokenKind::kBottomk:
      return "bottomk";
    case TokenKind::kCountValues:
      return "count_values";
    case TokenKind::kQuantile:
      return "quantile";
    case TokenKind::kLimitk:
      return "limitk";
    case TokenKind::kLimitRatio:
      return "limit_ratio";
    default:
      return "";
  }
}

}  // namespace narthex::promql
