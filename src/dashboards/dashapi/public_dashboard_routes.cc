#include <fmt/format.h>

#include <algorithm>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "dashboard/document.h"
#include "dashboard_answers.h"
#include "dashstore/random.h"
#include "paging.h"
#include "public_dashboard.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::DashboardRecord;
using dashstore::Record;
using dashstore::Role;

constexpr std::string_view kKind = kPublicDashboardKind;
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

http::Response NotFound() { return PublicFault(404, "notFound", "Public dashboard not found"); }

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

// What is wrong with the identities and the way to share that the body names.
Result<std::optional<http::Response>> CheckNew(Context& context, const json::Value& body) {
  const auto refused = [](std::string_view word, std::string_view message) {
    return std::optional(PublicFault(400, word, message));
  };
  const std::string_view uid = body["uid"].AsString();
  const std::string_view token = body["accessToken"].AsString();
  if (!uid.empty()) {
    if (!dashboard::CheckUid(uid).ok()) return refused("invalidUid", "Invalid Uid");
    NARTHEX_ASSIGN_OR_RETURN(const auto known, context.store.records().FindAnywhere(kKind, uid));
    if (known) return refused("uidExists", "Public Dashboard Uid already exists");
  }
  if (!token.empty()) {
    if (!IsPublicToken(token)) return refused("invalidAccessToken", "Invalid access token");
    NARTHEX_ASSIGN_OR_RETURN(const auto known, context.store.records().FindByAlias(kKind, token));
    if (known) {
      return refused("accessTokenExists", "Public Dashboard Access Token already exists");
    }
  }
  return std::optional<http::Response>();
}

// Whoever has the token sees it: nobody is asked for a mail address here.
bool IsShareable(const json::Value& body) {
  const std::string_view share = body["share"].AsString();
  return share.empty() || share == "public";
}

http::Response BadShare() { return PublicFault(400, "invalidShareType", "Invalid share type"); }

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  const auto dashboard = FindDashboard(context, request, caller, Right::kEdit);
  if (!dashboard.ok()) return ErrorAnswer(dashboard.error());
  const auto existing = FindFor(context, *dashboard);
  if (!existing.ok()) return ErrorAnswer(existing.error());
  if (*existing) return PublicFault(400, "dashboardIsPublic", "Dashboard is already public");
  if (!IsShareable(*body)) return BadShare();
  auto refused = CheckNew(context, *body);
  if (!refused.ok()) return ErrorAnswer(refused.error());
  if (*refused) return **std::move(refused);
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.uid = (*body)["uid"].AsString();
  record.name = dashboard->uid;
  record.alias = (*body)["accessToken"].AsString();
  if (record.alias.empty()) record.alias = dashstore::RandomHex(kTokenBytes);
  record.created_by = caller.user.login;
  ReadFields(*body, record);
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
  if (!IsShareable(*body)) return BadShare();
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
  json::Value page{PageOf(std::move(*list.mutable_items()), paging)};
  return JsonAnswer(Object({{"publicDashboards", std::move(page)},
                            {"totalCount", json::Value(total)},
                            {"page", json::Value(paging.page)},
                            {"perPage", json::Value(paging.size)}}));
}

}  // namespace

bool IsPublicToken(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdefABCDEF";
  constexpr std::size_t kDashes[] = {8, 13, 18, 23};
  const bool has_dashes = text.size() == 36;
  if (!has_dashes && text.size() != 32) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_dash =
        has_dashes && std::find(std::begin(kDashes), std::end(kDashes), i) != std::end(kDashes);
    if (is_dash ? text[i] != '-' : kHex.find(text[i]) == kHex.npos) return false;
  }
  return true;
}

http::Response PublicFault(int status, std::string_view word, std::string_view message) {
  return JsonAnswer(Object({{"message", Text(message)},
                            {"messageId", Text(fmt::format("publicdashboards.{}", word))},
                            {"statusCode", json::Value(status)}}),
                    status);
}

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
}

}  // namespace narthex::dashapi
