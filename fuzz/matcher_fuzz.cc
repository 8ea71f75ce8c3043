// Matchers: what is recognised without the expression engine must agree with the engine.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "model/labels.h"
#include "model/matcher.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using narthex::model::Matcher;
  using narthex::model::MatchType;

  // The expression, a NUL, the value.
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string expression(input.substr(0, input.find('\0')));
  const std::string_view value =
      expression.size() < input.size() ? input.substr(expression.size() + 1) : std::string_view();

  const auto fast = Matcher::Make(MatchType::kRegex, "a", expression);
  // An empty group that may repeat keeps the recogniser away and changes nothing else.
  const auto plain = Matcher::Make(MatchType::kRegex, "a", "(?:){0,1}(?:" + expression + ")");
  if (!fast.ok() || !plain.ok() || !narthex::model::IsUtf8(value)) return 0;
  NARTHEX_CHECK(fast->Matches(value) == plain->Matches(value), "both ways must agree");
  if (fast->Matches(value)) {
    NARTHEX_CHECK(value.starts_with(fast->prefix()), "the prefix must be one of every match");
  }
  return 0;
}
