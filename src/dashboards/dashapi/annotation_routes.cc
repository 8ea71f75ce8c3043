#include "access.h"
#include "annotation_search.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "paging.h"
#include "people_answers.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Annotation;
using dashstore::Role;

constexpr std::int64_t kTagLimitDefault = 100;

json::Value TagList(const std::vector<std::string>& tags) {
  json::Value list = json::Value::MakeArray();
  for (const std::string& tag : tags) list.Append(Text(tag));
  return list;
}

json::Value AnnotationObject(const Annotation& annotation) {
  return Object({{"id", json::Value(annotation.id)},
                 {"alertId", json::Value(0)},
                 {"alertName", Text("")},
                 {"dashboardId", json::Value(0)},
                 {"dashboardUID", Text(annotation.dashboard_uid)},
                 {"panelId", json::Value(annotation.panel_id)},
                 {"userId", json::Value(annotation.user_id)},
                 {"userUID", Text("")},
                 {"newState", Text("")},
                 {"prevState", Text("")},
                 {"created", json::Value(annotation.created)},
                 {"updated", json::Value(annotation.updated)},
                 {"time", json::Value(annotation.begins)},
                 {"timeEnd", json::Value(annotation.ends)},
                 {"text", Text(annotation.text)},
                 {"tags", TagList(annotation.tags)},
                 {"login", Text(annotation.login)},
                 {"email", Text(annotation.email)},
                 {"avatarUrl", Text(AvatarUrl(annotation.login))},
                 {"data", json::Value::MakeObject()}});
}

// Whether the caller has `needed` on what the annotation is about. One of the whole organisation
// is seen by all and changed by editors.
Result<bool> May(Context& context, const Caller& caller, const Access& access,
                 std::string_view dashboard_uid, Right needed) {
  if (dashboard_uid.empty()) {
    return caller.role >= (needed == Right::kView ? Role::kViewer : Role::kEditor);
  }
  // Rights may come from the folder, which only the dashboard knows.
  if (access.is_uniform()) return access.ToDashboard(dashboard_uid, "") >= needed;
  NARTHEX_ASSIGN_OR_RETURN(const auto record,
                           context.store.dashboards().Find(caller.org_id, dashboard_uid));
  return record && access.ToDashboard(record->uid, record->folder_uid) >= needed;
}

}  // namespace

Result<std::vector<std::string>> HiddenDashboards(Context& context, const Caller& caller) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  std::vector<std::string> hidden;
  if (access.is_uniform()) return hidden;
  NARTHEX_ASSIGN_OR_RETURN(auto uids, context.store.annotations().DashboardUids(caller.org_id));
  for (std::string& uid : uids) {
    NARTHEX_ASSIGN_OR_RETURN(const bool may, May(context, caller, access, uid, Right::kView));
    if (!may) hidden.push_back(std::move(uid));
  }
  return hidden;
}

namespace {

// Errors: kPermissionDenied
Status CheckMay(Context& context, const Caller& caller, std::string_view dashboard_uid,
                Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(const Access access, Access::Of(context, caller));
  NARTHEX_ASSIGN_OR_RETURN(const bool may, May(context, caller, access, dashboard_uid, needed));
  if (may) return Ok();
  return Error(ErrorCode::kPermissionDenied, "Access denied to the annotation's dashboard");
}

// The annotation of the path. Errors: kNotFound "Annotation not found", kPermissionDenied
Result<Annotation> FindByPath(Context& context, const http::Request& request, const Caller& caller,
                              Right needed) {
  NARTHEX_ASSIGN_OR_RETURN(const std::int64_t id, PathNumber(request, "id"));
  NARTHEX_ASSIGN_OR_RETURN(auto found, context.store.annotations().Find(caller.org_id, id));
  if (!found) return Error(ErrorCode::kNotFound, "Annotation not found");
  NARTHEX_TRY(CheckMay(context, caller, found->dashboard_uid, needed));
  return *std::move(found);
}

std::vector<std::string> ReadTags(const json::Value& list) {
  std::vector<std::string> tags;
  for (const json::Value& tag : list.items()) {
    const std::string_view text = tag.AsString();
    if (!text.empty() && std::find(tags.begin(), tags.end(), text) == tags.end()) {
      tags.emplace_back(text);
    }
  }
  return tags;
}

// By uid, or by the number that older clients know a dashboard by; empty if it is not there.
Result<std::optional<std::string>> DashboardOf(Context& context, const Caller& caller,
                                               std::string_view uid, std::int64_t id) {
  if (uid.empty() && id == 0) return std::optional(std::string());
  dashstore::Dashboards& dashboards = context.store.dashboards();
  NARTHEX_ASSIGN_OR_RETURN(const auto record, uid.empty() ? dashboards.FindById(caller.org_id, id)
                                                          : dashboards.Find(caller.org_id, uid));
  return record ? std::optional(record->uid) : std::nullopt;
}

http::Response Search(Context& context, const http::Request& request, const Caller& caller) {
  const http::Parameters& query = request.query;
  const auto number = [&](std::string_view name) {
    return ParseInt64(query.Get(name)).value_or(0);
  };
  const auto uid = DashboardOf(context, caller, query.Get("dashboardUID"), number("dashboardId"));
  if (!uid.ok()) return ErrorAnswer(uid.error());
  // Nothing is noted at what is not there; and alerts note nothing here.
  if (!*uid || query.Get("type") == "alert") return http::Response::Json(200, "[]");
  dashstore::AnnotationSearch search;
  search.org_id = caller.org_id;
  search.from = number("from");
  search.until = number("to");
  search.dashboard_uid = **uid;
  search.panel_id = number("panelId");
  search.user_id = number("userId");
  for (const std::string_view tag : query.GetAll("tags")) search.tags.emplace_back(tag);
  search.takes_any_tag = query.Get("matchAny") == "true";
  search.limit = ReadPaging(request, 100).size;
  auto hidden = HiddenDashboards(context, caller);
  if (!hidden.ok()) return ErrorAnswer(hidden.error());
  search.hidden_dashboard_uids = *std::move(hidden);
  const auto found = context.store.annotations().Search(search);
  if (!found.ok()) return ErrorAnswer(found.error());
  json::Value list = json::Value::MakeArray();
  for (const Annotation& annotation : *found) list.Append(AnnotationObject(annotation));
  return JsonAnswer(list);
}

http::Response AddedAnswer(const Result<std::int64_t>& id, std::string_view message) {
  if (!id.ok()) return ErrorAnswer(id.error());
  return JsonAnswer(Object({{"message", Text(message)}, {"id", json::Value(*id)}}));
}

http::Response Add(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Annotation annotation;
  const auto uid = DashboardOf(context, caller, (*body)["dashboardUID"].AsString(),
                               (*body)["dashboardId"].AsInt64().value_or(0));
  if (!uid.ok()) return ErrorAnswer(uid.error());
  if (!*uid) return MessageAnswer(404, "Dashboard not found");
  annotation.org_id = caller.org_id;
  annotation.dashboard_uid = **uid;
  annotation.panel_id = (*body)["panelId"].AsInt64().value_or(0);
  annotation.user_id = caller.user.id;
  annotation.login = caller.user.login;
  annotation.email = caller.user.email;
  annotation.text = (*body)["text"].AsString();
  annotation.tags = ReadTags((*body)["tags"]);
  annotation.begins = (*body)["time"].AsInt64().value_or(context.clock.Now());
  annotation.ends = (*body)["timeEnd"].AsInt64().value_or(annotation.begins);
  if (annotation.text.empty()) return MessageAnswer(400, "text field should not be empty");
  const Status may = CheckMay(context, caller, annotation.dashboard_uid, Right::kEdit);
  if (!may.ok()) return ErrorAnswer(may.error());
  return AddedAnswer(context.store.annotations().Add(std::move(annotation)), "Annotation added");
}

// As programs that knew Graphite send them. Source: Graphite, "Events".
http::Response AddGraphite(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  if ((*body)["what"].AsString().empty()) {
    return MessageAnswer(400, "what field should not be empty");
  }
  Annotation annotation;
  annotation.org_id = caller.org_id;
  annotation.user_id = caller.user.id;
  annotation.login = caller.user.login;
  annotation.email = caller.user.email;
  annotation.text = (*body)["what"].AsString();
  if (const std::string_view more = (*body)["data"].AsString(); !more.empty()) {
    annotation.text.append("\n").append(more);
  }
  annotation.tags = ReadTags((*body)["tags"]);
  std::string_view words = (*body)["tags"].AsString();
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (end > 0) annotation.tags.emplace_back(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  const auto when = (*body)["when"].AsInt64();
  annotation.begins = when ? *when * 1000 : context.clock.Now();
  annotation.ends = annotation.begins;
  return AddedAnswer(context.store.annotations().Add(std::move(annotation)),
                     "Graphite annotation added");
}

http::Response Get(Context& context, const http::Request& request, const Caller& caller) {
  const auto found = FindByPath(context, request, caller, Right::kView);
  return found.ok() ? JsonAnswer(AnnotationObject(*found)) : ErrorAnswer(found.error());
}

// `is_whole`: what the body leaves out is emptied.
http::Response Change(Context& context, const http::Request& request, const Caller& caller,
                      bool is_whole) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Annotation> annotation = FindByPath(context, request, caller, Right::kEdit);
  if (!annotation.ok()) return ErrorAnswer(annotation.error());
  if (is_whole || body->Find("text") != nullptr) annotation->text = (*body)["text"].AsString();
  if (is_whole || body->Find("tags") != nullptr) annotation->tags = ReadTags((*body)["tags"]);
  if (const auto time = (*body)["time"].AsInt64()) {
    annotation->begins = *time;
    if (is_whole) annotation->ends = *time;
  }
  if (const auto end = (*body)["timeEnd"].AsInt64()) annotation->ends = *end;
  const Status updated = context.store.annotations().Update(*std::move(annotation));
  if (!updated.ok()) return ErrorAnswer(updated.error());
  return MessageAnswer(200, is_whole ? "Annotation updated" : "Annotation patched");
}
http::Response Put(Context& context, const http::Request& request, const Caller& caller) {
  return Change(context, request, caller, true);
}
http::Response Patch(Context& context, const http::Request& request, const Caller& caller) {
  return Change(context, request, caller, false);
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto found = FindByPath(context, request, caller, Right::kEdit);
  if (!found.ok()) return ErrorAnswer(found.error());
  const Status removed = context.store.annotations().Remove(caller.org_id, found->id);
  return removed.ok() ? MessageAnswer(200, "Annotation deleted") : ErrorAnswer(removed.error());
}

http::Response RemoveMany(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto uid = DashboardOf(context, caller, (*body)["dashboardUID"].AsString(),
                               (*body)["dashboardId"].AsInt64().value_or(0));
  if (!uid.ok()) return ErrorAnswer(uid.error());
  const std::int64_t panel_id = (*body)["panelId"].AsInt64().value_or(0);
  if (!*uid || (*uid)->empty() || panel_id == 0) {
    return MessageAnswer(400, "bad request data: a dashboard and a panelId must be named");
  }
  if (const Status may = CheckMay(context, caller, **uid, Right::kEdit); !may.ok()) {
    return ErrorAnswer(may.error());
  }
  const Status removed = context.store.annotations().RemoveOfPanel(caller.org_id, **uid, panel_id);
  return removed.ok() ? MessageAnswer(200, "Annotations deleted") : ErrorAnswer(removed.error());
}

http::Response Tags(Context& context, const http::Request& request, const Caller& caller) {
  const auto hidden = HiddenDashboards(context, caller);
  if (!hidden.ok()) return ErrorAnswer(hidden.error());
  const auto tags = context.store.annotations().Tags(
      caller.org_id, request.query.Get("tag"), *hidden, ReadPaging(request, kTagLimitDefault).size);
  if (!tags.ok()) return ErrorAnswer(tags.error());
  json::Value list = json::Value::MakeArray();
  for (const auto& tag : *tags) {
    list.Append(Object({{"tag", Text(tag.tag)}, {"count", json::Value(tag.count)}}));
  }
  return JsonAnswer(Object({{"result", Object({{"tags", std::move(list)}})}}));
}

}  // namespace

void AddAnnotationRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kGet, "/api/annotations", Role::kViewer, Search},
      {Method::kPost, "/api/annotations", Role::kNone, Add, Guard::kWriter},
      {Method::kPost, "/api/annotations/graphite", Role::kEditor, AddGraphite},
      {Method::kPost, "/api/annotations/mass-delete", Role::kNone, RemoveMany, Guard::kWriter},
      {Method::kGet, "/api/annotations/tags", Role::kViewer, Tags},
      {Method::kGet, "/api/annotations/:id", Role::kViewer, Get},
      {Method::kPut, "/api/annotations/:id", Role::kNone, Put, Guard::kWriter},
      {Method::kPatch, "/api/annotations/:id", Role::kNone, Patch, Guard::kWriter},
      {Method::kDelete, "/api/annotations/:id", Role::kNone, Remove, Guard::kWriter},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
