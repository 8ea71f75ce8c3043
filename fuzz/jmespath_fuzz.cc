// Any bytes as an expression: it is refused, or asked of a document within its limits.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "jmespath/expression.h"
#include "json/reader.h"

namespace json = narthex::json;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static const json::Value kDocument = *json::Parse(
      R"({"a":{"b":[1,2.5,-3,null,"x",[4,[5]]],"c":"text"},"d":[{"n":"p","v":1},{"n":"q"}],"e":""})");
  const auto expression = narthex::jmespath::Expression::Parse(
      std::string_view(reinterpret_cast<const char*>(bytes), size));
  if (!expression.ok()) return 0;
  const auto found = expression->Search(kDocument);
  // What is found is a document: it can be written and read again.
  if (found.ok() && !json::Parse(json::Print(*found)).ok()) __builtin_trap();
  return 0;
}
