// A JSON document as a tree that keeps key order and the text of numbers.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace narthex::json {

enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

// "null", "boolean", "number", "string", "array", "object".
std::string_view KindName(Kind kind);

class Value;

// A name and what stands under it. A template only so that Value may hold a vector of them before
// it is complete itself.
template <typename T>
struct BasicMember {
  std::string key;
  T value;
  friend bool operator==(const BasicMember&, const BasicMember&) = default;
};
using Member = BasicMember<Value>;

// One value and all below it. A value type: copies are deep.
//
// Asking for another kind than the value has is no error: the typed getters then give an empty or
// default result, as is wanted where documents of others are read field by field.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  Value() = default;  // null
  explicit Value(bool flag) : state_(flag) {}
  explicit Value(std::string text) : state_(std::move(text)) {}
  explicit Value(std::string_view text) : state_(std::string(text)) {}
  explicit Value(const char* text) : state_(std::string(text)) {}
  explicit Value(int number) : Value(static_cast<std::int64_t>(number)) {}
  explicit Value(std::int64_t number);
  explicit Value(std::uint64_t number);
  // NaN and infinities, which JSON cannot say, become null.
  explicit Value(double number);
  explicit Value(Array items) : state_(std::move(items)) {}
  explicit Value(Object members) : state_(std::move(members)) {}

  static Value MakeArray() { return Value(Array{}); }
  static Value MakeObject() { return Value(Object{}); }
  // A number in exactly this spelling, which must be a JSON number.
  static Value NumberFromText(std::string text) { return Value(NumberText{std::move(text)}); }

  Kind kind() const { return static_cast<Kind>(state_.index()); }
  bool is_null() const { return kind() == Kind::kNull; }
  bool is_bool() const { return kind() == Kind::kBool; }
  bool is_number() const { return kind() == Kind::kNumber; }
  bool is_string() const { return kind() == Kind::kString; }
  bool is_array() const { return kind() == Kind::kArray; }
  bool is_object() const { return kind() == Kind::kObject; }

  std::optional<bool> AsBool() const;
  std::optional<double> AsDouble() const;
  // Empty unless the number is a whole one in range; 3.0 and 3e0 are 3.
  std::optional<std::int64_t> AsInt64() const;
  // The text of a string; empty for any other kind. Valid until the value changes.
  std::string_view AsString(std::string_view otherwise = {}) const;
  // The number as it was written; empty for any other kind.
  std::string_view number_text() const;

  // The items of an array, else none.
  const Array& items() const;
  // The members of an object in their order, else none.
  const Object& members() const;
  // How many items or members; 0 for any other kind.
  std::size_t size() const;

  // The member `key` of an object; null pointer if it is absent or this is no object. Linear in the
  // number of members.
  const Value* Find(std::string_view key) const;
  Value* Find(std::string_view key);
  // Find, but a null value stands for "absent".
  const Value& operator[](std::string_view key) const;

  // Sets a member: in its place if it is there, else at the end. Turns any other kind into an
  // object.
  Value& Set(std::string_view key, Value value);
  // Removes a member; false if it was absent.
  bool Erase(std::string_view key);
  // Adds an item. Turns any other kind into an array.
  Value& Append(Value item);
  // For changes in place; null pointer if this is no array.
  Array* mutable_items() { return std::get_if<Array>(&state_); }
  Object* mutable_members() { return std::get_if<Object>(&state_); }

  // Equality of documents: key order counts, and numbers are equal when their text is.
  friend bool operator==(const Value& a, const Value& b);

 private:
  struct NumberText {
    std::string text;
    friend bool operator==(const NumberText&, const NumberText&) = default;
  };
  explicit Value(NumberText number) : state_(std::move(number)) {}

  // In the order of Kind.
  std::variant<std::monostate, bool, NumberText, std::string, Array, Object> state_;
};

// Equality of what documents say: key order does not count, numbers are compared as doubles.
bool MeansTheSame(const Value& a, const Value& b);

enum class Layout {
  kCompact,  // no white space at all
  kPretty,   // two spaces a level, a line for each member and item
};

// The document as text.
std::string Print(const Value& value, Layout layout = Layout::kCompact);

}  // namespace narthex::json
