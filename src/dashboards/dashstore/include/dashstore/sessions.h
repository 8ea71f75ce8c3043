// Signed-in browsers.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"

namespace narthex::dashstore {

class Database;

struct SessionLimits {
  std::chrono::milliseconds lifetime_max = std::chrono::days(30);
  std::chrono::milliseconds inactive_max = std::chrono::days(7);
  std::chrono::milliseconds rotation_interval = std::chrono::minutes(10);
  // How long the token before the last rotation still works: requests that were under way.
  std::chrono::milliseconds previous_token_grace = std::chrono::seconds(60);
};

struct Session {
  std::int64_t id = 0;
  std::int64_t user_id = 0;
  TimestampMs rotation_due = 0;
};

// What a person sees of a session.
struct SessionRecord {
  std::int64_t id = 0;
  std::string user_agent;
  std::string client_ip;
  TimestampMs created = 0;
  TimestampMs seen = 0;
};

struct NewSession {
  std::string token;  // for the cookie; only its hash is stored
  TimestampMs rotation_due = 0;
};

// Thread-safe. Every function: errors of the database (see Store), so that trouble with the
// database is never mistaken for a session that has ended.
class Sessions {
 public:
  Sessions(Database& database, Clock& clock, SessionLimits limits)
      : database_(database), clock_(clock), limits_(limits) {}

  Result<NewSession> Create(std::int64_t user_id, std::string_view user_agent,
                            std::string_view client_ip);
  // Empty if the token is unknown, too old or unused for too long. Notes that it was seen.
  Result<std::optional<Session>> Find(std::string_view token);
  // Whether the session goes on, whichever token it has by now. Notes nothing.
  Result<bool> IsAlive(std::int64_t session_id) const;
  // Gives the session a new token; the old one works a little longer. Empty as Find().
  Result<std::optional<NewSession>> Rotate(std::string_view token);
  Status Revoke(std::string_view token);
  // The sessions of a user, newest first.
  Result<std::vector<SessionRecord>> ListOf(std::int64_t user_id) const;
  // Errors: kNotFound  the user has no such session
  Status RevokeById(std::int64_t user_id, std::int64_t session_id);
  Status RevokeAllOf(std::int64_t user_id);
  Status RemoveExpired();

  const SessionLimits& limits() const { return limits_; }

 private:
  Database& database_;
  Clock& clock_;
  const SessionLimits limits_;
};

}  // namespace narthex::dashstore
