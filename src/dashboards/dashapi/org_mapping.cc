#include "org_mapping.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/number.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;
using Roles = std::map<std::int64_t, Role>;

// Where who signs up belongs if nothing else is said.
constexpr std::int64_t kFirstOrgId = 1;

std::vector<std::string> SplitAtColons(std::string_view line) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == ':') {
      parts.back() += line[++i];
    } else if (line[i] == ':') {
      parts.emplace_back();
    } else {
      parts.back() += line[i];
    }
  }
  return parts;
}

void Raise(Roles& roles, std::int64_t org_id, Role role) {
  const auto [found, is_new] = roles.emplace(org_id, role);
  if (!is_new) found->second = std::max(found->second, role);
}

// The ids of what a line calls ours; none if it is not there.
Result<std::vector<std::int64_t>> OrgIds(dashstore::Store& store, const std::string& name) {
  if (name == "*") {
    NARTHEX_ASSIGN_OR_RETURN(const auto all, store.orgs().List("", -1, 0));
    std::vector<std::int64_t> ids;
    for (const dashstore::Org& org : all) ids.push_back(org.id);
    return ids;
  }
  if (const auto id = ParseInt64(name)) {
    NARTHEX_ASSIGN_OR_RETURN(const auto org, store.users().FindOrg(*id));
    return org ? std::vector<std::int64_t>{*id} : std::vector<std::int64_t>();
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto org, store.users().FindOrgByName(name));
  return org ? std::vector<std::int64_t>{org->id} : std::vector<std::int64_t>();
}

bool Fits(const OrgMapping& line, const RoleTold& told) {
  const auto& theirs = told.external_orgs;
  return line.external == "*" ||
         std::find(theirs.begin(), theirs.end(), line.external) != theirs.end();
}

Roles WithoutMapping(const RoleTold& told) {
  if (told.is_strict && !told.role) return {};
  return {{kFirstOrgId, told.role.value_or(told.default_role)}};
}

}  // namespace

Result<std::vector<OrgMapping>> ParseOrgMapping(std::span<const std::string> lines) {
  std::vector<OrgMapping> mapping;
  for (const std::string& line : lines) {
    const std::vector<std::string> parts = SplitAtColons(line);
    if (parts.size() < 2 || parts.size() > 3 || parts[1].empty()) {
      return Error(ErrorCode::kInvalidArgument, fmt::format("'{}' is not theirs:ours:role", line));
    }
    OrgMapping one{parts[0], parts[1]};
    if (parts.size() == 3) one.role = dashstore::ParseRole(parts[2]);
    mapping.push_back(std::move(one));
  }
  return mapping;
}

Result<Roles> MapRoles(dashstore::Store& store, std::span<const OrgMapping> mapping,
                       const RoleTold& told) {
  Roles roles;
  for (const OrgMapping& line : mapping) {
    NARTHEX_ASSIGN_OR_RETURN(const auto ids, OrgIds(store, line.org));
    // Strictly, a line that says nothing makes all of them say nothing.
    const bool is_void = !line.role || (ids.empty() && line.org != "*");
    if (told.is_strict && is_void) return WithoutMapping(told);
    if (!Fits(line, told)) continue;
    for (const std::int64_t id : ids) Raise(roles, id, line.role.value_or(Role::kViewer));
  }
  if (roles.empty()) return WithoutMapping(told);
  if (told.role) {
    for (auto& [id, role] : roles) role = std::max(role, *told.role);
  }
  return roles;
}

}  // namespace narthex::dashapi
