// Command lines in the way of Prometheus' flags.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>
#include <string>

namespace narthex::apps {

// Parses; the exit status if the program has to end (help shown: 0, wrong: 2), else empty.
inline std::optional<int> ParseCommandLine(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success&) {
    std::fputs(app.help().c_str(), stdout);
    return 0;
  } catch (const CLI::ParseError& error) {
    std::fprintf(stderr, "%s: %s\nTry --help.\n", app.get_name().c_str(), error.what());
    return 2;
  }
}

// A switch `--name` with its opposite `--no-name`.
inline void AddSwitch(CLI::App& app, const std::string& name, bool& value,
                      const std::string& help) {
  app.add_flag("--" + name + ",!--no-" + name, value, help);
}

// Writes "narthex COMMAND: message" and gives the exit status.
inline int Fail(const CLI::App& app, const std::string& message, int status) {
  std::fprintf(stderr, "%s: %s\n", app.get_name().c_str(), message.c_str());
  return status;
}

}  // namespace narthex::apps
