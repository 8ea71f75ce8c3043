#include "preferences.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "answers.h"
#include "json/reader.h"

namespace narthex::dashapi {
namespace {

constexpr std::string_view kNamespace = "preferences";
constexpr std::string_view kTextMembers[] = {"theme", "timezone", "weekStart", "homeDashboardUID",
                                             "language"};
constexpr std::size_t kValueSizeMax = 190;
constexpr std::size_t kObjectSizeMax = 16 << 10;

Status Check(const json::Value& preferences) {
  const std::string_view theme = preferences["theme"].AsString();
  if (!theme.empty() && theme != "light" && theme != "dark" && theme != "system") {
    return Error(ErrorCode::kInvalidArgument, "Invalid theme");
  }
  return Ok();
}

Result<json::Value> Stored(Context& context, const std::string& key) {
  NARTHEX_ASSIGN_OR_RETURN(const auto text, context.store.GetValue(kNamespace, key));
  auto parsed = json::Parse(text.value_or("{}"));
  return parsed.ok() ? *std::move(parsed) : json::Value::MakeObject();
}

// Takes over what has a meaning, so that nobody fills the database through this door.
void TakeOver(const json::Value& body, json::Value& preferences) {
  for (const std::string_view name : kTextMembers) {
    if (const json::Value* value = body.Find(name);
        value != nullptr && value->AsString().size() <= kValueSizeMax) {
      preferences.Set(name, Text(value->AsString()));
    }
  }
  for (const std::string_view name : {"navbar", "queryHistory", "cookiePreferences"}) {
    if (const json::Value* value = body.Find(name);
        value != nullptr && value->is_object() && json::Print(*value).size() <= kObjectSizeMax) {
      preferences.Set(name, *value);
    }
  }
}

}  // namespace

std::string UserPreferencesKey(const Caller& caller) {
  return UserPreferencesKey(caller.org_id, caller.user.id);
}
std::string UserPreferencesKey(std::int64_t org_id, std::int64_t user_id) {
  return fmt::format("org/{}/user/{}", org_id, user_id);
}
std::string OrgPreferencesKey(std::int64_t org_id) { return fmt::format("org/{}", org_id); }
std::string TeamPreferencesKey(std::int64_t team_id) { return fmt::format("team/{}", team_id); }

http::Response GetPreferences(Context& context, const std::string& key) {
  const auto stored = context.store.GetValue(kNamespace, key);
  if (!stored.ok()) return ErrorAnswer(stored.error());
  return http::Response::Json(200, stored->value_or("{}"));
}

http::Response SetPreferences(Context& context, const http::Request& request,
                              const std::string& key, PreferencesChange change) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  json::Value preferences = json::Value::MakeObject();
  if (change == PreferencesChange::kPatch) {
    Result<json::Value> stored = Stored(context, key);
    if (!stored.ok()) return ErrorAnswer(stored.error());
    preferences = *std::move(stored);
  }
  TakeOver(*body, preferences);
  if (const Status status = Check(preferences); !status.ok()) return ErrorAnswer(status.error());
  const Status stored = context.store.SetValue(kNamespace, key, json::Print(preferences));
  if (!stored.ok()) return ErrorAnswer(stored.error());
  return MessageAnswer(200, "Preferences updated");
}

Status ForgetPreferences(Context& context, std::span<const std::string> keys) {
  for (const std::string& key : keys) {
    NARTHEX_ASSIGN_OR_RETURN(const auto stored, context.store.GetValue(kNamespace, key));
    if (stored) NARTHEX_TRY(context.store.SetValue(kNamespace, key, "{}"));
  }
  return Ok();
}

Result<json::Value> PreferencesOf(Context& context, const Caller& caller) {
  // From the weakest to the strongest.
  std::vector<std::string> keys = {OrgPreferencesKey(caller.org_id)};
  if (!caller.is_anonymous()) {
    NARTHEX_ASSIGN_OR_RETURN(auto team_ids,
                             context.store.teams().IdsOf(caller.org_id, caller.user.id));
    std::sort(team_ids.begin(), team_ids.end());
    for (const std::int64_t id : team_ids) keys.push_back(TeamPreferencesKey(id));
    keys.push_back(UserPreferencesKey(caller));
  }
  json::Value all = json::Value::MakeObject();
  for (const std::string& key : keys) {
    NARTHEX_ASSIGN_OR_RETURN(const json::Value stored, Stored(context, key));
    for (const std::string_view name : kTextMembers) {
      const std::string_view value = stored[name].AsString();
      if (!value.empty()) all.Set(name, Text(value));
    }
  }
  return all;
}

}  // namespace narthex::dashapi
