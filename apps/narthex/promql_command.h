// narthex tool promql: works on queries without a server.
#pragma once

#include <string>
#include <vector>

#include "command_line.h"

namespace narthex::apps {

class PromqlCommand {
 public:
  // Adds its sub-commands to `promql`, which outlives this.
  explicit PromqlCommand(CLI::App& promql);

  bool is_chosen() const { return promql_.parsed(); }
  // The exit status: 1 if a query is wrong or a test failed.
  int Run() const;

 private:
  int Format() const;
  int Parse() const;
  int Test() const;

  CLI::App& promql_;
  CLI::App& format_;
  CLI::App& parse_;
  CLI::App& test_;
  std::string query_;
  std::vector<std::string> files_;
};

}  // namespace narthex::apps
