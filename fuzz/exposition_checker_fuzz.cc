// The strict readers, and the parser with all its options: no body may crash them, and what the
// strict reader of OpenMetrics takes, the lenient one takes too, composite values apart.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exposition/checker.h"
#include "exposition/parser.h"

namespace {

using narthex::exposition::EntryKind;
using narthex::exposition::Format;
using narthex::exposition::Parser;

bool IsReadable(std::string_view body) {
  Parser parser(body, Format::kOpenMetrics,
                {.converts_classic = true, .reads_created = true, .with_type_and_unit = true});
  auto kind = parser.Next();
  while (kind.ok() && *kind != EntryKind::kEnd) {
    if (*kind == EntryKind::kSeries) (void)parser.Labels();
    kind = parser.Next();
  }
  return kind.ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  (void)narthex::exposition::CheckText(body);
  const bool is_strict = narthex::exposition::CheckOpenMetrics(body).ok();
  const bool is_readable = IsReadable(body);
  const bool has_slack = body.find("} {") != std::string_view::npos ||
                         body.find(" {") != std::string_view::npos ||
                         body.find(", ") != std::string_view::npos;
  if (is_strict && !is_readable && !has_slack) std::abort();
  return 0;
}
