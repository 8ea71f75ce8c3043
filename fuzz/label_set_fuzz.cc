// Label sets from bytes: what is accepted must be written again as the same bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "model/labels.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using narthex::model::LabelSet;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto labels = LabelSet::Decode(input);
  if (!labels) return 0;
  narthex::model::LabelSetBuilder builder(*labels);
  NARTHEX_CHECK(builder.Build().encoded() == input, "decoded labels must encode as they were");
  NARTHEX_CHECK(labels->size() == builder.labels().size(), "every label must be seen");
  return 0;
}
