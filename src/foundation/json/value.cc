#include "json/value.h"

#include <algorithm>
#include <cmath>

#include "base/number.h"
#include "json/writer.h"

namespace narthex::json {
namespace {

const Value kNullValue;

std::string NumberAsText(double number) {
  std::string text;
  AppendDouble(text, number, FloatFormat::kApi);
  return text;
}

void PrintPretty(std::string& out, const Value& value, std::size_t level) {
  const auto indent = [&out](std::size_t depth) {
    out.push_back('\n');
    out.append(2 * depth, ' ');
  };
  if (value.is_array() && value.size() > 0) {
    out.push_back('[');
    bool first = true;
    for (const Value& item : value.items()) {
      if (!std::exchange(first, false)) out.push_back(',');
      indent(level + 1);
      PrintPretty(out, item, level + 1);
    }
    indent(level);
    out.push_back(']');
    return;
  }
  if (value.is_object() && value.size() > 0) {
    out.push_back('{');
    bool first = true;
    for (const Member& member : value.members()) {
      if (!std::exchange(first, false)) out.push_back(',');
      indent(level + 1);
      AppendString(out, member.key);
      out.append(": ");
      PrintPretty(out, member.value, level + 1);
    }
    indent(level);
    out.push_back('}');
    return;
  }
  Writer(out).Tree(value);
}

}  // namespace

std::string_view KindName(Kind kind) {
  switch (kind) {
    case Kind::kNull:
      return "null";
    case Kind::kBool:
      return "boolean";
    case Kind::kNumber:
      return "number";
    case Kind::kString:
      return "string";
    case Kind::kArray:
      return "array";
    case Kind::kObject:
      break;
  }
  return "object";
}

Value::Value(std::int64_t number) : state_(NumberText{std::to_string(number)}) {}
Value::Value(std::uint64_t number) : state_(NumberText{std::to_string(number)}) {}
Value::Value(double number) {
  if (std::isfinite(number)) state_ = NumberText{NumberAsText(number)};
}

std::optional<bool> Value::AsBool() const {
  const bool* flag = std::get_if<bool>(&state_);
  return flag == nullptr ? std::nullopt : std::optional<bool>(*flag);
}

std::optional<double> Value::AsDouble() const {
  const NumberText* number = std::get_if<NumberText>(&state_);
  return number == nullptr ? std::nullopt : ParseDouble(number->text);
}

std::optional<std::int64_t> Value::AsInt64() const {
  const NumberText* number = std::get_if<NumberText>(&state_);
  if (number == nullptr) return std::nullopt;
  if (const auto whole = ParseInt64(number->text)) return whole;
  const auto real = ParseDouble(number->text);
  // 2^63 is the first double that does not fit.
  constexpr double kLimit = 9223372036854775808.0;
  if (!real || *real != std::floor(*real) || *real < -kLimit || *real >= kLimit)
    return std::nullopt;
  return static_cast<std::int64_t>(*real);
}

std::string_view Value::AsString(std::string_view otherwise) const {
  const std::string* text = std::get_if<std::string>(&state_);
  return text == nullptr ? otherwise : std::string_view(*text);
}

std::string_view Value::number_text() const {
  const NumberText* number = std::get_if<NumberText>(&state_);
  return number == nullptr ? std::string_view() : std::string_view(number->text);
}

const Value::Array& Value::items() const {
  static const Array kNone;
  const Array* array = std::get_if<Array>(&state_);
  return array == nullptr ? kNone : *array;
}

const Value::Object& Value::members() const {
  static const Object kNone;
  const Object* object = std::get_if<Object>(&state_);
  return object == nullptr ? kNone : *object;
}

std::size_t Value::size() const { return is_array() ? items().size() : members().size(); }

const Value* Value::Find(std::string_view key) const {
  for (const Member& member : members()) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Value* Value::Find(std::string_view key) {
  Object* object = std::get_if<Object>(&state_);
  if (object == nullptr) return nullptr;
  for (Member& member : *object) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

const Value& Value::operator[](std::string_view key) const {
  const Value* found = Find(key);
  return found == nullptr ? kNullValue : *found;
}

Value& Value::Set(std::string_view key, Value value) {
  if (!is_object()) state_ = Object{};
  if (Value* found = Find(key)) {
    *found = std::move(value);
    return *found;
  }
  Object& object = std::get<Object>(state_);
  object.push_back(Member{std::string(key), std::move(value)});
  return object.back().value;
}

bool Value::Erase(std::string_view key) {
  Object* object = std::get_if<Object>(&state_);
  if (object == nullptr) return false;
  return std::erase_if(*object, [key](const Member& member) { return member.key == key; }) > 0;
}

Value& Value::Append(Value item) {
  if (!is_array()) state_ = Array{};
  Array& array = std::get<Array>(state_);
  array.push_back(std::move(item));
  return array.back();
}

bool operator==(const Value& a, const Value& b) { return a.state_ == b.state_; }

bool MeansTheSame(const Value& a, const Value& b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  if (a.is_number()) return a.AsDouble() == b.AsDouble();
  if (a.is_array()) {
    return std::equal(a.items().begin(), a.items().end(), b.items().begin(), MeansTheSame);
  }
  if (!a.is_object()) return a == b;
  return std::all_of(a.members().begin(), a.members().end(), [&b](const Member& member) {
    const Value* other = b.Find(member.key);
    return other != nullptr && MeansTheSame(member.value, *other);
  });
}

std::string Print(const Value& value, Layout layout) {
  std::string out;
  if (layout == Layout::kPretty) {
    PrintPretty(out, value, 0);
  } else {
    Writer(out).Tree(value);
  }
  return out;
}

}  // namespace narthex::json
