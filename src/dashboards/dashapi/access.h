// What a caller may do with single dashboards and folders.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "context.h"
#include "dashstore/store.h"

namespace narthex::dashapi {

using dashstore::AccessEntry;
using dashstore::AccessKind;
using dashstore::Right;

// What the caller may not do, whatever it is about.
Error NoPermission();

// The rights of one caller at one moment.
//
// A list holds for its folder or dashboard and all below it; lists add up. Where none stands on the
// way up to the root, the caller's role decides: viewers see, editors edit. Administrators of the
// organisation may do everything.
// Source: Grafana, "Dashboard permissions".
class Access {
 public:
  // Cost: one look into an index while the organisation has no lists.
  static Result<Access> Of(Context& context, const Caller& caller);

  // `folder_uid` empty: the root, where dashboards and folders are made.
  Right ToFolder(std::string_view folder_uid) const;
  Right ToDashboard(std::string_view uid, std::string_view folder_uid) const;

  // Whether every dashboard has the same right for this caller.
  bool is_uniform() const { return is_admin_ || lists_.empty(); }

 private:
  using Key = std::pair<AccessKind, std::string>;

  Right ByRole() const;
  // The highest right in the list of that thing; false if there is no list.
  bool Raise(AccessKind kind, std::string_view uid, Right& right) const;
  Right UpFrom(std::string_view folder_uid, Right right, bool has_list) const;
  bool Concerns(const AccessEntry& entry) const;

  bool is_admin_ = false;
  dashstore::Role role_ = dashstore::Role::kNone;
  std::int64_t user_id_ = 0;
  std::vector<std::int64_t> team_ids_;
  std::map<Key, std::vector<AccessEntry>> lists_;
  std::map<std::string, std::string, std::less<>> parents_;  // folder -> folder above it
};

// Errors: kPermissionDenied, with the message that clients expect; those of the store
Status CheckRight(Context& context, const Caller& caller, const dashstore::DashboardRecord& record,
                  Right needed);
Status CheckFolderRight(Context& context, const Caller& caller, std::string_view folder_uid,
                        Right needed);

}  // namespace narthex::dashapi
