#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "dashboard/document.h"
#include "dashstore/random.h"
#include "json/writer.h"
#include "paging.h"
#include "routes.h"
#include "text_match.h"

namespace narthex::dashapi {
namespace {

using dashstore::Record;
using dashstore::Role;

constexpr std::string_view kKind = "snapshot";
constexpr std::size_t kKeyBytes = 16;
// Fifty years: beyond it a number of seconds is a mistake.
constexpr std::int64_t kExpiresMaxS = 50LL * 365 * 24 * 3600;
// So that "never" is a date, as clients expect one.
constexpr TimestampMs kNever = 2'524'608'000'000;  // 2050-01-01
constexpr std::string_view kDeleted =
    "Snapshot deleted. It might take an hour before it's cleared from any CDN caches.";

TimestampMs ExpiresOf(const Record& record) {
  return record.expires == 0 ? kNever : record.expires;
}

// The whole address if the service knows its own, else the path.
std::string Url(const Context& context, std::string_view path) {
  std::string_view root = context.options.root_url;
  while (root.ends_with('/')) root.remove_suffix(1);
  return fmt::format("{}{}", root, path);
}

// Errors: kInvalidArgument
Result<Record> ReadSnapshot(const json::Value& body, const Caller& caller, TimestampMs now) {
  if (!body["dashboard"].is_object()) {
    return Error(ErrorCode::kInvalidArgument, "bad request data: \"dashboard\" must be an object");
  }
  const std::int64_t expires_s = body["expires"].AsInt64().value_or(0);
  if (expires_s < 0 || expires_s > kExpiresMaxS) {
    return Error(ErrorCode::kInvalidArgument, "expires must be between 0 and 50 years in seconds");
  }
  Record record;
  record.org_id = caller.org_id;
  record.kind = kKind;
  record.uid = body["key"].AsString();
  record.alias = body["deleteKey"].AsString();
  // Short ones could be guessed.
  if (record.uid.size() < kKeyBytes) record.uid = dashstore::RandomHex(kKeyBytes);
  if (record.alias.size() < kKeyBytes) record.alias = dashstore::RandomHex(kKeyBytes);
  NARTHEX_TRY(dashboard::CheckUid(record.uid));
  NARTHEX_TRY(dashboard::CheckUid(record.alias));
  record.name = body["name"].AsString("Unnamed snapshot");
  record.expires = expires_s == 0 ? 0 : now + expires_s * 1000;
  record.created_by = caller.user.login;
  record.body = Object({{"dashboard", body["dashboard"]}, {"userId", json::Value(caller.user.id)}});
  return record;
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  if ((*body)["external"].AsBool().value_or(false)) {
    return MessageAnswer(403, "External dashboard creation is disabled");
  }
  auto record = ReadSnapshot(*body, caller, context.clock.Now());
  if (!record.ok()) return ErrorAnswer(record.error());
  const auto made = context.store.records().Create(*std::move(record));
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(
      Object({{"key", Text(made->uid)},
              {"deleteKey", Text(made->alias)},
              {"url", Text(Url(context, "/dashboard/snapshot/" + made->uid))},
              {"deleteUrl", Text(Url(context, "/api/snapshots-delete/" + made->alias))},
              {"id", json::Value(made->id)}}));
}

// For everyone who has the key: that is what snapshots are for.
http::Response Get(Context& context, const http::Request& request) {
  const auto record = context.store.records().FindAnywhere(kKind, request.path_parameter("key"));
  if (!record.ok()) return ErrorAnswer(record.error());
  if (!*record) return MessageAnswer(404, "Dashboard snapshot not found");
  const Record& snapshot = **record;
  return JsonAnswer(Object({{"meta", Object({{"type", Text("snapshot")},
                                             {"isSnapshot", json::Value(true)},
                                             {"canSave", json::Value(false)},
                                             {"canEdit", json::Value(false)},
                                             {"canAdmin", json::Value(false)},
                                             {"canStar", json::Value(false)},
                                             {"canDelete", json::Value(false)},
                                             {"created", Text(RfcTime(snapshot.created))},
                                             {"expires", Text(RfcTime(ExpiresOf(snapshot)))},
                                             {"slug", Text("")}})},
                            {"dashboard", snapshot.body["dashboard"]}}));
}

http::Response RemoveRecord(Context& context, const Record& snapshot) {
  const Status removed = context.store.records().Remove(snapshot.org_id, kKind, snapshot.uid);
  if (!removed.ok()) return ErrorAnswer(removed.error());
  return JsonAnswer(Object({{"message", Text(kDeleted)}, {"id", json::Value(snapshot.id)}}));
}

http::Response RemoveByDeleteKey(Context& context, const http::Request& request) {
  const auto record = context.store.records().FindByAlias(kKind, request.path_parameter("key"));
  if (!record.ok()) return ErrorAnswer(record.error());
  return *record ? RemoveRecord(context, **record)
                 : MessageAnswer(404, "Dashboard snapshot not found");
}

http::Response Remove(Context& context, const http::Request& request, const Caller& caller) {
  const auto record =
      context.store.records().Find(caller.org_id, kKind, request.path_parameter("key"));
  if (!record.ok()) return ErrorAnswer(record.error());
  if (!*record) return MessageAnswer(404, "Dashboard snapshot not found");
  const bool is_own =
      !caller.is_anonymous() && (*record)->body["userId"].AsInt64() == caller.user.id;
  if (!is_own && caller.role < Role::kEditor) {
    return MessageAnswer(403, "Access denied to this snapshot");
  }
  return RemoveRecord(context, **record);
}

http::Response List(Context& context, const http::Request& request, const Caller& caller) {
  auto records = context.store.records().List(caller.org_id, kKind);
  if (!records.ok()) return ErrorAnswer(records.error());
  const std::string_view text = request.query.Get("query");
  std::erase_if(*records, [&](const Record& record) {
    const bool is_own = !caller.is_anonymous() && record.body["userId"].AsInt64() == caller.user.id;
    return (caller.role < Role::kAdmin && !is_own) || !ContainsFold(record.name, text);
  });
  json::Value list = json::Value::MakeArray();
  for (const Record& record : PageOf(*std::move(records), ReadPaging(request))) {
    list.Append(Object({{"id", json::Value(record.id)},
                        {"name", Text(record.name)},
                        {"key", Text(record.uid)},
                        {"orgId", json::Value(record.org_id)},
                        {"userId", record.body["userId"]},
                        {"external", json::Value(false)},
                        {"externalUrl", Text("")},
                        {"expires", Text(RfcTime(ExpiresOf(record)))},
                        {"created", Text(RfcTime(record.created))},
                        {"updated", Text(RfcTime(record.updated))}}));
  }
  return JsonAnswer(list);
}

http::Response SharedOptions(Context&, const http::Request&, const Caller&) {
  return JsonAnswer(Object({{"externalSnapshotURL", Text("")},
                            {"externalSnapshotName", Text("")},
                            {"externalEnabled", json::Value(false)},
                            {"snapshotEnabled", json::Value(true)}}));
}

}  // namespace

void AddSnapshotRoutes(http::Router& router, Context& context) {
  using http::Method;
  const GuardedRoute routes[] = {
      {Method::kPost, "/api/snapshots", Role::kNone, Create, Guard::kUser},
      {Method::kDelete, "/api/snapshots/:key", Role::kViewer, Remove},
      {Method::kGet, "/api/dashboard/snapshots", Role::kNone, List, Guard::kUser},
      {Method::kGet, "/api/snapshot/shared-options", Role::kViewer, SharedOptions},
  };
  AddGuardedRoutes(router, context, routes);
  router.Get("/api/snapshots/:key",
             [&context](const http::Request& request) { return Get(context, request); });
  router.Get("/api/snapshots-delete/:key", [&context](const http::Request& request) {
    return RemoveByDeleteKey(context, request);
  });
}

}  // namespace narthex::dashapi
