// The grammar of expressions, by recursive descent.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "promql/ast.h"
#include "promql/parser.h"
#include "promql/token.h"

namespace narthex::promql {

// Where a fault is found, as its message says it: "in grouping opts, expected label".
struct Where {
  std::string_view context = {};
  std::string_view expected = {};
};

// One query. After a syntax error every Parse function gives null (or false) and the parser is
// spent; faults of sense are noted and parsing goes on.
class Parser {
 public:
  Parser(std::string_view query, const ParseOptions& options);

  ExprPtr ParseQuery();
  ExprPtr ParseSelectorOnly();
  std::vector<ParseIssue> TakeIssues() { return std::move(issues_); }
  bool has_issues() const { return !issues_.empty(); }

 private:
  // parser.cc
  ExprPtr ParseBinary(int precedence_min);
  ExprPtr ParseUnary();
  ExprPtr ParsePostfix();
  ExprPtr ParsePrimary();
  ExprPtr ParseNumber();
  ExprPtr ParseString();
  ExprPtr ParseParen();
  ExprPtr ParseCall();
  ExprPtr ParseAggregate();
  ExprPtr FinishAggregate(std::unique_ptr<AggregateExpr> node, std::vector<ExprPtr> arguments);
  bool ParseAggregateModifier(AggregateExpr& node);
  bool ParseArguments(std::vector<ExprPtr>& arguments);
  bool ParseBinaryModifiers(BinaryExpr& node);
  bool ParseMatchingLabels(VectorMatching& matching);
  bool ParseFillModifiers(VectorMatching& matching);
  void CheckFillModifiers(const BinaryExpr& node);

  // parser_selector.cc
  ExprPtr ParseVectorSelector();
  bool ParseMatchers(VectorSelector& selector);
  bool ParseMatcher(VectorSelector& selector);
  void AddMatcher(VectorSelector& selector, const Token& name_token, std::string name,
                  const Token& op, const Token& value);
  bool ParseGroupingLabels(std::vector<std::string>& labels);
  bool ParseGroupingLabel(std::vector<std::string>& labels);
  ExprPtr ParseBrackets(ExprPtr expr);
  ExprPtr MakeMatrix(ExprPtr expr, DurationValue range, std::size_t bracket_offset);
  bool ParseSubqueryStep(SubqueryExpr& node);
  ExprPtr ParseOffset(ExprPtr expr);
  ExprPtr ParseAt(ExprPtr expr);
  bool ParseAnchor(TimeShift& shift, const PositionRange& position);
  ExprPtr ParseEdges(ExprPtr expr);
  // The shift of a selector or subquery (null for other expressions) and the end to move.
  struct ShiftTarget {
    TimeShift* shift = nullptr;
    PositionRange* position = nullptr;
  };
  ShiftTarget TargetOf(Expr& expr, std::string_view modifier);

  // parser_duration.cc
  std::unique_ptr<DurationExpr> ParseDurationExpr(int precedence_min);
  std::unique_ptr<DurationExpr> ParseDurationUnary(bool is_offset);
  // `sign`: what stands before it, if a fault of a number is to be shown there.
  std::unique_ptr<DurationExpr> ParseDurationPrimary(const Token* sign = nullptr);
  std::unique_ptr<DurationExpr> ParseDurationCall();
  bool RefuseZeroDivisor(DurationExpr& node, const Token& op);
  bool ParsePositiveDuration(DurationValue& out);
  bool ParseOffsetDuration(DurationValue& out);
  void Store(std::unique_ptr<DurationExpr> expr, DurationValue& out);
  double NumberValue(const Token& token);

  // Tokens. Peek gives kEof once the input is not made of tokens any more, and notes why.
  const Token& Peek(std::size_t ahead = 0);
  Token Take();
  bool At(TokenKind kind) { return Peek().kind == kind; }
  bool TakeIf(TokenKind kind);
  // Takes a token of this kind, or notes a syntax error.
  bool Expect(TokenKind kind, Where where = {});

  // Notes that the next token should not stand here.
  void Unexpected(Where where = {});
  void Issue(PositionRange position, std::string message);
  static PositionRange RangeOf(const Token& token) {
    return {token.offset, token.offset + token.text.size()};
  }
  // The end of the last token taken.
  std::size_t last_end() const { return last_end_; }

  // Counts nesting; false, with an issue, beyond the limit.
  class Nesting;

  const std::string_view query_;
  const ParseOptions& options_;
  TokenList list_;
  std::size_t next_ = 0;
  std::size_t last_end_ = 0;
  std::size_t depth_ = 0;
  bool has_lex_error_ = false;
  // The construct that a syntax error in an expression is reported in.
  std::string_view context_ = {};
  // What may stand where a duration is expected.
  std::string_view forms_ = "number, duration, step(), or range()";
  std::vector<ParseIssue> issues_;
};

// Faults of types, arguments and modifiers in a tree.
std::vector<ParseIssue> CheckTypes(Expr& expr, std::string_view query);

}  // namespace narthex::promql
