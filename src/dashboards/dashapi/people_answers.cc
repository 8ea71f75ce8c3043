#include "people_answers.h"

#include <fmt/format.h>

#include "base/hash.h"

namespace narthex::dashapi {

using dashstore::RoleName;
using dashstore::User;

std::string AvatarUrl(std::string_view text) {
  return fmt::format("/avatar/{:016x}{:016x}", Hash64(text, 0), Hash64(text, 1));
}

std::string Age(TimestampMs then, TimestampMs now) {
  constexpr std::int64_t kMinute = 60'000;
  constexpr std::int64_t kHour = 60 * kMinute;
  constexpr std::int64_t kDay = 24 * kHour;
  if (then == 0) return "10 years";
  const std::int64_t age = now - then;
  if (age < kMinute) return "< 1 minute";
  if (age < kHour) return fmt::format("{}m", age / kMinute);
  if (age < kDay) return fmt::format("{}h", age / kHour);
  return fmt::format("{}d", age / kDay);
}

json::Value UserObject(const User& user) {
  return Object({{"id", json::Value(user.id)},
                 {"uid", Text(user.uid)},
                 {"email", Text(user.email)},
                 {"name", Text(user.name)},
                 {"login", Text(user.login)},
                 {"theme", Text("")},
                 {"orgId", json::Value(user.chosen_org_id == 0 ? 1 : user.chosen_org_id)},
                 {"isGrafanaAdmin", json::Value(user.is_server_admin)},
                 {"isDisabled", json::Value(user.is_disabled)},
                 {"isExternal", json::Value(false)},
                 {"isExternallySynced", json::Value(false)},
                 {"isGrafanaAdminExternallySynced", json::Value(false)},
                 {"authLabels", json::Value::MakeArray()},
                 {"updatedAt", Text(RfcTime(user.updated))},
                 {"createdAt", Text(RfcTime(user.created))},
                 {"avatarUrl", Text(AvatarUrl(user.uid))}});
}

json::Value UserEntry(const User& user, TimestampMs now) {
  return Object({{"id", json::Value(user.id)},
                 {"uid", Text(user.uid)},
                 {"name", Text(user.name)},
                 {"login", Text(user.login)},
                 {"email", Text(user.email)},
                 {"avatarUrl", Text(AvatarUrl(user.uid))},
                 {"isAdmin", json::Value(user.is_server_admin)},
                 {"isDisabled", json::Value(user.is_disabled)},
                 {"lastSeenAt", Text(RfcTime(user.seen))},
                 {"lastSeenAtAge", Text(Age(user.seen, now))},
                 {"authLabels", json::Value::MakeArray()}});
}

json::Value MemberEntry(const dashstore::Member& member, std::int64_t org_id, TimestampMs now) {
  const User& user = member.user;
  return Object({{"orgId", json::Value(org_id)},
                 {"userId", json::Value(user.id)},
                 {"uid", Text(user.uid)},
                 {"email", Text(user.email)},
                 {"name", Text(user.name)},
                 {"avatarUrl", Text(AvatarUrl(user.uid))},
                 {"login", Text(user.login)},
                 {"role", Text(RoleName(member.role))},
                 {"lastSeenAt", Text(RfcTime(user.seen))},
                 {"lastSeenAtAge", Text(Age(user.seen, now))},
                 {"isDisabled", json::Value(user.is_disabled)},
                 {"authLabels", json::Value::MakeArray()},
                 {"isExternallySynced", json::Value(false)}});
}

json::Value OrgObject(const dashstore::Org& org) {
  return Object({{"id", json::Value(org.id)},
                 {"name", Text(org.name)},
                 {"address", Object({{"address1", Text("")},
                                     {"address2", Text("")},
                                     {"city", Text("")},
                                     {"zipCode", Text("")},
                                     {"state", Text("")},
                                     {"country", Text("")}})}});
}

json::Value MembershipList(const std::vector<dashstore::Users::Membership>& memberships) {
  json::Value list = json::Value::MakeArray();
  for (const auto& membership : memberships) {
    list.Append(Object({{"orgId", json::Value(membership.org.id)},
                        {"name", Text(membership.org.name)},
                        {"role", Text(RoleName(membership.role))}}));
  }
  return list;
}

json::Value AssignmentsObject(const Assignments& assignments,
                              std::initializer_list<std::string_view> permissions) {
  json::Value names = json::Value::MakeArray();
  for (const std::string_view name : permissions) names.Append(Text(name));
  return Object(
      {{"assignments", Object({{"users", json::Value(assignments.users)},
                               {"serviceAccounts", json::Value(assignments.service_accounts)},
                               {"teams", json::Value(assignments.teams)},
                               {"builtInRoles", json::Value(assignments.built_in_roles)}})},
       {"permissions", std::move(names)}});
}

json::Value TeamObject(const dashstore::Team& team) {
  return Object({{"id", json::Value(team.id)},
                 {"uid", Text(team.uid)},
                 {"orgId", json::Value(team.org_id)},
                 {"name", Text(team.name)},
                 {"email", Text(team.email)},
                 {"avatarUrl", Text(AvatarUrl(team.uid))},
                 {"memberCount", json::Value(team.member_count)},
                 {"permission", json::Value(0)},
                 {"externalUID", Text("")},
                 {"isProvisioned", json::Value(false)}});
}

json::Value SessionList(const std::vector<dashstore::SessionRecord>& sessions) {
  json::Value list = json::Value::MakeArray();
  for (const dashstore::SessionRecord& session : sessions) {
    list.Append(Object({{"id", json::Value(session.id)},
                        {"isActive", json::Value(false)},
                        {"clientIp", Text(session.client_ip)},
                        {"userAgent", Text(session.user_agent)},
                        {"createdAt", Text(RfcTime(session.created))},
                        {"seenAt", Text(RfcTime(session.seen))}}));
  }
  return list;
}

}  // namespace narthex::dashapi
