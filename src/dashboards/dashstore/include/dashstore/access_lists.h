// Who may see and change single dashboards and folders, and manage single service accounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

// In the order of their rights; the numbers are those of Grafana's API.
enum class Right { kNone = 0, kView = 1, kEdit = 2, kAdmin = 4 };

// What one role, team or user may do; exactly one of the three is set.
struct AccessEntry {
  Role role = Role::kNone;
  std::int64_t team_id = 0;
  std::int64_t user_id = 0;
  Right right = Right::kView;
};

enum class AccessKind { kDashboard, kFolder, kServiceAccount };

struct AccessList {
  AccessKind kind = AccessKind::kDashboard;
  std::string uid;
  std::vector<AccessEntry> entries;
};

// Thread-safe. Every function: errors of the database (see Store). Lists go with what they are
// about, entries with who they name.
class AccessLists {
 public:
  explicit AccessLists(Database& database) : database_(database) {}

  // All of dashboards and folders of an organisation. Cost: one look into an index while there are
  // none.
  Result<std::vector<AccessList>> All(std::int64_t org_id) const;
  // Empty if nobody has set one.
  Result<std::optional<std::vector<AccessEntry>>> Find(std::int64_t org_id, AccessKind kind,
                                                       std::string_view uid) const;
  // Replaces the list.
  Status Set(std::int64_t org_id, const AccessList& list);

 private:
  Database& database_;
};

}  // namespace narthex::dashstore
