// Compares a syntax tree with the corpus' JSON form of it.
#pragma once

#include <cmath>
#include <string>

#include "json_cases.h"
#include "promql/ast.h"
#include "promql/printer.h"

namespace narthex::promql {

using conformance::Json;

// The tree in the corpus' words; members that are zero are left out, as there.
class TreeWriter {
 public:
  static Json Write(const Expr& expr) {
    switch (expr.kind) {
      case NodeKind::kNumber:
        return Number(As<NumberLiteral>(expr));
      case NodeKind::kString: {
        Json out = {{"type", "StringLiteral"}};
        out["value_hex"] = Hex(As<StringLiteral>(expr).value);
        return WithPosition(std::move(out), expr);
      }
      case NodeKind::kVectorSelector:
        return WithPosition(Vector(As<VectorSelector>(expr)), expr);
      case NodeKind::kMatrixSelector:
        return Matrix(As<MatrixSelector>(expr));
      case NodeKind::kSubquery:
        return Subquery(As<SubqueryExpr>(expr));
      case NodeKind::kUnary:
        return Unary(As<UnaryExpr>(expr));
      case NodeKind::kBinary:
        return Binary(As<BinaryExpr>(expr));
      case NodeKind::kAggregate:
        return Aggregate(As<AggregateExpr>(expr));
      case NodeKind::kCall:
        return CallJson(As<Call>(expr));
      case NodeKind::kParen:
        return WithPosition({{"type", "ParenExpr"}, {"expr", Write(*As<ParenExpr>(expr).expr)}},
                            expr);
    }
    return {};
  }

  static std::string Hex(const std::string& bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
  }

 private:
  static Json Position(PositionRange range) { return Json::array({range.start, range.end}); }
  static Json WithPosition(Json out, const Expr& expr) {
    out["pos"] = Position(expr.position);
    return out;
  }

  static Json Value(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    return value;
  }

  static Json Number(const NumberLiteral& number) {
    Json out = {{"type", "NumberLiteral"}, {"value", Value(number.value)}};
    if (number.is_written_as_duration) out["duration"] = true;
    return WithPosition(std::move(out), number);
  }

  static Json DurationTree(const DurationExpr& expr) {
    using Op = DurationExpr::Op;
    if (expr.op == Op::kNumber) {
      Json out = {{"type", "NumberLiteral"},
                  {"value", Value(expr.seconds)},
                  {"pos", Position(expr.position)}};
      if (expr.is_written_as_duration) out["duration"] = true;
      return out;
    }
    static constexpr const char* kNames[] = {"",  "+",    "-",     "*",      "/",     "%",
                                             "^", "step", "range", "min_of", "max_of"};
    Json out = {{"type", "DurationExpr"}, {"op", kNames[static_cast<int>(expr.op)]}};
    if (expr.left != nullptr) out["lhs"] = DurationTree(*expr.left);
    if (expr.right != nullptr) out["rhs"] = DurationTree(*expr.right);
    if (expr.is_wrapped) out["wrapped"] = true;
    if (expr.position.start != 0) out["start_pos"] = expr.position.start;
    if (expr.position.end != 0) out["end_pos"] = expr.position.end;
    return out;
  }

  static void AddDuration(Json& out, const std::string& name, const DurationValue& value) {
    if (value.value.count() != 0) out[name] = value.value.count() * 1'000'000;
    if (value.expr != nullptr) out[name + "_expr"] = DurationTree(*value.expr);
  }

  static void AddShift(Json& out, const TimeShift& shift) {
    AddDuration(out, "original_offset", shift.offset);
    if (shift.anchor == TimeShift::Anchor::kTime) out["timestamp"] = shift.time;
    if (shift.anchor == TimeShift::Anchor::kStart) out["start_or_end"] = "start";
    if (shift.anchor == TimeShift::Anchor::kEnd) out["start_or_end"] = "end";
  }

  static Json Vector(const VectorSelector& selector) {
    Json out = {{"type", "VectorSelector"}};
    if (!selector.name.empty()) out["name"] = selector.name;
    Json matchers = Json::array();
    for (const model::Matcher& matcher : selector.matchers) {
      matchers.push_back({{"name", matcher.name()},
                          {"op", model::MatchTypeText(matcher.type())},
                          {"value", matcher.value()}});
    }
    out["label_matchers"] = std::move(matchers);
    AddShift(out, selector.shift);
    if (selector.edges == RangeEdges::kAnchored) out["anchored"] = true;
    if (selector.edges == RangeEdges::kSmoothed) out["smoothed"] = true;
    if (selector.may_match_everything) out["bypass_empty_matcher_check"] = true;
    return out;
  }

  static Json Matrix(const MatrixSelector& matrix) {
    Json vector = Vector(matrix.vector());
    vector["pos"] = Position(matrix.vector().position);
    Json out = {{"type", "MatrixSelector"},
                {"vector_selector", std::move(vector)},
                {"end_pos", matrix.position.end}};
    AddDuration(out, "range", matrix.range);
    return out;
  }

  static Json Subquery(const SubqueryExpr& subquery) {
    Json out = {{"type", "SubqueryExpr"},
                {"expr", Write(*subquery.expr)},
                {"end_pos", subquery.position.end}};
    AddDuration(out, "range", subquery.range);
    AddDuration(out, "step", subquery.step);
    AddShift(out, subquery.shift);
    return out;
  }

  static Json Unary(const UnaryExpr& unary) {
    Json out = {
        {"type", "UnaryExpr"}, {"op", OperatorText(unary.op)}, {"expr", Write(*unary.expr)}};
    if (unary.position.start != 0) out["start_pos"] = unary.position.start;
    return out;
  }

  static Json Binary(const BinaryExpr& binary) {
    Json out = {{"type", "BinaryExpr"},
                {"op", OperatorText(binary.op)},
                {"lhs", Write(*binary.left)},
                {"rhs", Write(*binary.right)}};
    if (binary.returns_bool) out["return_bool"] = true;
    if (!binary.matching) return out;
    static constexpr const char* kCards[] = {"one-to-one", "many-to-one", "one-to-many",
                                             "many-to-many"};
    const VectorMatching& matching = *binary.matching;
    Json json = {{"card", kCards[static_cast<int>(matching.cardinality)]}};
    if (!matching.labels.empty()) json["matching_labels"] = matching.labels;
    if (matching.is_on) json["on"] = true;
    if (!matching.include.empty()) json["include"] = matching.include;
    out["vector_matching"] = std::move(json);
    return out;
  }

  static Json Aggregate(const AggregateExpr& aggregate) {
    Json out = {{"type", "AggregateExpr"},
                {"op", OperatorText(aggregate.op)},
                {"expr", Write(*aggregate.expr)}};
    if (aggregate.parameter != nullptr) out["param"] = Write(*aggregate.parameter);
    if (!aggregate.grouping.empty()) out["grouping"] = aggregate.grouping;
    if (aggregate.is_without) out["without"] = true;
    return WithPosition(std::move(out), aggregate);
  }

  static Json CallJson(const Call& call) {
    Json arguments = Json::array();
    for (const ExprPtr& argument : call.arguments) arguments.push_back(Write(*argument));
    if (call.arguments.empty()) arguments = {{"type", "Expressions"}};
    return WithPosition(
        {{"type", "Call"}, {"func", call.function->name}, {"args", std::move(arguments)}}, call);
  }
};

// The corpus tree in the same terms: strings as bytes, members that are null, zero or empty where
// zero is the same as absent dropped.
inline Json Normalized(const Json& tree) {
  if (tree.is_array()) {
    Json out = Json::array();
    for (const Json& entry : tree) out.push_back(Normalized(entry));
    return out;
  }
  if (!tree.is_object()) return tree;
  const bool is_string = tree.contains("type") && tree.at("type") == "StringLiteral";
  Json out = Json::object();
  for (const auto& [key, value] : tree.items()) {
    if (value.is_null()) continue;
    if (key == "original_offset" && value == 0) continue;
    if (key == "matching_labels" && value.empty()) continue;
    if (is_string && key == "value") {
      out["value_hex"] = TreeWriter::Hex(conformance::Text(tree, "value"));
    } else {
      out[key] = Normalized(value);
    }
  }
  return out;
}

// Empty if `expr` is the tree `want`, else both.
inline std::string TreeDifference(const Json& want, const Expr& expr) {
  const Json got = TreeWriter::Write(expr);
  const Json normalized = Normalized(want);
  return got == normalized ? "" : "got  " + got.dump() + "\nwant " + normalized.dump();
}

}  // namespace narthex::promql
