// Provisioning files of data sources and dashboard providers.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "dashboard/provisioning_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(bytes), size);
  const narthex::dashboard::VariableSource source = {
      [](std::string_view name) { return std::optional<std::string>(name); },
      [](std::string_view path) -> narthex::Result<std::string> { return std::string(path); }};
  (void)narthex::dashboard::ParseDatasourceFile(text, source).ok();
  (void)narthex::dashboard::ParseProviderFile(text, source).ok();
  return 0;
}
