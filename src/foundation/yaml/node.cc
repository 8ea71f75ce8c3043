#include "yaml/node.h"

#include <fmt/format.h>

#include "base/check.h"

namespace narthex::yaml {

Node Node::Null(Position position) {
  Node node;
  node.position_ = position;
  return node;
}

Node Node::Scalar(std::string text, bool is_quoted, Position position) {
  Node node;
  node.kind_ = NodeKind::kScalar;
  node.text_ = std::move(text);
  node.is_quoted_ = is_quoted;
  node.position_ = position;
  return node;
}

Node Node::Sequence(Position position) {
  Node node;
  node.kind_ = NodeKind::kSequence;
  node.position_ = position;
  return node;
}

Node Node::Mapping(Position position) {
  Node node;
  node.kind_ = NodeKind::kMapping;
  node.position_ = position;
  return node;
}

const Node* Node::Find(std::string_view key) const {
  for (const Member& member : members_) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Node* Node::Find(std::string_view key) {
  for (Member& member : members_) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

Node& Node::Append(Node item) {
  NARTHEX_CHECK(is_sequence(), "only a sequence has elements");
  items_.push_back(std::move(item));
  return items_.back();
}

Node& Node::Set(std::string_view key, Node value) {
  if (Node* found = Find(key)) {
    *found = std::move(value);
    return *found;
  }
  AddMember({std::string(key), {}, std::move(value)});
  return members_.back().value;
}

void Node::AddMember(Member member) {
  NARTHEX_CHECK(is_mapping(), "only a mapping has members");
  members_.push_back(std::move(member));
}

bool operator==(const Node& a, const Node& b) {
  if (a.kind_ != b.kind_ || a.text_ != b.text_) return false;
  if (a.is_quoted_ != b.is_quoted_ && IsTypedPlain(a.text_)) return false;
  if (a.items_ != b.items_ || a.members_.size() != b.members_.size()) return false;
  for (std::size_t i = 0; i < a.members_.size(); ++i) {
    if (a.members_[i].key != b.members_[i].key || !(a.members_[i].value == b.members_[i].value))
      return false;
  }
  return true;
}

Error LineError(Position position, std::string_view what) {
  return {ErrorCode::kInvalidArgument, fmt::format("line {}: {}", position.line, what)};
}

}  // namespace narthex::yaml
