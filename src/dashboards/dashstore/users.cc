#include "dashstore/users.h"

#include <fmt/format.h>

#include "crypto.h"
#include "database.h"
#include "like.h"
#include "list_holders.h"
#include "user_rows.h"

namespace narthex::dashstore {
namespace {

constexpr std::int64_t kKnownRightMs = 60'000;
constexpr std::size_t kKnownRightCountMax = 1000;
constexpr std::string_view kMainOrg = "Main Org.";
const std::string kSelectUser = "SELECT " + std::string(kUserColumns) + " FROM user ";
// Writing at each request would make every read a write.
constexpr std::int64_t kSeenResolutionMs = 60'000;

Org ReadOrg(const Rows& row) { return {row.Int(0), row.Text(1)}; }
std::int64_t ReadInt(const Rows& row) { return row.Int(0); }

Status CheckNew(const NewUser& user) {
  if (user.login.empty()) return Error(ErrorCode::kInvalidArgument, "a user must have a login");
  if (user.password.empty())
    return Error(ErrorCode::kInvalidArgument, "a user must have a password");
  return Ok();
}

// Of the statement that was just run.
Status FoundOne(Connection& connection) {
  if (connection.change_count() == 0) return Error(ErrorCode::kNotFound, "user not found");
  return Ok();
}

Status CheckAdminLeft(Connection& connection) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto left,
      connection.One<std::int64_t>(
          "SELECT count(*) FROM user WHERE is_server_admin = 1 AND is_disabled = 0", {}, ReadInt));
  if (left.value_or(0) > 0) return Ok();
  return Error(ErrorCode::kFailedPrecondition, "cannot remove last grafana admin");
}

Result<std::int64_t> Insert(Connection& connection, const NewUser& user, const std::string& hash,
                            TimestampMs now) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto taken,
      connection.One<std::int64_t>("SELECT id FROM user WHERE email = ?1 AND ?1 <> ''",
                                   {user.email}, ReadInt));
  if (taken) return Error(ErrorCode::kAlreadyExists, "the address is taken");
  const std::string uid = RandomUid();
  NARTHEX_TRY(connection.Run(
      "INSERT INTO user (uid, login, email, name, password_hash, is_server_admin, created, updated)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
      {uid, user.login, user.email, user.name, hash, std::int64_t{user.is_server_admin}, now}));
  const std::int64_t id = connection.last_insert_id();
  NARTHEX_TRY(connection.Run("INSERT INTO org_user (org_id, user_id, role) VALUES (?1, ?2, ?3)",
                             {user.org_id, id, RoleName(user.role)}));
  return id;
}

}  // namespace

User ReadUser(const Rows& row) {
  User user;
  user.id = row.Int(0);
  user.uid = row.Text(1);
  user.login = row.Text(2);
  user.email = row.Text(3);
  user.name = row.Text(4);
  user.is_server_admin = row.Flag(5);
  user.is_disabled = row.Flag(6);
  user.created = row.Int(7);
  user.updated = row.Int(8);
  user.is_service_account = row.Flag(9);
  user.chosen_org_id = row.Int(10);
  user.seen = row.Int(11);
  return user;
}

std::string_view RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "Viewer";
    case Role::kEditor:
      return "Editor";
    case Role::kAdmin:
      return "Admin";
    case Role::kNone:
      break;
  }
  return "None";
}

std::optional<Role> ParseRole(std::string_view name) {
  for (const Role role : {Role::kNone, Role::kViewer, Role::kEditor, Role::kAdmin}) {
    if (name == RoleName(role)) return role;
  }
  return std::nullopt;
}

Users::Users(Database& database, Clock& clock)
    : database_(database), clock_(clock), cache_key_(RandomHex(32)) {}

Result<bool> Users::CreateFirst(const NewUser& user) {
  const auto count = [](Connection& connection) {
    return connection.One<std::int64_t>("SELECT count(*) FROM user", {}, ReadInt);
  };
  NARTHEX_TRY(database_.Write([&](Connection& connection) {
    return connection.Run("INSERT OR IGNORE INTO org (id, name, created) VALUES (1, ?1, ?2)",
                          {kMainOrg, clock_.Now()});
  }));
  NARTHEX_ASSIGN_OR_RETURN(const auto before, database_.Read(count));
  if (before.value_or(0) > 0) return false;
  NARTHEX_TRY(CheckNew(user));
  NARTHEX_ASSIGN_OR_RETURN(const std::string hash, HashPassword(user.password));
  return database_.Write([&](Connection& connection) -> Result<bool> {
    NARTHEX_ASSIGN_OR_RETURN(const auto now_there, count(connection));
    if (now_there.value_or(0) > 0) return false;
    NARTHEX_TRY(Insert(connection, user, hash, clock_.Now()));
    return true;
  });
}

Result<User> Users::Create(const NewUser& user) {
  NARTHEX_TRY(CheckNew(user));
  NARTHEX_ASSIGN_OR_RETURN(const std::string hash, HashPassword(user.password));
  return database_.Write([&](Connection& connection) -> Result<User> {
    Result<std::int64_t> id = Insert(connection, user, hash, clock_.Now());
    if (id.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists,
                   fmt::format("User with login '{}' already exists", user.login));
    }
    NARTHEX_TRY(id);
    NARTHEX_ASSIGN_OR_RETURN(const auto made,
                             connection.One<User>(kSelectUser + "WHERE id = ?1", {*id}, ReadUser));
    if (!made) return Error(ErrorCode::kInternal, "a user that was just made is not there");
    return *made;
  });
}

Result<std::optional<User>> Users::Find(std::int64_t id) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<User>(kSelectUser + "WHERE id = ?1", {id}, ReadUser);
  });
}

Result<std::optional<User>> Users::FindByLogin(std::string_view login_or_email) const {
  return database_.Read([&](Connection& connection) {
    // A login wins over another person's address that reads the same.
    return connection.One<User>(kSelectUser +
                                    "WHERE (login = ?1 OR (email = ?1 AND email <> ''))"
                                    " AND is_service_account = 0"
                                    " ORDER BY login = ?1 DESC LIMIT 1",
                                {login_or_email}, ReadUser);
  });
}

Result<std::optional<User>> Users::FindByIdentity(std::string_view provider,
                                                  std::string_view subject) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<User>(
        kSelectUser +
            "WHERE id = (SELECT user_id FROM user_identity WHERE provider = ?1"
            " AND subject = ?2)",
        {provider, subject}, ReadUser);
  });
}

Status Users::AddIdentity(std::int64_t id, std::string_view provider, std::string_view subject) {
  return database_.Write([&](Connection& connection) {
    return connection.Run(
        "INSERT INTO user_identity (provider, subject, user_id) VALUES (?1, ?2, ?3)",
        {provider, subject, id});
  });
}

Result<std::optional<User>> Users::CheckPassword(std::string_view login_or_email,
                                                 std::string_view password) {
  NARTHEX_ASSIGN_OR_RETURN(std::optional<User> user, FindByLogin(login_or_email));
  const std::int64_t id = user ? user->id : 0;
  NARTHEX_ASSIGN_OR_RETURN(const auto hash, database_.Read([&](Connection& connection) {
    return connection.One<std::string>("SELECT password_hash FROM user WHERE id = ?1", {id},
                                       [](const Rows& row) { return row.Text(0); });
  }));
  // Without a user the work is done all the same, so that the time does not tell which logins
  // exist.
  static const Result<std::string> kNobody = HashPassword(RandomHex(16));
  NARTHEX_TRY(kNobody);
  const bool is_right = IsRight(hash.value_or(*kNobody), password);
  if (!user || !is_right || user->is_disabled) return std::optional<User>();
  return user;
}

bool Users::IsRight(const std::string& hash, std::string_view password) {
  const std::string digest = HashToken(cache_key_ + hash + std::string(password));
  const TimestampMs now = clock_.Now();
  // Held while hashing, so that many sign-ins at once cost the memory of one.
  const MutexLock lock(check_mutex_);
  if (const auto known = known_right_.find(digest);
      known != known_right_.end() && known->second > now) {
    return true;
  }
  if (!VerifyPassword(hash, password)) return false;
  if (known_right_.size() >= kKnownRightCountMax) known_right_.clear();
  known_right_[digest] = now + kKnownRightMs;
  return true;
}

Result<UserPage> Users::Search(const UserSearch& search) const {
  const std::string like = LikePattern(search.text);
  const std::string where =
      "WHERE is_service_account = 0 AND (login LIKE ?1 ESCAPE '\\' OR email LIKE ?1 ESCAPE '\\'"
      " OR name LIKE ?1 ESCAPE '\\')";
  return database_.Read([&](Connection& connection) -> Result<UserPage> {
    UserPage page;
    NARTHEX_ASSIGN_OR_RETURN(
        const auto count,
        connection.One<std::int64_t>("SELECT count(*) FROM user " + where, {like}, ReadInt));
    page.total_count = count.value_or(0);
    NARTHEX_ASSIGN_OR_RETURN(
        page.users, connection.All<User>(kSelectUser + where + " ORDER BY login LIMIT ?2 OFFSET ?3",
                                         {like, search.limit, search.offset}, ReadUser));
    return page;
  });
}

Status Users::Update(const User& user) {
  if (user.login.empty()) return Error(ErrorCode::kInvalidArgument, "a user must have a login");
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const auto taken,
                             connection.One<std::int64_t>(
                                 "SELECT id FROM user WHERE id <> ?1 AND email = ?2 AND ?2 <> ''",
                                 {user.id, user.email}, ReadInt));
    if (taken) return Error(ErrorCode::kAlreadyExists, "the address is taken");
    Status updated = connection.Run(
        "UPDATE user SET login = ?2, email = ?3, name = ?4, updated = ?5 WHERE id = ?1",
        {user.id, user.login, user.email, user.name, clock_.Now()});
    if (updated.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists, "the login is taken");
    }
    NARTHEX_TRY(std::move(updated));
    return FoundOne(connection);
  });
}

Status Users::SetServerAdmin(std::int64_t id, bool is_server_admin) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("UPDATE user SET is_server_admin = ?2, updated = ?3 WHERE id = ?1",
                               {id, std::int64_t{is_server_admin}, clock_.Now()}));
    NARTHEX_TRY(FoundOne(connection));
    return CheckAdminLeft(connection);
  });
}

Status Users::SetDisabled(std::int64_t id, bool is_disabled) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("UPDATE user SET is_disabled = ?2, updated = ?3 WHERE id = ?1",
                               {id, std::int64_t{is_disabled}, clock_.Now()}));
    NARTHEX_TRY(FoundOne(connection));
    if (!is_disabled) return Ok();
    NARTHEX_TRY(connection.Run("DELETE FROM session WHERE user_id = ?1", {id}));
    return CheckAdminLeft(connection);
  });
}

Status Users::Remove(std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM user WHERE id = ?1 AND is_service_account = 0", {id}));
    NARTHEX_TRY(FoundOne(connection));
    NARTHEX_TRY(ForgetUser(connection, id, 0));
    return CheckAdminLeft(connection);
  });
}

Status Users::ChooseOrg(std::int64_t id, std::int64_t org_id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(
        connection.Run("UPDATE user SET chosen_org_id = ?2 WHERE id = ?1"
                       " AND EXISTS (SELECT 1 FROM org_user WHERE org_id = ?2 AND user_id = ?1)",
                       {id, org_id}));
    return FoundOne(connection);
  });
}

Status Users::NoteSeen(const User& user) {
  const TimestampMs now = clock_.Now();
  if (now - user.seen < kSeenResolutionMs) return Ok();
  return database_.Write([&](Connection& connection) {
    return connection.Run("UPDATE user SET seen = ?2 WHERE id = ?1", {user.id, now});
  });
}

Status Users::SetPassword(std::int64_t id, std::string_view password) {
  if (password.empty()) return Error(ErrorCode::kInvalidArgument, "a user must have a password");
  NARTHEX_ASSIGN_OR_RETURN(const std::string hash, HashPassword(password));
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("UPDATE user SET password_hash = ?2, updated = ?3 WHERE id = ?1",
                               {id, hash, clock_.Now()}));
    return FoundOne(connection);
  });
}

Result<Role> Users::RoleIn(std::int64_t user_id, std::int64_t org_id) const {
  return database_.Read([&](Connection& connection) -> Result<Role> {
    NARTHEX_ASSIGN_OR_RETURN(const auto name,
                             connection.One<std::string>(
                                 "SELECT role FROM org_user WHERE org_id = ?1 AND user_id = ?2",
                                 {org_id, user_id}, [](const Rows& row) { return row.Text(0); }));
    return ParseRole(name.value_or("")).value_or(Role::kNone);
  });
}

Result<std::optional<Org>> Users::FindOrg(std::int64_t id) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Org>("SELECT id, name FROM org WHERE id = ?1", {id}, ReadOrg);
  });
}

Result<std::optional<Org>> Users::FindOrgByName(std::string_view name) const {
  return database_.Read([&](Connection& connection) {
    return connection.One<Org>("SELECT id, name FROM org WHERE name = ?1", {name}, ReadOrg);
  });
}

Result<std::vector<Users::Membership>> Users::Memberships(std::int64_t user_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<Membership>(
        "SELECT org.id, org.name, org_user.role FROM org_user JOIN org ON org.id = org_user.org_id"
        " WHERE org_user.user_id = ?1 ORDER BY org.id",
        {user_id}, [](const Rows& row) {
          return Membership{ReadOrg(row), ParseRole(row.Text(2)).value_or(Role::kNone)};
        });
  });
}

}  // namespace narthex::dashstore
