#include <fmt/format.h>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "dashboard/document.h"
#include "dashboard_answers.h"
#include "json/writer.h"
#include "library_elements.h"
#include "preferences.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::DashboardRecord;
using dashstore::Role;

json::Value Meta(const Context& context, const DashboardRecord& record, const Caller& caller,
                 Right right, std::int64_t folder_id) {
  const bool may_edit = right >= Right::kEdit;
  const bool is_locked = record.provisioned && !record.provisioned->allows_ui_updates;
  const std::string folder_url = record.folder_uid.empty()
                                     ? std::string()
                                     : FolderUrl(context, record.folder_uid, record.folder_title);
  return Object(
      {{"type", Text("db")},
       {"canSave", json::Value(may_edit && !is_locked)},
       {"canEdit", json::Value(may_edit)},
       {"canAdmin", json::Value(right >= Right::kAdmin)},
       {"canStar", json::Value(!caller.is_anonymous())},
       {"canDelete", json::Value(may_edit && !record.provisioned)},
       {"slug", Text(record.slug)},
       {"url", Text(DashboardUrl(context, record))},
       {"expires", Text("0001-01-01T00:00:00Z")},
       {"created", Text(RfcTime(record.created))},
       {"updated", Text(RfcTime(record.updated))},
       {"updatedBy", Text(record.updated_by)},
       {"createdBy", Text(record.created_by)},
       {"version", json::Value(record.version)},
       {"hasAcl", json::Value(false)},
       {"isFolder", json::Value(false)},
       {"folderId", json::Value(folder_id)},
       {"folderUid", Text(record.folder_uid)},
       {"folderTitle", Text(record.folder_uid.empty() ? "General" : record.folder_title)},
       {"folderUrl", Text(folder_url)},
       {"provisioned", json::Value(record.provisioned.has_value())},
       {"provisionedExternalId", Text(record.provisioned ? record.provisioned->path : "")},
       {"annotationsPermissions",
        Object({{"dashboard", Object({{"canAdd", json::Value(may_edit)},
                                      {"canEdit", json::Value(may_edit)},
                                      {"canDelete", json::Value(may_edit)}})}})}});
}

http::Response DashboardAnswer(Context& context, const DashboardRecord& record,
                               const Caller& caller) {
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  const auto body = context.store.dashboards().Body(record.id, record.version);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto folder = context.store.folders().Find(caller.org_id, record.folder_uid);
  if (!folder.ok()) return ErrorAnswer(folder.error());
  // The document goes out as it is stored, without being read.
  std::string answer;
  json::Writer writer(answer);
  writer.BeginObject();
  writer.Key("meta");
  writer.Tree(Meta(context, record, caller, access->ToDashboard(record.uid, record.folder_uid),
                   *folder ? (*folder)->id : 0));
  writer.Key("dashboard");
  writer.Raw(*body);
  writer.EndObject();
  return http::Response::Json(200, std::move(answer));
}

http::Response GetDashboard(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kView);
  if (!record.ok()) return ErrorAnswer(record.error());
  return DashboardAnswer(context, *record, caller);
}

// The dashboard that the caller's preferences name, else the built-in start page.
http::Response Home(Context& context, const http::Request&, const Caller& caller) {
  const auto preferences = PreferencesOf(context, caller);
  if (!preferences.ok()) return ErrorAnswer(preferences.error());
  const std::string_view uid = (*preferences)["homeDashboardUID"].AsString();
  if (!uid.empty()) {
    const auto record = context.store.dashboards().Find(caller.org_id, uid);
    if (!record.ok()) return ErrorAnswer(record.error());
    if (*record && CheckRight(context, caller, **record, Right::kView).ok()) {
      return JsonAnswer(Object({{"redirectUri", Text(DashboardUrl(context, **record))}}));
    }
  }
  json::Value dashboard = Object({{"title", Text("Home")},
                                  {"panels", json::Value::MakeArray()},
                                  {"schemaVersion", json::Value(41)},
                                  {"editable", json::Value(false)}});
  return JsonAnswer(Object({{"meta", Object({{"isHome", json::Value(true)},
                                             {"canSave", json::Value(false)},
                                             {"canEdit", json::Value(false)},
                                             {"canStar", json::Value(false)},
                                             {"isFolder", json::Value(false)},
                                             {"folderTitle", Text("General")}})},
                            {"dashboard", std::move(dashboard)}}));
}

// Errors: kPermissionDenied  the dashboard that is there, or the folder it is to stand in
Status CheckMaySave(Context& context, const Caller& caller, const dashstore::SaveDashboard& save) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  dashstore::Dashboards& dashboards = context.store.dashboards();
  const std::string_view uid = save.document["uid"].AsString();
  const std::int64_t id = save.document["id"].AsInt64().value_or(0);
  std::optional<DashboardRecord> stored;
  if (id != 0) {
    NARTHEX_ASSIGN_OR_RETURN(stored, dashboards.FindById(caller.org_id, id));
  } else if (!uid.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(stored, dashboards.Find(caller.org_id, uid));
  }
  const bool may_change =
      !stored || access.ToDashboard(stored->uid, stored->folder_uid) >= Right::kEdit;
  const bool moves = !stored || stored->folder_uid != save.folder_uid;
  if (may_change && (!moves || access.ToFolder(save.folder_uid) >= Right::kEdit)) return Ok();
  return Error(ErrorCode::kPermissionDenied, std::string(kSaveDenied));
}

http::Response Save(Context& context, const http::Request& request, const Caller& caller) {
  Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  json::Value* document = body->Find("dashboard");
  if (document == nullptr || !document->is_object()) {
    return MessageAnswer(400, "bad request data: \"dashboard\" must be an object");
  }
  Result<std::string> folder_uid = NamedFolder(context, caller, *body);
  if (!folder_uid.ok()) return SaveErrorAnswer(folder_uid.error());
  dashstore::SaveDashboard save;
  save.org_id = caller.org_id;
  save.folder_uid = *std::move(folder_uid);
  save.message = (*body)["message"].AsString();
  save.overwrites = (*body)["overwrite"].AsBool().value_or(false);
  save.author = caller.user.login;
  save.document = std::move(*document);
  if (const Status may = CheckMaySave(context, caller, save); !may.ok()) {
    return SaveErrorAnswer(may.error());
  }
  const auto saved = context.store.dashboards().Save(std::move(save));
  if (!saved.ok()) return SaveErrorAnswer(saved.error());
  TellSaved(context, *saved, caller.session_id);
  return SavedAnswer(context, *saved);
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto removed = context.store.dashboards().Remove(caller.org_id, record->uid);
  if (!removed.ok()) return SaveErrorAnswer(removed.error());
  return JsonAnswer(Object({{"id", json::Value(removed->id)},
                            {"message", Text(fmt::format("Dashboard {} deleted", removed->title))},
                            {"title", Text(removed->title)},
                            {"uid", Text(removed->uid)}}));
}

http::Response Import(Context& context, const http::Request& request, const Caller& caller) {
  Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  std::vector<dashboard::ImportInput> inputs;
  for (const json::Value& input : (*body)["inputs"].items()) {
    inputs.push_back({std::string(input["name"].AsString()), std::string(input["type"].AsString()),
                      std::string(input["value"].AsString())});
  }
  json::Value* given = body->Find("dashboard");
  if (given == nullptr || !given->is_object()) {
    return MessageAnswer(422, "Dashboard must be set");
  }
  Result<json::Value> document = dashboard::ApplyInputs(std::move(*given), inputs);
  if (document.code() == ErrorCode::kResourceExhausted) return ErrorAnswer(document.error());
  if (!document.ok()) return MessageAnswer(422, document.error().message());
  document->Erase("id");

  Result<std::string> folder_uid = NamedFolder(context, caller, *body);
  if (!folder_uid.ok()) return SaveErrorAnswer(folder_uid.error());
  dashstore::SaveDashboard save;
  save.org_id = caller.org_id;
  save.document = *std::move(document);
  save.folder_uid = *std::move(folder_uid);
  save.author = caller.user.login;
  save.overwrites = (*body)["overwrite"].AsBool().value_or(false);
  if (const Status may = CheckMaySave(context, caller, save); !may.ok()) {
    return SaveErrorAnswer(may.error());
  }
  auto elements = NewLibraryElements(context, caller, save.folder_uid, save.document["__elements"]);
  if (!elements.ok()) return ErrorAnswer(elements.error());
  save.document.Erase("__elements");
  const auto saved = context.store.dashboards().Save(std::move(save));
  if (!saved.ok()) return SaveErrorAnswer(saved.error());
  const Status created = CreateLibraryElements(context, *std::move(elements));
  if (!created.ok()) return ErrorAnswer(created.error());
  TellSaved(context, *saved, caller.session_id);
  return JsonAnswer(Object({{"uid", Text(saved->uid)},
                            {"pluginId", Text("")},
                            {"title", Text(saved->title)},
                            {"imported", json::Value(true)},
                            {"importedUri", Text("db/" + saved->slug)},
                            {"importedUrl", Text(DashboardUrl(context, *saved))},
                            {"slug", Text(saved->slug)},
                            {"dashboardId", json::Value(saved->id)},
                            {"folderUid", Text(saved->folder_uid)},
                            {"revision", json::Value(0)}}));
}

http::Response SetStar(Context& context, const http::Request& request, const Caller& caller,
                       bool is_starred) {
  if (caller.is_anonymous()) return MessageAnswer(401, "Unauthorized");
  const auto record = FindDashboard(context, request, caller, Right::kView);
  if (!record.ok()) return ErrorAnswer(record.error());
  const Status status = context.store.dashboards().SetStar(caller.user.id, record->id, is_starred);
  if (!status.ok()) return ErrorAnswer(status.error());
  return MessageAnswer(200, is_starred ? "Dashboard starred!" : "Dashboard unstarred");
}

}  // namespace

void AddDashboardRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/dashboards/uid/:uid", Role::kViewer, GetDashboard},
      {http::Method::kDelete, "/api/dashboards/uid/:uid", Role::kNone, Remove, Guard::kWriter},
      {http::Method::kPost, "/api/dashboards/db", Role::kNone, Save, Guard::kWriter},
      {http::Method::kPost, "/api/dashboards/import", Role::kNone, Import, Guard::kWriter},
      {http::Method::kGet, "/api/dashboards/home", Role::kViewer, Home},
  };
  AddGuardedRoutes(router, context, routes);
  for (const bool is_starred : {true, false}) {
    const auto handler =
        RequireRole(context, Role::kViewer,
                    [&context, is_starred](const http::Request& request, const Caller& caller) {
                      return SetStar(context, request, caller, is_starred);
                    });
    for (const std::string_view pattern :
         {"/api/user/stars/dashboard/uid/:uid", "/api/user/stars/dashboard/:id"}) {
      router.Handle(is_starred ? http::Method::kPost : http::Method::kDelete, pattern, handler);
    }
  }
}

}  // namespace narthex::dashapi
