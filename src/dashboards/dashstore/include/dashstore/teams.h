// Teams: groups of users that share permissions and preferences.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "dashstore/users.h"

namespace narthex::dashstore {

struct Team {
  std::int64_t id = 0;
  std::int64_t org_id = 1;
  std::string uid = {};
  std::string name = {};
  std::string email = {};
  std::int64_t member_count = 0;
  TimestampMs created = 0;
  TimestampMs updated = 0;
};

enum class TeamPart { kMember, kAdmin };

struct TeamMember {
  User user;
  TeamPart part = TeamPart::kMember;
};

struct TeamSearch {
  std::int64_t org_id = 1;
  std::string text = {};               // part of the name, any case
  std::string name = {};               // the whole name
  std::vector<std::int64_t> ids = {};  // any of them
  std::int64_t user_id = 0;            // teams of this user only
};

// Thread-safe. Every function: errors of the database (see Store).
class Teams {
 public:
  Teams(Database& database, Clock& clock) : database_(database), clock_(clock) {}

  // By name.
  Result<std::vector<Team>> Search(const TeamSearch& search) const;
  // By id or uid.
  Result<std::optional<Team>> Find(std::int64_t org_id, std::string_view id_or_uid) const;
  // Errors: kAlreadyExists  the name is taken; kInvalidArgument  no name
  Result<Team> Create(const Team& team);
  // Name and address. Errors: kNotFound, kAlreadyExists, kInvalidArgument
  Status Update(const Team& team);
  // Errors: kNotFound
  Status Remove(std::int64_t org_id, std::int64_t id);

  // By login.
  Result<std::vector<TeamMember>> Members(std::int64_t team_id) const;
  // Errors: kAlreadyExists, kNotFound  no member of the organisation
  Status AddMember(const Team& team, std::int64_t user_id, TeamPart part);
  // Errors: kNotFound
  Status SetPart(std::int64_t team_id, std::int64_t user_id, TeamPart part);
  // Errors: kNotFound
  Status RemoveMember(std::int64_t team_id, std::int64_t user_id);
  struct Part {
    std::int64_t user_id = 0;
    TeamPart part = TeamPart::kMember;
  };
  // Exactly `parts` from now on. Errors: kNotFound  no member of the organisation
  Status ReplaceMembers(const Team& team, std::span<const Part> parts);

  // Ids of the teams of `user_id` in an organisation.
  Result<std::vector<std::int64_t>> IdsOf(std::int64_t org_id, std::int64_t user_id) const;

 private:
  Database& database_;
  Clock& clock_;
};

}  // namespace narthex::dashstore
