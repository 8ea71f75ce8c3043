#include "client/serve.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "exposition/negotiation.h"
#include "exposition/writer.h"

namespace narthex::client {
namespace {

std::string Written(const Registry& registry, const exposition::WriteOptions& options) {
  std::string out;
  registry.Gather([&](const exposition::MetricFamily& family) {
    exposition::WriteFamily(out, family, options);
  });
  exposition::WriteEnd(out, options.format);
  return out;
}

}  // namespace

Answer Expose(const Registry& registry, std::string_view accept) {
  const auto negotiated = exposition::Negotiate(accept, {.offers_open_metrics_2 = true});
  return {negotiated.content_type, Written(registry, negotiated.write)};
}

std::error_code WriteTextfile(const Registry& registry, const std::string& path) {
  const std::string beside = path + "." + std::to_string(getpid()) + ".tmp";
  std::error_code error;
  {
    errno = 0;
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << Written(registry, {.escaping = model::NameEscaping::kUnderscores});
    file.close();
    if (!file) error = std::error_code(errno != 0 ? errno : EIO, std::generic_category());
  }
  if (!error) std::filesystem::rename(beside, path, error);
  if (!error) return error;
  std::error_code ignored;
  std::filesystem::remove(beside, ignored);
  return error;
}

}  // namespace narthex::client
