// Durations and calculations with them.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "grammar.h"
#include "keywords.h"
#include "model/duration.h"
#include "model/labels.h"

namespace narthex::promql {
namespace {

// 2^63 ns, the end of what a duration can hold.
constexpr double kDurationLimitSeconds = 9223372036.854775807;

std::optional<DurationExpr::Op> BinaryOp(TokenKind kind) {
  switch (kind) {
    case TokenKind::kAdd:
      return DurationExpr::Op::kAdd;
    case TokenKind::kSub:
      return DurationExpr::Op::kSub;
    case TokenKind::kMul:
      return DurationExpr::Op::kMul;
    case TokenKind::kDiv:
      return DurationExpr::Op::kDiv;
    case TokenKind::kMod:
      return DurationExpr::Op::kMod;
    case TokenKind::kPow:
      return DurationExpr::Op::kPow;
    default:
      return std::nullopt;
  }
}

int Precedence(DurationExpr::Op op) {
  switch (op) {
    case DurationExpr::Op::kAdd:
    case DurationExpr::Op::kSub:
      return 1;
    case DurationExpr::Op::kPow:
      return 3;
    default:
      return 2;
  }
}

bool IsPlainNumber(const DurationExpr& expr) {
  return expr.op == DurationExpr::Op::kNumber && !expr.is_wrapped;
}

// Digits with underscores between them, in any of Go's bases.
std::optional<double> ParseGoNumber(std::string_view text) {
  if (text.ends_with('_')) return std::nullopt;
  std::string digits;
  for (const char c : text) {
    if (c != '_') digits.push_back(c);
  }
  const bool is_hex = digits.starts_with("0x") || digits.starts_with("0X");
  const bool is_octal = digits.size() > 1 && digits[0] == '0' &&
                        digits.find_first_not_of("01234567") == std::string::npos;
  if (!is_hex && !is_octal) return ParseDouble(digits);
  double value = 0;
  for (const char c : digits.substr(is_hex ? 2 : 1)) {
    const int digit = IsDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
    value = value * (is_hex ? 16 : 8) + digit;
  }
  // Beyond an int64 it is read as a float, which is decimal.
  const bool is_int = value < 0x1p63 && (is_octal || digits.size() > 2);
  if (is_int) return value;
  return is_octal ? ParseDouble(digits) : std::nullopt;
}

// The first unit in `text` that is none; empty if it is the order or the repeats that are wrong.
std::string_view UnknownUnit(std::string_view text) {
  static constexpr std::string_view kUnits[] = {"y", "w", "d", "h", "m", "s", "ms"};
  std::size_t pos = 0;
  while (pos < text.size()) {
    while (pos < text.size() && IsDigit(text[pos])) ++pos;
    const std::size_t start = pos;
    while (pos < text.size() && !IsDigit(text[pos])) ++pos;
    const std::string_view unit = text.substr(start, pos - start);
    if (std::ranges::find(kUnits, unit) == std::end(kUnits)) return unit;
  }
  return {};
}

// What upstream refuses first where durations are not calculated: from the innermost on, a call,
// what stands in parentheses, or what the operator stands behind.
const DurationExpr* FindCalculation(const DurationExpr& expr) {
  for (const auto* operand : {&expr.left, &expr.right}) {
    if (*operand == nullptr) continue;
    if (const DurationExpr* found = FindCalculation(**operand)) return found;
  }
  if (expr.op == DurationExpr::Op::kNumber) return nullptr;
  if (expr.op >= DurationExpr::Op::kStep) return &expr;
  return expr.left != nullptr ? expr.left.get() : expr.right.get();
}

const DurationExpr& FirstCalculation(const DurationExpr& expr) {
  const DurationExpr* found = FindCalculation(expr);
  return found != nullptr ? *found : expr;
}

PositionRange BeginningOf(const DurationExpr& expr) {
  return expr.left != nullptr && expr.op < DurationExpr::Op::kStep ? BeginningOf(*expr.left)
                                                                   : expr.position;
}

}  // namespace

double Parser::NumberValue(const Token& token) {
  if (token.kind == TokenKind::kDuration) {
    const auto duration = model::ParseDuration(token.text);
    if (duration.ok()) return std::chrono::duration<double>(duration.value()).count();
    const std::string_view unit = UnknownUnit(token.text);
    Issue(RangeOf(token), unit.empty() ? duration.error().message()
                                       : fmt::format("unknown unit {} in duration {}",
                                                     model::Quote(unit), model::Quote(token.text)));
    return 0;
  }
  const auto value = ParseGoNumber(token.text);
  const bool is_too_large = value && std::isinf(*value) && IsDigit(token.text.back());
  if (!value || is_too_large) {
    // As Go's strconv.ParseFloat words it.
    Issue(RangeOf(token), fmt::format("error parsing number: strconv.ParseFloat: parsing {}: {}",
                                      model::Quote(token.text),
                                      is_too_large ? "value out of range" : "invalid syntax"));
  }
  return value.value_or(0);
}

std::unique_ptr<DurationExpr> Parser::ParseDurationExpr(int precedence_min) {
  if (++depth_ > options_.depth_max) {
    Issue(RangeOf(Peek()), "duration expression is nested too deep");
    return nullptr;
  }
  auto left = ParseDurationUnary(false);
  std::size_t chain_size = 0;
  while (left != nullptr) {
    const auto op = BinaryOp(Peek().kind);
    if (!op || Precedence(*op) < precedence_min) break;
    if (++chain_size > options_.depth_max) {
      Issue(RangeOf(Peek()), "duration expression has too many operators in a row");
      return nullptr;
    }
    const Token token = Take();
    auto node = std::make_unique<DurationExpr>();
    node->op = *op;
    node->left = std::move(left);
    node->right = ParseDurationExpr(*op == DurationExpr::Op::kPow ? 3 : Precedence(*op) + 1);
    if (node->right == nullptr) return nullptr;
    if (RefuseZeroDivisor(*node, token)) node = std::make_unique<DurationExpr>();
    left = std::move(node);
  }
  --depth_;
  return left;
}

bool Parser::RefuseZeroDivisor(DurationExpr& node, const Token& op) {
  const bool divides = node.op == DurationExpr::Op::kDiv || node.op == DurationExpr::Op::kMod;
  if (!divides || !IsPlainNumber(*node.right) || node.right->seconds != 0) return false;
  Issue(RangeOf(op), node.op == DurationExpr::Op::kDiv ? "division by zero" : "modulo by zero");
  return true;
}

std::unique_ptr<DurationExpr> Parser::ParseDurationUnary(bool is_offset) {
  if (!At(TokenKind::kAdd) && !At(TokenKind::kSub)) return ParseDurationPrimary();
  const Token sign = Take();
  // Behind offset a sign takes the next operand only; in brackets it binds looser than a power.
  auto operand = is_offset ? ParseDurationPrimary(&sign) : ParseDurationExpr(3);
  if (operand == nullptr) return nullptr;
  if (IsPlainNumber(*operand)) {
    if (sign.kind == TokenKind::kSub) operand->seconds = -operand->seconds;
    operand->position.start = sign.offset;
    return operand;
  }
  // A plus is kept only behind offset, before a word.
  const bool is_word = !operand->is_wrapped && (operand->op >= DurationExpr::Op::kStep);
  if (sign.kind == TokenKind::kAdd && !(is_offset && is_word)) return operand;
  auto node = std::make_unique<DurationExpr>();
  node->op = sign.kind == TokenKind::kSub ? DurationExpr::Op::kSub : DurationExpr::Op::kAdd;
  node->position.start = sign.offset;
  node->right = std::move(operand);
  return node;
}

std::unique_ptr<DurationExpr> Parser::ParseDurationPrimary(const Token* sign) {
  const Token token = Peek();
  if (token.kind == TokenKind::kNumber || token.kind == TokenKind::kDuration) {
    auto node = std::make_unique<DurationExpr>();
    node->seconds = NumberValue(Take());
    node->is_written_as_duration = token.kind == TokenKind::kDuration;
    node->position = RangeOf(token);
    if (!(std::fabs(node->seconds) < kDurationLimitSeconds)) {
      Issue(RangeOf(sign != nullptr ? *sign : token), "duration out of range");
      node->seconds = 1;  // any value: the query is refused
    }
    return node;
  }
  if (token.kind == TokenKind::kLeftParen) {
    Take();
    auto inner = ParseDurationExpr(1);
    if (inner == nullptr || !Expect(TokenKind::kRightParen, {{}, forms_})) return nullptr;
    if (inner->op == DurationExpr::Op::kNumber) {
      // A sum of one keeps the parentheses of a bare number.
      auto node = std::make_unique<DurationExpr>();
      node->op = DurationExpr::Op::kAdd;
      node->position = {token.offset, last_end()};
      node->right = std::move(inner);
      inner = std::move(node);
    }
    inner->is_wrapped = true;
    return inner;
  }
  return ParseDurationCall();
}

std::unique_ptr<DurationExpr> Parser::ParseDurationCall() {
  auto node = std::make_unique<DurationExpr>();
  const Token word = Peek();
  const bool has_operands =
      word.kind == TokenKind::kIdentifier &&
      (EqualsIgnoringCase(word.text, "min_of") || EqualsIgnoringCase(word.text, "max_of"));
  if (word.kind == TokenKind::kStep) {
    node->op = DurationExpr::Op::kStep;
  } else if (word.kind == TokenKind::kRange) {
    node->op = DurationExpr::Op::kRange;
  } else if (has_operands) {
    node->op = EqualsIgnoringCase(word.text, "min_of") ? DurationExpr::Op::kMinOf
                                                       : DurationExpr::Op::kMaxOf;
  } else {
    Unexpected({{}, forms_});
    return nullptr;
  }
  Take();
  if (!Expect(TokenKind::kLeftParen, {{}, forms_})) return nullptr;
  if (has_operands) {
    node->left = ParseDurationExpr(1);
    if (node->left == nullptr || !Expect(TokenKind::kComma, {{}, forms_})) return nullptr;
    node->right = ParseDurationExpr(1);
    if (node->right == nullptr) return nullptr;
  }
  if (!Expect(TokenKind::kRightParen, {{}, forms_})) return nullptr;
  node->position = {word.offset, last_end()};
  return node;
}

void Parser::Store(std::unique_ptr<DurationExpr> expr, DurationValue& out) {
  if (IsPlainNumber(*expr)) {
    // As upstream: whole nanoseconds, of which the evaluation takes the whole milliseconds.
    constexpr std::int64_t kNsPerMs = 1'000'000;
    out.value = std::chrono::milliseconds(std::llround(expr->seconds * 1e9) / kNsPerMs);
    return;
  }
  if (!options_.allows_duration_expressions) {
    Issue(BeginningOf(FirstCalculation(*expr)), "experimental duration expression is not enabled");
  }
  out.expr = std::move(expr);
}

bool Parser::ParsePositiveDuration(DurationValue& out) {
  auto expr = ParseDurationExpr(1);
  if (expr == nullptr) return false;
  if (IsPlainNumber(*expr) && !(expr->seconds > 0)) {
    Issue(expr->position, "duration must be greater than 0");
  }
  Store(std::move(expr), out);
  return true;
}

bool Parser::ParseOffsetDuration(DurationValue& out) {
  const std::string_view outer_context = std::exchange(context_, "offset");
  // Upstream's grammar: what begins with a parenthesis or two signs takes the operators behind it,
  // as in brackets; all else ends with its first operand.
  const auto is_sign = [this](std::size_t ahead) {
    return Peek(ahead).kind == TokenKind::kAdd || Peek(ahead).kind == TokenKind::kSub;
  };
  const bool takes_operators = At(TokenKind::kLeftParen) || (is_sign(0) && is_sign(1));
  auto expr = takes_operators ? ParseDurationExpr(1) : ParseDurationUnary(true);
  context_ = outer_context;
  if (expr == nullptr) return false;
  Store(std::move(expr), out);
  return true;
}

}  // namespace narthex::promql
