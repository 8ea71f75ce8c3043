#include <fmt/format.h>

#include "access.h"
#include "answers.h"
#include "authenticator.h"
#include "dashboard_answers.h"
#include "frames.h"
#include "live_hub.h"
#include "prometheus_query.h"
#include "query_runner.h"
#include "routes.h"
#include "upstream.h"

namespace narthex::dashapi {
namespace {

using dashstore::Datasource;
using dashstore::Role;

// Why `caller` may no longer look at the dashboard; empty if it may, or if that is not known for
// now.
std::string CheckViewer(Context& context, const Caller& caller, const std::string& uid) {
  const Result<Caller> renewed = context.authenticator.Renew(caller);
  if (renewed.code() == ErrorCode::kUnauthenticated) return "session";
  if (renewed.code() == ErrorCode::kPermissionDenied) return "permission";
  if (!renewed.ok()) return "";
  if (renewed->role < Role::kViewer) return "permission";
  const auto record = context.store.dashboards().Find(renewed->org_id, uid);
  if (!record.ok()) return "";
  if (!*record) return "dashboard";
  const Status right = CheckRight(context, *renewed, **record, Right::kView);
  return right.code() == ErrorCode::kPermissionDenied ? "permission" : "";
}

LiveHub::Viewer MakeViewer(Context& context, const Caller& caller, const std::string& uid) {
  return {.org_id = caller.org_id,
          .dashboard_uid = uid,
          .user_id = caller.user.id,
          .session_id = caller.session_id,
          .login = caller.user.login,
          .name = caller.user.name,
          .check = [&context, caller, uid] { return CheckViewer(context, caller, uid); }};
}

http::Response Open(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kView);
  if (!record.ok()) return ErrorAnswer(record.error());
  auto feed = context.live.Open(MakeViewer(context, caller, record->uid));
  if (!feed.ok()) return MessageAnswer(503, feed.error().message());
  http::Response response;
  response.headers.Set("Content-Type", "text/event-stream");
  response.headers.Set("Cache-Control", "no-store");
  // nginx would collect events until a buffer is full.
  response.headers.Set("X-Accel-Buffering", "no");
  response.feed = *std::move(feed);
  return response;
}

// What one channel is asked for, and what the answer to the client says of it.
struct Wanted {
  std::int64_t panel_id = 0;
  std::string ref_id;
  bool is_range = true;
  Result<LiveQuery> query;
};

LiveQuery MakeQuery(Context& context, const Datasource& datasource, const PrometheusQuery& read,
                    bool is_range) {
  LiveQuery query;
  query.step = read.step;
  query.phase = milliseconds(is_range ? read.to % read.step.count() : 0);
  query.is_range = is_range;
  // The lengths keep texts with line breaks from looking like other texts.
  query.key = fmt::format("{}\n{}\n{}\n{}\n{} {}\n{}\n{}\n{}", ShareIdentity(datasource),
                          is_range ? "range" : "instant", query.step.count(), query.phase.count(),
                          read.ref_id.size(), read.legend_format.size(), read.ref_id,
                          read.legend_format, read.expr);
  query.request = [&context, org_id = datasource.org_id, id = datasource.id,
                   version = datasource.version, read,
                   is_range](TimestampMs from, TimestampMs to) -> Result<http::ClientRequest> {
    NARTHEX_ASSIGN_OR_RETURN(const auto found, context.store.datasources().FindById(org_id, id));
    if (!found || found->version != version) {
      return Error(ErrorCode::kFailedPrecondition, "the data source has changed");
    }
    PrometheusQuery asked = read;
    asked.from = from;
    asked.to = to;
    asked.instant = to;
    return QueryRequest(context, *found, asked, is_range);
  };
  query.write_frames = [read, is_range](json::Writer& writer, const SeriesAnswer& answer) {
    const bool has_step = is_range && answer.result_type == "matrix";
    WriteFrames(
        writer, answer,
        {read.ref_id, read.legend_format, read.expr, has_step ? read.step : milliseconds(0)});
  };
  return query;
}

// The channels of one query: for its range, for its instant, or the error of both.
void AddWanted(Context& context, const Caller& caller, const json::Value& query, QueryRange range,
               Wanted base, std::vector<Wanted>& wanted) {
  base.ref_id = query["refId"].AsString("A");
  const auto add = [&](bool is_range, Result<LiveQuery> made) {
    wanted.push_back(base);
    wanted.back().is_range = is_range;
    wanted.back().query = std::move(made);
  };
  const auto datasource = DatasourceOfQuery(context, caller, query);
  if (!datasource.ok()) return add(true, datasource.error());
  if (KnowsViewer(context, *datasource)) {
    return add(true, Error(ErrorCode::kUnsupported, "the data source answers each viewer apart"));
  }
  const auto read = ReadPrometheusQuery(query, *datasource, range.from, range.to);
  if (!read.ok()) return add(true, read.error());
  for (const bool is_range : {true, false}) {
    if (!(is_range ? read->is_range : read->is_instant)) continue;
    add(is_range, MakeQuery(context, *datasource, *read, is_range));
  }
}

std::vector<Wanted> ReadWanted(Context& context, const Caller& caller, const json::Value& body,
                               QueryRange range) {
  std::vector<Wanted> wanted;
  for (const json::Value& panel : body["panels"].items()) {
    Wanted base{panel["panelId"].AsInt64().value_or(0), "", true, LiveQuery()};
    for (const json::Value& query : panel["queries"].items()) {
      if (query["hide"].AsBool().value_or(false)) continue;
      AddWanted(context, caller, query, range, base, wanted);
    }
  }
  return wanted;
}

json::Value WantedObject(const Wanted& wanted) {
  return Object({{"panelId", json::Value(wanted.panel_id)},
                 {"refId", Text(wanted.ref_id)},
                 {"kind", Text(wanted.is_range ? "range" : "instant")}});
}

http::Response SubscribedAnswer(const std::vector<Wanted>& wanted,
                                const std::vector<Result<std::string>>& names) {
  json::Value channels = json::Value::MakeArray();
  json::Value refused = json::Value::MakeArray();
  std::size_t named = 0;
  for (const Wanted& one : wanted) {
    json::Value object = WantedObject(one);
    const Result<std::string> name =
        one.query.ok() ? names[named++] : Result<std::string>(one.query.error());
    if (!name.ok()) {
      object.Set("message", Text(name.error().message()));
      refused.Append(std::move(object));
      continue;
    }
    object.Set("channel", Text(*name));
    object.Set("stepMs", json::Value(std::int64_t{one.query->step.count()}));
    channels.Append(std::move(object));
  }
  return JsonAnswer(Object({{"channels", std::move(channels)}, {"refused", std::move(refused)}}));
}

http::Response Subscribe(Context& context, const http::Request& request, const Caller& caller) {
  const auto record = FindDashboard(context, request, caller, Right::kView);
  if (!record.ok()) return ErrorAnswer(record.error());
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  // What has ended gets no new samples.
  if ((*body)["to"].AsString("now") != "now") {
    return MessageAnswer(400, "only time ranges that end at \"now\" are live");
  }
  const auto range = ReadQueryRange(*body, context.clock.Now());
  if (!range.ok()) return ErrorAnswer(range.error());

  const std::vector<Wanted> wanted = ReadWanted(context, caller, *body, *range);
  std::vector<LiveQuery> queries;
  for (const Wanted& one : wanted) {
    if (one.query.ok()) queries.push_back(*one.query);
  }
  const auto names = context.live.Subscribe(
      (*body)["client"].AsString(), MakeViewer(context, caller, record->uid), std::move(queries));
  return names.ok() ? SubscribedAnswer(wanted, *names) : ErrorAnswer(names.error());
}

}  // namespace

void TellSaved(Context& context, const dashstore::DashboardRecord& record,
               std::int64_t session_id) {
  context.live.TellSaved(record.org_id, record.uid,
                         Object({{"action", Text("saved")},
                                 {"uid", Text(record.uid)},
                                 {"title", Text(record.title)},
                                 {"version", json::Value(record.version)},
                                 {"by", Text(record.updated_by)}}),
                         session_id);
}

void AddLiveRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/live/dashboards/:uid/events", Role::kViewer, Open},
      {http::Method::kPost, "/api/live/dashboards/:uid/subscriptions", Role::kViewer, Subscribe},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
