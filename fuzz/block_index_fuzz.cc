// The index and the meta file of a block: any bytes are read or refused.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "block/meta.h"
#include "index/index_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(bytes), size);
  (void)narthex::block::ParseMeta(input);
  const auto index = narthex::index::IndexFile::Open(input);
  if (!index.ok()) return 0;
  for (const narthex::index::SeriesId id : (*index)->All()) (void)(*index)->Labels(id);
  (void)narthex::index::SelectNames(**index, {});
  return 0;
}
