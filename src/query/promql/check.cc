// Types, argument counts and other rules that the grammar does not hold.
#include <fmt/format.h>

#include "grammar.h"
#include "keywords.h"
#include "model/labels.h"
#include "promql/printer.h"

namespace narthex::promql {
namespace {

class Checker {
 public:
  explicit Checker(std::string_view query) : query_(query) {}

  void Check(Expr& expr);
  std::vector<ParseIssue> TakeIssues() { return std::move(issues_); }

 private:
  void CheckSelector(const VectorSelector& selector);
  void CheckSubquery(SubqueryExpr& subquery);
  void CheckUnary(UnaryExpr& unary);
  void CheckBinary(BinaryExpr& binary);
  void CheckMatching(BinaryExpr& binary);
  void CheckAggregate(AggregateExpr& aggregate);
  void CheckCall(Call& call);
  bool CheckArgumentCount(const Call& call);
  void CheckInfo(Call& call);
  void ExpectType(Expr& expr, ValueType type, std::string_view context);

  PositionRange OperatorPosition(const BinaryExpr& binary) const;
  void Issue(PositionRange position, std::string message) {
    issues_.push_back({position, std::move(message)});
  }

  const std::string_view query_;
  std::vector<ParseIssue> issues_;
};

void Checker::Check(Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kNumber:
    case NodeKind::kString:
      return;
    case NodeKind::kVectorSelector:
      return CheckSelector(As<VectorSelector>(expr));
    case NodeKind::kMatrixSelector:
      return CheckSelector(As<MatrixSelector>(expr).vector());
    case NodeKind::kSubquery:
      return CheckSubquery(As<SubqueryExpr>(expr));
    case NodeKind::kUnary:
      return CheckUnary(As<UnaryExpr>(expr));
    case NodeKind::kBinary:
      return CheckBinary(As<BinaryExpr>(expr));
    case NodeKind::kAggregate:
      return CheckAggregate(As<AggregateExpr>(expr));
    case NodeKind::kCall:
      return CheckCall(As<Call>(expr));
    case NodeKind::kParen:
      return Check(*As<ParenExpr>(expr).expr);
  }
}

void Checker::CheckSelector(const VectorSelector& selector) {
  if (!selector.name.empty()) {
    // The last matcher is the name's own.
    for (std::size_t i = 0; i + 1 < selector.matchers.size(); ++i) {
      const model::Matcher& matcher = selector.matchers[i];
      if (matcher.name() != model::kMetricName) continue;
      Issue(selector.position,
            fmt::format("metric name must not be set twice: {} or {}", model::Quote(selector.name),
                        model::Quote(matcher.value())));
    }
    return;
  }
  if (selector.may_match_everything) return;
  for (const model::Matcher& matcher : selector.matchers) {
    if (!matcher.MatchesEmpty()) return;
  }
  Issue(selector.position, "vector selector must contain at least one non-empty matcher");
}

void Checker::CheckSubquery(SubqueryExpr& subquery) {
  Check(*subquery.expr);
  const ValueType type = TypeOf(*subquery.expr);
  if (type == ValueType::kVector) return;
  Issue(subquery.position, fmt::format("subquery is only allowed on instant vector, got {} instead",
                                       ValueTypeName(type)));
}

void Checker::CheckUnary(UnaryExpr& unary) {
  Check(*unary.expr);
  const ValueType type = TypeOf(*unary.expr);
  if (type == ValueType::kScalar || type == ValueType::kVector) return;
  Issue(
      unary.position,
      fmt::format("unary expression only allowed on expressions of type scalar or instant vector, "
                  "got \"{}\"",
                  ValueTypeText(type)));
}

PositionRange Checker::OperatorPosition(const BinaryExpr& binary) const {
  PositionRange range = {binary.left->position.end, binary.right->position.start};
  while (range.start < query_.size() && IsSpace(query_[range.start])) ++range.start;
  if (range.end > 0) --range.end;
  while (range.end > range.start && IsSpace(query_[range.end])) --range.end;
  return range;
}

void Checker::CheckBinary(BinaryExpr& binary) {
  Check(*binary.left);
  Check(*binary.right);
  const ValueType left = TypeOf(*binary.left);
  const ValueType right = TypeOf(*binary.right);
  const bool is_comparison = IsComparison(binary.op);

  if (binary.returns_bool && !is_comparison) {
    Issue(OperatorPosition(binary), "bool modifier can only be used on comparison operators");
  }
  if (is_comparison && !binary.returns_bool && left == ValueType::kScalar &&
      right == ValueType::kScalar) {
    Issue(OperatorPosition(binary), "comparisons between scalars must use BOOL modifier");
  }
  for (const auto& label : binary.matching->labels) {
    for (const auto& include : binary.matching->include) {
      if (label != include || !binary.matching->is_on) continue;
      Issue(OperatorPosition(binary),
            fmt::format("label {} must not occur in ON and GROUP clause at once",
                        model::Quote(label)));
    }
  }
  for (const Expr* side : {binary.left.get(), binary.right.get()}) {
    const ValueType type = TypeOf(*side);
    if (type == ValueType::kScalar || type == ValueType::kVector) continue;
    Issue(side->position, "binary expression must contain only scalar and instant vector types");
  }
  CheckMatching(binary);
  if ((left == ValueType::kScalar || right == ValueType::kScalar) && IsSetOperator(binary.op)) {
    Issue(binary.position,
          fmt::format("set operator \"{}\" not allowed in binary scalar expression",
                      OperatorText(binary.op)));
  }
}

void Checker::CheckMatching(BinaryExpr& binary) {
  const VectorMatching& matching = *binary.matching;
  const bool has_fill = matching.fill_left.has_value() || matching.fill_right.has_value();
  const bool is_vectors =
      TypeOf(*binary.left) == ValueType::kVector && TypeOf(*binary.right) == ValueType::kVector;
  if (!is_vectors) {
    if (!matching.labels.empty()) {
      Issue(binary.position, "vector matching only allowed between instant vectors");
    }
    if (has_fill) {
      Issue(binary.position, "filling in missing series only allowed between instant vectors");
    }
    binary.matching.reset();
    return;
  }
  if (!IsSetOperator(binary.op)) return;
  if (matching.cardinality != Cardinality::kManyToMany) {
    Issue(binary.position,
          fmt::format("no grouping allowed for \"{}\" operation", OperatorText(binary.op)));
    Issue(binary.position, "set operations must always be many-to-many");
  }
  if (has_fill) {
    Issue(binary.position, "filling in missing series not allowed for set operators");
  }
}

void Checker::CheckAggregate(AggregateExpr& aggregate) {
  ExpectType(*aggregate.expr, ValueType::kVector, "aggregation expression");
  if (aggregate.parameter == nullptr) return;
  const ValueType type =
      aggregate.op == TokenKind::kCountValues ? ValueType::kString : ValueType::kScalar;
  ExpectType(*aggregate.parameter, type, "aggregation parameter");
}

bool Checker::CheckArgumentCount(const Call& call) {
  const Function& function = *call.function;
  const std::size_t wanted = function.arguments.size();
  const std::size_t got = call.arguments.size();
  const auto report = [&](std::string_view bound, std::size_t count) {
    Issue(call.position, fmt::format("expected {}{} argument(s) in call to \"{}\", got {}", bound,
                                     count, function.name, got));
    return false;
  };
  if (function.variadic == 0) return got == wanted || report("", wanted);
  if (got + 1 < wanted) return report("at least ", wanted - 1);
  if (function.variadic > 0) {
    const std::size_t most = wanted - 1 + static_cast<std::size_t>(function.variadic);
    if (got > most) return report("at most ", most);
  }
  return true;
}

void Checker::CheckInfo(Call& call) {
  if (call.arguments.size() < 2) return;
  Expr& selector = *call.arguments[1];
  if (selector.kind != NodeKind::kVectorSelector) {
    Issue(selector.position, fmt::format("expected label selectors only, got {} instead",
                                         ValueTypeText(TypeOf(selector))));
    return;
  }
  if (!As<VectorSelector>(selector).name.empty()) {
    Issue(selector.position, "expected label selectors only, got vector selector instead");
    return;
  }
  As<VectorSelector>(selector).may_match_everything = true;
}

void Checker::CheckCall(Call& call) {
  const bool has_count = CheckArgumentCount(call);
  if (!has_count) return;
  if (call.function->name == "info") CheckInfo(call);
  const auto types = call.function->arguments;
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const ValueType type = types[std::min(i, types.size() - 1)];
    ExpectType(*call.arguments[i], type,
               fmt::format("call to function \"{}\"", call.function->name));
  }
}

void Checker::ExpectType(Expr& expr, ValueType type, std::string_view context) {
  Check(expr);
  const ValueType actual = TypeOf(expr);
  if (actual == type) return;
  Issue(expr.position, fmt::format("expected type {} in {}, got {}", ValueTypeText(type), context,
                                   ValueTypeText(actual)));
}

}  // namespace

std::vector<ParseIssue> CheckTypes(Expr& expr, std::string_view query) {
  Checker checker(query);
  checker.Check(expr);
  return checker.TakeIssues();
}

}  // namespace narthex::promql
