// features.
#include <map>

#include "answer.h"
#include "engine/engine.h"
#include "handlers.h"
#include "promql/functions.h"

namespace narthex::api {
namespace {

using Features = std::map<std::string, std::map<std::string, bool>>;

void AddOwn(const ApiOptions& options, Features& features) {
  std::map<std::string, bool>& api = features["api"];
  api["admin"] = options.has_admin;
  api["search"] = options.has_search;
  api["lifecycle"] = options.has_lifecycle;
  api["remote_write_receiver"] = static_cast<bool>(options.remote_write);
  for (const char* name :
       {"label_values_match", "search_fuzz_alg_jarowinkler", "search_fuzz_alg_subsequence",
        "openapi_3.1", "openapi_3.2", "query_stats", "query_warnings", "time_range_labels",
        "time_range_series"})
    api[name] = true;
  for (const char* name : {"exclude_alerts", "otlp_write_receiver"}) api[name] = false;
  features["prometheus"] = {
      {"agent_mode", false}, {"auto_reload_config", false}, {"server_mode", true}};
  features["ui"] = {{"ui_v2", false}, {"ui_v3", true}};
}

void AddLanguage(const engine::EngineOptions& options, Features& features) {
  const promql::ParseOptions& parse = options.parse;
  std::map<std::string, bool>& language = features["promql"];
  for (const char* name :
       {"at_modifier", "bool", "by", "group_left", "group_right", "ignoring", "negative_offset",
        "offset", "on", "per_query_lookback_delta", "subqueries", "without"})
    language[name] = true;
  for (const char* name : {"anchored", "smoothed"})
    language[name] = parse.allows_extended_range_selectors;
  for (const char* name : {"fill", "fill_left", "fill_right"})
    language[name] = parse.allows_fill_modifiers;
  language["delayed_name_removal"] = options.delays_name_removal;
  language["duration_expr"] = parse.allows_duration_expressions;
  language["per_step_stats"] = options.has_step_counts;
  language["type_and_unit_labels"] = options.has_type_and_unit_labels;

  for (const promql::Function& function : promql::Functions()) {
    features["promql_functions"][std::string(function.name)] =
        !function.is_experimental || parse.allows_experimental_functions;
  }

  std::map<std::string, bool>& operators = features["promql_operators"];
  for (const char* name :
       {"!=",    "!~",  "%",     "*",      "+",        "-",      "/",     "<",
        "</",    "<=",  "==",    "=~",     ">",        ">/",     ">=",    "@",
        "^",     "and", "atan2", "avg",    "bottomk",  "count",  "group", "count_values",
        "max",   "min", "or",    "stddev", "quantile", "stdvar", "sum",   "topk",
        "unless"})
    operators[name] = true;
  for (const char* name : {"limit_ratio", "limitk"})
    operators[name] = parse.allows_experimental_functions;
}

}  // namespace

void AddFeatureRoutes(Routes& routes, Backend& backend, const ApiOptions& options) {
  Features own;
  AddOwn(options, own);
  for (const Feature& feature : options.features) own[feature.group][feature.name] = feature.is_on;
  routes.Get("/features", [&backend, own = std::move(own)](const http::Request&) {
    Features features = own;
    AddLanguage(backend.engine().options(), features);
    return Success([&features](json::Writer& writer) {
      writer.BeginObject();
      for (const auto& [group, names] : features) {
        writer.Key(group);
        writer.BeginObject();
        for (const auto& [name, is_on] : names) json::Field(writer, name, is_on);
        writer.EndObject();
      }
      writer.EndObject();
    });
  });
}

}  // namespace narthex::api
