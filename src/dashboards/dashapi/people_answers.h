// People and organisations as answers show them.
#pragma once

#include "answers.h"
#include "context.h"
#include "dashstore/store.h"

namespace narthex::dashapi {

// The long form, of one user.
json::Value UserObject(const dashstore::User& user);
// The short form, of lists.
json::Value UserEntry(const dashstore::User& user, TimestampMs now);
json::Value MemberEntry(const dashstore::Member& member, std::int64_t org_id, TimestampMs now);
json::Value OrgObject(const dashstore::Org& org);
json::Value MembershipList(const std::vector<dashstore::Users::Membership>& memberships);
// To whom permissions on things of a kind can be given, and which.
struct Assignments {
  bool users = false;
  bool service_accounts = false;
  bool teams = false;
  bool built_in_roles = false;
};
json::Value AssignmentsObject(const Assignments& assignments,
                              std::initializer_list<std::string_view> permissions);

json::Value TeamObject(const dashstore::Team& team);
json::Value SessionList(const std::vector<dashstore::SessionRecord>& sessions);

// Changes login, name and address as the request's body says, and answers.
http::Response UpdateAccount(Context& context, const http::Request& request, dashstore::User user);
// The teams of a user, as an answer.
http::Response TeamsOfUser(Context& context, std::int64_t org_id, std::int64_t user_id);

// "4m", "3h", "12d": how long ago; "10 years" for never, as clients know it.
std::string Age(TimestampMs then, TimestampMs now);

// "/avatar/<digest>": a picture that stays the same for a user.
std::string AvatarUrl(std::string_view text);

}  // namespace narthex::dashapi
