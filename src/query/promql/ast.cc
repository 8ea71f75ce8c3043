#include "promql/ast.h"

namespace narthex::promql {
namespace {

void CollectSelectors(const Expr& expr, std::vector<const VectorSelector*>& out) {
  if (expr.kind == NodeKind::kVectorSelector) out.push_back(&As<VectorSelector>(expr));
  for (const Expr* child : Children(expr)) CollectSelectors(*child, out);
}

ValueType TypeOfBinary(const BinaryExpr& binary) {
  const bool is_scalar =
      TypeOf(*binary.left) == ValueType::kScalar && TypeOf(*binary.right) == ValueType::kScalar;
  return is_scalar ? ValueType::kScalar : ValueType::kVector;
}

std::vector<const Expr*> Arguments(const Call& call) {
  std::vector<const Expr*> out;
  for (const ExprPtr& argument : call.arguments) out.push_back(argument.get());
  return out;
}

std::vector<const Expr*> Operands(const AggregateExpr& aggregate) {
  std::vector<const Expr*> out;
  if (aggregate.parameter != nullptr) out.push_back(aggregate.parameter.get());
  if (aggregate.expr != nullptr) out.push_back(aggregate.expr.get());
  return out;
}

}  // namespace

ValueType TypeOf(const Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kNumber:
      return ValueType::kScalar;
    case NodeKind::kString:
      return ValueType::kString;
    case NodeKind::kVectorSelector:
    case NodeKind::kAggregate:
      return ValueType::kVector;
    case NodeKind::kMatrixSelector:
    case NodeKind::kSubquery:
      return ValueType::kMatrix;
    case NodeKind::kUnary:
      return TypeOf(*As<UnaryExpr>(expr).expr);
    case NodeKind::kBinary:
      return TypeOfBinary(As<BinaryExpr>(expr));
    case NodeKind::kParen:
      return TypeOf(*As<ParenExpr>(expr).expr);
    case NodeKind::kCall: {
      const Function* function = As<Call>(expr).function;
      return function == nullptr ? ValueType::kNone : function->result;
    }
  }
  return ValueType::kNone;
}

std::vector<const Expr*> Children(const Expr& expr) {
  switch (expr.kind) {
    case NodeKind::kNumber:
    case NodeKind::kString:
    case NodeKind::kVectorSelector:
      return {};
    case NodeKind::kMatrixSelector:
      return {As<MatrixSelector>(expr).selector.get()};
    case NodeKind::kSubquery:
      return {As<SubqueryExpr>(expr).expr.get()};
    case NodeKind::kUnary:
      return {As<UnaryExpr>(expr).expr.get()};
    case NodeKind::kParen:
      return {As<ParenExpr>(expr).expr.get()};
    case NodeKind::kBinary:
      return {As<BinaryExpr>(expr).left.get(), As<BinaryExpr>(expr).right.get()};
    case NodeKind::kAggregate:
      return Operands(As<AggregateExpr>(expr));
    case NodeKind::kCall:
      return Arguments(As<Call>(expr));
  }
  return {};
}

std::vector<const VectorSelector*> Selectors(const Expr& expr) {
  std::vector<const VectorSelector*> out;
  CollectSelectors(expr, out);
  return out;
}

const Expr& Unwrap(const Expr& expr) {
  const Expr* inner = &expr;
  while (inner->kind == NodeKind::kParen) inner = As<ParenExpr>(*inner).expr.get();
  return *inner;
}

bool IsComparison(TokenKind op) {
  switch (op) {
    case TokenKind::kEqlc:
    case TokenKind::kNeq:
    case TokenKind::kLte:
    case TokenKind::kLss:
    case TokenKind::kGte:
    case TokenKind::kGtr:
      return true;
    default:
      return false;
  }
}

bool IsSetOperator(TokenKind op) {
  return op == TokenKind::kAnd || op == TokenKind::kOr || op == TokenKind::kUnless;
}

}  // namespace narthex::promql
