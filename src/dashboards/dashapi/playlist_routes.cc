#include "answers.h"
#include "authenticator.h"
#include "dashboard/document.h"
#include "paging.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Record;
using dashstore::Role;

constexpr std::string_view kKind = "playlist";
constexpr std::size_t kItemCountMax = 1000;

json::Value PlaylistObject(const Record& record) {
  return Object({{"id", json::Value(record.id)},
                 {"uid", Text(record.uid)},
                 {"name", Text(record.name)},
                 {"interval", record.body["interval"]}});
}

json::Value WithItems(const Record& record) {
  json::Value object = PlaylistObject(record);
  object.Set("items", record.body["items"]);
  return object;
}

// Errors: kNotFound "Playlist not found"
Result<Record> FindByPath(Context& context, const http::Request& request, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(auto record, context.store.records().Find(
                                            caller.org_id, kKind, request.path_parameter("uid")));
  if (!record) return Error(ErrorCode::kNotFound, "Playlist not found");
  return *std::move(record);
}

// Errors: kInvalidArgument
Status ReadFields(const json::Value& body, Record& record) {
  record.name = body["name"].AsString();
  if (record.name.empty() || body["interval"].AsString().empty()) {
    return Error(ErrorCode::kInvalidArgument, "bad request data: name and interval must be set");
  }
  if (body["items"].size() > kItemCountMax) {
    return Error(ErrorCode::kInvalidArgument, "a playlist may hold at most 1000 items");
  }
  json::Value items = json::Value::MakeArray();
  for (const json::Value& item : body["items"].items()) {
    items.Append(Object({{"type", Text(item["type"].AsString())},
                         {"value", Text(item["value"].AsString())},
                         {"title", Text(item["title"].AsString())}}));
  }
  record.body =
      Object({{"interval", Text(body["interval"].AsString())}, {"items", std::move(items)}});
  return Ok();
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  auto records = context.store.records().List(caller.org_id, kKind);
  if (!records.ok()) return ErrorAnswer(records.error());
  const std::string_view text = request.query.Get("query");
  std::erase_if(*records, [text](const Record& r) { return !ContainsFold(r.name, text); });
  json::Value list = json::Value::MakeArray();
  for (const Record& record : PageOf(*std::move(records), ReadPaging(request))) {
    list.Append(PlaylistObject(record));
  }
  return JsonAnswer(list);
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.uid = (*body)["uid"].AsString();
  record.created_by = caller.user.login;
  Status read = dashboard::CheckUid(record.uid);
  if (read.ok()) read = ReadFields(*body, record);
  if (!read.ok()) return ErrorAnswer(read.error());
  const auto made = context.store.records().Create(std::move(record));
  return made.ok() ? JsonAnswer(PlaylistObject(*made)) : ErrorAnswer(made.error());
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller);
  return record.ok() ? JsonAnswer(WithItems(*record)) : ErrorAnswer(record.error());
}

http::Response Items(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller);
  return record.ok() ? JsonAnswer(record->body["items"]) : ErrorAnswer(record.error());
}

http::Response Update(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Record> record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  if (const Status read = ReadFields(*body, *record); !read.ok()) return ErrorAnswer(read.error());
  record->updated_by = caller.user.login;
  const auto updated = context.store.records().Update(*std::move(record));
  return updated.ok() ? JsonAnswer(WithItems(*updated)) : ErrorAnswer(updated.error());
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindByPath(context, request, caller);
  if (!record.ok()) return ErrorAnswer(record.error());
  const Status removed = context.store.records().Remove(caller.org_id, kKind, record->uid);
  return removed.ok() ? http::Response::Json(200, "{}") : ErrorAnswer(removed.error());
}

}  // namespace

void AddPlaylistRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/playlists", Role::kViewer, List},
      {Method::kPost, "/api/playlists", Role::kEditor, Create},
      {Method::kGet, "/api/playlists/:uid", Role::kViewer, Get},
      {Method::kPut, "/api/playlists/:uid", Role::kEditor, Update},
      {Method::kDelete, "/api/playlists/:uid", Role::kEditor, Remove},
      {Method::kGet, "/api/playlists/:uid/items", Role::kViewer, Items},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
