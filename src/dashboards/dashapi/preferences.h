// What people, teams and organisations prefer: theme, time zone, home dashboard.
#pragma once

#include <span>
#include <string>

#include "context.h"
#include "http/message.h"
#include "json/value.h"

namespace narthex::dashapi {

// Whose preferences they are.
std::string UserPreferencesKey(const Caller& caller);
std::string UserPreferencesKey(std::int64_t org_id, std::int64_t user_id);
std::string OrgPreferencesKey(std::int64_t org_id);
std::string TeamPreferencesKey(std::int64_t team_id);

enum class PreferencesChange { kReplace, kPatch };

http::Response GetPreferences(Context& context, const std::string& key);
// kPatch: members that the body does not name keep their values.
http::Response SetPreferences(Context& context, const http::Request& request,
                              const std::string& key, PreferencesChange change);

// For those whose owners are gone: numbers of users, teams and organisations are given again.
Status ForgetPreferences(Context& context, std::span<const std::string> keys);

// The preferences as they hold for `caller`, member by member: the user's own, else those of the
// user's teams (the one with the highest number first), else the organisation's. Members that
// nobody has set are missing. Source: Grafana's order of preferences.
Result<json::Value> PreferencesOf(Context& context, const Caller& caller);

}  // namespace narthex::dashapi
