// Organisations and who belongs to them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

struct Member {
  User user;
  Role role = Role::kNone;
};

// Thread-safe. Every function: errors of the database (see Store).
class Orgs {
 public:
  Orgs(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // By name, those with `text` in it.
  Result<std::vector<Org>> List(std::string_view text, std::int64_t limit,
                                std::int64_t offset) const;
  // `creator_id` becomes its administrator; 0: nobody.
  // Errors: kAlreadyExists  the name is taken; kInvalidArgument  no name
  Result<Org> Create(std::string_view name, std::int64_t creator_id);
  // Errors: kNotFound, kAlreadyExists, kInvalidArgument
  Status Rename(const Org& org);
  // With all that is in it. Errors: kNotFound
  Status Remove(std::int64_t id);

  // By login, without service accounts.
  Result<std::vector<Member>> Members(std::int64_t org_id) const;
  // Errors: kAlreadyExists  a member already; kNotFound  no such user or organisation
  Status AddMember(std::int64_t org_id, std::int64_t user_id, Role role);
  // Errors: kNotFound, kFailedPrecondition  no administrator would be left
  Status SetRole(std::int64_t org_id, std::int64_t user_id, Role role);
  // Takes the user's part in teams of the organisation, too. Errors: as of SetRole
  Status RemoveMember(std::int64_t org_id, std::int64_t user_id);

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
