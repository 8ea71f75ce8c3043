#include <fmt/format.h>

#include "answers.h"
#include "authenticator.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "datasource_lookup.h"
#include "json/reader.h"
#include "routes.h"
#include "upstream.h"

namespace narthex::dashapi {
namespace {

using dashstore::Datasource;
using dashstore::Role;
using dashstore::Secrets;

std::string TypeName(std::string_view type) {
  if (type == "prometheus") return "Prometheus";
  if (type == "alertmanager") return "Alertmanager";
  return std::string(type);
}

json::Value ListEntry(const Datasource& datasource) {
  return Object({{"id", json::Value(datasource.id)},
                 {"uid", Text(datasource.uid)},
                 {"orgId", json::Value(datasource.org_id)},
                 {"name", Text(datasource.name)},
                 {"type", Text(datasource.type)},
                 {"typeName", Text(TypeName(datasource.type))},
                 {"typeLogoUrl", Text("")},
                 {"access", Text(datasource.access)},
                 {"url", Text(datasource.url)},
                 {"user", Text(datasource.user)},
                 {"database", Text(datasource.database)},
                 {"basicAuth", json::Value(datasource.basic_auth)},
                 {"isDefault", json::Value(datasource.is_default)},
                 {"jsonData", datasource.json_data},
                 {"readOnly", json::Value(datasource.is_read_only)}});
}

json::Value FullEntry(const Datasource& datasource) {
  json::Value entry = ListEntry(datasource);
  json::Value keys = json::Value::MakeObject();
  for (const std::string& key : datasource.secret_keys) keys.Set(key, json::Value(true));
  entry.Set("basicAuthUser", Text(datasource.basic_auth_user));
  entry.Set("withCredentials", json::Value(datasource.with_credentials));
  entry.Set("secureJsonFields", std::move(keys));
  entry.Set("version", json::Value(datasource.version));
  return entry;
}

// What a request may set; fields that are left out have their defaults.
// Errors: kInvalidArgument
Result<Datasource> ReadFields(const json::Value& body) {
  Datasource datasource;
  datasource.uid = body["uid"].AsString();
  datasource.name = body["name"].AsString();
  datasource.type = body["type"].AsString();
  datasource.access = body["access"].AsString("proxy");
  datasource.url = body["url"].AsString();
  datasource.user = body["user"].AsString();
  datasource.database = body["database"].AsString();
  datasource.basic_auth = body["basicAuth"].AsBool().value_or(false);
  datasource.basic_auth_user = body["basicAuthUser"].AsString();
  datasource.with_credentials = body["withCredentials"].AsBool().value_or(false);
  datasource.is_default = body["isDefault"].AsBool().value_or(false);
  if (body["jsonData"].is_object()) datasource.json_data = body["jsonData"];
  if (datasource.name.empty() || datasource.type.empty()) {
    return Error(ErrorCode::kInvalidArgument, "bad request data: name and type must be set");
  }
  if (datasource.access.empty()) datasource.access = "proxy";
  if (const Status uid = dashboard::CheckUid(datasource.uid); !uid.ok()) return uid.error();
  if (!datasource.url.empty() && datasource.type == "prometheus" &&
      !datasource.url.starts_with("http://") && !datasource.url.starts_with("https://")) {
    return Error(ErrorCode::kInvalidArgument,
                 "Validation error, invalid URL: an http(s) address is needed");
  }
  return datasource;
}

Secrets ReadSecrets(const json::Value& body) {
  Secrets secrets;
  for (const json::Member& member : body["secureJsonData"].members()) {
    if (member.value.is_string()) secrets[member.key] = member.value.AsString();
  }
  return secrets;
}

http::Response List(Context& context, const Caller& caller) {
  const auto datasources = context.store.datasources().List(caller.org_id);
  if (!datasources.ok()) return ErrorAnswer(datasources.error());
  json::Value list = json::Value::MakeArray();
  for (const Datasource& datasource : *datasources) list.Append(ListEntry(datasource));
  return JsonAnswer(list);
}

http::Response Create(Context& context, const http::Request& request, const Caller& caller) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Datasource> fields = ReadFields(*body);
  if (!fields.ok()) return ErrorAnswer(fields.error());
  fields->org_id = caller.org_id;
  const auto made = context.store.datasources().Create(*std::move(fields), ReadSecrets(*body));
  if (!made.ok()) return ErrorAnswer(made.error());
  return JsonAnswer(Object({{"datasource", FullEntry(*made)},
                            {"id", json::Value(made->id)},
                            {"message", Text("Datasource added")},
                            {"name", Text(made->name)}}));
}

http::Response Update(Context& context, const http::Request& request, const Datasource& stored) {
  const Result<json::Value> body = JsonBody(request);
  if (!body.ok()) return ErrorAnswer(body.error());
  Result<Datasource> fields = ReadFields(*body);
  if (!fields.ok()) return ErrorAnswer(fields.error());
  fields->id = stored.id;
  fields->org_id = stored.org_id;
  const auto updated = context.store.datasources().Update(*std::move(fields), ReadSecrets(*body));
  if (!updated.ok()) return ErrorAnswer(updated.error());
  return JsonAnswer(Object({{"datasource", FullEntry(*updated)},
                            {"id", json::Value(updated->id)},
                            {"message", Text("Datasource updated")},
                            {"name", Text(updated->name)}}));
}

http::Response Remove(Context& context, const Datasource& stored) {
  const Status removed = context.store.datasources().Remove(stored.org_id, stored.id);
  if (!removed.ok()) return ErrorAnswer(removed.error());
  return JsonAnswer(
      Object({{"id", json::Value(stored.id)}, {"message", Text("Data source deleted")}}));
}

http::Response Unhealthy(std::string_view why) {
  return JsonAnswer(
      Object({{"status", Text("ERROR")}, {"message", Text(why)}, {"details", json::Value()}}), 400);
}

http::Response AlertmanagerHealth(Context& context, const Datasource& datasource) {
  Result<http::ClientRequest> request = UpstreamRequest(context, datasource, "/api/v2/status");
  if (!request.ok()) return Unhealthy(request.error().message());
  const auto answer = context.client.FetchAndWait(*std::move(request));
  if (!answer.ok()) return Unhealthy(answer.error().message());
  const auto body = json::Parse(answer->body);
  if (answer->status != 200 || !body.ok() || !(*body)["cluster"].is_object()) {
    return Unhealthy("the answer is not one of the Alertmanager API");
  }
  return JsonAnswer(Object({{"status", Text("OK")},
                            {"message", Text("Health check passed.")},
                            {"details", json::Value::MakeObject()}}));
}

// Asks the server a question whose answer is known.
http::Response Health(Context& context, const Datasource& datasource) {
  if (datasource.type == "alertmanager") return AlertmanagerHealth(context, datasource);
  if (datasource.type != "prometheus") {
    return MessageAnswer(
        404, fmt::format("data sources of type '{}' cannot be checked", datasource.type));
  }
  Result<http::ClientRequest> request =
      UpstreamRequest(context, datasource, "/api/v1/query?query=1%2B1");
  if (!request.ok()) return Unhealthy(request.error().message());
  const auto answer = context.client.FetchAndWait(*std::move(request));
  if (!answer.ok()) return Unhealthy(answer.error().message());
  if (answer->status != 200)
    return Unhealthy(fmt::format(
        "There was an error returned querying the Prometheus API: status {}", answer->status));
  const auto body = json::Parse(answer->body);
  if (!body.ok() || (*body)["status"].AsString() != "success") {
    return Unhealthy("the answer is not one of the Prometheus API");
  }
  return JsonAnswer(Object({{"status", Text("OK")},
                            {"message", Text("Successfully queried the Prometheus API.")},
                            {"details", json::Value::MakeObject()}}));
}

// A handler for one data source, found by the path's parameter of the same name as `by`.
template <typename Function>
http::Handler OnDatasource(Context& context, Role role, std::string_view by, Function function) {
  return RequireRole(
      context, role, [&context, by, function](const http::Request& request, const Caller& caller) {
        const auto found = FindDatasource(context, caller, by, request.path_parameter(by));
        return found.ok() ? function(context, request, *found) : ErrorAnswer(found.error());
      });
}

}  // namespace

Result<Datasource> FindDatasource(Context& context, const Caller& caller, std::string_view by,
                                  std::string_view value) {
  dashstore::Datasources& datasources = context.store.datasources();
  Result<std::optional<Datasource>> found = std::optional<Datasource>();
  if (by == "id") {
    const auto id = ParseInt64(value);
    if (!id) return Error(ErrorCode::kInvalidArgument, "id is invalid");
    found = datasources.FindById(caller.org_id, *id);
  } else {
    found = by == "uid" ? datasources.FindByUid(caller.org_id, value)
                        : datasources.FindByName(caller.org_id, value);
  }
  NARTHEX_TRY(found);
  if (!*found) return Error(ErrorCode::kNotFound, "Data source not found");
  return **std::move(found);
}

void AddDatasourceRoutes(http::Router& router, Context& context) {
  router.Get(
      "/api/datasources",
      RequireRole(context, Role::kAdmin, [&context](const http::Request&, const Caller& caller) {
        return List(context, caller);
      }));
  router.Post("/api/datasources",
              RequireRole(context, Role::kAdmin,
                          [&context](const http::Request& request, const Caller& caller) {
                            return Create(context, request, caller);
                          }));
  const struct {
    std::string_view pattern;
    std::string_view by;
  } ways[] = {{"/api/datasources/uid/:uid", "uid"},
              {"/api/datasources/name/:name", "name"},
              {"/api/datasources/:id", "id"}};
  for (const auto& way : ways) {
    const auto get = [](Context&, const http::Request&, const Datasource& found) {
      return JsonAnswer(FullEntry(found));
    };
    const auto update = [](Context& c, const http::Request& request, const Datasource& found) {
      return Update(c, request, found);
    };
    const auto remove = [](Context& c, const http::Request&, const Datasource& found) {
      return Remove(c, found);
    };
    router.Get(way.pattern, OnDatasource(context, Role::kAdmin, way.by, get));
    router.Handle(http::Method::kPut, way.pattern,
                  OnDatasource(context, Role::kAdmin, way.by, update));
    router.Handle(http::Method::kDelete, way.pattern,
                  OnDatasource(context, Role::kAdmin, way.by, remove));
  }
  router.Get("/api/datasources/id/:name",
             OnDatasource(context, Role::kAdmin, "name",
                          [](Context&, const http::Request&, const Datasource& found) {
                            return JsonAnswer(Object({{"id", json::Value(found.id)}}));
                          }));
  router.Get("/api/datasources/uid/:uid/health",
             OnDatasource(context, Role::kViewer, "uid",
                          [](Context& c, const http::Request&, const Datasource& found) {
                            return Health(c, found);
                          }));
}

}  // namespace narthex::dashapi
