// A YAML tree: plain values that know where they were written.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::yaml {

// Lines and columns count from 1; 0 for a node that was not read from a text.
struct Position {
  int line = 0;
  int column = 0;
};

enum class NodeKind { kNull, kScalar, kSequence, kMapping };

struct Member;

// A value type; copying copies the whole tree. Not synchronised; reading is safe from many threads.
class Node {
 public:
  Node() = default;
  static Node Null(Position position = {});
  // `is_quoted`: always a string, whatever the characters look like.
  static Node Scalar(std::string text, bool is_quoted = false, Position position = {});
  static Node Sequence(Position position = {});
  static Node Mapping(Position position = {});

  NodeKind kind() const { return kind_; }
  bool is_null() const { return kind_ == NodeKind::kNull; }
  bool is_scalar() const { return kind_ == NodeKind::kScalar; }
  bool is_sequence() const { return kind_ == NodeKind::kSequence; }
  bool is_mapping() const { return kind_ == NodeKind::kMapping; }
  Position position() const { return position_; }
  int line() const { return position_.line; }

  // The characters of a scalar, quotes and escapes resolved; empty for other kinds.
  const std::string& text() const { return text_; }
  bool is_quoted() const { return is_quoted_; }

  // The elements of a sequence, the members of a mapping in the order written; empty for other
  // kinds.
  std::span<const Node> items() const { return items_; }
  std::span<const Member> members() const;
  std::span<Node> items() { return items_; }
  std::span<Member> members();

  // The value of `key`, null if there is none or this is no mapping. Linear.
  const Node* Find(std::string_view key) const;
  Node* Find(std::string_view key);

  // Must be called on a sequence. The reference is good until the next Append.
  Node& Append(Node item);
  // Must be called on a mapping. Replaces the value of `key`, or adds it at the end.
  Node& Set(std::string_view key, Node value);
  // Must be called on a mapping. Adds without looking for `key`.
  void AddMember(Member member);

  // Same kinds, texts and order; positions and the style of quoting do not count, except that a
  // quoted scalar differs from a plain one that would not read as a string.
  friend bool operator==(const Node& a, const Node& b);

 private:
  NodeKind kind_ = NodeKind::kNull;
  bool is_quoted_ = false;
  Position position_;
  std::string text_;
  std::vector<Node> items_;
  std::vector<Member> members_;
};

struct Member {
  std::string key;
  Position position;  // of the key
  Node value;
};

inline std::span<const Member> Node::members() const { return members_; }
inline std::span<Member> Node::members() { return members_; }

// kInvalidArgument, "line 3: what".
Error LineError(Position position, std::string_view what);

// A scalar as a type. Errors: kInvalidArgument  "line 3: cannot unmarshal !!str `x` into bool".
// Source: YAML 1.1 as Go's yaml.v2 reads it: yes/no/on/off are booleans, 0x, 0o, 0b and a leading 0
// change the base, digits may be grouped by underscores, `.inf` and `.nan` are numbers.
Result<bool> AsBool(const Node& node);
Result<std::int64_t> AsInt64(const Node& node);
Result<std::uint64_t> AsUint64(const Node& node);
Result<double> AsDouble(const Node& node);
// Any scalar, exactly as written: `0123` stays "0123".
Result<std::string> AsString(const Node& node);

// Whether a plain scalar of these characters reads as null, a boolean, a number or a date rather
// than as a string.
bool IsTypedPlain(std::string_view text);

}  // namespace narthex::yaml
