// Who may manage single service accounts and teams, besides the administrators of the organisation.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "access.h"
#include "context.h"

namespace narthex::dashapi {

// What one caller may do with service accounts: kEdit to see and change one and its tokens, kAdmin
// to remove it and to say who else may.
class AccountAccess {
 public:
  // Errors: those of the store
  static Result<AccountAccess> Of(Context& context, const Caller& caller);

  // Errors: those of the store
  Result<Right> To(const dashstore::ServiceAccount& account) const;

 private:
  AccountAccess(Context& context, const Caller& caller) : context_(context), caller_(caller) {}

  Context& context_;
  const Caller& caller_;
  std::vector<std::int64_t> team_ids_;
};

// The account, if the caller has `needed` on it.
// Errors: kNotFound "service account not found", to administrators only
//         kPermissionDenied; those of the store
Result<dashstore::ServiceAccount> FindAccount(Context& context, const Caller& caller,
                                              std::int64_t id, Right needed);

// The team, if the caller has at least that part in it, or administers the organisation.
// Errors: kNotFound "Team not found", to administrators only
//         kPermissionDenied; those of the store
Result<dashstore::Team> FindTeam(Context& context, const Caller& caller, std::string_view id_or_uid,
                                 dashstore::TeamPart needed);

}  // namespace narthex::dashapi
