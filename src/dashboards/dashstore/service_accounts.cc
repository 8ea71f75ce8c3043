#include "dashstore/service_accounts.h"

#include <fmt/format.h>

#include "crypto.h"
#include "database.h"
#include "like.h"
#include "list_holders.h"
#include "user_rows.h"

namespace narthex::dashstore {
namespace {

constexpr std::string_view kKeyPrefix = "glsa_";
constexpr std::size_t kKeyBytes = 16;
constexpr std::size_t kKeySizeMax = 200;
constexpr std::size_t kNameSizeMax = 190;
constexpr std::int64_t kSeenResolutionMs = 60'000;

const std::string kSelect = "SELECT " + std::string(kUserColumns) +
                            ", org_user.org_id, org_user.role,"
                            " (SELECT count(*) FROM api_token WHERE api_token.user_id = user.id)"
                            " FROM user JOIN org_user ON org_user.user_id = user.id ";

ServiceAccount ReadAccount(const Rows& row) {
  ServiceAccount account;
  account.user = ReadUser(row);
  account.org_id = row.Int(kUserColumnCount);
  account.role = ParseRole(row.Text(kUserColumnCount + 1)).value_or(Role::kNone);
  account.token_count = row.Int(kUserColumnCount + 2);
  return account;
}

Result<std::optional<ServiceAccount>> Select(Connection& connection, std::int64_t org_id,
                                             std::int64_t id) {
  return connection.One<ServiceAccount>(
      kSelect + "WHERE org_user.org_id = ?1 AND user.id = ?2 AND user.is_service_account = 1",
      {org_id, id}, ReadAccount);
}

Status CheckName(std::string_view name) {
  if (name.empty()) {
    return Error(ErrorCode::kInvalidArgument, "a service account must have a name");
  }
  if (name.size() > kNameSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "the service account's name is too long");
  }
  return Ok();
}

Status CheckNameFree(Connection& connection, const ServiceAccount& account) {
  NARTHEX_ASSIGN_OR_RETURN(
      const auto taken,
      connection.One<std::int64_t>(
          "SELECT user.id FROM user JOIN org_user ON org_user.user_id = user.id"
          " WHERE is_service_account = 1 AND org_id = ?1 AND name = ?2 AND user.id <> ?3",
          {account.org_id, account.user.name, account.user.id},
          [](const Rows& row) { return row.Int(0); }));
  if (!taken) return Ok();
  return Error(ErrorCode::kAlreadyExists, "service account already exists");
}

// "sa-1-terraform": the organisation keeps names of several apart.
std::string LoginOf(const ServiceAccount& account) {
  std::string name;
  for (const char c : account.user.name) {
    const bool is_plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    const bool is_capital = c >= 'A' && c <= 'Z';
    name.push_back(is_plain ? c : is_capital ? static_cast<char>(c - 'A' + 'a') : '-');
  }
  return fmt::format("sa-{}-{}", account.org_id, name);
}

}  // namespace

Result<std::vector<ServiceAccount>> ServiceAccounts::Search(std::int64_t org_id,
                                                            std::string_view text) const {
  const std::string like = LikePattern(text);
  return database_.Read([&](Connection& connection) {
    return connection.All<ServiceAccount>(
        kSelect +
            "WHERE org_user.org_id = ?1 AND user.is_service_account = 1"
            " AND (user.name LIKE ?2 ESCAPE '\\' OR user.login LIKE ?2 ESCAPE '\\')"
            " ORDER BY user.name",
        {org_id, like}, ReadAccount);
  });
}

Result<std::optional<ServiceAccount>> ServiceAccounts::Find(std::int64_t org_id,
                                                            std::int64_t id) const {
  return database_.Read([&](Connection& connection) { return Select(connection, org_id, id); });
}

Result<ServiceAccount> ServiceAccounts::Create(const ServiceAccount& account) {
  NARTHEX_TRY(CheckName(account.user.name));
  return database_.Write([&](Connection& connection) -> Result<ServiceAccount> {
    NARTHEX_TRY(CheckNameFree(connection, account));
    const std::string uid = RandomUid();
    // Names that differ in signs only have the same readable login; the uid tells them apart.
    std::string login = LoginOf(account);
    NARTHEX_ASSIGN_OR_RETURN(const auto taken, connection.One<std::int64_t>(
                                                   "SELECT id FROM user WHERE login = ?1", {login},
                                                   [](const Rows& row) { return row.Int(0); }));
    if (taken) login += "-" + uid;
    // No hash is the hash of any password, so that nobody signs in.
    NARTHEX_TRY(connection.Run(
        "INSERT INTO user (uid, login, email, name, password_hash, is_server_admin, is_disabled,"
        " is_service_account, created, updated) VALUES (?1, ?2, '', ?3, '', 0, ?4, 1, ?5, ?5)",
        {uid, login, account.user.name, std::int64_t{account.user.is_disabled}, clock_.Now()}));
    const std::int64_t id = connection.last_insert_id();
    NARTHEX_TRY(connection.Run("INSERT INTO org_user (org_id, user_id, role) VALUES (?1, ?2, ?3)",
                               {account.org_id, id, RoleName(account.role)}));
    NARTHEX_ASSIGN_OR_RETURN(auto made, Select(connection, account.org_id, id));
    if (!made) return Error(ErrorCode::kInternal, "a service account just made is not there");
    return *std::move(made);
  });
}

Status ServiceAccounts::Update(const ServiceAccount& account) {
  NARTHEX_TRY(CheckName(account.user.name));
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored,
                             Select(connection, account.org_id, account.user.id));
    if (!stored) return Error(ErrorCode::kNotFound, "service account not found");
    NARTHEX_TRY(CheckNameFree(connection, account));
    NARTHEX_TRY(
        connection.Run("UPDATE user SET name = ?2, is_disabled = ?3, updated = ?4 WHERE id = ?1",
                       {account.user.id, account.user.name, std::int64_t{account.user.is_disabled},
                        clock_.Now()}));
    return connection.Run("UPDATE org_user SET role = ?3 WHERE org_id = ?1 AND user_id = ?2",
                          {account.org_id, account.user.id, RoleName(account.role)});
  });
}

Status ServiceAccounts::Remove(std::int64_t org_id, std::int64_t id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored, Select(connection, org_id, id));
    if (!stored) return Error(ErrorCode::kNotFound, "service account not found");
    NARTHEX_TRY(connection.Run("DELETE FROM user WHERE id = ?1", {id}));
    NARTHEX_TRY(
        connection.Run("DELETE FROM access_list WHERE org_id = ?1 AND kind = 'service-account'"
                       " AND uid = ?2",
                       {org_id, stored->user.uid}));
    return ForgetUser(connection, id, 0);
  });
}

Result<std::vector<ApiToken>> ServiceAccounts::Tokens(std::int64_t account_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<ApiToken>(
        "SELECT id, user_id, name, created, expires, seen FROM api_token WHERE user_id = ?1"
        " ORDER BY id",
        {account_id}, [](const Rows& row) {
          return ApiToken{row.Int(0), row.Int(1), row.Text(2), row.Int(3), row.Int(4), row.Int(5)};
        });
  });
}

Result<NewApiToken> ServiceAccounts::AddToken(std::int64_t account_id, std::string_view name,
                                              std::int64_t lifetime_s) {
  if (name.empty() || name.size() > kNameSizeMax) {
    return Error(ErrorCode::kInvalidArgument, "a token must have a name of at most 190 bytes");
  }
  NewApiToken token;
  token.key = std::string(kKeyPrefix) + RandomHex(kKeyBytes) + "_" + RandomHex(4);
  const std::string hash = HashToken(token.key);
  const TimestampMs now = clock_.Now();
  const TimestampMs expires = lifetime_s > 0 ? now + lifetime_s * 1000 : 0;
  return database_.Write([&](Connection& connection) -> Result<NewApiToken> {
    Status added = connection.Run(
        "INSERT INTO api_token (user_id, name, key_hash, created, expires)"
        " VALUES (?1, ?2, ?3, ?4, ?5)",
        {account_id, name, hash, now, expires});
    if (added.code() == ErrorCode::kAlreadyExists) {
      return Error(ErrorCode::kAlreadyExists,
                   "service account token with given name already exists in the organization");
    }
    NARTHEX_TRY(std::move(added));
    token.id = connection.last_insert_id();
    return token;
  });
}

Status ServiceAccounts::RemoveToken(std::int64_t account_id, std::int64_t token_id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM api_token WHERE id = ?1 AND user_id = ?2",
                               {token_id, account_id}));
    if (connection.change_count() > 0) return Ok();
    return Error(ErrorCode::kNotFound, "service account token not found");
  });
}

Result<std::optional<ServiceAccount>> ServiceAccounts::FindByKey(std::string_view key) {
  if (!key.starts_with(kKeyPrefix) || key.size() > kKeySizeMax) {
    return std::optional<ServiceAccount>();
  }
  const std::string hash = HashToken(key);
  const TimestampMs now = clock_.Now();
  std::int64_t seen = 0;
  NARTHEX_ASSIGN_OR_RETURN(auto account, database_.Read([&](Connection& connection) {
    return connection.One<ServiceAccount>(
        "SELECT " + std::string(kUserColumns) +
            ", org_user.org_id, org_user.role, 0, api_token.seen FROM api_token"
            " JOIN user ON user.id = api_token.user_id"
            " JOIN org_user ON org_user.user_id = user.id"
            " WHERE key_hash = ?1 AND (expires = 0 OR expires > ?2) AND is_disabled = 0"
            " AND is_service_account = 1",
        {hash, now}, [&seen](const Rows& row) {
          seen = row.Int(kUserColumnCount + 3);
          return ReadAccount(row);
        });
  }));
  if (account && now - seen >= kSeenResolutionMs) {
    const Status noted = database_.Write([&](Connection& connection) {
      return connection.Run("UPDATE api_token SET seen = ?2 WHERE key_hash = ?1", {hash, now});
    });
    // A database that cannot be written (full disk) must not keep programs from reading.
    if (!noted.ok() && noted.code() == ErrorCode::kCorruption) return noted.error();
  }
  return account;
}

}  // namespace narthex::dashstore
