#include "version.h"

#include <fmt/format.h>

namespace narthex::apps {

std::string VersionText() {
  return fmt::format(
      "narthex, version {} (revision: {})\n"
      "  compiler:         {}\n"
      "  platform:         linux\n",
      kVersion, kRevision, kCompiler);
}

}  // namespace narthex::apps
