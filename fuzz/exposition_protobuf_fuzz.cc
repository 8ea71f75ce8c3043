// Protobuf expositions: no bytes may crash the reader, whatever becomes of their histograms.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "exposition/parser.h"

namespace {

using narthex::exposition::EntryKind;
using narthex::exposition::Format;
using narthex::exposition::Parser;
using narthex::exposition::ParserOptions;

void ReadAll(std::string_view body, ParserOptions options) {
  Parser parser(body, Format::kProtobuf, options);
  while (true) {
    const auto kind = parser.Next();
    if (!kind.ok() || *kind == EntryKind::kEnd) return;
    if (*kind != EntryKind::kSeries && *kind != EntryKind::kHistogram) continue;
    (void)parser.Labels();
    if (parser.entry().has_exemplar && parser.GetExemplars().empty()) std::abort();
    if (parser.offset() > body.size()) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(bytes), size);
  ReadAll(body, {});
  ReadAll(body, {.keeps_classic = true, .with_type_and_unit = true});
  ReadAll(body, {.converts_classic = true});
  return 0;
}
