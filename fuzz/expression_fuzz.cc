// Any bytes as a formula: it is refused or runs over a few values within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "expression/command.h"

namespace expression = narthex::expression;
namespace json = narthex::json;
using expression::Value;
using expression::ValueKind;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  json::Value query = json::Value::MakeObject();
  query.Set("type", json::Value("math"));
  query.Set("expression", json::Value(std::string_view(reinterpret_cast<const char*>(data), size)));
  const auto command = expression::ReadCommand(query, {});
  if (!command.ok()) return 0;
  const Value series{ValueKind::kSeries, {{"host", "a"}}, {0, 10}, {1, std::nullopt}};
  const Value other{ValueKind::kSeries, {{"disk", "x"}, {"host", "a"}}, {10, 20}, {0, 2}};
  const auto result = command->run({{"A", {{series, other}, {}}},
                                    {"B", {{Value::Number({{"host", "a"}}, 3)}, {}}},
                                    {"C", {{Value::NoData()}, {}}}});
  if (result.ok() && result->values.size() > expression::kValueCountMax) __builtin_trap();
  return 0;
}
