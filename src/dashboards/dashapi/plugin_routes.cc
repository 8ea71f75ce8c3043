#include "answers.h"
#include "authenticator.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

using dashstore::Role;

// What clients look for before they use it. All is built in; nothing can be installed.
struct Plugin {
  std::string_view id;
  std::string_view name;
  std::string_view type;
};
constexpr Plugin kPlugins[] = {
    {"prometheus", "Prometheus", "datasource"},
    {"alertmanager", "Alertmanager", "datasource"},
    {"timeseries", "Time series", "panel"},
    {"stat", "Stat", "panel"},
    {"gauge", "Gauge", "panel"},
    {"bargauge", "Bar gauge", "panel"},
    {"heatmap", "Heatmap", "panel"},
    {"histogram", "Histogram", "panel"},
    {"table", "Table", "panel"},
    {"text", "Text", "panel"},
    {"barchart", "Bar chart", "panel"},
    {"piechart", "Pie chart", "panel"},
    {"state-timeline", "State timeline", "panel"},
    {"status-history", "Status history", "panel"},
    {"candlestick", "Candlestick", "panel"},
    {"xychart", "XY Chart", "panel"},
    {"trend", "Trend", "panel"},
    {"logs", "Logs", "panel"},
    {"dashlist", "Dashboard list", "panel"},
    {"alertlist", "Alert list", "panel"},
};

json::Value PluginObject(const Context& context, const Plugin& plugin) {
  return Object({{"id", Text(plugin.id)},
                 {"name", Text(plugin.name)},
                 {"type", Text(plugin.type)},
                 {"enabled", json::Value(true)},
                 {"pinned", json::Value(false)},
                 {"category", Text(plugin.type == "datasource" ? "tsdb" : "")},
                 {"state", Text("")},
                 {"signature", Text("internal")},
                 {"hasUpdate", json::Value(false)},
                 {"defaultNavUrl", Text("")},
                 {"info", Object({{"description", Text("")},
                                  {"version", Text(context.options.version)},
                                  {"updated", Text("")}})}});
}

http::Response List(Context& context, const http::Request& request, const Caller&) {
  const std::string_view type = request.query.Get("type");
  json::Value list = json::Value::MakeArray();
  for (const Plugin& plugin : kPlugins) {
    if (type.empty() || type == plugin.type) list.Append(PluginObject(context, plugin));
  }
  return JsonAnswer(list);
}

http::Response Settings(Context& context, const http::Request& request, const Caller&) {
  for (const Plugin& plugin : kPlugins) {
    if (plugin.id != request.path_parameter("id")) continue;
    json::Value object = PluginObject(context, plugin);
    object.Set("module", Text(""));
    object.Set("baseUrl", Text(""));
    object.Set("jsonData", json::Value());
    return JsonAnswer(object);
  }
  return MessageAnswer(404, "Plugin not found, no installed plugin with that id");
}

}  // namespace

void AddPluginRoutes(http::Router& router, Context& context) {
  const GuardedRoute routes[] = {
      {http::Method::kGet, "/api/plugins", Role::kViewer, List},
      {http::Method::kGet, "/api/plugins/:id/settings", Role::kViewer, Settings},
  };
  AddGuardedRoutes(router, context, routes);
}

}  // namespace narthex::dashapi
