#include "api/parse_tree.h"

#include "base/number.h"
#include "promql/printer.h"

namespace narthex::api {
namespace {

using promql::As;
using promql::DurationExpr;

std::string_view DurationOp(DurationExpr::Op op) {
  using Op = DurationExpr::Op;
  switch (op) {
    case Op::kNumber:
      break;
    case Op::kAdd:
      return "+";
    case Op::kSub:
      return "-";
    case Op::kMul:
      return "*";
    case Op::kDiv:
      return "/";
    case Op::kMod:
      return "%";
    case Op::kPow:
      return "^";
    case Op::kStep:
      return "step";
    case Op::kRange:
      return "range";
    case Op::kMinOf:
      return "min_of";
    case Op::kMaxOf:
      return "max_of";
  }
  return "";
}

std::string_view CardinalityName(promql::Cardinality cardinality) {
  switch (cardinality) {
    case promql::Cardinality::kOneToOne:
      return "one-to-one";
    case promql::Cardinality::kManyToOne:
      return "many-to-one";
    case promql::Cardinality::kOneToMany:
      return "one-to-many";
    case promql::Cardinality::kManyToMany:
      break;
  }
  return "many-to-many";
}

class TreeWriter {
 public:
  explicit TreeWriter(json::Writer& writer) : writer_(writer) {}

  void Write(const promql::Expr& expr);

 private:
  void Field(std::string_view key, std::string_view text) { json::Field(writer_, key, text); }
  void Flag(std::string_view key, bool flag) { json::Field(writer_, key, flag); }
  void Child(std::string_view key, const promql::ExprPtr& expr) {
    writer_.Key(key);
    if (expr == nullptr) {
      writer_.Null();
    } else {
      Write(*expr);
    }
  }
  void Texts(std::string_view key, const std::vector<std::string>& texts) {
    writer_.Key(key);
    writer_.BeginArray();
    for (const std::string& text : texts) writer_.String(text);
    writer_.EndArray();
  }

  void Aggregate(const promql::AggregateExpr& expr);
  void Binary(const promql::BinaryExpr& expr);
  void Matching(const promql::VectorMatching& matching);
  void Fill(std::string_view key, std::optional<double> value);
  void Call(const promql::Call& call);
  void Number(const promql::NumberLiteral& number);
  void MatrixSelector(const promql::MatrixSelector& matrix);
  void VectorSelector(const promql::VectorSelector& vector);
  void Subquery(const promql::SubqueryExpr& subquery);
  void Unary(const promql::UnaryExpr& unary);

  void Matchers(const std::vector<model::Matcher>& matchers);
  void Offset(const promql::TimeShift& shift);
  void Anchor(const promql::TimeShift& shift);
  // `key` with the milliseconds, `expr_key` with the tree of what is calculated.
  void Duration(std::string_view key, std::string_view expr_key,
                const promql::DurationValue& duration);
  void DurationTree(const DurationExpr* expr);

  json::Writer& writer_;
};

void TreeWriter::DurationTree(const DurationExpr* expr) {
  if (expr == nullptr) {
    writer_.Null();
    return;
  }
  writer_.BeginObject();
  if (expr->op == DurationExpr::Op::kNumber) {
    Flag("duration", expr->is_written_as_duration);
    Field("type", "numberLiteral");
    Field("val", FormatDouble(expr->seconds, FloatFormat::kPlain));
  } else {
    writer_.Key("lhs");
    DurationTree(expr->left.get());
    Field("op", DurationOp(expr->op));
    writer_.Key("rhs");
    DurationTree(expr->right.get());
    Field("type", "durationExpr");
    Flag("wrapped", expr->is_wrapped);
  }
  writer_.EndObject();
}

void TreeWriter::Duration(std::string_view key, std::string_view expr_key,
                          const promql::DurationValue& duration) {
  json::Field(writer_, key, std::int64_t{duration.value.count()});
  writer_.Key(expr_key);
  DurationTree(duration.expr.get());
}

void TreeWriter::Offset(const promql::TimeShift& shift) {
  Duration("offset", "offsetExpr", shift.offset);
}

void TreeWriter::Anchor(const promql::TimeShift& shift) {
  using Anchor = promql::TimeShift::Anchor;
  writer_.Key("startOrEnd");
  if (shift.anchor == Anchor::kStart || shift.anchor == Anchor::kEnd) {
    writer_.String(shift.anchor == Anchor::kStart ? "start" : "end");
  } else {
    writer_.Null();
  }
}

void TreeWriter::Matchers(const std::vector<model::Matcher>& matchers) {
  writer_.Key("matchers");
  writer_.BeginArray();
  for (const model::Matcher& matcher : matchers) {
    writer_.BeginObject();
    Field("name", matcher.name());
    Field("type", model::MatchTypeText(matcher.type()));
    Field("value", matcher.value());
    writer_.EndObject();
  }
  writer_.EndArray();
}

void WriteTime(json::Writer& writer, const promql::TimeShift& shift) {
  writer.Key("timestamp");
  if (shift.anchor == promql::TimeShift::Anchor::kTime) {
    writer.Int64(shift.time);
  } else {
    writer.Null();
  }
}

void TreeWriter::VectorSelector(const promql::VectorSelector& vector) {
  Flag("anchored", vector.edges == promql::RangeEdges::kAnchored);
  Matchers(vector.matchers);
  Field("name", vector.name);
  Offset(vector.shift);
  Flag("smoothed", vector.edges == promql::RangeEdges::kSmoothed);
  Anchor(vector.shift);
  WriteTime(writer_, vector.shift);
  Field("type", "vectorSelector");
}

void TreeWriter::MatrixSelector(const promql::MatrixSelector& matrix) {
  const promql::VectorSelector& vector = matrix.vector();
  Flag("anchored", vector.edges == promql::RangeEdges::kAnchored);
  Matchers(vector.matchers);
  Field("name", vector.name);
  Offset(vector.shift);
  Duration("range", "rangeExpr", matrix.range);
  Flag("smoothed", vector.edges == promql::RangeEdges::kSmoothed);
  Anchor(vector.shift);
  WriteTime(writer_, vector.shift);
  Field("type", "matrixSelector");
}

void TreeWriter::Subquery(const promql::SubqueryExpr& subquery) {
  Child("expr", subquery.expr);
  Offset(subquery.shift);
  Duration("range", "rangeExpr", subquery.range);
  Anchor(subquery.shift);
  Duration("step", "stepExpr", subquery.step);
  WriteTime(writer_, subquery.shift);
  Field("type", "subquery");
}

void TreeWriter::Aggregate(const promql::AggregateExpr& expr) {
  Child("expr", expr.expr);
  Texts("grouping", expr.grouping);
  Field("op", promql::OperatorText(expr.op));
  Child("param", expr.parameter);
  Field("type", "aggregation");
  Flag("without", expr.is_without);
}

void TreeWriter::Fill(std::string_view key, std::optional<double> value) {
  writer_.Key(key);
  if (value) {
    writer_.Double(*value);
  } else {
    writer_.Null();
  }
}

void TreeWriter::Matching(const promql::VectorMatching& matching) {
  writer_.BeginObject();
  Field("card", CardinalityName(matching.cardinality));
  writer_.Key("fillValues");
  writer_.BeginObject();
  Fill("lhs", matching.fill_left);
  Fill("rhs", matching.fill_right);
  writer_.EndObject();
  Texts("include", matching.include);
  Texts("labels", matching.labels);
  Flag("on", matching.is_on);
  writer_.EndObject();
}

void TreeWriter::Binary(const promql::BinaryExpr& expr) {
  Flag("bool", expr.returns_bool);
  Child("lhs", expr.left);
  writer_.Key("matching");
  if (expr.matching) {
    Matching(*expr.matching);
  } else {
    writer_.Null();
  }
  Field("op", promql::OperatorText(expr.op));
  Child("rhs", expr.right);
  Field("type", "binaryExpr");
}

void TreeWriter::Call(const promql::Call& call) {
  writer_.Key("args");
  writer_.BeginArray();
  for (const promql::ExprPtr& argument : call.arguments) Write(*argument);
  writer_.EndArray();
  writer_.Key("func");
  writer_.BeginObject();
  writer_.Key("argTypes");
  writer_.BeginArray();
  for (const promql::ValueType type : call.function->arguments)
    writer_.String(promql::ValueTypeName(type));
  writer_.EndArray();
  Field("name", call.function->name);
  Field("returnType", promql::ValueTypeName(call.function->result));
  json::Field(writer_, "variadic", std::int64_t{call.function->variadic});
  writer_.EndObject();
  Field("type", "call");
}

void TreeWriter::Number(const promql::NumberLiteral& number) {
  Field("type", "numberLiteral");
  Field("val", FormatDouble(number.value, FloatFormat::kPlain));
}

void TreeWriter::Unary(const promql::UnaryExpr& unary) {
  Child("expr", unary.expr);
  Field("op", promql::OperatorText(unary.op));
  Field("type", "unaryExpr");
}

void TreeWriter::Write(const promql::Expr& expr) {
  writer_.BeginObject();
  switch (expr.kind) {
    case promql::NodeKind::kNumber:
      Number(As<promql::NumberLiteral>(expr));
      break;
    case promql::NodeKind::kString:
      Field("type", "stringLiteral");
      Field("val", As<promql::StringLiteral>(expr).value);
      break;
    case promql::NodeKind::kVectorSelector:
      VectorSelector(As<promql::VectorSelector>(expr));
      break;
    case promql::NodeKind::kMatrixSelector:
      MatrixSelector(As<promql::MatrixSelector>(expr));
      break;
    case promql::NodeKind::kSubquery:
      Subquery(As<promql::SubqueryExpr>(expr));
      break;
    case promql::NodeKind::kUnary:
      Unary(As<promql::UnaryExpr>(expr));
      break;
    case promql::NodeKind::kBinary:
      Binary(As<promql::BinaryExpr>(expr));
      break;
    case promql::NodeKind::kAggregate:
      Aggregate(As<promql::AggregateExpr>(expr));
      break;
    case promql::NodeKind::kCall:
      Call(As<promql::Call>(expr));
      break;
    case promql::NodeKind::kParen:
      Child("expr", As<promql::ParenExpr>(expr).expr);
      Field("type", "parenExpr");
      break;
  }
  writer_.EndObject();
}

}  // namespace

void WriteParseTree(json::Writer& writer, const promql::Expr& expr) {
  TreeWriter(writer).Write(expr);
}

}  // namespace narthex::api
