#include "account_sync.h"

#include <algorithm>

#include "base/log.h"
#include "dashstore/random.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::User;

// What is told contradicts what is here; trouble with the database stays what it is.
Error Unfit(Error error) {
  switch (error.code()) {
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kFailedPrecondition:
    case ErrorCode::kInvalidArgument:
    case ErrorCode::kNotFound:
      LogWarn("audit", "account not brought in line", {{"reason", error.message()}});
      return Error(ErrorCode::kInternal, "User sync failed");
    default:
      return error;
  }
}

// Without the subject: by what accounts are called here.
Result<std::optional<User>> FindByName(dashstore::Users& users, const VouchedPerson& person) {
  if (!person.email.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(auto user, users.FindByLogin(person.email));
    // Not one whose login reads like the address.
    if (user && EqualFold(user->email, person.email)) return user;
  }
  if (person.login.empty()) return std::optional<User>();
  return users.FindByLogin(person.login);
}

Result<User> MakeAccount(dashstore::Users& users, const VouchedPerson& person) {
  dashstore::NewUser user;
  user.login = person.login.empty() ? person.email : person.login;
  user.email = person.email;
  user.name = person.name;
  user.is_server_admin = person.is_server_admin.value_or(false);
  user.role = person.default_role;
  if (!person.roles.empty()) {
    user.org_id = person.roles.begin()->first;
    user.role = person.roles.begin()->second;
  }
  return MakeVouchedAccount(users, std::move(user), person.provider);
}

// The account, made if it has to be, and known by its subject from now on. Two requests of the same
// person may come at once: who loses takes what the other one made.
Result<User> FindOrMake(dashstore::Users& users, const VouchedPerson& person) {
  NARTHEX_ASSIGN_OR_RETURN(auto known, users.FindByIdentity(person.provider, person.subject));
  if (known) return *std::move(known);
  NARTHEX_ASSIGN_OR_RETURN(auto user, FindByName(users, person));
  if (!user && !person.signs_up) return Error(ErrorCode::kUnauthenticated, "Sign up is disabled");
  if (!user) {
    Result<User> made = MakeAccount(users, person);
    if (made.code() == ErrorCode::kAlreadyExists) {
      NARTHEX_ASSIGN_OR_RETURN(user, FindByName(users, person));
    } else if (made.ok()) {
      user = *made;
    }
    if (!user) return made;
  }
  const Status added = users.AddIdentity(user->id, person.provider, person.subject);
  if (!added.ok() && added.code() != ErrorCode::kAlreadyExists) return added.error();
  return *std::move(user);
}

Status SyncPerson(dashstore::Users& users, const VouchedPerson& person, User& user) {
  const User before = user;
  if (!person.login.empty()) user.login = person.login;
  if (!person.email.empty()) user.email = person.email;
  if (!person.name.empty()) user.name = person.name;
  if (user.login != before.login || user.email != before.email || user.name != before.name) {
    NARTHEX_TRY(users.Update(user));
  }
  if (person.is_server_admin && *person.is_server_admin != user.is_server_admin) {
    NARTHEX_TRY(users.SetServerAdmin(user.id, *person.is_server_admin));
    user.is_server_admin = *person.is_server_admin;
  }
  return Ok();
}

Status SyncRoles(dashstore::Store& store, const VouchedPerson& person, User& user) {
  if (person.roles.empty()) return Ok();
  NARTHEX_ASSIGN_OR_RETURN(const auto memberships, store.users().Memberships(user.id));
  for (const auto& [org_id, role] : person.roles) {
    const auto is_it = [id = org_id](const auto& membership) { return membership.org.id == id; };
    const auto found = std::find_if(memberships.begin(), memberships.end(), is_it);
    if (found != memberships.end()) {
      if (found->role != role) NARTHEX_TRY(store.orgs().SetRole(org_id, user.id, role));
      continue;
    }
    // An organisation that is told of may be gone.
    const Status added = store.orgs().AddMember(org_id, user.id, role);
    if (!added.ok() && added.code() != ErrorCode::kNotFound &&
        added.code() != ErrorCode::kAlreadyExists) {
      return added;
    }
  }
  for (const auto& membership : memberships) {
    if (person.roles.count(membership.org.id) > 0) continue;
    const Status removed = store.orgs().RemoveMember(membership.org.id, user.id);
    // The last administrator stays, whatever is told.
    if (!removed.ok() && removed.code() != ErrorCode::kFailedPrecondition) return removed;
  }
  if (user.chosen_org_id == 0 || person.roles.count(user.chosen_org_id) > 0) return Ok();
  const std::int64_t first = person.roles.begin()->first;
  NARTHEX_TRY(store.users().ChooseOrg(user.id, first));
  user.chosen_org_id = first;
  return Ok();
}

}  // namespace

Result<User> MakeVouchedAccount(dashstore::Users& users, dashstore::NewUser user,
                                std::string_view provider) {
  user.password = dashstore::RandomHex(32);
  NARTHEX_ASSIGN_OR_RETURN(User made, users.Create(user));
  LogInfo("audit", "user made for who was vouched for",
          {{"login", made.login}, {"provider", provider}});
  return made;
}

Result<User> SyncAccount(dashstore::Store& store, const VouchedPerson& person) {
  Result<User> user = FindOrMake(store.users(), person);
  if (!user.ok()) {
    return user.code() == ErrorCode::kUnauthenticated ? std::move(user).error()
                                                      : Unfit(std::move(user).error());
  }
  if (user->is_disabled) return Error(ErrorCode::kUnauthenticated, "User is disabled");
  Status synced = SyncPerson(store.users(), person, *user);
  if (synced.ok()) synced = SyncRoles(store, person, *user);
  if (!synced.ok()) return Unfit(std::move(synced).error());
  return user;
}

}  // namespace narthex::dashapi
