// narthex: the whole of Prometheus monitoring in one program, a sub-command for each role.

#include <cstdio>
#include <string_view>

#include "allocator.h"
#include "commands.h"
#include "version.h"

namespace {

constexpr std::string_view kUsage =
    "Usage: narthex COMMAND [FLAGS]\n"
    "\n"
    "  server       scrapes, stores and answers PromQL, as Prometheus does\n"
    "  dashboards   users, data sources and dashboards, as Grafana does\n"
    "  exposer      a demo service to be scraped\n"
    "  tool         checks files, asks services, moves samples from and to Prometheus\n"
    "\n"
    "  narthex COMMAND --help tells the flags of a command, narthex --version the version.\n";

struct Command {
  std::string_view name;
  int (*run)(int argc, char** argv);
};

constexpr Command kCommands[] = {
    {"server", narthex::apps::RunServerCommand},
    {"dashboards", narthex::apps::RunDashboardsCommand},
    {"exposer", narthex::apps::RunExposerCommand},
    {"tool", narthex::apps::RunToolCommand},
};

void Print(std::FILE* out, std::string_view text) { std::fwrite(text.data(), 1, text.size(), out); }

}  // namespace

int main(int argc, char** argv) {
  narthex::apps::TuneAllocator();
  const std::string_view name = argc > 1 ? argv[1] : "";
  for (const Command& command : kCommands) {
    if (command.name == name) return command.run(argc - 1, argv + 1);
  }
  if (name == "--version") {
    Print(stdout, narthex::apps::VersionText());
    return 0;
  }
  if (name == "--help" || name == "-h" || name == "help") {
    Print(stdout, kUsage);
    return 0;
  }
  if (!name.empty()) std::fprintf(stderr, "narthex: unknown command \"%s\"\n\n", argv[1]);
  Print(stderr, kUsage);
  return 2;
}
