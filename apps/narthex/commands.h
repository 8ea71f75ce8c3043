// The sub-commands of `narthex`, a file each.
#pragma once

namespace narthex::apps {

// Each takes the arguments behind the sub-command's name (argv[0] is that name) and gives the exit
// status: 0 done, 1 failed, 2 the command line or a configuration file is wrong.
int RunExposerCommand(int argc, char** argv);
int RunServerCommand(int argc, char** argv);
int RunDashboardsCommand(int argc, char** argv);
int RunToolCommand(int argc, char** argv);

}  // namespace narthex::apps
