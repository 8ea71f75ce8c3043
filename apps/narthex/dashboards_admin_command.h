// narthex dashboards admin: work on the data folder of the dashboards service.
#pragma once

namespace narthex::apps {

// `argv[0]` is "admin". Gives the exit code.
int RunDashboardsAdminCommand(int argc, char** argv);

}  // namespace narthex::apps
