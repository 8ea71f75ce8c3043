// The routes of the service, a function per area.
#pragma once

#include "context.h"
#include "http/router.h"

namespace narthex::dashapi {

void AddLoginRoutes(http::Router& router, Context& context);
void AddUserRoutes(http::Router& router, Context& context);
void AddAccountRoutes(http::Router& router, Context& context);
void AddOrgRoutes(http::Router& router, Context& context);
void AddTeamRoutes(http::Router& router, Context& context);
void AddServiceAccountRoutes(http::Router& router, Context& context);
void AddStatusRoutes(http::Router& router, Context& context);
void AddSettingsRoutes(http::Router& router, Context& context);
void AddDashboardRoutes(http::Router& router, Context& context);
void AddPermissionRoutes(http::Router& router, Context& context);
void AddAccessControlRoutes(http::Router& router, Context& context);
void AddTeamAccessRoutes(http::Router& router, Context& context);
void AddOwnPermissionRoutes(http::Router& router, Context& context);
void AddVersionRoutes(http::Router& router, Context& context);
void AddAnnotationRoutes(http::Router& router, Context& context);
void AddSnapshotRoutes(http::Router& router, Context& context);
void AddPlaylistRoutes(http::Router& router, Context& context);
void AddLibraryRoutes(http::Router& router, Context& context);
void AddShortUrlRoutes(http::Router& router, Context& context);
void AddPublicDashboardRoutes(http::Router& router, Context& context);
void AddPublicViewRoutes(http::Router& router, Context& context);
void AddAlertingRoutes(http::Router& router, Context& context);
void AddPluginRoutes(http::Router& router, Context& context);
void AddSearchRoutes(http::Router& router, Context& context);
void AddFolderRoutes(http::Router& router, Context& context);
void AddDatasourceRoutes(http::Router& router, Context& context);
void AddProxyRoutes(http::Router& router, Context& context);
void AddQueryRoutes(http::Router& router, Context& context);
void AddLiveRoutes(http::Router& router, Context& context);
void AddAdminRoutes(http::Router& router, Context& context);
// Pages of the front end and its files; also the answers to everything unknown.
void AddPageRoutes(http::Router& router, Context& context);

}  // namespace narthex::dashapi
