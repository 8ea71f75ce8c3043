// Selectors, their ranges and modifiers, and lists of labels.
#include <fmt/format.h>

#include <cmath>

#include "base/number.h"
#include "grammar.h"
#include "keywords.h"
#include "model/labels.h"

namespace narthex::promql {
namespace {

constexpr Where kLabelMatching = {"label matching", {}};

model::MatchType MatchTypeOf(TokenKind op) {
  switch (op) {
    case TokenKind::kNeq:
      return model::MatchType::kNotEqual;
    case TokenKind::kEqlRegex:
      return model::MatchType::kRegex;
    case TokenKind::kNeqRegex:
      return model::MatchType::kNotRegex;
    default:
      return model::MatchType::kEqual;
  }
}

bool IsMatchOperator(TokenKind kind) {
  return kind == TokenKind::kEql || kind == TokenKind::kNeq || kind == TokenKind::kEqlRegex ||
         kind == TokenKind::kNeqRegex;
}

// Tokens that may be a label's name in by(), on() and the like, quoted names apart.
bool IsLabelWord(const Token& token) {
  // Any keyword but one; of names those that only UTF-8 allows, too, as `by (a:b)`.
  if (token.kind == TokenKind::kWithout) return false;
  return token.kind == TokenKind::kIdentifier || token.kind == TokenKind::kMetricIdentifier ||
         IsAggregator(token.kind) || IsKeyword(token.kind) || token.kind == TokenKind::kAnd ||
         token.kind == TokenKind::kOr || token.kind == TokenKind::kUnless ||
         token.kind == TokenKind::kAtan2;
}

bool IsShifted(const TimeShift& shift) {
  return shift.offset.value.count() != 0 || shift.offset.expr != nullptr;
}

}  // namespace

ExprPtr Parser::ParseVectorSelector() {
  auto node = std::make_unique<VectorSelector>();
  node->position.start = Peek().offset;
  if (!At(TokenKind::kLeftBrace)) node->name = std::string(Take().text);
  if (At(TokenKind::kLeftBrace) && !ParseMatchers(*node)) return nullptr;
  if (!node->name.empty()) {
    node->matchers.push_back(model::Matcher::Equal(std::string(model::kMetricName), node->name));
  }
  node->position.end = last_end();
  return node;
}

bool Parser::ParseMatchers(VectorSelector& selector) {
  Take();
  while (!At(TokenKind::kRightBrace)) {
    if (!ParseMatcher(selector)) return false;
    if (TakeIf(TokenKind::kComma)) continue;
    if (!At(TokenKind::kRightBrace)) {
      Unexpected({kLabelMatching.context, "\",\" or \"}\""});
      return false;
    }
  }
  Take();
  return true;
}

bool Parser::ParseMatcher(VectorSelector& selector) {
  if (!At(TokenKind::kIdentifier) && !At(TokenKind::kString)) {
    Unexpected({kLabelMatching.context, "identifier or \"}\""});
    return false;
  }
  const Token name = Take();
  std::string name_text(name.text);
  if (name.kind == TokenKind::kString) {
    auto unquoted = Unquote(name.text);
    if (!unquoted) Issue(RangeOf(name), "invalid string literal");
    name_text = std::move(unquoted).value_or("");
    if (At(TokenKind::kComma) || At(TokenKind::kRightBrace)) {
      selector.matchers.push_back(
          model::Matcher::Equal(std::string(model::kMetricName), std::move(name_text)));
      return true;
    }
  }
  if (!IsMatchOperator(Peek().kind)) {
    if (name.kind == TokenKind::kString) {
      Unexpected({kLabelMatching.context, "\",\" or \"}\""});
    } else {
      Unexpected({kLabelMatching.context, "label matching operator"});
    }
    return false;
  }
  const Token op = Take();
  if (!At(TokenKind::kString)) {
    Unexpected({kLabelMatching.context, "string"});
    return false;
  }
  AddMatcher(selector, name, std::move(name_text), op, Take());
  return true;
}

void Parser::AddMatcher(VectorSelector& selector, const Token& name_token, std::string name,
                        const Token& op, const Token& value) {
  auto text = Unquote(value.text);
  if (!text) Issue(RangeOf(value), "invalid string literal");
  auto matcher = model::Matcher::Make(MatchTypeOf(op.kind), std::move(name), text.value_or(""));
  if (!matcher.ok()) {
    Issue({name_token.offset, value.offset + value.text.size()}, matcher.error().message());
    return;
  }
  selector.matchers.push_back(std::move(matcher).value());
}

bool Parser::ParseGroupingLabels(std::vector<std::string>& labels) {
  if (!Expect(TokenKind::kLeftParen, {"grouping opts", "\"(\""})) return false;
  while (!At(TokenKind::kRightParen)) {
    if (!ParseGroupingLabel(labels)) return false;
    if (TakeIf(TokenKind::kComma)) continue;
    if (!At(TokenKind::kRightParen)) {
      Unexpected({"grouping opts", "\",\" or \")\""});
      return false;
    }
  }
  Take();
  return true;
}

bool Parser::ParseGroupingLabel(std::vector<std::string>& labels) {
  if (At(TokenKind::kString)) {
    const Token token = Take();
    auto name = Unquote(token.text);
    if (!name || name->empty() || !model::IsUtf8(*name)) {
      Issue(RangeOf(token), fmt::format("invalid label name for grouping: {}", token.text));
    }
    labels.push_back(std::move(name).value_or(""));
    return true;
  }
  if (IsLabelWord(Peek())) {
    labels.emplace_back(Take().text);
    return true;
  }
  Unexpected({"grouping opts", "label"});
  return false;
}

ExprPtr Parser::ParseBrackets(ExprPtr expr) {
  const std::size_t bracket_offset = Take().offset;
  const std::string_view outer_context = std::exchange(context_, "subquery or range selector");
  DurationValue range;
  const bool is_good = ParsePositiveDuration(range);
  context_ = outer_context;
  if (!is_good) return nullptr;

  if (TakeIf(TokenKind::kRightBracket)) {
    return MakeMatrix(std::move(expr), std::move(range), bracket_offset);
  }
  if (!TakeIf(TokenKind::kColon)) {
    Unexpected({"subquery or range", "\":\" or \"]\""});
    return nullptr;
  }
  auto node = std::make_unique<SubqueryExpr>();
  node->position.start = expr->position.start;
  node->expr = std::move(expr);
  node->range = std::move(range);
  if (!At(TokenKind::kRightBracket) && !ParseSubqueryStep(*node)) return nullptr;
  if (!Expect(TokenKind::kRightBracket, {"subquery selector", "\"]\""})) return nullptr;
  node->position.end = last_end();
  return node;
}

bool Parser::ParseSubqueryStep(SubqueryExpr& node) {
  const std::string_view outer_context = std::exchange(context_, "subquery selector");
  const std::string_view outer_forms =
      std::exchange(forms_, "number, duration, step(), range(), or \"]\"");
  const bool is_good = ParsePositiveDuration(node.step);
  forms_ = outer_forms;
  context_ = outer_context;
  return is_good;
}

ExprPtr Parser::MakeMatrix(ExprPtr expr, DurationValue range, std::size_t bracket_offset) {
  const PositionRange brackets = {bracket_offset, last_end()};
  if (expr->kind != NodeKind::kVectorSelector) {
    Issue(brackets, "ranges only allowed for vector selectors");
  } else if (IsShifted(As<VectorSelector>(*expr).shift)) {
    Issue(brackets, "no offset modifiers allowed before range");
  } else if (As<VectorSelector>(*expr).shift.anchor != TimeShift::Anchor::kNone) {
    Issue(brackets, "no @ modifiers allowed before range");
  }
  auto node = std::make_unique<MatrixSelector>();
  node->position = {expr->position.start, last_end()};
  node->selector = std::move(expr);
  node->range = std::move(range);
  return node;
}

Parser::ShiftTarget Parser::TargetOf(Expr& expr, std::string_view modifier) {
  switch (expr.kind) {
    case NodeKind::kVectorSelector:
      return {&As<VectorSelector>(expr).shift, &expr.position};
    case NodeKind::kSubquery:
      return {&As<SubqueryExpr>(expr).shift, &expr.position};
    case NodeKind::kMatrixSelector: {
      auto& matrix = As<MatrixSelector>(expr);
      if (matrix.selector->kind == NodeKind::kVectorSelector) {
        return {&matrix.vector().shift, &expr.position};
      }
      Issue(expr.position, "ranges only allowed for vector selectors");
      return {};
    }
    default:
      Issue(
          expr.position,
          fmt::format("{} modifier must be preceded by an instant vector selector or range vector "
                      "selector or a subquery",
                      modifier));
      return {};
  }
}

ExprPtr Parser::ParseOffset(ExprPtr expr) {
  Take();
  DurationValue offset;
  if (!ParseOffsetDuration(offset)) return nullptr;
  const ShiftTarget target = TargetOf(*expr, "offset");
  if (target.shift == nullptr) return expr;
  if (IsShifted(*target.shift)) {
    Issue(expr->position, "offset may not be set multiple times");
  }
  target.shift->offset = std::move(offset);
  target.position->end = last_end();
  return expr;
}

ExprPtr Parser::ParseAt(ExprPtr expr) {
  Take();
  TimeShift anchor;
  if (!ParseAnchor(anchor, expr->position)) return nullptr;
  const ShiftTarget target = TargetOf(*expr, "@");
  if (target.shift == nullptr) return expr;
  if (target.shift->anchor != TimeShift::Anchor::kNone) {
    Issue(expr->position, "@ <timestamp> may not be set multiple times");
  }
  target.shift->anchor = anchor.anchor;
  target.shift->time = anchor.time;
  target.position->end = last_end();
  return expr;
}

bool Parser::ParseAnchor(TimeShift& shift, const PositionRange& position) {
  const bool is_start = At(TokenKind::kStart);
  if (is_start || At(TokenKind::kEnd)) {
    Take();
    shift.anchor = is_start ? TimeShift::Anchor::kStart : TimeShift::Anchor::kEnd;
    return Expect(TokenKind::kLeftParen, {"@", "timestamp"}) &&
           Expect(TokenKind::kRightParen, {"@", "timestamp"});
  }
  const bool is_negative = At(TokenKind::kSub);
  if (is_negative || At(TokenKind::kAdd)) Take();
  if (!At(TokenKind::kNumber) && !At(TokenKind::kDuration)) {
    Unexpected({"@", "timestamp"});
    return false;
  }
  const double number = NumberValue(Take());
  const double seconds = is_negative ? -number : number;
  shift.anchor = TimeShift::Anchor::kTime;
  // Beyond these, the milliseconds are no int64.
  constexpr double kLimit = 9223372036854775807.0;
  if (!std::isfinite(seconds) || seconds >= kLimit || seconds <= -kLimit) {
    const std::string text =
        std::isfinite(seconds) ? fmt::format("{:.6f}", seconds) : FormatDouble(seconds);
    Issue(position, fmt::format("timestamp out of bounds for @ modifier: {}", text));
    return true;
  }
  const double ms = std::round(seconds * 1000);
  shift.time = ms >= kLimit    ? std::numeric_limits<model::TimestampMs>::max()
               : ms <= -kLimit ? std::numeric_limits<model::TimestampMs>::min()
                               : static_cast<model::TimestampMs>(ms);
  return true;
}

ExprPtr Parser::ParseEdges(ExprPtr expr) {
  const Token word = Take();
  const bool is_anchored = word.kind == TokenKind::kAnchored;
  const std::string_view name = is_anchored ? "anchored" : "smoothed";
  if (!options_.allows_extended_range_selectors) {
    Issue(RangeOf(word), fmt::format("{} modifier is experimental and not enabled", name));
    return expr;
  }
  if (expr->kind == NodeKind::kSubquery) {
    Issue(expr->position, fmt::format("{} modifier is not supported for subqueries", name));
    return expr;
  }
  const bool is_broken_matrix =
      expr->kind == NodeKind::kMatrixSelector &&
      As<MatrixSelector>(*expr).selector->kind != NodeKind::kVectorSelector;
  if (is_broken_matrix) return expr;  // an issue already
  const bool is_vector = expr->kind == NodeKind::kVectorSelector;
  if (!is_vector && expr->kind != NodeKind::kMatrixSelector) {
    Issue(expr->position, fmt::format("{} modifier not implemented", name));
    return expr;
  }
  auto& selector = is_vector ? As<VectorSelector>(*expr) : As<MatrixSelector>(*expr).vector();
  if (selector.edges != RangeEdges::kPlain) {
    Issue(expr->position, "anchored and smoothed modifiers cannot be used together");
  }
  selector.edges = is_anchored ? RangeEdges::kAnchored : RangeEdges::kSmoothed;
  expr->position.end = last_end();
  return expr;
}

}  // namespace narthex::promql
