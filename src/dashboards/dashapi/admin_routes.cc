#include <algorithm>

#include "answers.h"
#include "authenticator.h"
#include "provisioner.h"
#include "routes.h"

namespace narthex::dashapi {
namespace {

http::Response Reload(const Status& applied, std::string_view done) {
  if (!applied.ok()) {
    // A file that is wrong is the caller's to mend, and nothing was changed.
    const int status =
        applied.code() == ErrorCode::kNotFound ? 400 : StatusFor(applied.error().code());
    return MessageAnswer(status, applied.error().message());
  }
  return MessageAnswer(200, done);
}

http::Response ProvisioningStatus(Context& context) {
  const auto states = context.provisioner.States();
  json::Value files = json::Value::MakeArray();
  std::int64_t error_count = 0;
  for (const FileState& state : states) {
    json::Value file = Object({{"kind", Text(state.kind)},
                               {"path", Text(state.path)},
                               {"state", Text(state.error.empty() ? "loaded" : "refused")}});
    if (!state.provider.empty()) file.Set("provider", Text(state.provider));
    if (!state.uid.empty()) file.Set("uid", Text(state.uid));
    if (!state.title.empty()) file.Set("title", Text(state.title));
    if (!state.error.empty()) {
      file.Set("error", Text(state.error));
      ++error_count;
    }
    if (!state.warnings.empty()) {
      json::Value warnings = json::Value::MakeArray();
      for (const std::string& warning : state.warnings) warnings.Append(Text(warning));
      file.Set("warnings", std::move(warnings));
    }
    files.Append(std::move(file));
  }
  return JsonAnswer(Object({{"lastApplied", Text(RfcTime(context.provisioner.last_applied()))},
                            {"errorCount", json::Value(error_count)},
                            {"files", std::move(files)}}));
}

}  // namespace

void AddAdminRoutes(http::Router& router, Context& context) {
  router.Post("/api/admin/provisioning/datasources/reload",
              RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
                return Reload(context.provisioner.ApplyDatasources(),
                              "Datasources config reloaded");
              }));
  router.Post("/api/admin/provisioning/dashboards/reload",
              RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
                return Reload(context.provisioner.ApplyDashboards(), "Dashboards config reloaded");
              }));
  // Not Grafana's: every file with what became of it.
  router.Get("/api/admin/provisioning/status",
             RequireServerAdmin(context, [&context](const http::Request&, const Caller&) {
               return ProvisioningStatus(context);
             }));
}

}  // namespace narthex::dashapi
