// The web configuration file: any text is a configuration or an error, and one that is taken has
// what TLS needs.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/check.h"
#include "webconfig/web_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto config = narthex::webconfig::ParseWebConfig(text, "/folder");
  if (!config.ok()) {
    NARTHEX_CHECK(!config.error().message().empty(), "an error says why");
    return 0;
  }
  const auto& tls = config->tls;
  if (tls.is_enabled()) {
    NARTHEX_CHECK(!tls.cert_file.empty() || !tls.options.certificate_pem.empty(),
                  "TLS has a certificate");
    NARTHEX_CHECK(!tls.key_file.empty() || !tls.options.key_pem.empty(), "TLS has a key");
  }
  for (const auto& [name, hash] : config->users) {
    NARTHEX_CHECK(hash.size() == 60, "a bcrypt hash has 60 characters");
  }
  NARTHEX_CHECK(config->rate_limit.interval.count() >= 0, "no interval is negative");
  return 0;
}
