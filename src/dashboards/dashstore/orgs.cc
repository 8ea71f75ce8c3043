#include "dashstore/orgs.h"

#include "database.h"
#include "like.h"
#include "list_holders.h"
#include "user_rows.h"

namespace narthex::dashstore {
namespace {

constexpr std::size_t kNameSizeMax = 190;

Status CheckName(std::string_view name) {
  if (name.empty()) return Error(ErrorCode::kInvalidArgument, "an organization must have a name");
  if (name.size() > kNameSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "the organization's name is too long");
  }
  return Ok();
}

Status NameTaken() { return Error(ErrorCode::kAlreadyExists, "Organization name taken"); }

Status FoundOne(Connection& connection, std::string_view what) {
  if (connection.change_count() > 0) return Ok();
  return Error(ErrorCode::kNotFound, std::string(what));
}

Status CheckAdminLeft(Connection& connection, std::int64_t org_id, std::string_view message) {
  NARTHEX_ASSIGN_OR_RETURN(const auto left,
                           connection.One<std::int64_t>(
                               "SELECT count(*) FROM org_user JOIN user ON user.id = user_id"
                               " WHERE org_id = ?1 AND role = 'Admin' AND is_service_account = 0",
                               {org_id}, [](const Rows& row) { return row.Int(0); }));
  if (left.value_or(0) > 0) return Ok();
  return Error(ErrorCode::kFailedPrecondition, std::string(message));
}

}  // namespace

Result<std::vector<Org>> Orgs::List(std::string_view text, std::int64_t limit,
                                    std::int64_t offset) const {
  const std::string like = LikePattern(text);
  return database_.Read([&](Connection& connection) {
    return connection.All<Org>(
        "SELECT id, name FROM org WHERE name LIKE ?1 ESCAPE '\\' ORDER BY name LIMIT ?2 OFFSET ?3",
        {like, limit, offset}, [](const Rows& row) { return Org{row.Int(0), row.Text(1)}; });
  });
}

Result<Org> Orgs::Create(std::string_view name, std::int64_t creator_id) {
  NARTHEX_TRY(CheckName(name));
  return database_.Write([&](Connection& connection) -> Result<Org> {
    Status made =
        connection.Run("INSERT INTO org (name, created) VALUES (?1, ?2)", {name, clock_.Now()});
    if (made.code() == ErrorCode::kAlreadyExists) return NameTaken().error();
    NARTHEX_TRY(std::move(made));
    const Org org{connection.last_insert_id(), std::string(name)};
    if (creator_id != 0) {
      NARTHEX_TRY(
          connection.Run("INSERT INTO org_user (org_id, user_id, role) VALUES (?1, ?2, 'Admin')",
                         {org.id, creator_id}));
    }
    return org;
  });
}

Status Orgs::Rename(const Org& org) {
  NARTHEX_TRY(CheckName(org.name));
  return database_.Write([&](Connection& connection) -> Status {
    Status renamed = connection.Run("UPDATE org SET name = ?2 WHERE id = ?1", {org.id, org.name});
    if (renamed.code() == ErrorCode::kAlreadyExists) return NameTaken();
    NARTHEX_TRY(std::move(renamed));
    return FoundOne(connection, "Organization not found");
  });
}

Status Orgs::Remove(std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    // Service accounts live in one organisation only.
    NARTHEX_TRY(
        connection.Run("DELETE FROM user WHERE is_service_account = 1 AND id IN"
                       " (SELECT user_id FROM org_user WHERE org_id = ?1)",
                       {id}));
    NARTHEX_TRY(connection.Run("DELETE FROM org WHERE id = ?1", {id}));
    return FoundOne(connection, "Organization not found");
  });
}

Result<std::vector<Member>> Orgs::Members(std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<Member>(
        "SELECT " + std::string(kUserColumns) +
            ", org_user.role FROM org_user JOIN user ON user.id = org_user.user_id"
            " WHERE org_user.org_id = ?1 AND is_service_account = 0 ORDER BY login",
        {org_id}, [](const Rows& row) {
          return Member{ReadUser(row), ParseRole(row.Text(kUserColumnCount)).value_or(Role::kNone)};
        });
  });
}

Status Orgs::AddMember(std::int64_t org_id, std::int64_t user_id, Role role) {
  return database_.Write([&](Connection& connection) -> Status {
    Status added =
        connection.Run("INSERT INTO org_user (org_id, user_id, role) VALUES (?1, ?2, ?3)",
                       {org_id, user_id, RoleName(role)});
    if (added.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists, "User is already member of this organization");
    }
    if (added.code() == ErrorCode::kFailedPrecondition) {
      return Error(ErrorCode::kNotFound, "Organization or user not found");
    }
    return added;
  });
}

Status Orgs::SetRole(std::int64_t org_id, std::int64_t user_id, Role role) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("UPDATE org_user SET role = ?3 WHERE org_id = ?1 AND user_id = ?2",
                               {org_id, user_id, RoleName(role)}));
    NARTHEX_TRY(FoundOne(connection, "user not found in organization"));
    return CheckAdminLeft(connection, org_id,
                          "Cannot change role so that there is no organization admin left");
  });
}

Status Orgs::RemoveMember(std::int64_t org_id, std::int64_t user_id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM org_user WHERE org_id = ?1 AND user_id = ?2",
                               {org_id, user_id}));
    NARTHEX_TRY(FoundOne(connection, "user not found in organization"));
    NARTHEX_TRY(
        connection.Run("DELETE FROM team_member WHERE user_id = ?2 AND team_id IN"
                       " (SELECT id FROM team WHERE org_id = ?1)",
                       {org_id, user_id}));
    NARTHEX_TRY(ForgetUser(connection, user_id, org_id));
    return CheckAdminLeft(connection, org_id, "Cannot remove last organization admin");
  });
}

}  // namespace narthex::dashstore
