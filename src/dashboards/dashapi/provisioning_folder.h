// Finding provisioning files.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace narthex::dashapi {

inline constexpr std::size_t kFileSizeMax = 16u << 20;

// The *.yaml and *.yml files of a folder, by name; none if there is no folder.
Result<std::vector<std::string>> YamlFiles(const std::string& folder);

struct DashboardFolder {
  std::vector<std::string> files;    // *.json below, relative paths, sorted
  std::vector<std::string> folders;  // the folder itself and those below, absolute
};

// Folders whose names begin with a dot are passed over: configuration volumes keep their copies
// there.
//
// Errors: kNotFound           there is no such folder
//         kResourceExhausted  more than 10,000 files or 20 levels
Result<DashboardFolder> ListDashboards(const std::string& folder);

}  // namespace narthex::dashapi
