#include "account_access.h"

#include <algorithm>

#include "dashstore/store.h"

namespace narthex::dashapi {

using dashstore::Role;

Result<AccountAccess> AccountAccess::Of(Context& context, const Caller& caller) {
  AccountAccess access(context, caller);
  if (caller.role < Role::kAdmin && !caller.is_anonymous()) {
    NARTHEX_ASSIGN_OR_RETURN(access.team_ids_,
                             context.store.teams().IdsOf(caller.org_id, caller.user.id));
  }
  return access;
}

Result<Right> AccountAccess::To(const dashstore::ServiceAccount& account) const {
  if (caller_.role >= Role::kAdmin) return Right::kAdmin;
  if (caller_.is_anonymous()) return Right::kNone;
  NARTHEX_ASSIGN_OR_RETURN(const auto entries,
                           context_.store.access_lists().Find(
                               caller_.org_id, AccessKind::kServiceAccount, account.user.uid));
  Right right = Right::kNone;
  if (!entries) return right;
  for (const AccessEntry& entry : *entries) {
    const bool is_mine = entry.user_id != 0 ? entry.user_id == caller_.user.id
                                            : std::find(team_ids_.begin(), team_ids_.end(),
                                                        entry.team_id) != team_ids_.end();
    if (is_mine) right = std::max(right, entry.right);
  }
  return right;
}

Result<dashstore::ServiceAccount> FindAccount(Context& context, const Caller& caller,
                                              std::int64_t id, Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(auto account, context.store.service_accounts().Find(caller.org_id, id));
  if (!account && caller.role >= Role::kAdmin) {
    return Error(ErrorCode::kNotFound, "service account not found");
  }
  if (!account) return NoPermission();
  NARTHEX_ASSIGN_OR_RETURN(const AccountAccess access, AccountAccess::Of(context, caller));
  NARTHEX_ASSIGN_OR_RETURN(const Right right, access.To(*account));
  if (right < needed) return NoPermission();
  return *std::move(account);
}

Result<dashstore::Team> FindTeam(Context& context, const Caller& caller, std::string_view id_or_uid,
                                 dashstore::TeamPart needed) {
  NARTHEX_ASSIGN_OR_RETURN(auto team, context.store.teams().Find(caller.org_id, id_or_uid));
  if (caller.role >= Role::kAdmin) {
    if (!team) return Error(ErrorCode::kNotFound, "Team not found");
    return *std::move(team);
  }
  if (!team || caller.is_anonymous()) return NoPermission();
  NARTHEX_ASSIGN_OR_RETURN(const auto members, context.store.teams().Members(team->id));
  for (const dashstore::TeamMember& member : members) {
    if (member.user.id == caller.user.id && member.part >= needed) return *std::move(team);
  }
  return NoPermission();
}

}  // namespace narthex::dashapi
