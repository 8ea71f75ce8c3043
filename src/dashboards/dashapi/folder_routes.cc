#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard_answers.h"
#include "paging.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Folder;
using dashstore::Role;

json::Value FolderObject(const Context& context, const Folder& folder, Right right) {
  const bool may_edit = right >= Right::kEdit;
  json::Value object = Object({{"id", json::Value(folder.id)},
                               {"uid", Text(folder.uid)},
                               {"orgId", json::Value(folder.org_id)},
                               {"title", Text(folder.title)},
                               {"url", Text(FolderUrl(context, folder.uid, folder.title))},
                               {"hasAcl", json::Value(false)},
                               {"canSave", json::Value(may_edit)},
                               {"canEdit", json::Value(may_edit)},
                               {"canAdmin", json::Value(right >= Right::kAdmin)},
                               {"canDelete", json::Value(may_edit)},
                               {"createdBy", Text(folder.created_by)},
                               {"created", Text(RfcTime(folder.created))},
                               {"updatedBy", Text(folder.updated_by)},
                               {"updated", Text(RfcTime(folder.updated))},
                               {"version", json::Value(folder.version)}});
  if (!folder.parent_uid.empty()) object.Set("parentUid", Text(folder.parent_uid));
  return object;
}

// Errors: kNotFound "folder not found"; kPermissionDenied  the caller has less than `needed`
Result<Folder> FindByPath(Context& context, const http::Request& request, const Caller& caller,
                          Right needed) {
  dashstore::Folders& folders = context.store.folders();
  const auto id = ParseInt64(request.path_parameter("id"));
  NARTHEX_ASSIGN_OR_RETURN(auto folder,
                           id ? folders.FindById(caller.org_id, *id)
                              : folders.Find(caller.org_id, request.path_parameter("uid")));
  if (!folder) return Error(ErrorCode::kNotFound, "folder not found");
  NARTHEX_TRY(CheckFolderRight(context, caller, folder->uid, needed));
  return *std::move(folder);
}

// With the word that clients branch on.
http::Response FolderErrorAnswer(const Error& error) {
  if (error.code() != ErrorCode::kNotFound) return ErrorAnswer(error);
  return JsonAnswer(Object({{"status", Text("not-found")}, {"message", Text(error.message())}}),
                    404);
}

http::Response FolderAnswer(Context& context, const Folder& folder, const Caller& caller) {
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  return JsonAnswer(FolderObject(context, folder, access->ToFolder(folder.uid)));
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  auto folders = context.store.folders().List(caller.org_id, request.query.Get("parentUid"));
  if (!folders.ok()) return ErrorAnswer(folders.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  const Right needed = request.query.Get("permission") == "Edit" ? Right::kEdit : Right::kView;
  std::erase_if(*folders,
                [&](const Folder& folder) { return access->ToFolder(folder.uid) < needed; });
  json::Value list = json::Value::MakeArray();
  for (const Folder& folder : PageOf(*std::move(folders), ReadPaging(request))) {
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
  const auto folder = FindByPath(context, request, caller, Right::kView);
  if (!folder.ok()) return FolderErrorAnswer(folder.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  Result<json::Value> parents = Parents(context, *folder);
  if (!parents.ok()) return ErrorAnswer(parents.error());
  json::Value object = FolderObject(context, *folder, access->ToFolder(folder->uid));
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
  const Status may = CheckFolderRight(context, caller, folder.parent_uid, Right::kEdit);
  if (!may.ok()) return ErrorAnswer(may.error());
  const auto made = context.store.folders().Create(std::move(folder));
  if (!made.ok()) return ErrorAnswer(made.error());
  return FolderAnswer(context, *made, caller);
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Folder> folder = FindByPath(context, request, caller, Right::kEdit);
  if (!folder.ok()) return FolderErrorAnswer(folder.error());
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
  return FolderAnswer(context, *updated, caller);
}

http::Response Move(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Folder> folder = FindByPath(context, request, caller, Right::kEdit);
  if (!folder.ok()) return FolderErrorAnswer(folder.error());
  folder->parent_uid = (*body)["parentUid"].AsString();
  const Status may = CheckFolderRight(context, caller, folder->parent_uid, Right::kEdit);
  if (!may.ok()) return ErrorAnswer(may.error());
  folder->updated_by = caller.user.login;
  const auto moved = context.store.folders().Update(*folder);
  if (!moved.ok()) return ErrorAnswer(moved.error());
  return FolderAnswer(context, *moved, caller);
}

// What stands in the folder and those below it, as far as the caller may see it.
struct Content {
  std::ptrdiff_t folders = 0;
  std::ptrdiff_t dashboards = 0;
  std::ptrdiff_t elements = 0;
};

Result<Content> CountContent(Context& context, const Caller& caller, std::string_view folder_uid) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  NARTHEX_ASSIGN_OR_RETURN(const auto below,
                           context.store.folders().Below(caller.org_id, folder_uid));
  dashstore::DashboardSearch search;
  search.org_id = caller.org_id;
  search.folder_uids = below;
  search.limit = -1;
  NARTHEX_ASSIGN_OR_RETURN(const auto dashboards, context.store.dashboards().Search(search));
  NARTHEX_ASSIGN_OR_RETURN(const auto elements,
                           context.store.records().List(caller.org_id, "library-element"));
  const auto may_see = [&](std::string_view uid) { return access.ToFolder(uid) >= Right::kView; };

  Content content;
  // The folder itself is one of them.
  content.folders = std::count_if(below.begin(), below.end(), may_see) - 1;
  content.dashboards = std::count_if(dashboards.begin(), dashboards.end(), [&](const auto& record) {
    return access.ToDashboard(record.uid, record.folder_uid) >= Right::kView;
  });
  content.elements = std::count_if(elements.begin(), elements.end(), [&](const auto& element) {
    return std::find(below.begin(), below.end(), element.alias) != below.end() &&
           may_see(element.alias);
  });
  return content;
}

http::Response Counts(Context& context, const http::Request& request, const Caller& caller) {
  const auto folder = FindByPath(context, request, caller, Right::kView);
  if (!folder.ok()) return FolderErrorAnswer(folder.error());
  const auto content = CountContent(context, caller, folder->uid);
  if (!content.ok()) return ErrorAnswer(content.error());
  return JsonAnswer(Object({{"folder", json::Value(std::int64_t{content->folders})},
                            {"dashboard", json::Value(std::int64_t{content->dashboards})},
                            {"librarypanel", json::Value(std::int64_t{content->elements})},
                            {"alertrule", json::Value(0)}}));
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto folder = FindByPath(context, request, caller, Right::kEdit);
  if (!folder.ok()) return FolderErrorAnswer(folder.error());
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
      {http::Method::kPost, "/api/folders", Role::kNone, Create, Guard::kWriter},
      {http::Method::kGet, "/api/folders/:uid", Role::kViewer, Get},
      {http::Method::kGet, "/api/folders/id/:id", Role::kViewer, Get},
      {http::Method::kPut, "/api/folders/:uid", Role::kNone, Update, Guard::kWriter},
      {http::Method::kDelete, "/api/folders/:uid", Role::kNone, Remove, Guard::kWriter},
      {http::Method::kPost, "/api/folders/:uid/move", Role::kNone, Move, Guard::kWriter},
      {http::Method::kGet, "/api/folders/:uid/counts", Role::kViewer, Counts},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
