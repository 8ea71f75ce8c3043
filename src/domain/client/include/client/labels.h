// Label names and values as programs give them.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace narthex::client {

using Labels = std::vector<std::pair<std::string, std::string>>;

}  // namespace narthex::client
