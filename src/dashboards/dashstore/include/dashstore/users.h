// People: accounts, passwords, organisations and the roles in them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/result.h"

namespace narthex::dashstore {

class Database;

// In the order of their rights.
enum class Role { kNone, kViewer, kEditor, kAdmin };
std::string_view RoleName(Role role);  // "None", "Viewer", "Editor", "Admin"
std::optional<Role> ParseRole(std::string_view name);

struct Org {
  std::int64_t id = 0;
  std::string name;
};

struct User {
  std::int64_t id = 0;
  std::string uid;
  std::string login;
  std::string email;
  std::string name;
  bool is_server_admin = false;
  bool is_disabled = false;
  TimestampMs created = 0;
  TimestampMs updated = 0;
};

struct NewUser {
  std::string login;
  std::string email;
  std::string name;
  std::string password;
  bool is_server_admin = false;
  std::int64_t org_id = 1;
  Role role = Role::kViewer;
};

// Thread-safe. Every function: errors of the database (see Store).
class Users {
 public:
  Users(Database& database, Clock& clock);

  // Makes the organisation "Main Org." (id 1) if there is none, and `user` in it if there is no
  // user at all; later calls change nothing. True if the user was made.
  Result<bool> CreateFirst(const NewUser& user);

  // Errors: kAlreadyExists    the login is taken
  //         kInvalidArgument  an empty login or password
  Result<User> Create(const NewUser& user);

  Result<std::optional<User>> Find(std::int64_t id) const;
  // By login or e-mail address, in any case.
  Result<std::optional<User>> FindByLogin(std::string_view login_or_email) const;

  // The user whose password this is; empty if there is none such or the account is disabled. Takes
  // the same time either way: about 20 ms, 19 MiB, one at a time. A right password is known again
  // for a minute at no cost, since programs send it with each request.
  Result<std::optional<User>> CheckPassword(std::string_view login_or_email,
                                            std::string_view password) EXCLUDES(check_mutex_);

  // Errors: kNotFound, kInvalidArgument
  Status SetPassword(std::int64_t id, std::string_view password);

  Result<Role> RoleIn(std::int64_t user_id, std::int64_t org_id) const;
  Result<std::optional<Org>> FindOrg(std::int64_t id) const;
  Result<std::optional<Org>> FindOrgByName(std::string_view name) const;
  struct Membership {
    Org org;
    Role role = Role::kNone;
  };
  // The organisations of a user, by id.
  Result<std::vector<Membership>> Memberships(std::int64_t user_id) const;

 private:
  bool IsRight(const std::string& hash, std::string_view password) EXCLUDES(check_mutex_);

  Database& database_;
  Clock& clock_;
  const std::string cache_key_;

  Mutex check_mutex_;
  // Digests of (key, stored hash, password) that were right, until when they are taken as such. A
  // changed password changes the stored hash and with it the digest.
  std::unordered_map<std::string, TimestampMs> known_right_ GUARDED_BY(check_mutex_);
};

}  // namespace narthex::dashstore
