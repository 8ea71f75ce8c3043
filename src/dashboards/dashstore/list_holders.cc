#include "list_holders.h"

#include <string_view>

#include "database.h"

namespace narthex::dashstore {
namespace {

// `path`: where an entry has the number.
Status Forget(Connection& connection, std::string_view path, std::int64_t id, std::int64_t org_id) {
  return connection.Run(
      "UPDATE access_list SET entries ="
      " (SELECT json_group_array(json(value)) FROM json_each(access_list.entries)"
      "  WHERE json_extract(value, ?1) IS NOT ?2)"
      " WHERE (?3 = 0 OR org_id = ?3) AND EXISTS (SELECT 1 FROM json_each(access_list.entries)"
      "  WHERE json_extract(value, ?1) IS ?2)",
      {path, id, org_id});
}

}  // namespace

Status ForgetUser(Connection& connection, std::int64_t user_id, std::int64_t org_id) {
  return Forget(connection, "$.userId", user_id, org_id);
}

Status ForgetTeam(Connection& connection, std::int64_t team_id) {
  return Forget(connection, "$.teamId", team_id, 0);
}

}  // namespace narthex::dashstore
