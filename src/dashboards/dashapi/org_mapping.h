// Which role of which organisation follows from what another service calls its organisations.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dashstore/store.h"

namespace narthex::dashapi {

// A line of `org_mapping`: "theirs:ours:role", `\:` for a colon that is meant.
struct OrgMapping {
  std::string external;                      // "*": whoever signs in
  std::string org;                           // id or name; "*": all there are
  std::optional<dashstore::Role> role = {};  // empty: none or no valid one was named
};

// "a:1:Editor, b:2" or a JSON list of such lines.
// Errors: kInvalidArgument  a line that is none
Result<std::vector<OrgMapping>> ParseOrgMapping(std::span<const std::string> lines);

struct RoleTold {
  std::vector<std::string> external_orgs;
  std::optional<dashstore::Role> role = {};  // told itself; empty: none or no valid one
  bool is_strict = false;
  dashstore::Role default_role = dashstore::Role::kViewer;
};

// The roles by organisation; of several for one organisation the highest. Where no line fits, the
// role that was told, else the default one, in the first organisation. Empty: none, if that is
// strict.
// Errors: those of the store
// Source: Grafana, "Configure JWT authentication", `org_mapping` and `role_attribute_strict`.
Result<std::map<std::int64_t, dashstore::Role>> MapRoles(dashstore::Store& store,
                                                         std::span<const OrgMapping> mapping,
                                                         const RoleTold& told);

}  // namespace narthex::dashapi
