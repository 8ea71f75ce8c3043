// An expression as a tree.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json/value.h"

namespace narthex::jmespath {

enum class NodeKind {
  kCurrent,           // the value that is asked
  kField,             // `name`
  kIndex,             // `index`, from the end if negative
  kSlice,             // `slice`
  kLiteral,           // `literal`
  kChain,             // the second of what the first gives
  kProjection,        // the second of each item of the first
  kValueProjection,   // the second of each member of the first
  kFilterProjection,  // the second of each item of the first for which the third holds
  kFlatten,           // the items of the first, those that are lists taken apart
  kOr,
  kAnd,
  kNot,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kList,       // of all children
  kObject,     // of all children, under `names`
  kCall,       // the function `name`
  kReference,  // the child itself, for a function to ask
};

struct Node {
  NodeKind kind = NodeKind::kCurrent;
  std::string name = {};
  std::int64_t index = 0;
  std::array<std::optional<std::int64_t>, 3> slice = {};  // start, stop, step
  json::Value literal = {};
  std::vector<std::string> names = {};
  std::vector<Node> children = {};
  int height = 1;  // levels, this one counted
};

}  // namespace narthex::jmespath
