#include "dashstore/sessions.h"

#include "crypto.h"
#include "database.h"

namespace narthex::dashstore {
namespace {

constexpr std::size_t kTokenBytes = 32;
// Writing "seen" at each request would make every read a write; a minute is fine against 7 days.
constexpr std::int64_t kSeenResolutionMs = 60'000;

struct StoredSession {
  Session session;
  TimestampMs created = 0;
  TimestampMs rotated = 0;
  TimestampMs seen = 0;
  bool is_previous_token = false;
};

StoredSession ReadSession(const Rows& row) {
  StoredSession stored;
  stored.session.id = row.Int(0);
  stored.session.user_id = row.Int(1);
  stored.created = row.Int(2);
  stored.rotated = row.Int(3);
  stored.seen = row.Int(4);
  stored.is_previous_token = row.Flag(5);
  return stored;
}

Result<std::optional<StoredSession>> FindStored(Connection& connection, const std::string& hash) {
  return connection.One<StoredSession>(
      "SELECT id, user_id, created, rotated, seen, token_hash <> ?1 FROM session"
      " WHERE token_hash = ?1 OR previous_token_hash = ?1",
      {hash}, ReadSession);
}

bool IsValid(const StoredSession& stored, const SessionLimits& limits, TimestampMs now) {
  if (now - stored.created >= limits.lifetime_max.count()) return false;
  if (now - stored.seen >= limits.inactive_max.count()) return false;
  return !stored.is_previous_token || now - stored.rotated < limits.previous_token_grace.count();
}

}  // namespace

Result<NewSession> Sessions::Create(std::int64_t user_id, std::string_view user_agent,
                                    std::string_view client_ip) {
  const std::string token = RandomHex(kTokenBytes);
  const std::string hash = HashToken(token);
  const TimestampMs now = clock_.Now();
  NARTHEX_TRY(database_.Write([&](Connection& connection) {
    return connection.Run(
        "INSERT INTO session (user_id, token_hash, user_agent, client_ip, created, rotated, seen)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?5)",
        {user_id, hash, user_agent.substr(0, 255), client_ip, now});
  }));
  return NewSession{token, now + limits_.rotation_interval.count()};
}

Result<std::optional<Session>> Sessions::Find(std::string_view token) {
  const std::string hash = HashToken(token);
  const TimestampMs now = clock_.Now();
  NARTHEX_ASSIGN_OR_RETURN(std::optional<StoredSession> stored,
                           database_.Read([&](Connection& c) { return FindStored(c, hash); }));
  if (!stored || !IsValid(*stored, limits_, now)) return std::optional<Session>();
  if (now - stored->seen >= kSeenResolutionMs) {
    const Status noted = database_.Write([&](Connection& connection) {
      return connection.Run("UPDATE session SET seen = ?2 WHERE id = ?1",
                            {stored->session.id, now});
    });
    // A database that cannot be written (full disk) must not keep people from looking.
    if (!noted.ok() && noted.code() == ErrorCode::kCorruption) return noted.error();
  }
  stored->session.rotation_due = stored->rotated + limits_.rotation_interval.count();
  return std::optional<Session>(stored->session);
}

Result<bool> Sessions::IsAlive(std::int64_t session_id) const {
  NARTHEX_ASSIGN_OR_RETURN(
      const std::optional<StoredSession> stored, database_.Read([&](Connection& connection) {
        return connection.One<StoredSession>(
            "SELECT id, user_id, created, rotated, seen, 0 FROM session WHERE id = ?1",
            {session_id}, ReadSession);
      }));
  return stored && IsValid(*stored, limits_, clock_.Now());
}

Result<std::optional<NewSession>> Sessions::Rotate(std::string_view token) {
  const std::string hash = HashToken(token);
  const std::string new_token = RandomHex(kTokenBytes);
  const std::string new_hash = HashToken(new_token);
  const TimestampMs now = clock_.Now();
  return database_.Write([&](Connection& connection) -> Result<std::optional<NewSession>> {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored, FindStored(connection, hash));
    if (!stored || !IsValid(*stored, limits_, now)) return std::optional<NewSession>();
    NARTHEX_TRY(
        connection.Run("UPDATE session SET token_hash = ?2, previous_token_hash = token_hash,"
                       " rotated = ?3, seen = ?3 WHERE id = ?1",
                       {stored->session.id, new_hash, now}));
    return std::optional(NewSession{new_token, now + limits_.rotation_interval.count()});
  });
}

Status Sessions::Revoke(std::string_view token) {
  const std::string hash = HashToken(token);
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM session WHERE token_hash = ?1 OR previous_token_hash = ?1",
                          {hash});
  });
}

Result<std::vector<SessionRecord>> Sessions::ListOf(std::int64_t user_id) const {
  return database_.Read([&](Connection& connection) {
    return connection.All<SessionRecord>(
        "SELECT id, user_agent, client_ip, created, seen FROM session WHERE user_id = ?1"
        " ORDER BY id DESC",
        {user_id}, [](const Rows& row) {
          return SessionRecord{row.Int(0), row.Text(1), row.Text(2), row.Int(3), row.Int(4)};
        });
  });
}

Status Sessions::RevokeById(std::int64_t user_id, std::int64_t session_id) {
  return database_.Write([&](Connection& connection) -> Status {
    NARTHEX_TRY(connection.Run("DELETE FROM session WHERE user_id = ?1 AND id = ?2",
                               {user_id, session_id}));
    if (connection.change_count() > 0) return Ok();
    return Error(ErrorCode::kNotFound, "User auth token not found");
  });
}

Status Sessions::RevokeAllOf(std::int64_t user_id) {
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM session WHERE user_id = ?1", {user_id});
  });
}

Status Sessions::RemoveExpired() {
  const TimestampMs now = clock_.Now();
  return database_.Write([&](Connection& connection) {
    return connection.Run("DELETE FROM session WHERE created <= ?1 OR seen <= ?2",
                          {now - limits_.lifetime_max.count(), now - limits_.inactive_max.count()});
  });
}

}  // namespace narthex::dashstore
