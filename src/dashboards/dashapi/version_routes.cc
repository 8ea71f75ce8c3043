#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard_answers.h"
#include "json/reader.h"
#include "json_diff.h"
#include "paging.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::DashboardRecord;
using dashstore::Role;

json::Value VersionObject(const DashboardRecord& record,
                          const dashstore::DashboardVersion& version) {
  return Object({{"id", json::Value(version.version)},
                 {"dashboardId", json::Value(record.id)},
                 {"uid", Text(record.uid)},
                 {"parentVersion", json::Value(version.parent_version)},
                 {"restoredFrom", json::Value(version.restored_from)},
                 {"version", json::Value(version.version)},
                 {"created", Text(RfcTime(version.created))},
                 {"createdBy", Text(version.created_by)},
                 {"message", Text(version.message)}});
}

http::Response ListVersions(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  const std::int64_t limit = ParseInt64(request.query.Get("limit")).value_or(1000);
  const auto versions =
      context.store.dashboards().Versions(record->id, std::clamp<std::int64_t>(limit, 1, 1000));
  if (!versions.ok()) return ErrorAnswer(versions.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& version : *versions) list.Append(VersionObject(*record, version));
  return JsonAnswer(Object({{"continueToken", Text("")}, {"versions", std::move(list)}}));
}

http::Response GetVersion(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto number = ParseInt64(request.path_parameter("version"));
  if (!number) return MessageAnswer(400, "the version must be a number");
  const auto versions = context.store.dashboards().Versions(record->id, 1000);
  if (!versions.ok()) return ErrorAnswer(versions.error());
  for (const auto& version : *versions) {
    if (version.version != *number) continue;
    const auto body = context.store.dashboards().Body(record->id, *number);
    if (!body.ok()) return ErrorAnswer(body.error());
    json::Value answer = VersionObject(*record, version);
    Result<json::Value> document = json::Parse(*body);
    if (!document.ok()) return ErrorAnswer(document.error());
    answer.Set("data", *std::move(document));
    return JsonAnswer(answer);
  }
  return MessageAnswer(404, fmt::format("Dashboard version {} not found", *number));
}

http::Response Restore(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto record = FindDashboard(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  const std::int64_t version = (*body)["version"].AsInt64().value_or(0);
  const auto text = context.store.dashboards().Body(record->id, version);
  if (!text.ok()) return ErrorAnswer(text.error());
  Result<json::Value> document = json::Parse(*text);
  if (!document.ok()) return ErrorAnswer(document.error());

  dashstore::SaveDashboard save;
  save.org_id = caller.org_id;
  save.document = *std::move(document);
  save.folder_uid = record->folder_uid;
  save.message = fmt::format("Restored from version {}", version);
  save.author = caller.user.login;
  save.overwrites = true;
  save.restored_from = version;
  const auto saved = context.store.dashboards().Save(std::move(save));
  if (!saved.ok()) return SaveErrorAnswer(saved.error());
  TellSaved(context, *saved, caller.session_id);
  return SavedAnswer(context, *saved);
}

// One side of a comparison. Errors: kNotFound, kPermissionDenied, kInvalidArgument
Result<json::Value> ReadSide(Context& context, const Caller& caller, const json::Value& side) {
  if (side["unsavedDashboard"].is_object()) return side["unsavedDashboard"];
  NARTHEX_ASSIGN_OR_RETURN(const auto record,
                           context.store.dashboards().FindById(
                               caller.org_id, side["dashboardId"].AsInt64().value_or(0)));
  if (!record) return Error(ErrorCode::kNotFound, "Dashboard not found");
  NARTHEX_TRY(CheckRight(context, caller, *record, Right::kEdit));
  NARTHEX_ASSIGN_OR_RETURN(
      const std::string body,
      context.store.dashboards().Body(record->id, side["version"].AsInt64().value_or(0)));
  return json::Parse(body);
}

// The differences of two versions: as a list of changes ("json") or as lines for people ("basic").
http::Response Compare(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto base = ReadSide(context, caller, (*body)["base"]);
  if (!base.ok()) return ErrorAnswer(base.error());
  const auto changed = ReadSide(context, caller, (*body)["new"]);
  if (!changed.ok()) return ErrorAnswer(changed.error());
  const std::vector<JsonChange> changes = Differences(*base, *changed);
  if ((*body)["diffType"].AsString("json") == "basic") {
    return http::Response::Html(200, DifferencesAsHtml(changes));
  }
  return http::Response::Json(200, DifferencesAsJson(changes));
}

}  // namespace

void AddVersionRoutes(http::Router& router, Context& context) {
  using http::Method;
  for (const std::string one : {"/api/dashboards/uid/:uid", "/api/dashboards/id/:id"}) {
    const std::string versions = one + "/versions";
    const std::string version = versions + "/:version";
    const std::string restore = one + "/restore";
    const GuardedRoute routes[] = {
        {Method::kGet, versions, Role::kNone, ListVersions, Guard::kWriter},
        {Method::kGet, version, Role::kNone, GetVersion, Guard::kWriter},
        {Method::kPost, restore, Role::kNone, Restore, Guard::kWriter},
    };
    AddGuardedRoutes(router, context, routes);
  }
  const GuardedRoute routes[] = {
      {Method::kPost, "/api/dashboards/calculate-diff", Role::kNone, Compare, Guard::kWriter},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
