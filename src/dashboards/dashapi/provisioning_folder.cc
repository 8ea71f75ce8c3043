#include "provisioning_folder.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/file_system.h"

namespace narthex::dashapi {
namespace {

constexpr std::size_t kFileCountMax = 10'000;
constexpr int kDepthMax = 20;

Status Walk(const std::string& root, const std::string& below, int depth, DashboardFolder& found) {
  if (depth > kDepthMax) {
    return Error(ErrorCode::kResourceExhausted,
                 fmt::format("{} is more than {} levels deep", root, kDepthMax));
  }
  const std::string folder = below.empty() ? root : io::JoinPath(root, below);
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, io::SystemFiles().List(folder));
  found.folders.push_back(folder);
  for (const io::DirectoryEntry& entry : entries) {
    const std::string path = below.empty() ? entry.name : io::JoinPath(below, entry.name);
    if (entry.is_directory) {
      if (!entry.name.starts_with('.')) NARTHEX_TRY(Walk(root, path, depth + 1, found));
    } else if (entry.name.ends_with(".json")) {
      if (found.files.size() >= kFileCountMax) {
        return Error(ErrorCode::kResourceExhausted,
                     fmt::format("{} holds more than {} dashboards", root, kFileCountMax));
      }
      found.files.push_back(path);
    }
  }
  return Ok();
}

}  // namespace

Result<std::vector<std::string>> YamlFiles(const std::string& folder) {
  std::vector<std::string> files;
  if (!io::Exists(io::SystemFiles(), folder)) return files;
  NARTHEX_ASSIGN_OR_RETURN(const auto entries, io::SystemFiles().List(folder));
  for (const io::DirectoryEntry& entry : entries) {
    const bool is_yaml = entry.name.ends_with(".yaml") || entry.name.ends_with(".yml");
    if (is_yaml && !entry.is_directory) files.push_back(io::JoinPath(folder, entry.name));
  }
  return files;
}

Result<DashboardFolder> ListDashboards(const std::string& folder) {
  DashboardFolder found;
  NARTHEX_TRY(Walk(folder, "", 0, found));
  std::sort(found.files.begin(), found.files.end());
  return found;
}

}  // namespace narthex::dashapi
