// JSON documents and what is read from them: whatever the bytes, an answer or an error.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "dashboard/document.h"
#include "json/reader.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  auto value = narthex::json::Parse(text);
  if (!value.ok()) return 0;
  const std::string printed = narthex::json::Print(*value);
  const auto again = narthex::json::Parse(printed);
  NARTHEX_CHECK(again.ok() && *again == *value, "what was written reads back as the same document");
  (void)narthex::dashboard::Summarise(*value).ok();
  const narthex::dashboard::ImportInput input{"DS", "datasource", "uid"};
  (void)narthex::dashboard::ApplyInputs(*std::move(value), std::span(&input, 1)).ok();
  return 0;
}
