#include "version.h"

#include <fmt/format.h>

namespace narthex::apps {

std::string_view Version() { return NARTHEX_VERSION; }
std::string_view Revision() { return NARTHEX_REVISION; }
std::string_view Compiler() { return NARTHEX_COMPILER; }

std::string VersionText() {
  return fmt::format(
      "narthex, version {} (revision: {})\n"
      "  compiler:         {}\n"
      "  platform:         linux\n",
      Version(), Revision(), Compiler());
}

}  // namespace narthex::apps
