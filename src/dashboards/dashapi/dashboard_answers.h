// Finding and saving single dashboards, and the answers to it.
#pragma once

#include <string>
#include <string_view>

#include "access.h"
#include "context.h"
#include "http/message.h"

namespace narthex::dashapi {

// Refusals to save say this; other ones that an error of code kPermissionDenied stands for are
// about provisioned dashboards.
inline constexpr std::string_view kSaveDenied = "Access denied to save dashboard";

// "/d/uid/slug" and "/dashboards/f/uid/slug", below the service's sub path as browsers see it.
std::string DashboardUrl(const Context& context, const dashstore::DashboardRecord& record);
std::string FolderUrl(const Context& context, std::string_view uid, std::string_view title);

// The dashboard of the path's parameter "uid" or, of old paths, "id". Errors: kNotFound;
// kPermissionDenied  the caller has less than `needed`
Result<dashstore::DashboardRecord> FindDashboard(Context& context, const http::Request& request,
                                                 const Caller& caller, Right needed);

// The uid of the folder that a body names by "folderUid" or, as older clients do, by the number in
// "folderId"; empty for the root. Errors: kInvalidArgument  there is no folder of that number
Result<std::string> NamedFolder(Context& context, const Caller& caller, const json::Value& body);

// Tells those who look at the dashboard, but for `session_id`, that it has been saved.
void TellSaved(Context& context, const dashstore::DashboardRecord& record, std::int64_t session_id);

// With the status and word that clients branch on.
http::Response SaveErrorAnswer(const Error& error);
http::Response SavedAnswer(const Context& context, const dashstore::DashboardRecord& record);

}  // namespace narthex::dashapi
