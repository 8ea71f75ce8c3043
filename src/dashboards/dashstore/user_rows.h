// Reading the rows of users.
#pragma once

#include "dashstore/users.h"
#include "database.h"

namespace narthex::dashstore {

inline constexpr std::string_view kUserColumns =
    "user.id, user.uid, user.login, user.email, user.name, user.is_server_admin, user.is_disabled,"
    " user.created, user.updated, user.is_service_account, user.chosen_org_id, user.seen";
inline constexpr int kUserColumnCount = 12;

// Of a row that begins with kUserColumns.
User ReadUser(const Rows& row);

}  // namespace narthex::dashstore
