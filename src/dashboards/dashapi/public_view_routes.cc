#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "annotation_search.h"
#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "json/reader.h"
#include "json/writer.h"
#include "paging.h"
#include "public_dashboard.h"
#include "query_runner.h"
#include "routes.h"
#include "time_range.h"

namespace narthex::dashapi {
namespace {

using dashstore::Annotation;
using dashstore::DashboardRecord;
using dashstore::Record;

// A range, a resolution; anything larger is no question of a page.
constexpr std::size_t kQuestionSizeMax = 64 << 10;

http::Response Invalid(std::string_view word, std::string_view message) {
  return PublicFault(400, word, message);
}

// What a visitor without an account may have: an enabled public dashboard and its document.
struct Opened {
  Record record;
  DashboardRecord dashboard;
  json::Value document;

  bool Allows(std::string_view key) const { return record.body[key].AsBool().value_or(false); }
};

// Errors: kInvalidArgument   that is no token
//         kNotFound          nothing has it
//         kPermissionDenied  what has it is switched off
Result<Opened> Open(Context& context, const http::Request& request) {
  const std::string_view token = request.path_parameter("token");
  if (!IsPublicToken(token)) return Error(ErrorCode::kInvalidArgument, "Invalid access token");
  const auto missing = [] { return Error(ErrorCode::kNotFound, "Public dashboard not found"); };
  Opened opened;
  NARTHEX_ASSIGN_OR_RETURN(auto record,
                           context.store.records().FindByAlias(kPublicDashboardKind, token));
  if (!record) return missing();
  NARTHEX_ASSIGN_OR_RETURN(auto dashboard,
                           context.store.dashboards().Find(record->org_id, record->name));
  if (!dashboard) return missing();
  opened.record = *std::move(record);
  opened.dashboard = *std::move(dashboard);
  if (!opened.Allows("isEnabled")) {
    return Error(ErrorCode::kPermissionDenied, "Public dashboard paused");
  }
  NARTHEX_ASSIGN_OR_RETURN(
      const std::string body,
      context.store.dashboards().Body(opened.dashboard.id, opened.dashboard.version));
  NARTHEX_ASSIGN_OR_RETURN(opened.document, json::Parse(body));
  return opened;
}

http::Response OpenErrorAnswer(const Error& error) {
  switch (error.code()) {
    case ErrorCode::kInvalidArgument:
      return Invalid("invalidAccessToken", error.message());
    case ErrorCode::kNotFound:
      return PublicFault(404, "notFound", error.message());
    case ErrorCode::kPermissionDenied:
      return PublicFault(403, "notEnabled", error.message());
    default:
      return ErrorAnswer(error);
  }
}

json::Value Only(const json::Value& object, std::initializer_list<std::string_view> keys) {
  json::Value kept = json::Value::MakeObject();
  for (const std::string_view key : keys) {
    if (const json::Value* value = object.Find(key)) kept.Set(key, *value);
  }
  return kept;
}

// Takes the questions out of panels: visitors get answers, not the means to ask other things.
void HideQueries(json::Value& holder) {
  json::Value* panels = holder.Find("panels");
  json::Value::Array* list = panels == nullptr ? nullptr : panels->mutable_items();
  if (list == nullptr) return;
  for (json::Value& panel : *list) {
    if (json::Value* targets = panel.Find("targets"); targets != nullptr) {
      json::Value shown = json::Value::MakeArray();
      for (const json::Value& target : targets->items()) {
        shown.Append(Only(target, {"refId", "datasource", "hide", "format", "instant", "range",
                                   "legendFormat", "panelId", "withTransforms"}));
      }
      *targets = std::move(shown);
    }
    // Both may hold a whole panel with its queries, of old and of alerts.
    panel.Erase("alert");
    if (json::Value* element = panel.Find("libraryPanel"); element != nullptr) {
      *element = Only(*element, {"uid", "name"});
    }
    HideQueries(panel);
  }
}

http::Response View(Context& context, const http::Request& request) {
  Result<Opened> opened = Open(context, request);
  if (!opened.ok()) return OpenErrorAnswer(opened.error());
  const bool may_choose_time = opened->Allows("timeSelectionEnabled");
  json::Value& document = opened->document;
  HideQueries(document);
  // Variables, annotations and the parts of imports hold queries too, and visitors run none;
  // neither do they the panels of the newer form, which nothing here shows.
  for (const std::string_view key :
       {"templating", "annotations", "__inputs", "__elements", "elements", "variables"}) {
    document.Erase(key);
  }
  json::Value timepicker =
      document["timepicker"].is_object() ? document["timepicker"] : json::Value::MakeObject();
  timepicker.Set("hidden", json::Value(!may_choose_time));
  document.Set("timepicker", std::move(timepicker));
  const DashboardRecord& dashboard = opened->dashboard;
  return JsonAnswer(Object(
      {{"dashboard", std::move(document)},
       {"meta",
        Object({{"slug", Text(dashboard.slug)},
                {"type", Text("db")},
                {"canSave", json::Value(false)},
                {"canEdit", json::Value(false)},
                {"canAdmin", json::Value(false)},
                {"canDelete", json::Value(false)},
                {"canStar", json::Value(false)},
                {"isFolder", json::Value(false)},
                {"created", Text(RfcTime(dashboard.created))},
                {"updated", Text(RfcTime(dashboard.updated))},
                {"version", json::Value(dashboard.version)},
                {"publicDashboardEnabled", json::Value(true)},
                {"publicDashboardAccessToken", Text(opened->record.alias)},
                {"timeSelectionEnabled", json::Value(may_choose_time)},
                {"annotationsEnabled", json::Value(opened->Allows("annotationsEnabled"))}})}}));
}

const json::Value* FindPanel(const json::Value& holder, std::int64_t id) {
  for (const json::Value& panel : holder["panels"].items()) {
    if (panel["id"].AsInt64() == id) return &panel;
    if (const json::Value* inner = FindPanel(panel, id)) return inner;
  }
  return nullptr;
}

// "$name", "${name", "[[name": the ways to write a variable.
bool Mentions(std::string_view text, std::string_view name) {
  constexpr std::string_view kWord =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
  for (std::size_t at = text.find(name); at != text.npos; at = text.find(name, at + 1)) {
    const std::string_view before = text.substr(0, at);
    const std::size_t end = at + name.size();
    const bool is_whole = end == text.size() || kWord.find(text[end]) == kWord.npos;
    if (is_whole && (before.ends_with('$') || before.ends_with("${") || before.ends_with("[["))) {
      return true;
    }
  }
  return false;
}

// Whether one of the dashboard's variables stands in what the target asks: nobody has chosen a
// value, and a visitor must not.
bool NeedsVariable(const json::Value& document, const json::Value& target) {
  std::string text;
  for (const std::string_view key : {"expr", "expression", "interval", "datasource"}) {
    text.append(json::Print(target[key])).push_back('\n');
  }
  const json::Value::Array& variables = document["templating"]["list"].items();
  return std::any_of(variables.begin(), variables.end(), [&](const json::Value& variable) {
    const std::string_view name = variable["name"].AsString();
    return !name.empty() && Mentions(text, name);
  });
}

// "1h", "2d": what a panel's own range and shift are written in.
bool IsSpan(std::string_view text, TimestampMs now) {
  return !text.empty() && ParseTime(fmt::format("now-{}", text), now, RangeEnd::kFrom).ok();
}

// The dashboard's range, or the panel's own; one that does not end at "now" is left as it is.
json::Value StoredRange(const json::Value& document, const json::Value& panel, TimestampMs now) {
  const json::Value& time = document["time"];
  if (time["from"].is_number() || time["to"].is_number()) return time;
  std::string from(time["from"].AsString("now-1h"));
  std::string to(time["to"].AsString("now"));
  if (!to.starts_with("now")) return time;
  if (const std::string_view span = panel["timeFrom"].AsString(); IsSpan(span, now)) {
    from = fmt::format("{}-{}", to, span);
  }
  const std::string_view shift = panel["timeShift"].AsString();
  if (IsSpan(shift, now) && from.starts_with("now")) {
    from += fmt::format("-{}", shift);
    to += fmt::format("-{}", shift);
  }
  return Object({{"from", Text(from)}, {"to", Text(to)}});
}

// The range that the visitor chose, if that is allowed.
json::Value RangeFor(const Opened& opened, const json::Value& panel, const json::Value& chosen,
                     TimestampMs now) {
  const auto is_given = [](const json::Value& time) {
    return time.is_number() || !time.AsString().empty();
  };
  const bool is_chosen =
      opened.Allows("timeSelectionEnabled") && is_given(chosen["from"]) && is_given(chosen["to"]);
  return is_chosen ? chosen : StoredRange(opened.document, panel, now);
}

// What the panel asks, with nothing of the visitor's but the resolution.
json::Value QueriesOf(const json::Value& panel, const json::Value& body) {
  json::Value queries = json::Value::MakeArray();
  for (json::Value target : panel["targets"].items()) {
    if (!target["datasource"].is_object()) target.Set("datasource", panel["datasource"]);
    target.Erase("exemplar");
    for (const std::string_view key : {"intervalMs", "maxDataPoints"}) {
      if (body[key].is_number()) target.Set(key, body[key]);
    }
    queries.Append(std::move(target));
  }
  return queries;
}

Caller Visitor(const Opened& opened) {
  Caller visitor;
  visitor.org_id = opened.record.org_id;
  visitor.role = dashstore::Role::kViewer;
  return visitor;
}

http::Response QueryPanel(Context& context, const http::Request& request, const Opened& opened,
                          const json::Value& body) {
  const auto id = ParseInt64(request.path_parameter("panel"));
  if (!id) return Invalid("invalidPanelId", "Invalid panel id");
  if (body["intervalMs"].AsDouble().value_or(0) < 0) {
    return Invalid("invalidInterval", "intervalMS should be greater than 0");
  }
  if (body["maxDataPoints"].AsDouble().value_or(0) < 0) {
    return Invalid("maxDataPoints", "maxDataPoints should be greater than 0");
  }
  const json::Value* panel = FindPanel(opened.document, *id);
  if (panel == nullptr) {
    return PublicFault(404, "panelNotFound", "Public dashboard panel not found");
  }
  const TimestampMs now = context.clock.Now();
  const json::Value range = RangeFor(opened, *panel, body["timeRange"], now);
  if (!ReadQueryRange(range, now).ok()) {
    return Invalid("invalidTimeRange", "Invalid time range");
  }
  const json::Value queries = QueriesOf(*panel, body);
  if (queries.size() == 0) {
    return Invalid("panelQueriesNotFound", "Failed to extract queries from panel");
  }
  for (const json::Value& query : queries.items()) {
    if (NeedsVariable(opened.document, query)) {
      return Invalid("hasTemplateVariables", "Public dashboard has template variables");
    }
  }
  return RunQueries(context, request, Visitor(opened),
                    Object({{"queries", queries}, {"from", range["from"]}, {"to", range["to"]}}),
                    Telling::kResultsOnly);
}

http::Response Query(Context& context, const http::Request& request) {
  const Result<Opened> opened = Open(context, request);
  if (!opened.ok()) return OpenErrorAnswer(opened.error());
  if (request.body.size() > kQuestionSizeMax) return MessageAnswer(413, "request is too large");
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return Invalid("badRequest", body.error().message());
  return QueryPanel(context, request, *opened, *body);
}

// Of the service's own annotations: what other data sources would be asked is not for visitors.
bool IsOwn(const json::Value& source) {
  const json::Value& named = source["datasource"];
  const std::string_view uid = named.is_object() ? named["uid"].AsString() : named.AsString();
  return source["enable"].AsBool().value_or(false) && (uid == "grafana" || uid == "-- Grafana --");
}

struct Range {
  TimestampMs from = 0;
  TimestampMs until = 0;
};

// Errors: those of the store
Result<std::vector<Annotation>> FindOwn(Context& context, const Opened& opened,
                                        const json::Value& source, Range range) {
  const json::Value& target = source["target"];
  dashstore::AnnotationSearch search;
  search.org_id = opened.record.org_id;
  search.from = range.from;
  search.until = range.until;
  search.limit = std::clamp<std::int64_t>(target["limit"].AsInt64().value_or(100), 1, 1000);
  search.takes_any_tag = target["matchAny"].AsBool().value_or(false);
  if (target["type"].AsString() == "tags") {
    for (const json::Value& tag : target["tags"].items()) search.tags.emplace_back(tag.AsString());
    // Else all of the organisation's would be shown.
    if (search.tags.empty()) return std::vector<Annotation>();
    NARTHEX_ASSIGN_OR_RETURN(search.hidden_dashboard_uids,
                             HiddenDashboards(context, Visitor(opened)));
  } else {
    search.dashboard_uid = opened.dashboard.uid;
  }
  return context.store.annotations().Search(search);
}

json::Value EventObject(const Annotation& annotation, const json::Value& source) {
  json::Value tags = json::Value::MakeArray();
  for (const std::string& tag : annotation.tags) tags.Append(Text(tag));
  // Those found by their tags are about no panel of this dashboard.
  const bool is_of_panel = source["target"]["type"].AsString() != "tags";
  return Object({{"id", json::Value(annotation.id)},
                 {"dashboardId", json::Value(0)},
                 {"dashboardUID", Text(annotation.dashboard_uid)},
                 {"panelId", json::Value(is_of_panel ? annotation.panel_id : 0)},
                 {"tags", std::move(tags)},
                 {"isRegion", json::Value(annotation.ends > annotation.begins)},
                 {"text", Text(annotation.text)},
                 {"color", Text(source["iconColor"].AsString())},
                 {"time", json::Value(annotation.begins)},
                 {"timeEnd", json::Value(annotation.ends)},
                 {"source", source}});
}

// Errors: kInvalidArgument  the dashboard's own range cannot be read
Result<Range> AnnotationRange(Context& context, const Opened& opened,
                              const http::Request& request) {
  if (opened.Allows("timeSelectionEnabled") && request.query.Has("from")) {
    return Range{ParseInt64(request.query.Get("from")).value_or(0),
                 ParseInt64(request.query.Get("to")).value_or(0)};
  }
  NARTHEX_ASSIGN_OR_RETURN(const QueryRange range,
                           ReadQueryRange(opened.document["time"], context.clock.Now()));
  return Range{range.from, range.to};
}

http::Response Annotations(Context& context, const http::Request& request) {
  const Result<Opened> opened = Open(context, request);
  if (!opened.ok()) return OpenErrorAnswer(opened.error());
  json::Value list = json::Value::MakeArray();
  if (!opened->Allows("annotationsEnabled")) return JsonAnswer(list);
  const auto range = AnnotationRange(context, *opened, request);
  if (!range.ok()) return Invalid("invalidTimeRange", "Invalid time range");
  // By time and id, each once; those found by tags win, as they are meant for all panels.
  std::map<std::pair<TimestampMs, std::int64_t>, json::Value> events;
  for (const json::Value& source : opened->document["annotations"]["list"].items()) {
    if (!IsOwn(source)) continue;
    const auto found = FindOwn(context, *opened, source, *range);
    if (!found.ok()) return ErrorAnswer(found.error());
    const bool wins = source["target"]["type"].AsString() == "tags";
    for (const Annotation& annotation : *found) {
      const std::pair key{annotation.begins, annotation.id};
      if (wins || !events.contains(key)) events[key] = EventObject(annotation, source);
    }
  }
  for (auto& [key, event] : events) list.Append(std::move(event));
  return JsonAnswer(list);
}

}  // namespace

// What stands open to whoever has the token: none of it looks at who asks.
void AddPublicViewRoutes(http::Router& router, Context& context) {
  router.Get("/api/public/dashboards/:token",
             [&context](const http::Request& request) { return View(context, request); });
  router.Get("/api/public/dashboards/:token/annotations",
             [&context](const http::Request& request) { return Annotations(context, request); });
  router.Post("/api/public/dashboards/:token/panels/:panel/query",
              [&context](const http::Request& request) { return Query(context, request); });
}

}  // namespace narthex::dashapi
