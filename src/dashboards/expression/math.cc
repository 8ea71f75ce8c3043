#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <utility>

#include "base/check.h"
#include "commands.h"
#include "formula.h"
#include "join.h"

namespace narthex::expression {
namespace {

using Sample = std::optional<double>;

// More label sets would not be read.
constexpr std::size_t kLostShownMax = 5;

double Decide(bool is_true) { return is_true ? 1 : 0; }

double Compute(Operator op, double left, double right) {
  // These two are decided by their left side before a NaN on the right counts.
  if (op == Operator::kOr && left != 0 && !std::isnan(left)) return 1;
  if (op == Operator::kAnd && left == 0) return 0;
  if (std::isnan(left) || std::isnan(right)) return std::numeric_limits<double>::quiet_NaN();
  switch (op) {
    case Operator::kOr:
      return Decide(right != 0);
    case Operator::kAnd:
      return Decide(right != 0);
    case Operator::kEqual:
      return Decide(left == right);
    case Operator::kNotEqual:
      return Decide(left != right);
    case Operator::kGreater:
      return Decide(left > right);
    case Operator::kGreaterEqual:
      return Decide(left >= right);
    case Operator::kLess:
      return Decide(left < right);
    case Operator::kLessEqual:
      return Decide(left <= right);
    case Operator::kAdd:
      return left + right;
    case Operator::kSubtract:
      return left - right;
    case Operator::kMultiply:
      return left * right;
    case Operator::kDivide:
      return left / right;
    case Operator::kModulo:
      return std::fmod(left, right);
    case Operator::kPower:
      return std::pow(left, right);
    case Operator::kNot:
      break;
  }
  NARTHEX_CHECK(false, "an operator with one side is none with two");
  return std::numeric_limits<double>::quiet_NaN();
}

Sample Compute(Operator op, Sample left, Sample right) {
  if (!left || !right) return std::nullopt;
  return Compute(op, *left, *right);
}

Sample Negate(Operator op, Sample value) {
  if (!value || std::isnan(*value)) return value;
  return op == Operator::kNot ? Decide(*value == 0) : -*value;
}

// What two series have at the same times.
Value ComputeSeries(Operator op, const Value& left, const Value& right) {
  Value result{ValueKind::kSeries, {}, {}, {}};
  std::size_t j = 0;
  for (std::size_t i = 0; i < left.timestamps.size(); ++i) {
    while (j < right.timestamps.size() && right.timestamps[j] < left.timestamps[i]) ++j;
    if (j == right.timestamps.size()) break;
    if (right.timestamps[j] != left.timestamps[i]) continue;
    result.timestamps.push_back(left.timestamps[i]);
    result.values.push_back(Compute(op, left.values[i], right.values[j]));
  }
  return result;
}

Value ComputePair(Operator op, const Pair& pair) {
  const Value& left = *pair.left;
  const Value& right = *pair.right;
  if (left.kind == ValueKind::kNoData || right.kind == ValueKind::kNoData) return Value::NoData();
  Value result;
  if (left.kind == ValueKind::kSeries && right.kind == ValueKind::kSeries) {
    result = ComputeSeries(op, left, right);
  } else if (right.kind == ValueKind::kSeries) {
    result = {ValueKind::kSeries, {}, right.timestamps, right.values};
    for (Sample& sample : result.values) sample = Compute(op, left.values.front(), sample);
  } else {
    result = {std::max(left.kind, right.kind), {}, left.timestamps, left.values};
    for (Sample& sample : result.values) sample = Compute(op, sample, right.values.front());
  }
  if (pair.labels != nullptr) result.labels = *pair.labels;
  return result;
}

std::string PrintLabels(const Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) {
    text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  }
  return "{" + text + "}";
}

std::string LostWarning(const std::vector<const Labels*>& lost) {
  std::string text = fmt::format("{} items dropped from union(s):", lost.size());
  for (std::size_t i = 0; i < std::min(lost.size(), kLostShownMax); ++i) {
    text += " " + PrintLabels(*lost[i]);
  }
  if (lost.size() > kLostShownMax) {
    text += fmt::format(" ...{} more...", lost.size() - kLostShownMax);
  }
  return text;
}

// Before anything is computed: the product may not fit into memory.
Status CheckSampleCount(const Joined& joined) {
  std::size_t sample_count = 0;
  for (const Pair& pair : joined.pairs) {
    sample_count += std::max(pair.left->values.size(), pair.right->values.size());
  }
  if (sample_count <= kSampleCountMax) return Ok();
  return Error(
      ErrorCode::kResourceExhausted,
      fmt::format("an operation makes {} samples; {} are the most", sample_count, kSampleCountMax));
}

// Evaluates one formula over one set of inputs.
class Evaluation {
 public:
  explicit Evaluation(const Inputs& inputs) : inputs_(inputs) {}

  Result<ValueSet> Run(const Node& root) {
    NARTHEX_ASSIGN_OR_RETURN(ValueSet set, Walk(root));
    set.warnings = std::move(warnings_);
    return set;
  }

 private:
  Result<ValueSet> Walk(const Node& node) {
    switch (node.kind) {
      case Node::Kind::kConstant:
        return ValueSet{{Value::Scalar(node.constant)}, {}};
      case Node::Kind::kInput:
        return ValueSet{InputNamed(inputs_, node.input).values, {}};
      case Node::Kind::kUnary:
        return WalkEach(node, [&node](Sample sample) { return Negate(node.op, sample); });
      case Node::Kind::kCall:
        return WalkEach(node, node.function);
      case Node::Kind::kBinary:
        return WalkBinary(node);
    }
    return ValueSet{};
  }

  template <typename F>
  Result<ValueSet> WalkEach(const Node& node, F change) {
    NARTHEX_ASSIGN_OR_RETURN(ValueSet set, Walk(node.arguments.front()));
    for (Value& value : set.values) {
      for (Sample& sample : value.values) sample = change(sample);
    }
    return set;
  }

  Result<ValueSet> WalkBinary(const Node& node) {
    NARTHEX_ASSIGN_OR_RETURN(const ValueSet left, Walk(node.arguments[0]));
    NARTHEX_ASSIGN_OR_RETURN(const ValueSet right, Walk(node.arguments[1]));
    NARTHEX_ASSIGN_OR_RETURN(const Joined joined, Join(left, right));
    NARTHEX_TRY(CheckSampleCount(joined));
    ValueSet set;
    for (const Pair& pair : joined.pairs) set.values.push_back(ComputePair(node.op, pair));
    if (!joined.lost.empty()) warnings_.push_back(LostWarning(joined.lost));
    return set;
  }

  const Inputs& inputs_;
  std::vector<std::string> warnings_;
};

void CollectInputs(const Node& node, std::vector<std::string>& inputs) {
  if (node.kind == Node::Kind::kInput) inputs.push_back(node.input);
  for (const Node& argument : node.arguments) CollectInputs(argument, inputs);
}

}  // namespace

Result<Command> ReadMath(const json::Value& query) {
  const std::string_view text = query["expression"].AsString();
  if (text.empty()) return Error(ErrorCode::kInvalidArgument, "the math expression is empty");
  NARTHEX_ASSIGN_OR_RETURN(Node root, ParseFormula(text));
  Command command;
  CollectInputs(root, command.inputs);
  // Shared: a std::function has to be copyable, and a formula need not be copied for that.
  command.run = [root = std::make_shared<const Node>(std::move(root))](const Inputs& inputs) {
    return Evaluation(inputs).Run(*root);
  };
  return command;
}

}  // namespace narthex::expression
