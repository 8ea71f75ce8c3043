// What expressions evaluate to.
#pragma once

#include <string_view>

namespace narthex::promql {

enum class ValueType { kNone, kScalar, kString, kVector, kMatrix };

// "scalar", "instant vector" and so on, as errors say it.
std::string_view ValueTypeText(ValueType type);

// "scalar", "string", "vector", "matrix", "none", as the HTTP API says it.
std::string_view ValueTypeName(ValueType type);

}  // namespace narthex::promql
