#include <algorithm>

#include "answers.h"
#include "authenticator.h"
#include "provisioner.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

http::Response Reload(const Status& applied, std::string_view done) {
  if (!applied.ok()) {
    // A file that is wrong is the caller's to mend, and nothing was changed.
    const int status =
        applied.code() == ErrorCode::kNotFound ? 400 : StatusFor(applied.error().code());
    return MessageAnswer(status, applied.error().message());
  }
  return MessageAnswer(200, done);
}

http::Response ProvisioningStatus(Context& context) {
  const auto states = context.provisioner.States();
  json::Value files = json::Value::MakeArray();
  std::int64_t error_count = 0;
  for (const FileState& state : states) {
    json::Value file = Object({{"kind", Text(state.kind)},
                               {"path", Text(state.path)},
                               {"state", Text(state.error.empty() ? "loaded" : "refused")}});
    if (!state.provider.empty()) file.Set("provider", Text(state.provider));
    if (!state.uid.empty()) file.Set("uid", Text(state.uid));
    if (!state.title.empty()) file.Set("title", Text(state.title));
    if (!state.error.empty()) {
      file.Set("error", Text(state.error));
      ++error_count;
    }
    if (!state.warnings.empty()) {
      json::Value warnings = json::Value::MakeArray();
      for (const std::string& warning : state.warnings) warnings.Append(Text(warning));
      file.Set("warnings", std::move(warnings));
    }
    files.Append(std::move(file));
  }
  return JsonAnswer(Object({{"lastApplied", Text(RfcTime(context.provisioner.last_applied()))},
                            {"errorCount", json::Value(error_count)},
                            {"files", std::move(files)}}));
}

// All settings by section, as Grafana answers.
http::Response Settings(Context& context, const http::Request&, const Caller&) {
  json::Value sections = json::Value::MakeObject();
  for (const ShownSetting& shown : context.options.shown_settings) {
    const std::string name = shown.section.empty() ? "DEFAULT" : shown.section;
    if (sections.Find(name) == nullptr) sections.Set(name, json::Value::MakeObject());
    sections.Find(name)->Set(shown.key, Text(shown.value));
  }
  return JsonAnswer(sections);
}

// Not Grafana's: each setting with where its value comes from.
http::Response SettingSources(Context& context, const http::Request&, const Caller&) {
  json::Value list = json::Value::MakeArray();
  for (const ShownSetting& shown : context.options.shown_settings) {
    list.Append(Object({{"section", Text(shown.section)},
                        {"key", Text(shown.key)},
                        {"value", Text(shown.value)},
                        {"source", Text(shown.source)}}));
  }
  return JsonAnswer(list);
}

// Source: Grafana's HTTP API, "Grafana Stats".
http::Response Stats(Context& context, const http::Request&, const Caller&) {
  const auto totals = context.store.CountTotals(context.clock.Now());
  if (!totals.ok()) return ErrorAnswer(totals.error());
  const std::pair<std::string_view, std::int64_t> counts[] = {
      {"orgs", totals->orgs},
      {"dashboards", totals->dashboards},
      {"snapshots", totals->snapshots},
      {"tags", totals->tags},
      {"datasources", totals->datasources},
      {"playlists", totals->playlists},
      {"stars", totals->stars},
      {"alerts", 0},
      {"users", totals->people.all},
      {"admins", totals->people.admins},
      {"editors", totals->people.editors},
      {"viewers", totals->people.viewers},
      {"activeUsers", totals->people_of_month.all},
      {"activeAdmins", totals->people_of_month.admins},
      {"activeEditors", totals->people_of_month.editors},
      {"activeViewers", totals->people_of_month.viewers},
      {"activeSessions", totals->sessions},
      {"dailyActiveUsers", totals->people_of_day.all},
      {"dailyActiveAdmins", totals->people_of_day.admins},
      {"dailyActiveEditors", totals->people_of_day.editors},
      {"dailyActiveViewers", totals->people_of_day.viewers},
      {"dailyActiveSessions", totals->sessions_of_day},
      {"monthlyActiveUsers", totals->people_of_month.all}};
  json::Value answer = json::Value::MakeObject();
  for (const auto& [name, count] : counts) answer.Set(name, json::Value(count));
  return JsonAnswer(answer);
}

}  // namespace

void AddAdminRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/admin/settings", dashstore::Role::kNone, Settings,
       Guard::kServerAdmin},
      {http::Method::kGet, "/api/admin/settings/sources", dashstore::Role::kNone, SettingSources,
       Guard::kServerAdmin},
      {http::Method::kGet, "/api/admin/stats", dashstore::Role::kNone, Stats, Guard::kServerAdmin},
  };
  AddGuardedRoutes(router, context, routes);
  router.Post("/api/admin/provisioning/datasources/reload",
              RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
                return Reload(context.provisioner.ApplyDatasources(),
                              "Datasources config reloaded");
              }));
  router.Post("/api/admin/provisioning/dashboards/reload",
              RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
                return Reload(context.provisioner.ApplyDashboards(), "Dashboards config reloaded");
              }));
  // Not Grafana's: every file with what became of it.
  router.Get("/api/admin/provisioning/status",
             RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
               return ProvisioningStatus(context);
             }));
}

}  // namespace narthex::dashapi
