#include <fmt/format.h>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "dashboard_answers.h"
#include "dashstore/random.h"
#include "json/reader.h"
#include "paging.h"
#include "query_runner.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::DashboardRecord;
using dashstore::Record;
using dashstore::Role;

// A record's name is the dashboard's uid, its alias the token that opens it.
constexpr std::string_view kKind = "public-dashboard";
constexpr std::size_t kTokenBytes = 16;

json::Value PublicObject(const Record& record) {
  json::Value object = Object({{"uid", Text(record.uid)},
                               {"dashboardUid", Text(record.name)},
                               {"accessToken", Text(record.alias)},
                               {"createdAt", Text(RfcTime(record.created))},
                               {"updatedAt", Text(RfcTime(record.updated))},
                               {"createdBy", json::Value(0)},
                               {"updatedBy", json::Value(0)}});
  for (const json::Member& member : record.body.members()) object.Set(member.key, member.value);
  return object;
}

http::Response NotFound() {
  return JsonAnswer(Object({{"message", Text("Public dashboard not found")},
                            {"messageId", Text("publicdashboards.notFound")},
                            {"statusCode", json::Value(404)}}),
                    404);
}

// Takes over the switches that the body names.
void ReadFields(const json::Value& body, Record& record) {
  for (const std::string_view name : {"isEnabled", "annotationsEnabled", "timeSelectionEnabled"}) {
    const auto given = body[name].AsBool();
    const bool before = record.body[name].AsBool().value_or(false);
    record.body.Set(name, json::Value(given.value_or(before)));
  }
  record.body.Set("share", Text("public"));
}

// The public form of a dashboard, if it has one.
Result<std::optional<Record>> FindFor(Context& context, const DashboardRecord& dashboard) {
  NARTHEX_ASSIGN_OR_RETURN(auto records, context.store.records().List(dashboard.org_id, kKind));
  for (Record& record : records) {
    if (record.name == dashboard.uid) return std::optional(std::move(record));
  }
  return std::optional<Record>();
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto dashboard = FindDashboard(context, request, caller, Right::kView);
  if (!dashboard.ok()) return ErrorAnswer(dashboard.error());
  const auto record = FindFor(context, *dashboard);
  if (!record.ok()) return ErrorAnswer(record.error());
  return *record ? JsonAnswer(PublicObject(**record)) : NotFound();
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto dashboard = FindDashboard(context, request, caller, Right::kEdit);
  if (!dashboard.ok()) return ErrorAnswer(dashboard.error());
  const auto existing = FindFor(context, *dashboard);
  if (!existing.ok()) return ErrorAnswer(existing.error());
  if (*existing) {
    return MessageAnswer(400, "Dashboard already has a public dashboard");
  }
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.uid = (*body)["uid"].AsString();
  record.name = dashboard->uid;
  record.alias = (*body)["accessToken"].AsString();
  // Anything shorter could be guessed.
  if (record.alias.size() < 2 * kTokenBytes) record.alias = dashstore::RandomHex(kTokenBytes);
  record.created_by = caller.user.login;
  ReadFields(*body, record);
  for (const std::string& uid : {record.uid, record.alias}) {
    if (const Status checked = dashboard::CheckUid(uid); !checked.ok()) {
      return ErrorAnswer(checked.error());
    }
  }
  const auto made = context.store.records().Create(std::move(record));
  return made.ok() ? JsonAnswer(PublicObject(*made)) : ErrorAnswer(made.error());
}

// The record of both parameters of the path.
Result<std::optional<Record>> FindByPath(Context& context, const http::Request& request,
                                         const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const DashboardRecord dashboard,
                           FindDashboard(context, request, caller, Right::kEdit));
  NARTHEX_ASSIGN_OR_RETURN(auto record, FindFor(context, dashboard));
  if (record && record->uid != request.path_parameter("public")) record.reset();
  return record;
}

http::Response Change(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  auto record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  if (!*record) return NotFound();
  ReadFields(*body, **record);
  (*record)->updated_by = caller.user.login;
  const auto updated = context.store.records().Update(**record);
  return updated.ok() ? JsonAnswer(PublicObject(*updated)) : ErrorAnswer(updated.error());
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  if (!*record) return NotFound();
  const Status removed = context.store.records().Remove(caller.org_id, kKind, (*record)->uid);
  return removed.ok() ? http::Response::Json(200, "{}") : ErrorAnswer(removed.error());
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  auto records = context.store.records().List(caller.org_id, kKind);
  if (!records.ok()) return ErrorAnswer(records.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  json::Value list = json::Value::MakeArray();
  for (const Record& record : *records) {
    const auto dashboard = context.store.dashboards().Find(caller.org_id, record.name);
    if (!dashboard.ok()) return ErrorAnswer(dashboard.error());
    if (!*dashboard) continue;
    if (access->ToDashboard((*dashboard)->uid, (*dashboard)->folder_uid) < Right::kView) continue;
    list.Append(Object({{"uid", Text(record.uid)},
                        {"accessToken", Text(record.alias)},
                        {"title", Text((*dashboard)->title)},
                        {"dashboardUid", Text(record.name)},
                        {"isEnabled", record.body["isEnabled"]},
                        {"slug", Text((*dashboard)->slug)}}));
  }
  const Paging paging = ReadPaging(request);
  const auto total = static_cast<std::int64_t>(list.size());
  return JsonAnswer(Object({{"publicDashboards", std::move(list)},
                            {"totalCount", json::Value(total)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

// What a visitor without an account may have: an enabled public dashboard and its document.
struct Opened {
  Record record;
  DashboardRecord dashboard;
  json::Value document;
};

// Errors: kNotFound  no such token, or it is switched off
Result<Opened> Open(Context& context, const http::Request& request) {
  const auto missing = [] { return Error(ErrorCode::kNotFound, "Public dashboard not found"); };
  Opened opened;
  NARTHEX_ASSIGN_OR_RETURN(
      auto record, context.store.records().FindByAlias(kKind, request.path_parameter("token")));
  if (!record || !record->body["isEnabled"].AsBool().value_or(false)) return missing();
  NARTHEX_ASSIGN_OR_RETURN(auto dashboard,
                           context.store.dashboards().Find(record->org_id, record->name));
  if (!dashboard) return missing();
  NARTHEX_ASSIGN_OR_RETURN(const std::string body,
                           context.store.dashboards().Body(dashboard->id, dashboard->version));
  NARTHEX_ASSIGN_OR_RETURN(opened.document, json::Parse(body));
  opened.record = *std::move(record);
  opened.dashboard = *std::move(dashboard);
  return opened;
}

// Takes the questions out of panels: visitors get answers, not the means to ask other things.
void HideQueries(json::Value& holder) {
  json::Value* panels = holder.Find("panels");
  json::Value::Array* panel_list = panels == nullptr ? nullptr : panels->mutable_items();
  if (panel_list == nullptr) return;
  for (json::Value& panel : *panel_list) {
    json::Value* targets = panel.Find("targets");
    json::Value::Array* target_list = targets == nullptr ? nullptr : targets->mutable_items();
    if (target_list != nullptr) {
      for (json::Value& target : *target_list) {
        for (const std::string_view key : {"expr", "query", "rawSql", "rawQuery"}) {
          target.Erase(key);
        }
      }
    }
    HideQueries(panel);
  }
}

http::Response View(Context& context, const http::Request& request) {
  Result<Opened> opened = Open(context, request);
  if (!opened.ok()) return ErrorAnswer(opened.error());
  HideQueries(opened->document);
  // Variables and annotations hold queries too, and visitors cannot run any.
  opened->document.Erase("templating");
  opened->document.Erase("annotations");
  const json::Value& switches = opened->record.body;
  return JsonAnswer(
      Object({{"dashboard", std::move(opened->document)},
              {"meta", Object({{"slug", Text(opened->dashboard.slug)},
                               {"type", Text("db")},
                               {"canSave", json::Value(false)},
                               {"canEdit", json::Value(false)},
                               {"canStar", json::Value(false)},
                               {"isFolder", json::Value(false)},
                               {"version", json::Value(opened->dashboard.version)},
                               {"publicDashboardEnabled", json::Value(true)},
                               {"publicDashboardAccessToken", Text(opened->record.alias)},
                               {"timeSelectionEnabled", switches["timeSelectionEnabled"]},
                               {"annotationsEnabled", switches["annotationsEnabled"]}})}}));
}

const json::Value* FindPanel(const json::Value& holder, std::int64_t id) {
  for (const json::Value& panel : holder["panels"].items()) {
    if (panel["id"].AsInt64() == id) return &panel;
    if (const json::Value* inner = FindPanel(panel, id)) return inner;
  }
  return nullptr;
}

// Runs what the panel asks, and nothing that the visitor might send.
http::Response Query(Context& context, const http::Request& request) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const Result<Opened> opened = Open(context, request);
  if (!opened.ok()) return ErrorAnswer(opened.error());
  const auto id = PathNumber(request, "panel");
  if (!id.ok()) return ErrorAnswer(id.error());
  const json::Value* panel = FindPanel(opened->document, *id);
  if (panel == nullptr) return MessageAnswer(404, "Panel not found in public dashboard");

  json::Value queries = json::Value::MakeArray();
  for (json::Value target : (*panel)["targets"].items()) {
    if (!target["datasource"].is_object()) target.Set("datasource", (*panel)["datasource"]);
    for (const std::string_view key : {"intervalMs", "maxDataPoints"}) {
      if ((*body)[key].is_number()) target.Set(key, (*body)[key]);
    }
    queries.Append(std::move(target));
  }
  const bool may_choose = opened->record.body["timeSelectionEnabled"].AsBool().value_or(false);
  const json::Value& range = may_choose && (*body)["timeRange"].is_object()
                                 ? (*body)["timeRange"]
                                 : opened->document["time"];
  const json::Value questions =
      Object({{"queries", std::move(queries)}, {"from", range["from"]}, {"to", range["to"]}});
  Caller visitor;
  visitor.org_id = opened->record.org_id;
  visitor.role = Role::kViewer;
  return RunQueries(context, request, visitor, questions);
}

}  // namespace

void AddPublicDashboardRoutes(http::Router& router, Context& context) {
  using http::Method;
  constexpr std::string_view kOne = "/api/dashboards/uid/:uid/public-dashboards";
  constexpr std::string_view kOneRecord = "/api/dashboards/uid/:uid/public-dashboards/:public";
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/dashboards/public-dashboards", Role::kViewer, List},
      {Method::kGet, kOne, Role::kViewer, Get},
      {Method::kPost, kOne, Role::kNone, Create, Guard::kWriter},
      {Method::kPatch, kOneRecord, Role::kNone, Change, Guard::kWriter},
      {Method::kDelete, kOneRecord, Role::kNone, Remove, Guard::kWriter},
  };
  AddGuardedRoutes(router, context, routes);
  router.Get("/api/public/dashboards/:token",
             [&context](const http::Request& request) { return View(context, request); });
  router.Post("/api/public/dashboards/:token/panels/:panel/query",
              [&context](const http::Request& request) { return Query(context, request); });
}

}  // namespace narthex::dashapi
