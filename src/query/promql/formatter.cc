#include <fmt/format.h>

#include "label_text.h"
#include "promql/printer.h"

namespace narthex::promql {
namespace {

// Writes nodes over several lines, two blanks for each level.
class Formatter {
 public:
  explicit Formatter(std::size_t width) : width_(width) {}

  std::string Write(const Expr& expr, std::size_t level) const {
    const std::string line = Print(expr);
    if (line.size() <= width_) return Indent(level) + line;
    switch (expr.kind) {
      case NodeKind::kBinary:
        return WriteBinary(As<BinaryExpr>(expr), level);
      case NodeKind::kAggregate:
        return WriteAggregate(As<AggregateExpr>(expr), level);
      case NodeKind::kCall:
        return WriteCall(As<Call>(expr), level);
      case NodeKind::kParen:
        return WriteParen(As<ParenExpr>(expr), level);
      case NodeKind::kUnary:
        return WriteUnary(As<UnaryExpr>(expr), level);
      case NodeKind::kSubquery:
        return WriteSubquery(As<SubqueryExpr>(expr), level);
      default:
        return Indent(level) + line;
    }
  }

 private:
  static std::string Indent(std::size_t level) { return std::string(level * 2, ' '); }

  std::string WriteBinary(const BinaryExpr& binary, std::size_t level) const {
    return fmt::format("{}\n{}{}{}\n{}", Write(*binary.left, level + 1), Indent(level),
                       OperatorText(binary.op), MatchingText(binary),
                       Write(*binary.right, level + 1));
  }

  std::string WriteAggregate(const AggregateExpr& aggregate, std::size_t level) const {
    std::string out = Indent(level) + AggregateText(aggregate) + "(\n";
    if (aggregate.parameter != nullptr) out += Write(*aggregate.parameter, level + 1) + ",\n";
    return out + Write(*aggregate.expr, level + 1) + "\n" + Indent(level) + ")";
  }

  std::string WriteCall(const Call& call, std::size_t level) const {
    std::string out = fmt::format("{}{}(\n", Indent(level), call.function->name);
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
      if (i > 0) out += ",\n";
      const Expr& argument = *call.arguments[i];
      const bool is_selector = argument.kind == NodeKind::kVectorSelector;
      out += is_selector ? Indent(level + 1) + PrintArgument(argument) : Write(argument, level + 1);
    }
    return out + "\n" + Indent(level) + ")";
  }

  std::string WriteParen(const ParenExpr& paren, std::size_t level) const {
    return fmt::format("{}(\n{}\n{})", Indent(level), Write(*paren.expr, level + 1), Indent(level));
  }

  std::string WriteUnary(const UnaryExpr& unary, std::size_t level) const {
    // The sign stands where the operand's own indentation ends.
    const std::string inner = Write(*unary.expr, level);
    const std::size_t text_start = std::min(inner.find_first_not_of(' '), inner.size());
    return Indent(level) + std::string(OperatorText(unary.op)) + inner.substr(text_start);
  }

  std::string WriteSubquery(const SubqueryExpr& subquery, std::size_t level) const {
    return Write(*subquery.expr, level) + SubqueryRangeText(subquery);
  }

  const std::size_t width_;
};

}  // namespace

std::string Format(const Expr& expr, std::size_t width) { return Formatter(width).Write(expr, 0); }

}  // namespace narthex::promql
