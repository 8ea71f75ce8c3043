#include "functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/number.h"
#include "json/reader.h"
#include "text_functions.h"

namespace narthex::jmespath {
namespace {

using json::Value;
using Arguments = std::vector<Argument>;

Value AbsOf(const Arguments& arguments) { return Value(std::fabs(*arguments[0].value.AsDouble())); }
Value CeilOf(const Arguments& arguments) {
  return Value(std::ceil(*arguments[0].value.AsDouble()));
}
Value FloorOf(const Arguments& arguments) {
  return Value(std::floor(*arguments[0].value.AsDouble()));
}

Value SumOf(const Arguments& arguments) {
  double sum = 0;
  for (const Value& item : arguments[0].value.items()) sum += *item.AsDouble();
  return Value(sum);
}

Value AverageOf(const Arguments& arguments) {
  const std::size_t count = arguments[0].value.size();
  return count == 0 ? Value() : Value(*SumOf(arguments).AsDouble() / static_cast<double>(count));
}

Value ContainsOf(const Arguments& arguments) {
  const Value& subject = arguments[0].value;
  const Value& wanted = arguments[1].value;
  if (subject.is_string()) {
    return Value(wanted.is_string() &&
                 subject.AsString().find(wanted.AsString()) != std::string_view::npos);
  }
  const auto is_wanted = [&wanted](const Value& item) { return json::MeansTheSame(item, wanted); };
  return Value(std::any_of(subject.items().begin(), subject.items().end(), is_wanted));
}

Value KeysOf(const Arguments& arguments) {
  Value list = Value::MakeArray();
  for (const json::Member& member : arguments[0].value.members()) list.Append(Value(member.key));
  return list;
}

Value ValuesOf(const Arguments& arguments) {
  Value list = Value::MakeArray();
  for (const json::Member& member : arguments[0].value.members()) list.Append(member.value);
  return list;
}

Value ItemsOf(const Arguments& arguments) {
  Value list = Value::MakeArray();
  for (const json::Member& member : arguments[0].value.members()) {
    Value pair = Value::MakeArray();
    pair.Append(Value(member.key));
    pair.Append(member.value);
    list.Append(std::move(pair));
  }
  return list;
}

Value LengthOf(const Arguments& arguments) {
  const Value& subject = arguments[0].value;
  const std::size_t length =
      subject.is_string() ? CodePoints(subject.AsString()).size() : subject.size();
  return Value(static_cast<std::int64_t>(length));
}

Value MergeOf(const Arguments& arguments) {
  Value merged = Value::MakeObject();
  for (const Argument& argument : arguments) {
    for (const json::Member& member : argument.value.members()) {
      merged.Set(member.key, member.value);
    }
  }
  return merged;
}

Value NotNullOf(const Arguments& arguments) {
  for (const Argument& argument : arguments) {
    if (!argument.value.is_null()) return argument.value;
  }
  return Value();
}

// Both numbers or both texts; UTF-8 sorts by code points.
bool IsLess(const Value& a, const Value& b) {
  return a.is_number() ? *a.AsDouble() < *b.AsDouble() : a.AsString() < b.AsString();
}

Value MaxOf(const Arguments& arguments) {
  const auto& items = arguments[0].value.items();
  const auto found = std::max_element(items.begin(), items.end(), IsLess);
  return found == items.end() ? Value() : *found;
}

Value MinOf(const Arguments& arguments) {
  const auto& items = arguments[0].value.items();
  const auto found = std::min_element(items.begin(), items.end(), IsLess);
  return found == items.end() ? Value() : *found;
}

Value SortOf(const Arguments& arguments) {
  Value list = arguments[0].value;
  std::stable_sort(list.mutable_items()->begin(), list.mutable_items()->end(), IsLess);
  return list;
}

Value ReverseOf(const Arguments& arguments) {
  if (arguments[0].value.is_string()) return Value(Reversed(arguments[0].value.AsString()));
  Value list = arguments[0].value;
  std::reverse(list.mutable_items()->begin(), list.mutable_items()->end());
  return list;
}

Value TypeOf(const Arguments& arguments) {
  return Value(json::KindName(arguments[0].value.kind()));
}

Value ToArray(const Arguments& arguments) {
  if (arguments[0].value.is_array()) return arguments[0].value;
  Value list = Value::MakeArray();
  list.Append(arguments[0].value);
  return list;
}

Value ToText(const Arguments& arguments) {
  const Value& value = arguments[0].value;
  return value.is_string() ? value : Value(json::Print(value));
}

Value ToNumber(const Arguments& arguments) {
  const Value& value = arguments[0].value;
  if (value.is_number()) return value;
  if (!value.is_string()) return Value();
  // The grammar of JSON; nothing around it.
  const std::string_view text = value.AsString();
  const Result<Value> read = json::Parse(text);
  const bool is_bare = !text.empty() && text.find_first_of(" \t\r\n") == std::string_view::npos;
  return is_bare && read.ok() && read->is_number() ? *read : Value();
}

// What the reference gives of each item of the list.
Result<std::vector<Value>> AskEach(const Value& list, const Node& reference, const Ask& ask) {
  std::vector<Value> answers;
  answers.reserve(list.size());
  for (const Value& item : list.items()) {
    NARTHEX_ASSIGN_OR_RETURN(Value answer, ask(reference, item));
    answers.push_back(std::move(answer));
  }
  return answers;
}

Result<Value> MapOf(const Arguments& arguments, const Ask& ask) {
  NARTHEX_ASSIGN_OR_RETURN(auto answers, AskEach(arguments[1].value, *arguments[0].reference, ask));
  return Value(std::move(answers));
}

// The places of the list's items in the order of what the reference gives of them.
Result<std::vector<std::size_t>> OrderBy(const Arguments& arguments, const Ask& ask) {
  NARTHEX_ASSIGN_OR_RETURN(const auto answers,
                           AskEach(arguments[0].value, *arguments[1].reference, ask));
  std::vector<std::size_t> order(answers.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool has_order = answers[i].is_number() || answers[i].is_string();
    if (!has_order || answers[i].kind() != answers[0].kind()) {
      return Error(ErrorCode::kInvalidArgument, "an order is of numbers only or of texts only");
    }
    order[i] = i;
  }
  std::stable_sort(order.begin(), order.end(), [&answers](std::size_t a, std::size_t b) {
    return IsLess(answers[a], answers[b]);
  });
  return order;
}

Result<Value> SortBy(const Arguments& arguments, const Ask& ask) {
  NARTHEX_ASSIGN_OR_RETURN(const auto order, OrderBy(arguments, ask));
  Value list = Value::MakeArray();
  for (const std::size_t i : order) list.Append(arguments[0].value.items()[i]);
  return list;
}

Result<Value> MaxBy(const Arguments& arguments, const Ask& ask) {
  NARTHEX_ASSIGN_OR_RETURN(const auto order, OrderBy(arguments, ask));
  return order.empty() ? Value() : arguments[0].value.items()[order.back()];
}

Result<Value> MinBy(const Arguments& arguments, const Ask& ask) {
  NARTHEX_ASSIGN_OR_RETURN(const auto order, OrderBy(arguments, ask));
  return order.empty() ? Value() : arguments[0].value.items()[order.front()];
}

// What an argument may be; several at once.
enum Takes : unsigned {
  kNumber = 1,
  kText = 2,
  kList = 4,
  kObject = 8,
  kNumbers = 16,  // a list of nothing else
  kTexts = 32,
  kReference = 64,
  kAnything = 128,  // but kReference
};

struct Function {
  std::string_view name;
  std::vector<unsigned> takes;
  Value (*of)(const Arguments&) = nullptr;  // or:
  Result<Value> (*asking)(const Arguments&, const Ask&) = nullptr;
  bool has_more = false;           // further arguments like the last one
  std::size_t optional_count = 0;  // how many of the last ones may be left out
};

const std::vector<Function>& Functions() {
  static const std::vector<Function> kFunctions = {
      {"abs", {kNumber}, AbsOf},
      {"avg", {kNumbers}, AverageOf},
      {"ceil", {kNumber}, CeilOf},
      {"contains", {kText | kList, kAnything}, ContainsOf},
      {"ends_with", {kText, kText}, EndsWith},
      {"floor", {kNumber}, FloorOf},
      {"items", {kObject}, ItemsOf},
      {"join", {kText, kTexts}, Join},
      {"keys", {kObject}, KeysOf},
      {"length", {kText | kList | kObject}, LengthOf},
      {"lower", {kText}, Lower},
      {"map", {kReference, kList}, nullptr, MapOf},
      {"max", {kNumbers | kTexts}, MaxOf},
      {"max_by", {kList, kReference}, nullptr, MaxBy},
      {"merge", {kObject}, MergeOf, nullptr, true},
      {"min", {kNumbers | kTexts}, MinOf},
      {"min_by", {kList, kReference}, nullptr, MinBy},
      {"not_null", {kAnything}, NotNullOf, nullptr, true},
      {"replace", {kText, kText, kText}, Replace},
      {"reverse", {kText | kList}, ReverseOf},
      {"sort", {kNumbers | kTexts}, SortOf},
      {"sort_by", {kList, kReference}, nullptr, SortBy},
      {"split", {kText, kText}, Split},
      {"starts_with", {kText, kText}, StartsWith},
      {"sum", {kNumbers}, SumOf},
      {"to_array", {kAnything}, ToArray},
      {"to_number", {kAnything}, ToNumber},
      {"to_string", {kAnything}, ToText},
      {"trim", {kText, kText}, Trim, nullptr, false, 1},
      {"type", {kAnything}, TypeOf},
      {"upper", {kText}, Upper},
      {"values", {kObject}, ValuesOf}};
  return kFunctions;
}

bool IsListOf(const Value& value, json::Kind kind) {
  return value.is_array() && std::all_of(value.items().begin(), value.items().end(),
                                         [kind](const Value& item) { return item.kind() == kind; });
}

bool Fits(const Argument& argument, unsigned takes) {
  if (argument.reference != nullptr) return (takes & kReference) != 0;
  const Value& value = argument.value;
  if ((takes & kAnything) != 0) return true;
  return ((takes & kNumber) != 0 && value.is_number()) ||
         ((takes & kText) != 0 && value.is_string()) ||
         ((takes & kList) != 0 && value.is_array()) ||
         ((takes & kObject) != 0 && value.is_object()) ||
         ((takes & kNumbers) != 0 && IsListOf(value, json::Kind::kNumber)) ||
         ((takes & kTexts) != 0 && IsListOf(value, json::Kind::kString));
}

Status Check(const Function& function, const Arguments& arguments) {
  const std::size_t most = function.takes.size();
  const bool is_enough = arguments.size() >= most - function.optional_count;
  if (!is_enough || (arguments.size() > most && !function.has_more)) {
    return Error(ErrorCode::kInvalidArgument,
                 fmt::format("{}() does not take {} arguments", function.name, arguments.size()));
  }
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (Fits(arguments[i], function.takes[std::min(i, most - 1)])) continue;
    return Error(
        ErrorCode::kInvalidArgument,
        fmt::format("{}() does not take {} as argument {}", function.name,
                    arguments[i].reference != nullptr ? "an expression"
                                                      : json::KindName(arguments[i].value.kind()),
                    i + 1));
  }
  return Ok();
}

}  // namespace

bool IsTrue(const Value& value) {
  if (value.is_string()) return !value.AsString().empty();
  if (value.is_array() || value.is_object()) return value.size() > 0;
  return value.is_number() || value.AsBool().value_or(false);
}

Result<Value> Call(std::string_view name, const Arguments& arguments, const Ask& ask) {
  for (const Function& function : Functions()) {
    if (function.name != name) continue;
    NARTHEX_TRY(Check(function, arguments));
    if (function.asking != nullptr) return function.asking(arguments, ask);
    return function.of(arguments);
  }
  return Error(ErrorCode::kInvalidArgument, fmt::format("there is no function {}()", name));
}

}  // namespace narthex::jmespath
