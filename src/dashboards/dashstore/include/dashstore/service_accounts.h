// Accounts of programs, and the tokens that they show instead of a password.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

// A user that belongs to one organisation and never signs in.
struct ServiceAccount {
  User user;
  std::int64_t org_id = 1;
  Role role = Role::kViewer;
  std::int64_t token_count = 0;
};

struct ApiToken {
  std::int64_t id = 0;
  std::int64_t account_id = 0;
  std::string name;
  TimestampMs created = 0;
  TimestampMs expires = 0;  // 0: never
  TimestampMs seen = 0;     // to the minute; 0: never used
};

struct NewApiToken {
  std::int64_t id = 0;
  std::string key;  // "glsa_...": told once; only its hash is stored
};

// Thread-safe. Every function: errors of the database (see Store).
class ServiceAccounts {
 public:
  ServiceAccounts(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // By name, those of an organisation with `text` in it.
  Result<std::vector<ServiceAccount>> Search(std::int64_t org_id, std::string_view text) const;
  Result<std::optional<ServiceAccount>> Find(std::int64_t org_id, std::int64_t id) const;
  // `user.name`, `user.is_disabled`, `org_id` and `role` count.
  // Errors: kAlreadyExists  the name is taken; kInvalidArgument  no name
  Result<ServiceAccount> Create(const ServiceAccount& account);
  // The same fields. Errors: kNotFound, kAlreadyExists, kInvalidArgument
  Status Update(const ServiceAccount& account);
  // Its tokens end with it. Errors: kNotFound
  Status Remove(std::int64_t org_id, std::int64_t id);

  // By id.
  Result<std::vector<ApiToken>> Tokens(std::int64_t account_id) const;
  // `lifetime_s` 0: until it is removed. Errors: kAlreadyExists  the account has one of that name
  Result<NewApiToken> AddToken(std::int64_t account_id, std::string_view name,
                               std::int64_t lifetime_s);
  // Errors: kNotFound
  Status RemoveToken(std::int64_t account_id, std::int64_t token_id);

  // The account whose token `key` is; empty if it is unknown, has expired, or the account is
  // disabled. Notes that it was used.
  Result<std::optional<ServiceAccount>> FindByKey(std::string_view key);

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
