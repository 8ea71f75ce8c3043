// Accounts of people whom another service vouches for.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "dashstore/store.h"

namespace narthex::dashapi {

// A person as the other service tells of them.
struct VouchedPerson {
  std::string provider;  // who vouches
  std::string subject;   // their name there, for ever
  std::string login = {};
  std::string email = {};
  std::string name = {};
  std::optional<bool> is_server_admin = {};  // empty: as it is
  // By organisation: exactly these. Empty: as they are, and `default_role` in the first one for
  // who signs up.
  std::map<std::int64_t, dashstore::Role> roles = {};
  dashstore::Role default_role = dashstore::Role::kViewer;
  bool signs_up = false;
};

// Makes an account that nobody has a password for: it is `provider`'s to vouch for.
// Errors: as of Users::Create
Result<dashstore::User> MakeVouchedAccount(dashstore::Users& users, dashstore::NewUser user,
                                           std::string_view provider);

// The account of that person, made if there is none, and brought in line with what is told. Found
// by subject, else by address, else by login: whoever vouches may so name any account.
//
// Errors: kUnauthenticated  there is none and nobody may sign up, or it is disabled
//         kInternal         what is told cannot be: a login of somebody else, nobody left who
//                           administers; those of the store
// Source: Grafana's user and organisation synchronisation.
Result<dashstore::User> SyncAccount(dashstore::Store& store, const VouchedPerson& person);

}  // namespace narthex::dashapi
