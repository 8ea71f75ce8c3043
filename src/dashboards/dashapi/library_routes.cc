#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "library_elements.h"
#include "paging.h"
#include "people_answers.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Record;
using dashstore::Role;

// A record's alias is the folder it stands in, so that folders know what is in them.
constexpr std::string_view kKind = "library-element";
constexpr std::int64_t kPanel = 1;
constexpr std::int64_t kVariable = 2;

std::string FolderUid(std::string_view uid) {
  return uid == "general" ? std::string() : std::string(uid);
}

json::Value Author(std::string_view login) {
  return Object(
      {{"id", json::Value(0)}, {"name", Text(login)}, {"avatarUrl", Text(AvatarUrl(login))}});
}

Result<json::Value> ElementObject(Context& context, const Record& record) {
  NARTHEX_ASSIGN_OR_RETURN(const auto users,
                           context.store.dashboards().UsersOfElement(record.org_id, record.uid));
  std::string folder_name = "General";
  std::int64_t folder_id = 0;
  if (!record.alias.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto folder,
                             context.store.folders().Find(record.org_id, record.alias));
    folder_name = folder ? folder->title : std::string();
    folder_id = folder ? folder->id : 0;
  }
  const json::Value& model = record.body["model"];
  return Object({{"id", json::Value(record.id)},
                 {"orgId", json::Value(record.org_id)},
                 {"folderId", json::Value(folder_id)},
                 {"folderUid", Text(record.alias)},
                 {"uid", Text(record.uid)},
                 {"name", Text(record.name)},
                 {"kind", record.body["kind"]},
                 {"type", Text(model["type"].AsString())},
                 {"description", Text(model["description"].AsString())},
                 {"model", model},
                 {"version", json::Value(record.version)},
                 {"meta", Object({{"folderName", Text(folder_name)},
                                  {"folderUid", Text(record.alias)},
                                  {"connectedDashboards",
                                   json::Value(static_cast<std::int64_t>(users.size()))},
                                  {"created", Text(RfcTime(record.created))},
                                  {"updated", Text(RfcTime(record.updated))},
                                  {"createdBy", Author(record.created_by)},
                                  {"updatedBy", Author(record.updated_by)}})}});
}

http::Response ElementAnswer(Context& context, const Record& record) {
  Result<json::Value> element = ElementObject(context, record);
  if (!element.ok()) return ErrorAnswer(element.error());
  return JsonAnswer(Object({{"result", *std::move(element)}}));
}

// Errors: kNotFound; kPermissionDenied  less than `needed` on its folder
Result<Record> FindByPath(Context& context, const http::Request& request, const Caller& caller,
                          Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(auto record, context.store.records().Find(
                                            caller.org_id, kKind, request.path_parameter("uid")));
  if (!record) return Error(ErrorCode::kNotFound, "library element could not be found");
  NARTHEX_TRY(CheckFolderRight(context, caller, record->alias, needed));
  return *std::move(record);
}

// Takes over what the body names. Errors: kInvalidArgument
Status ReadFields(Context& context, const json::Value& body, Record& record) {
  const auto refuse = [](std::string_view why) {
    return Error(ErrorCode::kInvalidArgument, std::string(why));
  };
  if (body["name"].is_string()) record.name = body["name"].AsString();
  if (body["folderUid"].is_string()) record.alias = FolderUid(body["folderUid"].AsString());
  // The number that older clients know a folder by.
  if (const auto id = body["folderId"].AsInt64(); id && *id > 0 && body["folderUid"].is_null()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto folder,
                             context.store.folders().FindById(record.org_id, *id));
    if (!folder) return refuse("folder not found");
    record.alias = folder->uid;
  }
  if (body["kind"].is_number()) record.body.Set("kind", body["kind"]);
  if (body["model"].is_object()) record.body.Set("model", body["model"]);
  const auto kind = record.body["kind"].AsInt64();
  if (kind != kPanel && kind != kVariable) return refuse("the kind must be 1 or 2");
  if (record.name.empty()) return refuse("the name must not be empty");
  if (!record.body["model"].is_object()) return refuse("the model must be an object");
  if (!record.alias.empty()) {
    NARTHEX_ASSIGN_OR_RETURN(const auto folder,
                             context.store.folders().Find(record.org_id, record.alias));
    if (!folder) return refuse("folder not found");
  }
  NARTHEX_ASSIGN_OR_RETURN(const auto all, context.store.records().List(record.org_id, kKind));
  for (const Record& other : all) {
    if (other.name == record.name && other.alias == record.alias && other.uid != record.uid) {
      return refuse("library element with that name already exists");
    }
  }
  return Ok();
}

// A record that is not stored yet. Errors: kInvalidArgument; kPermissionDenied
Result<Record> NewElement(Context& context, const Caller& caller, const json::Value& body) {
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.uid = body["uid"].AsString();
  record.created_by = caller.user.login;
  NARTHEX_TRY(dashboard::CheckUid(record.uid));
  NARTHEX_TRY(ReadFields(context, body, record));
  NARTHEX_TRY(CheckFolderRight(context, caller, record.alias, Right::kEdit));
  return record;
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Record> record = NewElement(context, caller, *body);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto made = context.store.records().Create(*std::move(record));
  if (made.code() == ErrorCode::kAlreadyExists) {
    return MessageAnswer(400, "library element with that UID already exists");
  }
  return made.ok() ? ElementAnswer(context, *made) : ErrorAnswer(made.error());
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Record> record = FindByPath(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  Status read = ReadFields(context, *body, *record);
  if (read.ok()) read = CheckFolderRight(context, caller, record->alias, Right::kEdit);
  if (!read.ok()) return ErrorAnswer(read.error());
  record->version = (*body)["version"].AsInt64().value_or(0);
  record->updated_by = caller.user.login;
  const auto updated = context.store.records().Update(*std::move(record));
  if (updated.code() == ErrorCode::kFailedPrecondition) {
    return MessageAnswer(412, "the library element has been changed by someone else");
  }
  return updated.ok() ? ElementAnswer(context, *updated) : ErrorAnswer(updated.error());
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller, Right::kView);
  return record.ok() ? ElementAnswer(context, *record) : ErrorAnswer(record.error());
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller, Right::kEdit);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto users = context.store.dashboards().UsersOfElement(caller.org_id, record->uid);
  if (!users.ok()) return ErrorAnswer(users.error());
  if (!users->empty()) return MessageAnswer(403, "the library element has connections");
  const Status removed = context.store.records().Remove(caller.org_id, kKind, record->uid);
  if (!removed.ok()) return ErrorAnswer(removed.error());
  return JsonAnswer(
      Object({{"message", Text("Library element deleted")}, {"id", json::Value(record->id)}}));
}

// Words of a comma list, as parameters hold them.
bool ListHas(std::string_view list, std::string_view word) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (list.substr(0, end) == word) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

bool Fits(const http::Parameters& query, const Record& record) {
  const auto kind = ParseInt64(query.Get("kind"));
  if (kind && *kind != 0 && record.body["kind"].AsInt64() != kind) return false;
  const json::Value& model = record.body["model"];
  const std::string_view text = query.Get("searchString");
  if (!ContainsFold(record.name, text) && !ContainsFold(model["description"].AsString(), text)) {
    return false;
  }
  if (const auto types = query.Get("typeFilter");
      !types.empty() && !ListHas(types, model["type"].AsString())) {
    return false;
  }
  if (const auto folders = query.Get("folderFilterUIDs");
      !folders.empty() && !ListHas(folders, record.alias.empty() ? "general" : record.alias)) {
    return false;
  }
  return record.uid != query.Get("excludeUid");
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  auto records = context.store.records().List(caller.org_id, kKind);
  if (!records.ok()) return ErrorAnswer(records.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  std::erase_if(*records, [&](const Record& record) {
    return !Fits(request.query, record) || access->ToFolder(record.alias) < Right::kView;
  });
  if (request.query.Get("sortDirection") == "alpha-desc") {
    std::reverse(records->begin(), records->end());
  }
  Paging paging = ReadPaging(request, 100);
  if (const auto size = ParseInt64(request.query.Get("perPage"))) {
    paging.size = std::clamp(*size, std::int64_t{1}, std::int64_t{5000});
  }
  const auto total = static_cast<std::int64_t>(records->size());
  json::Value elements = json::Value::MakeArray();
  for (const Record& record : PageOf(*std::move(records), paging)) {
    Result<json::Value> element = ElementObject(context, record);
    if (!element.ok()) return ErrorAnswer(element.error());
    elements.Append(*std::move(element));
  }
  return JsonAnswer(Object({{"result", Object({{"totalCount", json::Value(total)},
                                               {"elements", std::move(elements)},
                                               {"page", json::Value(paging.page)},
                                               {"perPage", json::Value(paging.size)}})}}));
}

http::Response GetByName(Context& context, const http::Request& request, const Caller& caller) {
  const auto records = context.store.records().List(caller.org_id, kKind);
  if (!records.ok()) return ErrorAnswer(records.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  json::Value list = json::Value::MakeArray();
  for (const Record& record : *records) {
    if (record.name != request.path_parameter("name")) continue;
    if (access->ToFolder(record.alias) < Right::kView) continue;
    Result<json::Value> element = ElementObject(context, record);
    if (!element.ok()) return ErrorAnswer(element.error());
    list.Append(*std::move(element));
  }
  if (list.size() == 0) return MessageAnswer(404, "library element could not be found");
  return JsonAnswer(Object({{"result", std::move(list)}}));
}

http::Response Connections(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller, Right::kView);
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto users = context.store.dashboards().UsersOfElement(caller.org_id, record->uid);
  if (!users.ok()) return ErrorAnswer(users.error());
  const auto access = Access::Of(context, caller);
  if (!access.ok()) return ErrorAnswer(access.error());
  json::Value list = json::Value::MakeArray();
  for (const dashstore::DashboardRecord& user : *users) {
    if (access->ToDashboard(user.uid, user.folder_uid) < Right::kView) continue;
    list.Append(Object({{"id", json::Value(user.id)},
                        {"kind", json::Value(1)},
                        {"elementId", json::Value(record->id)},
                        {"connectionId", json::Value(user.id)},
                        {"connectionUid", Text(user.uid)},
                        {"created", Text(RfcTime(user.created))},
                        {"createdBy", Author(user.created_by)}}));
  }
  return JsonAnswer(Object({{"result", std::move(list)}}));
}

}  // namespace

Result<std::vector<Record>> NewLibraryElements(Context& context, const Caller& caller,
                                               const std::string& folder_uid,
                                               const json::Value& elements) {
  std::vector<Record> made;
  const auto add = [&](const json::Value& element) -> Status {
    const std::string_view uid = element["uid"].AsString();
    if (uid.empty()) return Error(ErrorCode::kInvalidArgument, "a library panel without a uid");
    NARTHEX_ASSIGN_OR_RETURN(const auto known,
                             context.store.records().Find(caller.org_id, kKind, uid));
    if (known) return Ok();
    json::Value body = element;
    body.Set("folderUid", Text(folder_uid));
    if (!body["kind"].is_number()) body.Set("kind", json::Value(kPanel));
    Result<Record> record = NewElement(context, caller, body);
    if (!record.ok()) {
      return std::move(record).error().Under(
          fmt::format("library panel {}", element["name"].AsString()));
    }
    made.push_back(*std::move(record));
    return Ok();
  };
  // A list in files of Grafana 8, named by their uids since.
  for (const json::Value& element : elements.items()) NARTHEX_TRY(add(element));
  for (const json::Member& member : elements.members()) NARTHEX_TRY(add(member.value));
  return made;
}

Status CreateLibraryElements(Context& context, std::vector<Record> elements) {
  for (Record& element : elements) {
    const auto made = context.store.records().Create(std::move(element));
    if (!made.ok() && made.code() != ErrorCode::kAlreadyExists) return made.error();
  }
  return Ok();
}

void AddLibraryRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/library-elements", Role::kViewer, List},
      {Method::kPost, "/api/library-elements", Role::kNone, Create, Guard::kWriter},
      {Method::kGet, "/api/library-elements/name/:name", Role::kViewer, GetByName},
      {Method::kGet, "/api/library-elements/:uid", Role::kViewer, Get},
      {Method::kPatch, "/api/library-elements/:uid", Role::kNone, Update, Guard::kWriter},
      {Method::kDelete, "/api/library-elements/:uid", Role::kNone, Remove, Guard::kWriter},
      {Method::kGet, "/api/library-elements/:uid/connections", Role::kViewer, Connections},
      {Method::kGet, "/api/library-elements/:uid/connections/", Role::kViewer, Connections},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
