#include "arithmetic.h"

#include <cmath>

#include "promql/ast.h"

namespace narthex::engine {

using promql::TokenKind;

bool Compare(TokenKind op, double left, double right) {
  switch (op) {
    case TokenKind::kEqlc:
      return left == right;
    case TokenKind::kNeq:
      return left != right;
    case TokenKind::kLte:
      return left <= right;
    case TokenKind::kLss:
      return left < right;
    case TokenKind::kGte:
      return left >= right;
    case TokenKind::kGtr:
      return left > right;
    default:
      return false;
  }
}

double Calculate(TokenKind op, double left, double right) {
  switch (op) {
    case TokenKind::kAdd:
      return left + right;
    case TokenKind::kSub:
      return left - right;
    case TokenKind::kMul:
      return left * right;
    case TokenKind::kDiv:
      return left / right;
    case TokenKind::kMod:
      return std::fmod(left, right);
    case TokenKind::kPow:
      return std::pow(left, right);
    case TokenKind::kAtan2:
      return std::atan2(left, right);
    default:
      return Compare(op, left, right) ? 1 : 0;
  }
}

bool ChangesMeaning(TokenKind op) {
  const bool is_trim = op == TokenKind::kTrimLower || op == TokenKind::kTrimUpper;
  return !promql::IsComparison(op) && !promql::IsSetOperator(op) && !is_trim;
}

}  // namespace narthex::engine
