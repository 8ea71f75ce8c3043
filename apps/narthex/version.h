// What this program says of its own version.
#pragma once

#include <string>
#include <string_view>

namespace narthex::apps {

std::string_view Version();   // "0.1.0"
std::string_view Revision();  // short commit, or "unknown" outside a checkout
std::string_view Compiler();  // "GNU 12.2.0"

// Several lines, the first `narthex, version X (revision: Y)`; spec CLI-002.
std::string VersionText();

}  // namespace narthex::apps
