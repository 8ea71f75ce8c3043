#include <fmt/format.h>

#include "functions.h"
#include "jmespath/expression.h"
#include "json/value.h"
#include "node.h"
#include "parser.h"

namespace narthex::jmespath {
namespace {

using json::Value;

// Texts are counted by this many bytes as one value more.
constexpr std::size_t kCountedTextSizeBytes = 64;

class Evaluator {
 public:
  Result<Value> Eval(const Node& node, const Value& value) {
    NARTHEX_ASSIGN_OR_RETURN(Value result, Give(node, value));
    Count(result);
    if (left_ < 0) {
      return Error(ErrorCode::kResourceExhausted,
                   fmt::format("more than {} values on the way", Expression::kValueCountMax));
    }
    return result;
  }

 private:
  // Stops early once nothing is left.
  void Count(const Value& value) {
    if (--left_ < 0) return;
    left_ -= static_cast<std::int64_t>(value.AsString().size() / kCountedTextSizeBytes);
    for (const Value& item : value.items()) {
      if (left_ < 0) return;
      Count(item);
    }
    for (const json::Member& member : value.members()) {
      if (left_ < 0) return;
      Count(member.value);
    }
  }

  Result<Value> Give(const Node& node, const Value& value) {
    switch (node.kind) {
      case NodeKind::kCurrent:
        return value;
      case NodeKind::kField:
        return value[node.name];
      case NodeKind::kIndex:
        return Index(node, value);
      case NodeKind::kSlice:
        return Slice(node, value);
      case NodeKind::kLiteral:
        return node.literal;
      case NodeKind::kChain: {
        NARTHEX_ASSIGN_OR_RETURN(const Value first, Eval(node.children[0], value));
        return Eval(node.children[1], first);
      }
      case NodeKind::kProjection:
      case NodeKind::kValueProjection:
      case NodeKind::kFilterProjection:
        return Project(node, value);
      case NodeKind::kFlatten:
        return Flatten(node, value);
      case NodeKind::kOr:
      case NodeKind::kAnd: {
        NARTHEX_ASSIGN_OR_RETURN(Value first, Eval(node.children[0], value));
        if (IsTrue(first) == (node.kind == NodeKind::kOr)) return first;
        return Eval(node.children[1], value);
      }
      case NodeKind::kNot: {
        NARTHEX_ASSIGN_OR_RETURN(const Value operand, Eval(node.children[0], value));
        return Value(!IsTrue(operand));
      }
      case NodeKind::kList:
      case NodeKind::kObject:
        return Gather(node, value);
      case NodeKind::kCall:
        return CallFunction(node, value);
      case NodeKind::kReference:
        return Error(ErrorCode::kInvalidArgument, "'&' stands before an argument only");
      case NodeKind::kEqual:
      case NodeKind::kNotEqual:
      case NodeKind::kLess:
      case NodeKind::kLessEqual:
      case NodeKind::kGreater:
      case NodeKind::kGreaterEqual:
        break;
    }
    return Compare(node, value);
  }

  static Value Index(const Node& node, const Value& value) {
    const auto size = static_cast<std::int64_t>(value.items().size());
    const std::int64_t at = node.index < 0 ? node.index + size : node.index;
    return at >= 0 && at < size ? value.items()[static_cast<std::size_t>(at)] : Value();
  }

  static Result<Value> Slice(const Node& node, const Value& value) {
    if (!value.is_array()) return Value();
    const std::int64_t step = node.slice[2].value_or(1);
    if (step == 0) return Error(ErrorCode::kInvalidArgument, "a slice's step cannot be 0");
    const auto size = static_cast<std::int64_t>(value.items().size());
    // The places before the first and behind the last item are ends, too.
    const std::int64_t lowest = step < 0 ? -1 : 0;
    const std::int64_t highest = step < 0 ? size - 1 : size;
    const auto bound = [&](std::optional<std::int64_t> given, std::int64_t otherwise) {
      if (!given) return otherwise;
      const std::int64_t at = *given < 0 ? std::max(*given, -size - 1) + size : *given;
      return std::clamp(at, lowest, highest);
    };
    const std::int64_t start = bound(node.slice[0], step < 0 ? highest : lowest);
    const std::int64_t stop = bound(node.slice[1], step < 0 ? lowest : highest);
    Value list = Value::MakeArray();
    std::int64_t at = start;
    while (step > 0 ? at < stop : at > stop) {
      list.Append(value.items()[static_cast<std::size_t>(at)]);
      // Further than any list goes, and so that `at` stays a number.
      at += std::clamp(step, -size - 1, size + 1);
    }
    return list;
  }

  Result<Value> Project(const Node& node, const Value& value) {
    NARTHEX_ASSIGN_OR_RETURN(const Value base, Eval(node.children[0], value));
    Value list = Value::MakeArray();
    if (node.kind == NodeKind::kValueProjection) {
      if (!base.is_object()) return Value();
      for (const json::Member& member : base.members()) {
        NARTHEX_TRY(AppendProjected(node, member.value, list));
      }
      return list;
    }
    if (!base.is_array()) return Value();
    for (const Value& item : base.items()) NARTHEX_TRY(AppendProjected(node, item, list));
    return list;
  }

  Status AppendProjected(const Node& node, const Value& item, Value& list) {
    if (node.kind == NodeKind::kFilterProjection) {
      NARTHEX_ASSIGN_OR_RETURN(const Value holds, Eval(node.children[2], item));
      if (!IsTrue(holds)) return Ok();
    }
    NARTHEX_ASSIGN_OR_RETURN(Value projected, Eval(node.children[1], item));
    if (!projected.is_null()) list.Append(std::move(projected));
    return Ok();
  }

  Result<Value> Flatten(const Node& node, const Value& value) {
    NARTHEX_ASSIGN_OR_RETURN(const Value base, Eval(node.children[0], value));
    if (!base.is_array()) return Value();
    Value list = Value::MakeArray();
    for (const Value& item : base.items()) {
      if (!item.is_array()) list.Append(item);
      for (const Value& inner : item.items()) list.Append(inner);
    }
    return list;
  }

  Result<Value> Compare(const Node& node, const Value& value) {
    NARTHEX_ASSIGN_OR_RETURN(const Value first, Eval(node.children[0], value));
    NARTHEX_ASSIGN_OR_RETURN(const Value second, Eval(node.children[1], value));
    if (node.kind == NodeKind::kEqual) return Value(json::MeansTheSame(first, second));
    if (node.kind == NodeKind::kNotEqual) return Value(!json::MeansTheSame(first, second));
    const auto a = first.AsDouble();
    const auto b = second.AsDouble();
    // Only numbers have an order.
    if (!a || !b) return Value();
    if (node.kind == NodeKind::kLess) return Value(*a < *b);
    if (node.kind == NodeKind::kLessEqual) return Value(*a <= *b);
    if (node.kind == NodeKind::kGreater) return Value(*a > *b);
    return Value(*a >= *b);
  }

  Result<Value> Gather(const Node& node, const Value& value) {
    if (value.is_null()) return Value();
    Value gathered = node.kind == NodeKind::kList ? Value::MakeArray() : Value::MakeObject();
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      NARTHEX_ASSIGN_OR_RETURN(Value part, Eval(node.children[i], value));
      if (node.kind == NodeKind::kList) {
        gathered.Append(std::move(part));
      } else {
        gathered.Set(node.names[i], std::move(part));
      }
    }
    return gathered;
  }

  Result<Value> CallFunction(const Node& node, const Value& value) {
    std::vector<Argument> arguments;
    arguments.reserve(node.children.size());
    for (const Node& child : node.children) {
      Argument argument;
      if (child.kind == NodeKind::kReference) {
        argument.reference = &child.children[0];
      } else {
        NARTHEX_ASSIGN_OR_RETURN(argument.value, Eval(child, value));
      }
      arguments.push_back(std::move(argument));
    }
    return Call(node.name, arguments,
                [this](const Node& asked, const Value& of) { return Eval(asked, of); });
  }

  std::int64_t left_ = Expression::kValueCountMax;
};

}  // namespace

Result<Expression> Expression::Parse(std::string_view text) {
  NARTHEX_ASSIGN_OR_RETURN(Node root, ParseExpression(text));
  return Expression(std::make_shared<const Node>(std::move(root)));
}

Result<json::Value> Expression::Search(const json::Value& document) const {
  return Evaluator().Eval(*root_, document);
}

}  // namespace narthex::jmespath
