// Names that stand for an address, from the command line and the environment.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace narthex::apps {

using HostAliases = std::map<std::string, std::string, std::less<>>;

// `from_flags` are values of --host-alias, "name=host:port"; the environment variable
// NARTHEX_HOST_ALIASES holds more of them, parted by commas. Flags win.
// Errors: kInvalidArgument
Result<HostAliases> CollectHostAliases(const std::vector<std::string>& from_flags);

}  // namespace narthex::apps
