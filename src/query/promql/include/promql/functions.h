// The functions of the language: names and signatures.
#pragma once

#include <span>
#include <string_view>

#include "promql/value_type.h"

namespace narthex::promql {

struct Function {
  std::string_view name;
  std::span<const ValueType> arguments;
  // 0: exactly `arguments`. n > 0: the last argument may be left out, or stand up to n times.
  // -1: the last argument may be left out or stand any number of times.
  int variadic = 0;
  ValueType result = ValueType::kVector;
  bool is_experimental = false;
};

// Null if there is no such function. Names are case-sensitive.
const Function* FindFunction(std::string_view name);

// Sorted by name.
std::span<const Function> Functions();

}  // namespace narthex::promql
