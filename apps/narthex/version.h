// What this program says of its own version.
#pragma once

#include <string>
#include <string_view>

namespace narthex::apps {

inline constexpr std::string_view kVersion = NARTHEX_VERSION;
inline constexpr std::string_view kRevision = NARTHEX_REVISION;
inline constexpr std::string_view kCompiler = NARTHEX_COMPILER;

// Several lines, the first `narthex, version X (revision: Y)`; spec CLI-002.
std::string VersionText();

}  // namespace narthex::apps
