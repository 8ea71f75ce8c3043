// What people, teams and organisations prefer: theme, time zone, home dashboard.
#pragma once

#include <string>

#include "context.h"
#include "http/message.h"

namespace narthex::dashapi {

// Whose preferences they are.
std::string UserPreferencesKey(const Caller& caller);
std::string OrgPreferencesKey(std::int64_t org_id);
std::string TeamPreferencesKey(std::int64_t team_id);

enum class PreferencesChange { kReplace, kPatch };

http::Response GetPreferences(Context& context, const std::string& key);
// kPatch: members that the body does not name keep their values.
http::Response SetPreferences(Context& context, const http::Request& request,
                              const std::string& key, PreferencesChange change);

// The member `name` as it holds for `caller`: the user's own, else the organisation's, else empty.
Result<std::string> PreferenceOf(Context& context, const Caller& caller, std::string_view name);

}  // namespace narthex::dashapi
