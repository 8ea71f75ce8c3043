#include "dashboard_answers.h"

#include <fmt/format.h>

#include "answers.h"
#include "base/number.h"
#include "dashboard/document.h"
#include "sub_path.h"

namespace narthex::dashapi {

using dashstore::DashboardRecord;

std::string DashboardUrl(const Context& context, const DashboardRecord& record) {
  return fmt::format("{}/d/{}/{}", SubPath(context.options), record.uid, record.slug);
}

std::string FolderUrl(const Context& context, std::string_view uid, std::string_view title) {
  return fmt::format("{}/dashboards/f/{}/{}", SubPath(context.options), uid,
                     dashboard::Slug(title));
}

Result<DashboardRecord> FindDashboard(Context& context, const http::Request& request,
                                      const Caller& caller, Right needed) {
  const dashstore::Dashboards& dashboards = context.store.dashboards();
  const auto id = ParseInt64(request.path_parameter("id"));
  NARTHEX_ASSIGN_OR_RETURN(auto record,
                           id ? dashboards.FindById(caller.org_id, *id)
                              : dashboards.Find(caller.org_id, request.path_parameter("uid")));
  if (!record) return Error(ErrorCode::kNotFound, "Dashboard not found");
  NARTHEX_TRY(CheckRight(context, caller, *record, needed));
  return *std::move(record);
}

Result<std::string> NamedFolder(Context& context, const Caller& caller, const json::Value& body) {
  const std::string_view uid = body["folderUid"].AsString();
  // The root's name in old clients.
  if (uid == "general") return std::string();
  const std::int64_t id = body["folderId"].AsInt64().value_or(0);
  if (!uid.empty() || id <= 0) return std::string(uid);
  NARTHEX_ASSIGN_OR_RETURN(auto folder, context.store.folders().FindById(caller.org_id, id));
  if (!folder) return Error(ErrorCode::kInvalidArgument, "folder not found");
  return std::move(folder->uid);
}

http::Response SaveErrorAnswer(const Error& error) {
  const auto answer = [&error](int status, std::string_view word) {
    return JsonAnswer(Object({{"status", Text(word)}, {"message", Text(error.message())}}), status);
  };
  switch (error.code()) {
    case ErrorCode::kFailedPrecondition:
      return answer(412, "version-mismatch");
    case ErrorCode::kNotFound:
      return answer(404, "not-found");
    case ErrorCode::kInvalidArgument:
      if (error.message().find("cannot be empty") != std::string::npos)
        return answer(400, "empty-name");
      return MessageAnswer(400, error.message());
    case ErrorCode::kPermissionDenied:
      return MessageAnswer(error.message() == kSaveDenied ? 403 : 400, error.message());
    case ErrorCode::kAlreadyExists:
    case ErrorCode::kUnsupported:
      return MessageAnswer(400, error.message());
    default:
      return ErrorAnswer(error);
  }
}

http::Response SavedAnswer(const Context& context, const DashboardRecord& record) {
  return JsonAnswer(Object({{"folderUid", Text(record.folder_uid)},
                            {"id", json::Value(record.id)},
                            {"slug", Text(record.slug)},
                            {"status", Text("success")},
                            {"title", Text(record.title)},
                            {"uid", Text(record.uid)},
                            {"url", Text(DashboardUrl(context, record))},
                            {"version", json::Value(record.version)}}));
}

}  // namespace narthex::dashapi
