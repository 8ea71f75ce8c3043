#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "json/reader.h"
#include "json/writer.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::DashboardRecord;
using dashstore::Role;

std::string DashboardUrl(const DashboardRecord& record) {
  return fmt::format("/d/{}/{}", record.uid, record.slug);
}

json::Value Meta(const DashboardRecord& record, const Caller& caller) {
  const bool may_edit = caller.role >= Role::kEditor;
  const bool is_locked = record.provisioned && !record.provisioned->allows_ui_updates;
  const std::string folder_url = record.folder_uid.empty()
                                     ? std::string()
                                     : fmt::format("/dashboards/f/{}/{}", record.folder_uid,
                                                   dashboard::Slug(record.folder_title));
  return Object(
      {{"type", Text("db")},
       {"canSave", json::Value(may_edit && !is_locked)},
       {"canEdit", json::Value(may_edit)},
       {"canAdmin", json::Value(may_edit)},
       {"canStar", json::Value(!caller.is_anonymous())},
       {"canDelete", json::Value(may_edit && !record.provisioned)},
       {"slug", Text(record.slug)},
       {"url", Text(DashboardUrl(record))},
       {"expires", Text("0001-01-01T00:00:00Z")},
       {"created", Text(RfcTime(record.created))},
       {"updated", Text(RfcTime(record.updated))},
       {"updatedBy", Text(record.updated_by)},
       {"createdBy", Text(record.created_by)},
       {"version", json::Value(record.version)},
       {"hasAcl", json::Value(false)},
       {"isFolder", json::Value(false)},
       {"folderId", json::Value(0)},
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

// Errors: kNotFound
Result<DashboardRecord> FindByPath(Context& context, const http::Request& request,
                                   const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(
      auto record, context.store.dashboards().Find(caller.org_id, request.path_parameter("uid")));
  if (!record) return Error(ErrorCode::kNotFound, "Dashboard not found");
  return *std::move(record);
}

http::Response GetDashboard(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto body = context.store.dashboards().Body(record->id, record->version);
  if (!body.ok()) return ErrorAnswer(body.error());
  // The document goes out as it is stored, without being read.
  std::string answer;
  json::Writer writer(answer);
  writer.BeginObject();
  writer.Key("meta");
  writer.Tree(Meta(*record, caller));
  writer.Key("dashboard");
  writer.Raw(*body);
  writer.EndObject();
  return http::Response::Json(200, std::move(answer));
}

// The status and word that clients branch on.
http::Response SaveErrorAnswer(const Error& error) {
  const auto answer = [&error](int status, std::string_view word) {
    return JsonAnswer(Object({{"status", Text(word)}, {"message", Text(error.message())}}), status);
  };
  switch (error.code()) {
    case ErrorCode::kFailedPrecondition:
      return answer(412, "version-mismatch");
    case ErrorCode::kNotFound:
      return answer(404, "not-found");
    case ErrorCode::kInvalidArgument:
      if (error.message().find("cannot be empty") != std::string::npos)
        return answer(400, "empty-name");
      return MessageAnswer(400, error.message());
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kPermissionDenied:
    case ErrorCode::kUnsupported:
      return MessageAnswer(400, error.message());
    default:
      return ErrorAnswer(error);
  }
}

http::Response SavedAnswer(const DashboardRecord& record) {
  return JsonAnswer(Object({{"folderUid", Text(record.folder_uid)},
                            {"id", json::Value(record.id)},
                            {"slug", Text(record.slug)},
                            {"status", Text("success")},
                            {"uid", Text(record.uid)},
                            {"url", Text(DashboardUrl(record))},
                            {"version", json::Value(record.version)}}));
}

// "general" is the root's name in old clients.
std::string FolderUid(std::string_view uid) {
  return uid == "general" ? std::string() : std::string(uid);
}

http::Response Save(Context& context, const http::Request& request, const Caller& caller) {
  Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  json::Value* document = body->Find("dashboard");
  if (document == nullptr || !document->is_object()) {
    return MessageAnswer(400, "bad request data: \"dashboard\" must be an object");
  }
  dashstore::SaveDashboard save;
  save.org_id = caller.org_id;
  save.folder_uid = FolderUid((*body)["folderUid"].AsString());
  save.message = (*body)["message"].AsString();
  save.overwrites = (*body)["overwrite"].AsBool().value_or(false);
  save.author = caller.user.login;
  save.document = std::move(*document);
  const auto saved = context.store.dashboards().Save(std::move(save));
  return saved.ok() ? SavedAnswer(*saved) : SaveErrorAnswer(saved.error());
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto removed =
      context.store.dashboards().Remove(caller.org_id, request.path_parameter("uid"));
  if (!removed.ok()) return SaveErrorAnswer(removed.error());
  return JsonAnswer(Object({{"id", json::Value(removed->id)},
                            {"message", Text(fmt::format("Dashboard {} deleted", removed->title))},
                            {"title", Text(removed->title)},
                            {"uid", Text(removed->uid)}}));
}

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
  const auto record = FindByPath(context, request, caller);
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
  const auto record = FindByPath(context, request, caller);
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
  const auto record = FindByPath(context, request, caller);
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
  return saved.ok() ? SavedAnswer(*saved) : SaveErrorAnswer(saved.error());
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
  if (!document.ok()) return MessageAnswer(422, document.error().message());
  document->Erase("id");

  dashstore::SaveDashboard save;
  save.org_id = caller.org_id;
  save.document = *std::move(document);
  save.folder_uid = FolderUid((*body)["folderUid"].AsString());
  save.author = caller.user.login;
  save.overwrites = (*body)["overwrite"].AsBool().value_or(false);
  const auto saved = context.store.dashboards().Save(std::move(save));
  if (!saved.ok()) return SaveErrorAnswer(saved.error());
  return JsonAnswer(Object({{"uid", Text(saved->uid)},
                            {"pluginId", Text("")},
                            {"title", Text(saved->title)},
                            {"imported", json::Value(true)},
                            {"importedUri", Text("db/" + saved->slug)},
                            {"importedUrl", Text(DashboardUrl(*saved))},
                            {"slug", Text(saved->slug)},
                            {"dashboardId", json::Value(saved->id)},
                            {"folderUid", Text(saved->folder_uid)},
                            {"revision", json::Value(0)}}));
}

http::Response SetStar(Context& context, const http::Request& request, const Caller& caller,
                       bool is_starred) {
  if (caller.is_anonymous()) return MessageAnswer(401, "Unauthorized");
  const auto record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  const Status status = context.store.dashboards().SetStar(caller.user.id, record->id, is_starred);
  if (!status.ok()) return ErrorAnswer(status.error());
  return MessageAnswer(200, is_starred ? "Dashboard starred!" : "Dashboard unstarred");
}

}  // namespace

void AddDashboardRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/dashboards/uid/:uid", Role::kViewer, GetDashboard},
      {http::Method::kDelete, "/api/dashboards/uid/:uid", Role::kEditor, Remove},
      {http::Method::kPost, "/api/dashboards/db", Role::kEditor, Save},
      {http::Method::kPost, "/api/dashboards/import", Role::kEditor, Import},
      {http::Method::kGet, "/api/dashboards/uid/:uid/versions", Role::kEditor, ListVersions},
      {http::Method::kGet, "/api/dashboards/uid/:uid/versions/:version", Role::kEditor, GetVersion},
      {http::Method::kPost, "/api/dashboards/uid/:uid/restore", Role::kEditor, Restore},
  };
  AddGuardedRoutes(router, context, routes);
  for (const bool is_starred : {true, false}) {
    router.Handle(
        is_starred ? http::Method::kPost : http::Method::kDelete,
        "/api/user/stars/dashboard/uid/:uid",
        RequireRole(context, Role::kViewer,
                    [&context, is_starred](const http::Request& request, const Caller& caller) {
                      return SetStar(context, request, caller, is_starred);
                    }));
  }
}

}  // namespace narthex::dashapi
