#include "common_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "model/labels.h"
#include "plan.h"
#include "promql/printer.h"

namespace narthex::engine {
namespace {

using promql::As;
using promql::NodeKind;
using promql::ValueType;

// Whether two selectors might be alike; a first look that costs little.
bool MayHaveTwins(const promql::Expr& query) {
  const std::vector<const promql::VectorSelector*> selectors = promql::Selectors(query);
  if (selectors.size() < 2) return false;
  std::vector<std::size_t> hashes;
  for (const promql::VectorSelector* selector : selectors) {
    std::size_t hash = 0;
    for (const model::Matcher& matcher : selector->matchers) {
      hash = hash * 31 + std::hash<std::string_view>()(matcher.name());
      hash = hash * 31 + std::hash<std::string_view>()(matcher.value());
    }
    hashes.push_back(hash);
  }
  std::ranges::sort(hashes);
  return std::ranges::adjacent_find(hashes) != hashes.end();
}

std::string Names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += model::Quote(name) + ',';
  return text;
}

// Numbers for expressions: equal ones, wherever they stand, have the same.
class Shapes {
 public:
  struct Shape {
    std::size_t number = 0;
    // Some of its notes tell how often they were said.
    bool counts_notes = false;
  };

  explicit Shapes(const Context& context) : context_(context) {}

  Shape Of(const promql::Expr& expr) {
    const promql::Expr& inner = promql::Unwrap(expr);
    if (const auto found = known_.find(&inner); found != known_.end()) return found->second;
    Shape shape;
    std::string text = fmt::format("{} {}", static_cast<int>(inner.kind), Own(inner));
    if (inner.kind != NodeKind::kMatrixSelector) {
      for (const promql::Expr* child : promql::Children(inner)) {
        const Shape part = Of(*child);
        shape.counts_notes = shape.counts_notes || part.counts_notes;
        text += fmt::format(" {}", part.number);
      }
    }
    shape.counts_notes = shape.counts_notes || CountsNotes(inner);
    shape.number = numbers_.try_emplace(std::move(text), numbers_.size()).first->second;
    known_.emplace(&inner, shape);
    return shape;
  }

 private:
  // What `expr` says beside what is under it.
  std::string Own(const promql::Expr& expr) const {
    switch (expr.kind) {
      case NodeKind::kNumber:
        return fmt::format("{}",
                           std::bit_cast<std::uint64_t>(As<promql::NumberLiteral>(expr).value));
      case NodeKind::kString:
        return model::Quote(As<promql::StringLiteral>(expr).value);
      case NodeKind::kVectorSelector:
      case NodeKind::kMatrixSelector:
        return promql::Print(expr);
      case NodeKind::kSubquery:
        return OwnOfSubquery(As<promql::SubqueryExpr>(expr));
      case NodeKind::kUnary:
        return fmt::format("{}", static_cast<int>(As<promql::UnaryExpr>(expr).op));
      case NodeKind::kBinary:
        return OwnOfBinary(As<promql::BinaryExpr>(expr));
      case NodeKind::kAggregate: {
        const auto& aggregate = As<promql::AggregateExpr>(expr);
        return fmt::format("{} {} {}", static_cast<int>(aggregate.op), aggregate.is_without,
                           Names(aggregate.grouping));
      }
      case NodeKind::kCall:
        return std::string(As<promql::Call>(expr).function->name);
      case NodeKind::kParen:
        break;
    }
    return {};
  }

  std::string OwnOfSubquery(const promql::SubqueryExpr& subquery) const {
    // Those that cannot be told were refused before.
    const auto milliseconds = [this](const promql::DurationValue& duration) {
      const Result<std::int64_t> value = context_.Resolve(duration, false);
      return value.ok() ? *value : 0;
    };
    return fmt::format("{} {} {} {} {}", static_cast<int>(subquery.shift.anchor),
                       subquery.shift.time, milliseconds(subquery.shift.offset),
                       milliseconds(subquery.range), milliseconds(subquery.step));
  }

  static std::string OwnOfBinary(const promql::BinaryExpr& binary) {
    std::string text = fmt::format("{} {}", static_cast<int>(binary.op), binary.returns_bool);
    if (!binary.matching) return text;
    const promql::VectorMatching& matching = *binary.matching;
    const auto fill = [](const std::optional<double>& value) {
      return value ? fmt::format("{}", std::bit_cast<std::uint64_t>(*value)) : "-";
    };
    return text + fmt::format(" {} {} ({}) ({}) {} {}", static_cast<int>(matching.cardinality),
                              matching.is_on, Names(matching.labels), Names(matching.include),
                              fill(matching.fill_left), fill(matching.fill_right));
  }

  // Those of quantiles of classic buckets, and of samples whose starts overlap.
  bool CountsNotes(const promql::Expr& expr) const {
    if (expr.kind == NodeKind::kMatrixSelector) return context_.options().uses_start_timestamps;
    return expr.kind == NodeKind::kCall &&
           As<promql::Call>(expr).function->name.starts_with("histogram_quantile");
  }

  const Context& context_;
  std::unordered_map<const promql::Expr*, Shape> known_;
  std::unordered_map<std::string, std::size_t> numbers_;
};

// Goes through a query as the evaluation does, but from its end: what comes first is named last.
class Walk {
 public:
  explicit Walk(Context& context) : context_(context), shapes_(context) {}

  Status Visit(const promql::Expr& expr, const StepGrid& outer, const NeededLabels& labels) {
    const ValueType type = promql::TypeOf(expr);
    if (type == ValueType::kString) return Ok();
    if (type == ValueType::kMatrix) return VisitRange(promql::Unwrap(expr), outer);
    const bool is_once = outer.count > 1 && invariance_.Holds(expr);
    const StepGrid grid = is_once ? outer.First() : outer;
    const bool has_rows = type == ValueType::kVector && expr.kind != NodeKind::kParen;
    if (has_rows && !Enter(expr, grid, labels)) return Ok();
    return VisitParts(expr, grid, labels);
  }

  std::vector<std::unique_ptr<CommonRows>>& rows() { return rows_; }
  std::unordered_map<const promql::Expr*, CommonRows*>& places() { return places_; }

 private:
  // Whether `expr` is read here; else its rows are there already.
  bool Enter(const promql::Expr& expr, const StepGrid& grid, const NeededLabels& labels) {
    const Shapes::Shape shape = shapes_.Of(expr);
    if (shape.counts_notes) return true;
    const Key key = {shape.number,
                     grid.start,
                     grid.interval_ms,
                     grid.count,
                     context_.needs_totals_only(),
                     context_.is_in_subquery()};
    const auto [found, is_new] = by_key_.try_emplace(key, nullptr);
    if (is_new) {
      rows_.push_back(std::make_unique<CommonRows>(CommonRows{
          &expr, grid, context_.needs_totals_only(), context_.is_in_subquery(), labels, 0}));
      found->second = rows_.back().get();
    }
    CommonRows& rows = *found->second;
    rows.labels = Union(rows.labels, labels);
    ++rows.place_count;
    places_.emplace(&expr, &rows);
    return is_new;
  }

  Status VisitParts(const promql::Expr& expr, const StepGrid& grid, const NeededLabels& labels) {
    switch (expr.kind) {
      case NodeKind::kParen:
        return Visit(*As<promql::ParenExpr>(expr).expr, grid, labels);
      case NodeKind::kUnary:
        return Visit(*As<promql::UnaryExpr>(expr).expr, grid, nullptr);
      case NodeKind::kBinary: {
        const auto& binary = As<promql::BinaryExpr>(expr);
        const bool has_rows = promql::TypeOf(expr) == ValueType::kVector;
        const Context::HistogramUse use(context_,
                                        has_rows ? NeedOf(binary.op) : HistogramNeed::kUnknown);
        NARTHEX_TRY(Visit(*binary.right, grid, nullptr));
        return Visit(*binary.left, grid, nullptr);
      }
      case NodeKind::kAggregate: {
        const auto& aggregate = As<promql::AggregateExpr>(expr);
        NARTHEX_TRY(Visit(*aggregate.expr, grid, NeededOf(aggregate)));
        return aggregate.parameter == nullptr ? Ok() : Visit(*aggregate.parameter, grid, nullptr);
      }
      case NodeKind::kCall:
        return VisitArguments(As<promql::Call>(expr), grid);
      case NodeKind::kNumber:
      case NodeKind::kString:
      case NodeKind::kVectorSelector:
      case NodeKind::kMatrixSelector:
      case NodeKind::kSubquery:
        break;
    }
    return Ok();
  }

  Status VisitArguments(const promql::Call& call, const StepGrid& grid) {
    const std::string_view name = call.function->name;
    // Which series these select is not all that they ask of them.
    const bool is_timestamp = name == "timestamp" || name == "start_timestamp";
    for (std::size_t i = call.arguments.size(); i-- > 0;) {
      const promql::Expr& argument = *call.arguments[i];
      if (name == "info" && i > 0) continue;
      if (is_timestamp && promql::Unwrap(argument).kind == NodeKind::kVectorSelector) continue;
      const bool is_vector = promql::TypeOf(argument) == ValueType::kVector;
      const Context::HistogramUse use(context_, is_vector ? NeedOf(call) : HistogramNeed::kUnknown);
      NARTHEX_TRY(Visit(argument, grid, nullptr));
    }
    return Ok();
  }

  Status VisitRange(const promql::Expr& range, const StepGrid& grid) {
    if (range.kind != NodeKind::kSubquery) return Ok();
    const auto& subquery = As<promql::SubqueryExpr>(range);
    NARTHEX_ASSIGN_OR_RETURN(const SubqueryPlan plan, PlanSubquery(subquery, grid, context_));
    if (!plan.grid) return Ok();
    const Context::HistogramUse use(context_, HistogramNeed::kBuckets);
    const Context::SubqueryScope scope(context_);
    return Visit(*subquery.expr, *plan.grid, nullptr);
  }

  // Number of the expression, its steps, and what is asked of it.
  using Key = std::tuple<std::size_t, model::TimestampMs, std::int64_t, std::size_t, bool, bool>;

  Context& context_;
  Shapes shapes_;
  StepInvariance invariance_;
  std::map<Key, CommonRows*> by_key_;
  std::vector<std::unique_ptr<CommonRows>> rows_;
  std::unordered_map<const promql::Expr*, CommonRows*> places_;
};

}  // namespace

Result<CommonExpressions> CommonExpressions::Of(const promql::Expr& query, const StepGrid& grid,
                                                Context& context) {
  CommonExpressions common;
  if (!MayHaveTwins(query)) return common;
  Walk walk(context);
  NARTHEX_TRY(walk.Visit(query, grid, nullptr));
  for (const auto& [expr, rows] : walk.places()) {
    if (rows->place_count > 1) common.of_.emplace(expr, rows);
  }
  common.rows_ = std::move(walk.rows());
  return common;
}

}  // namespace narthex::engine
