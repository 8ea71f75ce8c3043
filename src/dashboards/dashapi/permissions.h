// Lists of permissions as the API reads and changes them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access.h"
#include "context.h"

namespace narthex::dashapi {

// What permissions are about: a dashboard, a folder or a service account.
struct Subject {
  AccessKind kind = AccessKind::kDashboard;
  std::int64_t id = 0;
  std::string uid;
  std::string title;
  std::string url;
  std::string folder_uid;  // above it
};

// The subject, if the caller may say who has which rights on it.
// Errors: kNotFound, kPermissionDenied
Result<Subject> FindAdministered(Context& context, const Caller& caller, AccessKind kind,
                                 std::string_view uid);

struct GivenEntry {
  AccessEntry entry;
  bool is_inherited = false;
};

// The subject's own entries and those from above; what holds without any.
Result<std::vector<GivenEntry>> AllEntries(Context& context, const Caller& caller,
                                           const Subject& subject);

// Errors: kInvalidArgument  nobody of that number in the organisation
Status CheckHolder(Context& context, const Caller& caller, const AccessEntry& entry);

// "View", "Edit", "Admin"; empty for kNone.
std::string_view RightName(Right right);

}  // namespace narthex::dashapi
