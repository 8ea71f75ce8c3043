// The syntax tree of a query.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/matcher.h"
#include "model/sample.h"
#include "promql/functions.h"
#include "promql/position.h"
#include "promql/token.h"
#include "promql/value_type.h"

namespace narthex::promql {

using Duration = std::chrono::milliseconds;

enum class NodeKind {
  kNumber,
  kString,
  kVectorSelector,
  kMatrixSelector,
  kSubquery,
  kUnary,
  kBinary,
  kAggregate,
  kCall,
  kParen,
};

// A node and, through the members of the types below, all that is under it. Parts of the query text
// are copied, so a tree outlives it. Not synchronised; a finished tree may be read by many threads.
struct Expr {
  virtual ~Expr() = default;

  const NodeKind kind;
  PositionRange position;

 protected:
  explicit Expr(NodeKind node_kind) : kind(node_kind) {}
};

using ExprPtr = std::unique_ptr<Expr>;

// `expr` as a T; the caller knows from `kind` that it is one.
template <typename T>
const T& As(const Expr& expr) {
  return static_cast<const T&>(expr);
}
template <typename T>
T& As(Expr& expr) {
  return static_cast<T&>(expr);
}

// Calculation with durations inside [] or behind offset; known only when a query is evaluated.
struct DurationExpr {
  enum class Op { kNumber, kAdd, kSub, kMul, kDiv, kMod, kPow, kStep, kRange, kMinOf, kMaxOf };

  Op op = Op::kNumber;
  double seconds = 0;                   // of a kNumber
  bool is_written_as_duration = false;  // a kNumber given as `5m`, not as `300`
  std::unique_ptr<DurationExpr> left;   // null where kAdd and kSub have one operand only
  std::unique_ptr<DurationExpr> right;
  bool is_wrapped = false;  // in parentheses
  PositionRange position;
};

// A length of time, as a value or to be calculated.
struct DurationValue {
  Duration value{0};
  std::unique_ptr<DurationExpr> expr;  // null where `value` says it all
};

// `@` and `offset`.
struct TimeShift {
  enum class Anchor { kNone, kTime, kStart, kEnd };

  DurationValue offset;
  Anchor anchor = Anchor::kNone;
  model::TimestampMs time = 0;  // of kTime
};

// How the samples at the edges of a range are found: as they are, the last before the edge, or in a
// straight line between their neighbours.
enum class RangeEdges { kPlain, kAnchored, kSmoothed };

struct NumberLiteral : Expr {
  NumberLiteral() : Expr(NodeKind::kNumber) {}
  double value = 0;
  bool is_written_as_duration = false;
};

struct StringLiteral : Expr {
  StringLiteral() : Expr(NodeKind::kString) {}
  std::string value;
};

struct VectorSelector : Expr {
  VectorSelector() : Expr(NodeKind::kVectorSelector) {}
  std::string name;  // as written before the braces; empty if the name is a matcher or not given
  // In the order written; where `name` is given, its matcher comes last.
  std::vector<model::Matcher> matchers;
  TimeShift shift;
  RangeEdges edges = RangeEdges::kPlain;
  // The second argument of info() may match everything.
  bool may_match_everything = false;
};

// `selector[range]`; offset, @ and edges stand in the selector.
struct MatrixSelector : Expr {
  MatrixSelector() : Expr(NodeKind::kMatrixSelector) {}
  ExprPtr selector;  // a VectorSelector once the parser has accepted the query
  DurationValue range;

  const VectorSelector& vector() const { return As<VectorSelector>(*selector); }
  VectorSelector& vector() { return As<VectorSelector>(*selector); }
};

struct SubqueryExpr : Expr {
  SubqueryExpr() : Expr(NodeKind::kSubquery) {}
  ExprPtr expr;
  DurationValue range;
  DurationValue step;  // 0: the default of the evaluation
  TimeShift shift;
};

struct UnaryExpr : Expr {
  UnaryExpr() : Expr(NodeKind::kUnary) {}
  TokenKind op = TokenKind::kAdd;  // or kSub
  ExprPtr expr;
};

enum class Cardinality { kOneToOne, kManyToOne, kOneToMany, kManyToMany };

// How the series of two vectors find each other.
struct VectorMatching {
  Cardinality cardinality = Cardinality::kOneToOne;
  std::vector<std::string> labels;  // of on() or ignoring()
  bool is_on = false;
  std::vector<std::string> include;  // of group_left() or group_right()
  // The values that stand in for a missing partner.
  std::optional<double> fill_left;
  std::optional<double> fill_right;
};

struct BinaryExpr : Expr {
  BinaryExpr() : Expr(NodeKind::kBinary) {}
  TokenKind op = TokenKind::kAdd;
  ExprPtr left;
  ExprPtr right;
  std::optional<VectorMatching> matching;  // if both sides are vectors
  bool returns_bool = false;
};

struct AggregateExpr : Expr {
  AggregateExpr() : Expr(NodeKind::kAggregate) {}
  TokenKind op = TokenKind::kSum;
  ExprPtr expr;
  ExprPtr parameter;  // null where the operation has none
  std::vector<std::string> grouping;
  bool is_without = false;
};

struct Call : Expr {
  Call() : Expr(NodeKind::kCall) {}
  const Function* function = nullptr;  // lives as long as the process
  std::vector<ExprPtr> arguments;
};

struct ParenExpr : Expr {
  ParenExpr() : Expr(NodeKind::kParen) {}
  ExprPtr expr;
};

// What `expr` evaluates to.
ValueType TypeOf(const Expr& expr);

// The expressions right under `expr`, in the order written.
std::vector<const Expr*> Children(const Expr& expr);

// Every vector selector of `expr`, in the order written. Valid as long as the tree.
std::vector<const VectorSelector*> Selectors(const Expr& expr);

// The expression in all parentheses around it.
const Expr& Unwrap(const Expr& expr);

bool IsComparison(TokenKind op);  // kTrimUpper and kTrimLower are not
bool IsSetOperator(TokenKind op);

}  // namespace narthex::promql
