#include "promql/parser.h"

#include <fmt/format.h>

#include "grammar.h"
#include "keywords.h"
#include "model/labels.h"
#include "promql/printer.h"

namespace narthex::promql {
namespace {

// How strongly a binary operator binds; 0 for tokens that are none.
int Precedence(TokenKind kind) {
  switch (kind) {
    case TokenKind::kOr:
      return 1;
    case TokenKind::kAnd:
    case TokenKind::kUnless:
      return 2;
    case TokenKind::kEqlc:
    case TokenKind::kNeq:
    case TokenKind::kLte:
    case TokenKind::kLss:
    case TokenKind::kGte:
    case TokenKind::kGtr:
    case TokenKind::kTrimLower:
    case TokenKind::kTrimUpper:
      return 3;
    case TokenKind::kAdd:
    case TokenKind::kSub:
      return 4;
    case TokenKind::kMul:
    case TokenKind::kDiv:
    case TokenKind::kMod:
    case TokenKind::kAtan2:
      return 5;
    case TokenKind::kPow:
      return 6;
    default:
      return 0;
  }
}

constexpr int kPowPrecedence = 6;

bool IsWord(TokenKind kind) {
  return kind == TokenKind::kIdentifier || IsAggregator(kind) || IsKeyword(kind) ||
         kind == TokenKind::kAnd || kind == TokenKind::kOr || kind == TokenKind::kUnless;
}

// Keywords that no metric can be named by where an operand is expected.
bool IsModifierOnly(TokenKind kind) {
  return kind == TokenKind::kBool || kind == TokenKind::kOn || kind == TokenKind::kIgnoring ||
         kind == TokenKind::kGroupLeft || kind == TokenKind::kGroupRight;
}

// Whether the right side of a binary operator may begin with it, a parenthesis left aside.
bool BeginsOperand(TokenKind kind) {
  switch (kind) {
    case TokenKind::kNumber:
    case TokenKind::kDuration:
    case TokenKind::kString:
    case TokenKind::kLeftBrace:
    case TokenKind::kMetricIdentifier:
    case TokenKind::kAdd:
    case TokenKind::kSub:
      return true;
    default:
      return IsWord(kind) && !IsModifierOnly(kind);
  }
}

std::string DescribeKind(TokenKind kind) {
  switch (kind) {
    case TokenKind::kIdentifier:
      return "identifier ";
    case TokenKind::kMetricIdentifier:
      return "metric identifier ";
    case TokenKind::kString:
      return "string ";
    case TokenKind::kNumber:
      return "number ";
    case TokenKind::kDuration:
      return "duration ";
    default:
      return "";
  }
}

// The token as messages show it.
std::string Describe(const Token& token) {
  if (token.kind == TokenKind::kEof) return "end of input";
  // start, end, step and range are words of their own, and upstream shows them as any.
  const bool is_shown_as_keyword = IsKeyword(token.kind) && token.kind < TokenKind::kStart;
  if (is_shown_as_keyword) return fmt::format("<{}>", token.text);
  const bool is_regex_operator =
      token.kind == TokenKind::kEqlRegex || token.kind == TokenKind::kNeqRegex;
  if (IsOperator(token.kind) || is_regex_operator) return fmt::format("<op:{}>", token.text);
  if (IsAggregator(token.kind)) return fmt::format("<aggr:{}>", token.text);
  const bool is_name =
      token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kMetricIdentifier;
  if (!is_name && token.text.size() > 10) {
    return DescribeKind(token.kind) + model::Quote(token.text.substr(0, 10)) + "...";
  }
  return DescribeKind(token.kind) + model::Quote(token.text);
}

bool TakesParameter(TokenKind op) {
  switch (op) {
    case TokenKind::kTopk:
    case TokenKind::kBottomk:
    case TokenKind::kCountValues:
    case TokenKind::kQuantile:
    case TokenKind::kLimitk:
    case TokenKind::kLimitRatio:
      return true;
    default:
      return false;
  }
}

// Tokens that name a function when a parenthesis follows.
bool NamesFunction(TokenKind kind) {
  return kind == TokenKind::kIdentifier || kind == TokenKind::kStart || kind == TokenKind::kEnd ||
         kind == TokenKind::kStep || kind == TokenKind::kRange;
}

// Fills list with the tokens that the grammar sees.
void DropComments(TokenList& list) {
  std::erase_if(list.tokens, [](const Token& token) { return token.kind == TokenKind::kComment; });
}

}  // namespace

class Parser::Nesting {
 public:
  explicit Nesting(Parser& parser) : parser_(parser) { ++parser_.depth_; }
  ~Nesting() { --parser_.depth_; }
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;

  bool IsTooDeep() {
    if (parser_.depth_ <= parser_.options_.depth_max) return false;
    if (parser_.issues_.empty()) {
      parser_.Issue(
          RangeOf(parser_.Peek()),
          fmt::format("expression is nested more than {} levels deep", parser_.options_.depth_max));
    }
    return true;
  }

 private:
  Parser& parser_;
};

Parser::Parser(std::string_view query, const ParseOptions& options)
    : query_(query), options_(options), list_(Tokenize(query)) {
  DropComments(list_);
}

ExprPtr Parser::ParseQuery() {
  if (At(TokenKind::kEof)) {
    if (!has_lex_error_) Issue({}, "no expression found in input");
    return nullptr;
  }
  ExprPtr expr = ParseBinary(1);
  if (expr == nullptr) return nullptr;
  if (!At(TokenKind::kEof)) {
    Unexpected();
    return nullptr;
  }
  if (has_lex_error_) return nullptr;
  return expr;
}

ExprPtr Parser::ParseSelectorOnly() {
  const TokenKind first = Peek().kind;
  const bool is_name =
      first == TokenKind::kMetricIdentifier || (IsWord(first) && !IsModifierOnly(first));
  if (!is_name && first != TokenKind::kLeftBrace) {
    Unexpected();
    return nullptr;
  }
  ExprPtr expr = ParseVectorSelector();
  if (expr == nullptr) return nullptr;
  if (!At(TokenKind::kEof)) {
    Unexpected();
    return nullptr;
  }
  return has_lex_error_ ? nullptr : std::move(expr);
}

ExprPtr Parser::ParseBinary(int precedence_min) {
  Nesting nesting(*this);
  if (nesting.IsTooDeep()) return nullptr;
  ExprPtr left = ParseUnary();
  std::size_t chain_size = 0;
  while (left != nullptr) {
    const TokenKind op = Peek().kind;
    const int precedence = Precedence(op);
    if (precedence == 0 || precedence < precedence_min) return left;
    // A chain of operators is a tree as deep as it is long.
    if (depth_ + ++chain_size > options_.depth_max * 4) {
      Issue(RangeOf(Peek()), "expression has too many operators in a row");
      return nullptr;
    }
    auto node = std::make_unique<BinaryExpr>();
    node->op = op;
    Take();
    if (!ParseBinaryModifiers(*node)) return nullptr;
    node->left = std::move(left);
    node->right = ParseBinary(op == TokenKind::kPow ? precedence : precedence + 1);
    if (node->right == nullptr) return nullptr;
    node->position = {node->left->position.start, node->right->position.end};
    CheckFillModifiers(*node);
    left = std::move(node);
  }
  return nullptr;
}

void Parser::CheckFillModifiers(const BinaryExpr& node) {
  if (options_.allows_fill_modifiers) return;
  if (!node.matching->fill_left && !node.matching->fill_right) return;
  Issue(node.position, "binop fill modifiers are experimental and not enabled");
}

bool Parser::ParseBinaryModifiers(BinaryExpr& node) {
  VectorMatching matching;
  node.returns_bool = TakeIf(TokenKind::kBool);
  if (At(TokenKind::kOn) || At(TokenKind::kIgnoring)) {
    if (!ParseMatchingLabels(matching)) return false;
  }
  if (!ParseFillModifiers(matching)) return false;
  if (IsSetOperator(node.op) && matching.cardinality == Cardinality::kOneToOne) {
    matching.cardinality = Cardinality::kManyToMany;
  }
  node.matching = std::move(matching);
  return true;
}

bool Parser::ParseMatchingLabels(VectorMatching& matching) {
  matching.is_on = Take().kind == TokenKind::kOn;
  if (!ParseGroupingLabels(matching.labels)) return false;
  if (!At(TokenKind::kGroupLeft) && !At(TokenKind::kGroupRight)) return true;
  matching.cardinality =
      Take().kind == TokenKind::kGroupLeft ? Cardinality::kManyToOne : Cardinality::kOneToMany;
  // The labels may be left out where the right side, or what stands before it, begins.
  if (!At(TokenKind::kLeftParen) && BeginsOperand(Peek().kind)) return true;
  return ParseGroupingLabels(matching.include);
}

bool Parser::ParseFillModifiers(VectorMatching& matching) {
  const auto is_fill = [](TokenKind kind) {
    return kind == TokenKind::kFill || kind == TokenKind::kFillLeft ||
           kind == TokenKind::kFillRight;
  };
  // One for both sides, or one for each; what looks like another is the name of a metric.
  const auto is_free = [&](TokenKind kind) {
    if (kind == TokenKind::kFillLeft) return !matching.fill_left;
    if (kind == TokenKind::kFillRight) return !matching.fill_right;
    return !matching.fill_left && !matching.fill_right;
  };
  while (is_fill(Peek().kind) && Peek(1).kind == TokenKind::kLeftParen && is_free(Peek().kind)) {
    const Token word = Take();
    Take();
    const bool is_negative = At(TokenKind::kSub);
    if (is_negative || At(TokenKind::kAdd)) Take();
    if (!At(TokenKind::kNumber) && !At(TokenKind::kDuration)) {
      Unexpected({context_, {}});
      return false;
    }
    const double number = NumberValue(Take());
    const double value = is_negative ? -number : number;
    if (!Expect(TokenKind::kRightParen)) return false;
    if (word.kind != TokenKind::kFillRight) matching.fill_left = value;
    if (word.kind != TokenKind::kFillLeft) matching.fill_right = value;
  }
  return true;
}

ExprPtr Parser::ParseUnary() {
  if (!At(TokenKind::kAdd) && !At(TokenKind::kSub)) return ParsePostfix();
  Nesting nesting(*this);
  if (nesting.IsTooDeep()) return nullptr;
  const Token op = Take();
  ExprPtr expr;
  if (At(TokenKind::kAdd) || At(TokenKind::kSub)) {
    expr = ParseUnary();
  } else {
    expr = ParseBinary(kPowPrecedence);
  }
  if (expr == nullptr) return nullptr;
  if (expr->kind == NodeKind::kNumber) {
    auto& number = As<NumberLiteral>(*expr);
    if (op.kind == TokenKind::kSub) number.value = -number.value;
    number.position.start = op.offset;
    return expr;
  }
  auto node = std::make_unique<UnaryExpr>();
  node->op = op.kind;
  node->position = {op.offset, expr->position.end};
  node->expr = std::move(expr);
  return node;
}

ExprPtr Parser::ParsePostfix() {
  ExprPtr expr = ParsePrimary();
  std::size_t count = 0;
  while (expr != nullptr) {
    if (depth_ + ++count > options_.depth_max) {
      Issue(RangeOf(Peek()), "expression has too many modifiers in a row");
      return nullptr;
    }
    switch (Peek().kind) {
      case TokenKind::kLeftBracket:
        expr = ParseBrackets(std::move(expr));
        break;
      case TokenKind::kOffset:
        expr = ParseOffset(std::move(expr));
        break;
      case TokenKind::kAt:
        expr = ParseAt(std::move(expr));
        break;
      case TokenKind::kAnchored:
      case TokenKind::kSmoothed:
        expr = ParseEdges(std::move(expr));
        break;
      default:
        return expr;
    }
  }
  return nullptr;
}

ExprPtr Parser::ParsePrimary() {
  const Token& token = Peek();
  const TokenKind after = Peek(1).kind;
  switch (token.kind) {
    case TokenKind::kNumber:
    case TokenKind::kDuration:
      return ParseNumber();
    case TokenKind::kString:
      return ParseString();
    case TokenKind::kLeftParen:
      return ParseParen();
    case TokenKind::kLeftBrace:
    case TokenKind::kMetricIdentifier:
      return ParseVectorSelector();
    default:
      break;
  }
  if (IsModifierOnly(token.kind)) {
    Unexpected();
    return nullptr;
  }
  if (NamesFunction(token.kind) && after == TokenKind::kLeftParen) return ParseCall();
  if (IsAggregator(token.kind) &&
      (after == TokenKind::kLeftParen || after == TokenKind::kBy || after == TokenKind::kWithout)) {
    return ParseAggregate();
  }
  if (IsWord(token.kind)) return ParseVectorSelector();
  Unexpected();
  return nullptr;
}

ExprPtr Parser::ParseNumber() {
  const Token token = Take();
  auto node = std::make_unique<NumberLiteral>();
  node->value = NumberValue(token);
  node->is_written_as_duration = token.kind == TokenKind::kDuration;
  node->position = RangeOf(token);
  return node;
}

ExprPtr Parser::ParseString() {
  const Token token = Take();
  auto node = std::make_unique<StringLiteral>();
  auto value = Unquote(token.text);
  if (!value) Issue(RangeOf(token), "invalid string literal");
  node->value = std::move(value).value_or("");
  node->position = RangeOf(token);
  return node;
}

ExprPtr Parser::ParseParen() {
  const std::size_t start = Take().offset;
  auto node = std::make_unique<ParenExpr>();
  node->expr = ParseBinary(1);
  if (node->expr == nullptr || !Expect(TokenKind::kRightParen)) return nullptr;
  node->position = {start, last_end()};
  return node;
}

bool Parser::ParseArguments(std::vector<ExprPtr>& arguments) {
  if (!Expect(TokenKind::kLeftParen)) return false;
  if (TakeIf(TokenKind::kRightParen)) return true;
  while (true) {
    ExprPtr argument = ParseBinary(1);
    if (argument == nullptr) return false;
    arguments.push_back(std::move(argument));
    bool has_next = false;
    while (!has_next && At(TokenKind::kComma)) {
      const Token comma = Take();
      // What begins no argument makes the comma a trailing one, before it is a fault itself.
      has_next = At(TokenKind::kLeftParen) || BeginsOperand(Peek().kind);
      if (!has_next) Issue(RangeOf(comma), "trailing commas not allowed in function call args");
    }
    if (!has_next) return Expect(TokenKind::kRightParen);
  }
}

ExprPtr Parser::ParseCall() {
  const Token name = Take();
  auto node = std::make_unique<Call>();
  node->function = FindFunction(name.text);
  // A fault in the arguments is told first.
  if (!ParseArguments(node->arguments)) return nullptr;
  if (node->function == nullptr) {
    std::string message = fmt::format("unknown function with name {}", model::Quote(name.text));
    if (name.text == "holt_winters") message += ", it is now named double_exponential_smoothing";
    Issue(RangeOf(name), std::move(message));
  } else if (node->function->is_experimental && !options_.allows_experimental_functions) {
    Issue(RangeOf(name), fmt::format("function {} is not enabled", model::Quote(name.text)));
  }
  node->position = {name.offset, last_end()};
  return node;
}

ExprPtr Parser::ParseAggregate() {
  const Token op = Take();
  auto node = std::make_unique<AggregateExpr>();
  node->op = op.kind;
  node->position = RangeOf(op);

  const std::string_view outer_context = std::exchange(context_, "aggregation");
  std::vector<ExprPtr> arguments;
  const bool has_modifier_first = At(TokenKind::kBy) || At(TokenKind::kWithout);
  bool is_good = !has_modifier_first || ParseAggregateModifier(*node);
  is_good = is_good && ParseArguments(arguments);
  if (!is_good && has_lex_error_) Issue({}, "no arguments for aggregate expression provided");
  context_ = outer_context;
  if (!is_good) return nullptr;
  if (!has_modifier_first && (At(TokenKind::kBy) || At(TokenKind::kWithout)) &&
      !ParseAggregateModifier(*node)) {
    return nullptr;
  }
  node->position.end = last_end();
  return FinishAggregate(std::move(node), std::move(arguments));
}

ExprPtr Parser::FinishAggregate(std::unique_ptr<AggregateExpr> node,
                                std::vector<ExprPtr> arguments) {
  const std::size_t wanted_count = TakesParameter(node->op) ? 2 : 1;
  if (arguments.empty()) {
    Issue(node->position, "no arguments for aggregate expression provided");
    return node;
  }
  const bool is_experimental = node->op == TokenKind::kLimitk || node->op == TokenKind::kLimitRatio;
  if (is_experimental && !options_.allows_experimental_functions) {
    Issue(node->position, fmt::format("{}() is experimental and must be enabled with "
                                      "--enable-feature=promql-experimental-functions",
                                      OperatorText(node->op)));
  }
  if (arguments.size() != wanted_count) {
    Issue(node->position,
          fmt::format("wrong number of arguments for aggregate expression provided, expected {}, "
                      "got {}",
                      wanted_count, arguments.size()));
    return node;
  }
  node->expr = std::move(arguments.back());
  if (wanted_count == 2) node->parameter = std::move(arguments.front());
  return node;
}

bool Parser::ParseAggregateModifier(AggregateExpr& node) {
  node.is_without = Take().kind == TokenKind::kWithout;
  return ParseGroupingLabels(node.grouping);
}

const Token& Parser::Peek(std::size_t ahead) {
  static constexpr Token kEnd{TokenKind::kEof, 0, {}};
  const std::size_t index = std::min(next_ + ahead, list_.tokens.size() - 1);
  const Token& token = list_.tokens[index];
  if (token.kind != TokenKind::kError) return token;
  if (ahead == 0 && !has_lex_error_) {
    has_lex_error_ = true;
    Issue({token.offset, query_.size()}, list_.error);
  }
  return kEnd;
}

Token Parser::Take() {
  const Token token = Peek();
  if (token.kind != TokenKind::kEof) {
    ++next_;
    last_end_ = token.offset + token.text.size();
  }
  return token;
}

bool Parser::TakeIf(TokenKind kind) {
  if (!At(kind)) return false;
  Take();
  return true;
}

bool Parser::Expect(TokenKind kind, Where where) {
  if (TakeIf(kind)) return true;
  Unexpected(where);
  return false;
}

void Parser::Unexpected(Where where) {
  const Token& token = Peek();
  if (has_lex_error_) return;  // said already, and more to the point
  const std::string_view context = where.context.empty() ? context_ : where.context;
  std::string message = "unexpected " + Describe(token);
  if (!context.empty()) message += fmt::format(" in {}", context);
  if (!where.expected.empty()) message += fmt::format(", expected {}", where.expected);
  Issue(RangeOf(token), std::move(message));
}

void Parser::Issue(PositionRange position, std::string message) {
  issues_.push_back({position, std::move(message)});
}

ParseOutcome ParseWithIssues(std::string_view query, const ParseOptions& options) {
  Parser parser(query, options);
  ParseOutcome outcome;
  outcome.expr = parser.ParseQuery();
  outcome.issues = parser.TakeIssues();
  if (outcome.issues.empty()) outcome.issues = CheckTypes(*outcome.expr, query);
  if (!outcome.issues.empty()) outcome.expr = nullptr;
  return outcome;
}

namespace {

Error FirstIssue(std::string_view query, const std::vector<ParseIssue>& issues) {
  return {ErrorCode::kInvalidArgument,
          fmt::format("{}: parse error: {}", LineAndColumn(query, issues[0].position.start),
                      issues[0].message)};
}

}  // namespace

Result<ExprPtr> ParseExpression(std::string_view query, const ParseOptions& options) {
  ParseOutcome outcome = ParseWithIssues(query, options);
  if (outcome.expr == nullptr) return FirstIssue(query, outcome.issues);
  return std::move(outcome.expr);
}

Result<std::vector<model::Matcher>> ParseMetricSelector(std::string_view selector,
                                                        const ParseOptions& options) {
  Parser parser(selector, options);
  ExprPtr expr = parser.ParseSelectorOnly();
  std::vector<ParseIssue> issues = parser.TakeIssues();
  if (!issues.empty()) return FirstIssue(selector, issues);
  return std::move(As<VectorSelector>(*expr).matchers);
}

}  // namespace narthex::promql
