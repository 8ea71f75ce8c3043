#include <fmt/format.h>

#include <algorithm>

#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Folder;
using dashstore::Role;

json::Value FolderObject(const Folder& folder, const Caller& caller) {
  const bool may_edit = caller.role >= Role::kEditor;
  json::Value object = Object(
      {{"id", json::Value(folder.id)},
       {"uid", Text(folder.uid)},
       {"orgId", json::Value(folder.org_id)},
       {"title", Text(folder.title)},
       {"url", Text(fmt::format("/dashboards/f/{}/{}", folder.uid, dashboard::Slug(folder.title)))},
       {"hasAcl", json::Value(false)},
       {"canSave", json::Value(may_edit)},
       {"canEdit", json::Value(may_edit)},
       {"canAdmin", json::Value(caller.role >= Role::kAdmin)},
       {"canDelete", json::Value(may_edit)},
       {"createdBy", Text(folder.created_by)},
       {"created", Text(RfcTime(folder.created))},
       {"updatedBy", Text(folder.updated_by)},
       {"updated", Text(RfcTime(folder.updated))},
       {"version", json::Value(folder.version)}});
  if (!folder.parent_uid.empty()) object.Set("parentUid", Text(folder.parent_uid));
  return object;
}

Result<Folder> FindByPath(Context& context, const http::Request& request, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(
      auto folder, context.store.folders().Find(caller.org_id, request.path_parameter("uid")));
  if (!folder) return Error(ErrorCode::kNotFound, "folder not found");
  return *std::move(folder);
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  const auto folders = context.store.folders().List(caller.org_id, request.query.Get("parentUid"));
  if (!folders.ok()) return ErrorAnswer(folders.error());
  const std::int64_t limit = std::clamp(ParseInt64(request.query.Get("limit")).value_or(1000),
                                        std::int64_t{1}, std::int64_t{5000});
  const std::int64_t page = std::clamp(ParseInt64(request.query.Get("page")).value_or(1),
                                       std::int64_t{1}, std::int64_t{5000});
  json::Value list = json::Value::MakeArray();
  for (std::int64_t i = (page - 1) * limit; i < page * limit && i < std::ssize(*folders); ++i) {
    const Folder& folder = (*folders)[static_cast<std::size_t>(i)];
    json::Value entry = Object(
        {{"id", json::Value(folder.id)}, {"uid", Text(folder.uid)}, {"title", Text(folder.title)}});
    if (!folder.parent_uid.empty()) entry.Set("parentUid", Text(folder.parent_uid));
    list.Append(std::move(entry));
  }
  return JsonAnswer(list);
}

// The folders above, from the root down.
Result<json::Value> Parents(Context& context, const Folder& folder) {
  json::Value::Array parents;
  std::string uid = folder.parent_uid;
  while (!uid.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto parent, context.store.folders().Find(folder.org_id, uid));
    if (!parent) break;
    parents.push_back(Object({{"uid", Text(parent->uid)}, {"title", Text(parent->title)}}));
    uid = parent->parent_uid;
  }
  std::reverse(parents.begin(), parents.end());
  return json::Value(std::move(parents));
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  if (request.path_parameter("uid") == "general") {
    return JsonAnswer(Object({{"id", json::Value(0)},
                              {"uid", Text("")},
                              {"title", Text("Dashboards")},
                              {"canSave", json::Value(caller.role >= Role::kEditor)}}));
  }
  const auto folder = FindByPath(context, request, caller);
  if (!folder.ok()) return ErrorAnswer(folder.error());
  Result<json::Value> parents = Parents(context, *folder);
  if (!parents.ok()) return ErrorAnswer(parents.error());
  json::Value object = FolderObject(*folder, caller);
  if (parents->size() > 0) object.Set("parents", *std::move(parents));
  return JsonAnswer(object);
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Folder folder;
  folder.org_id = caller.org_id;
  folder.uid = (*body)["uid"].AsString();
  folder.title = (*body)["title"].AsString();
  folder.parent_uid = (*body)["parentUid"].AsString();
  folder.created_by = caller.user.login;
  const auto made = context.store.folders().Create(std::move(folder));
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(FolderObject(*made, caller));
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Folder> folder = FindByPath(context, request, caller);
  if (!folder.ok()) return ErrorAnswer(folder.error());
  folder->title = (*body)["title"].AsString();
  folder->updated_by = caller.user.login;
  if (!(*body)["overwrite"].AsBool().value_or(false)) {
    folder->version = (*body)["version"].AsInt64().value_or(0);
  }
  const auto updated = context.store.folders().Update(*folder);
  if (updated.code() == ErrorCode::kFailedPrecondition) {
    return JsonAnswer(Object({{"status", Text("version-mismatch")},
                              {"message", Text(updated.error().message())}}),
                      412);
  }
  if (!updated.ok()) return ErrorAnswer(updated.error());
  return JsonAnswer(FolderObject(*updated, caller));
}

http::Response Move(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Folder> folder = FindByPath(context, request, caller);
  if (!folder.ok()) return ErrorAnswer(folder.error());
  folder->parent_uid = (*body)["parentUid"].AsString();
  folder->updated_by = caller.user.login;
  const auto moved = context.store.folders().Update(*folder);
  if (!moved.ok()) return ErrorAnswer(moved.error());
  return JsonAnswer(FolderObject(*moved, caller));
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto folder = FindByPath(context, request, caller);
  if (!folder.ok()) return ErrorAnswer(folder.error());
  const Status removed = context.store.folders().Remove(caller.org_id, folder->uid);
  if (removed.code() == ErrorCode::kPermissionDenied)
    return MessageAnswer(400, removed.error().message());
  if (!removed.ok()) return ErrorAnswer(removed.error());
  return JsonAnswer(Object({{"id", json::Value(folder->id)},
                            {"title", Text(folder->title)},
                            {"message", Text("Folder deleted")}}));
}

}  // namespace

void AddFolderRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/folders", Role::kViewer, List},
      {http::Method::kPost, "/api/folders", Role::kEditor, Create},
      {http::Method::kGet, "/api/folders/:uid", Role::kViewer, Get},
      {http::Method::kPut, "/api/folders/:uid", Role::kEditor, Update},
      {http::Method::kDelete, "/api/folders/:uid", Role::kEditor, Remove},
      {http::Method::kPost, "/api/folders/:uid/move", Role::kEditor, Move},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
