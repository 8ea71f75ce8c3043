// The functions that expressions call.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "node.h"

namespace narthex::jmespath {

struct Argument {
  json::Value value = {};
  const Node* reference = nullptr;  // set: an expression to ask, `value` does not count
};

// What an expression gives of a value.
using Ask = std::function<Result<json::Value>(const Node&, const json::Value&)>;

// Errors: kInvalidArgument  no such function, another number of arguments or other types than it
//                           takes; those of `ask`
// Source: https://jmespath.org/specification.html, "Built-in Functions".
Result<json::Value> Call(std::string_view name, const std::vector<Argument>& arguments,
                         const Ask& ask);

// Whether it counts as true: all but false, null, and empty texts, lists and objects.
bool IsTrue(const json::Value& value);

}  // namespace narthex::jmespath
