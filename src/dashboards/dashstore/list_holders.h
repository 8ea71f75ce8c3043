// Who stands in lists of permissions.
#pragma once

#include <cstdint>

#include "base/result.h"

namespace narthex::dashstore {

class Connection;

// Takes a user who is gone, or who has left the organisation, out of its lists; `org_id` 0: of all.
// Numbers of users and teams are given again once the last one is gone, and must not bring the
// rights of who had them.
Status ForgetUser(Connection& connection, std::int64_t user_id, std::int64_t org_id);
Status ForgetTeam(Connection& connection, std::int64_t team_id);

}  // namespace narthex::dashstore
