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
  bool is_service_account = false;
  std::int64_t chosen_org_id = 0;  // 0: the first one
  TimestampMs created = 0;
  TimestampMs updated = 0;
  TimestampMs seen = 0;  // to the minute; 0: never
};

struct UserSearch {
  std::string text = {};  // part of login, address or name, any case
  std::int64_t limit = 1000;
  std::int64_t offset = 0;
};

struct UserPage {
  std::int64_t total_count = 0;
  std::vector<User> users;
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
  // By login; without service accounts.
  Result<UserPage> Search(const UserSearch& search) const;
  // By login or e-mail address, in any case; service accounts are not found.
  Result<std::optional<User>> FindByLogin(std::string_view login_or_email) const;

  // Whom another service knows as `subject`, which must be its name for one person for ever.
  Result<std::optional<User>> FindByIdentity(std::string_view provider,
                                             std::string_view subject) const;
  // Errors: kAlreadyExists  somebody else is that; kFailedPrecondition  there is no such user
  Status AddIdentity(std::int64_t id, std::string_view provider, std::string_view subject);

  // The user whose password this is; empty if there is none such or the account is disabled. Takes
  // the same time either way: about 20 ms, 19 MiB, one at a time. A right password is known again
  // for a minute at no cost, since programs send it with each request.
  Result<std::optional<User>> CheckPassword(std::string_view login_or_email,
                                            std::string_view password) EXCLUDES(check_mutex_);

  // Errors: kNotFound, kInvalidArgument
  Status SetPassword(std::int64_t id, std::string_view password);
  // Login, address and name. Errors: kNotFound, kAlreadyExists, kInvalidArgument  no login
  Status Update(const User& user);
  // Errors: kNotFound, kFailedPrecondition  nobody who may do everything would be left
  Status SetServerAdmin(std::int64_t id, bool is_server_admin);
  // Sessions of a disabled account end. Errors: as of SetServerAdmin
  Status SetDisabled(std::int64_t id, bool is_disabled);
  // With all that is the user's. Errors: as of SetServerAdmin
  Status Remove(std::int64_t id);
  // The organisation of requests that name none. Errors: kNotFound  not a member of it
  Status ChooseOrg(std::int64_t id, std::int64_t org_id);
  // Notes when the user was last there; cheap when called often.
  Status NoteSeen(const User& user);

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
