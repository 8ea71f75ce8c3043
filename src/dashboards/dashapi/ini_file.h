// Grafana's ini files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::dashapi {

struct IniEntry {
  std::string section;  // "" before the first one
  std::string key;
  std::string value;
  int line = 0;
};

// Lines `key = value` below `[section]`; `;` and `#` begin comments, also behind a value after a
// space; values may stand in double quotes or three of them.
//
// Errors: kInvalidArgument  "line 3: what"
Result<std::vector<IniEntry>> ParseIni(std::string_view text);

}  // namespace narthex::dashapi
