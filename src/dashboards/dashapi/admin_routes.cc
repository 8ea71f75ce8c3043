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

Result<json::Value> CountAll(Context& context, std::int64_t org_id) {
  dashstore::Store& store = context.store;
  NARTHEX_ASSIGN_OR_RETURN(const auto users, store.users().Search({.text = {}, .limit = 1}));
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t dashboards, store.dashboards().Count());
  NARTHEX_ASSIGN_OR_RETURN(const auto orgs, store.orgs().List("", -1, 0));
  NARTHEX_ASSIGN_OR_RETURN(const auto datasources, store.datasources().List(org_id));
  NARTHEX_ASSIGN_OR_RETURN(const auto playlists, store.records().List(org_id, "playlist"));
  NARTHEX_ASSIGN_OR_RETURN(const auto snapshots, store.records().List(org_id, "snapshot"));
  NARTHEX_ASSIGN_OR_RETURN(const auto tags, store.dashboards().Tags(org_id));
  const auto count = [](std::size_t n) { return json::Value(static_cast<std::int64_t>(n)); };
  return Object({{"orgs", count(orgs.size())},
                 {"dashboards", json::Value(dashboards)},
                 {"users", json::Value(users.total_count)},
                 {"datasources", count(datasources.size())},
                 {"playlists", count(playlists.size())},
                 {"snapshots", count(snapshots.size())},
                 {"tags", count(tags.size())},
                 {"alerts", json::Value(0)}});
}

http::Response Stats(Context& context, const http::Request&, const Caller& caller) {
  const auto counts = CountAll(context, caller.org_id);
  return counts.ok() ? JsonAnswer(*counts) : ErrorAnswer(counts.error());
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
